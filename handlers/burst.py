"""A burst: somebody writes in pieces, and gets one reply, not five.

On a channel with `burst_seconds` a reply that merely asks waits that long for the next message. A later reply of the same
conversation takes its place: it knows more. What carried something out, or looked something up for the resident, is
never left out, and does not wait.
"""

from datetime import timedelta

from dialogs.requests import FindRelated, Request, SetLanguage
from handlers.visit import Visit


def hold(visit: Visit) -> timedelta:
    """How long the reply waits for the next message; zero for one that does not give way, and after a button."""
    if visit.inbound is None or visit.inbound.said.choice or not _merely_asks(visit):
        return timedelta(0)
    return timedelta(seconds=visit.channel.abilities.burst_seconds)


def takes_over(visit: Visit) -> bool:
    """Whether replies that are held back for this conversation give way to the one of this visit."""
    if visit.inbound is None or not visit.row.queued or not visit.channel.abilities.burst_seconds:
        return False
    return visit.reply is not None


def _merely_asks(visit: Visit) -> bool:
    asked: list[Request | None] = [step.awaited for step in visit.steps]
    carried_out = [*asked, *visit.orders]
    return all(one is None or isinstance(one, FindRelated | SetLanguage) for one in carried_out)
