"""The same matter told again by the same resident: it goes to the ticket that there is, is urged, or is a new one."""

import re
from dataclasses import replace

import msgspec

from dialogs.answers import BACK, NO, agrees, says
from dialogs.dialog import Finish, Goto, Lost, Move, State, Talk
from dialogs.intake.another import go_on_with
from dialogs.intake.correcting import correct
from dialogs.intake.draft import Intake, tells, told, with_matter
from dialogs.intake.flow import go_on, intake_state
from dialogs.names import day
from dialogs.requests import AddToTicket, RelatedFound, Request, TicketCard, UrgeTicket
from dialogs.said import Choice, Reply, Said
from dialogs.understanding.reader import Understood
from dialogs.understanding.text import command_word, fold
from dialogs.words import TicketState

# Heard here rather than as the commands that they are elsewhere: the ticket is known already.
_ADD = frozenset({"补充", "补充进去", "补充一下", "add"})
_URGE = frozenset({"催单", "催办", "催一下", "催", "催催", "urge", "chase up"})
_NEW = frozenset(
    {
        "不",
        "不是",
        "不要",
        "no",
        "新问题",
        "新的",
        "新诉求",
        "不是一回事",
        "不是一件事",
        "另一件事",
        "new",
        "new matter",
    }
)
_SAME = re.compile(
    r"还是|仍|依然|依旧|又|一直|再次|同一|一样|就是(?:这|那)|没(?:修|弄|办|解决)|\b(?:still|again|same)\b",
    re.IGNORECASE,
)
_WORKED_ON = frozenset({TicketState.DISPATCHED, TicketState.HANDLING})
_DONE = frozenset({TicketState.RESOLVED, TicketState.CLOSED})


def offer(intake: Intake, found: RelatedFound) -> Move | None:
    """Name the newest ticket of the same matter, None when there is none."""
    own = next((card for card in found.own if _takes_words(card)), None)
    return Goto("repeated", msgspec.structs.replace(intake, same=own)) if own else None


def _takes_words(card: TicketCard) -> bool:
    return card.state is not TicketState.CLOSED or card.may_reopen


def _ask(talk: Talk, intake: Intake) -> Reply:
    card = intake.same
    if card is None:
        return Reply(talk.say("Is this a new matter?"))
    slots = {
        "title": card.title,
        "day": day(talk, card.opened_at),
        "unit": card.unit or talk.say("the centre"),
    }
    new = Choice("new", talk.say("A new matter"))
    if card.state in _DONE:
        text = talk.say("You told us “{title}” {day}; {unit} has finished it.", **slots)
        return Reply(text, (Choice("add", talk.say("Not solved, go on")), new))
    if card.state in _WORKED_ON:
        text = talk.say("You told us “{title}” {day}; {unit} is working on it.", **slots)
    else:
        text = talk.say("You told us “{title}” {day}; we are passing it on.", **slots)
    add, urge = Choice("add", talk.say("Add this")), Choice("urge", talk.say("Chase up"))
    return Reply(text, (add, urge, new))


def _hear(talk: Talk, intake: Intake, said: Said, understood: Understood | None) -> Move:
    card = intake.same
    if card is None or says(said, _NEW, "new"):
        return _as_new(talk, intake)
    if says(said, _URGE, "urge"):
        return _urge(talk, intake, card)
    if agrees(said, "add") or command_word(said.text) in _ADD:
        return _add(talk, intake, card)
    return _hear_more(talk, intake, card, said, understood)


def _hear_more(
    talk: Talk, intake: Intake, card: TicketCard, said: Said, understood: Understood | None
) -> Move:
    """还是没修好 belongs to that ticket; another place or matter mends what was to be submitted."""
    if understood is None:
        return Lost()
    if says(said, NO | BACK):  # 要改, 不对
        return Goto("fix", intake)
    if _SAME.search(fold(said.text)) and understood.topic in ("", intake.draft.topic):
        return _add(talk, with_matter(intake, said.text, understood), card)
    if tells(said.text, understood) or understood.place.place.district:
        return correct(talk, msgspec.structs.replace(intake, looked_for=""), said.text)
    return Lost(talk.say("Say whether it belongs to that ticket, or is a new matter."))


def _as_new(talk: Talk, intake: Intake) -> Move:
    """A ticket of its own, that knows of the one before; whether it is the same is not known before the place is."""
    card = intake.same
    if not intake.draft.place.district:
        return go_on(talk, msgspec.structs.replace(intake, same=None))
    if card is not None:
        draft = msgspec.structs.replace(
            intake.draft, linked_ticket=card.ticket_id, repeats=card.repeats + 1
        )
        intake = msgspec.structs.replace(intake, draft=draft, same=None)
    return go_on(talk, intake)


def _add(talk: Talk, intake: Intake, card: TicketCard) -> Move:
    if card.state is TicketState.CLOSED:
        text = talk.say(
            "“{title}” is open again: {unit} goes on with it. You need not tell it again.",
            title=card.title,
            unit=card.unit or talk.say("the centre"),
        )
    else:
        text = talk.say("Added to “{title}”; the unit sees it.", title=card.title)
    return _finish(intake, text, _added(intake, card))


def _urge(talk: Talk, intake: Intake, card: TicketCard) -> Move:
    text = talk.say(
        "I have chased up “{title}” and added what you said; the unit is told at once.",
        title=card.title,
    )
    return _finish(intake, text, _added(intake, card), UrgeTicket(card.ticket_id))


def left_alone(intake: Intake, card: TicketCard) -> Move:
    """The resident has fallen silent at that question: the same matter needs no second ticket."""
    return _finish(intake, "", _added(intake, card))


def _added(intake: Intake, card: TicketCard) -> AddToTicket:
    """All that was told now, for the ticket that there is."""
    draft = intake.draft
    return AddToTicket(card.ticket_id, told(intake), draft.attachments, pin=draft.pin, again=True)


def _finish(intake: Intake, say: str, *do: Request) -> Move:
    last = intake.same.ticket_id if intake.same else 0
    if intake.another or intake.others:
        return replace(go_on_with(intake, say), do=do)
    return Finish(say, do, last_ticket=last)


STATES: dict[str, State] = {
    "repeated": replace(
        intake_state("repeated", _ask, _hear),
        own_words=_URGE | _ADD | _NEW,
    )
}
