"""How a ticket looks to its resident: a line to choose by, and a card."""

from collections.abc import Sequence

from dialogs.dialog import Talk
from dialogs.names import STATES, short_date, state_sentence
from dialogs.requests import TicketCard
from dialogs.said import Choice
from dialogs.ticket_number import format_number
from dialogs.words import Language, TicketState

_ENDED = frozenset({TicketState.CLOSED, TicketState.WITHDRAWN})
_LONGEST_REPLY = 60


def is_open(card: TicketCard) -> bool:
    """Tell whether somebody still works on it."""
    return card.state not in _ENDED


def may_be_added_to(card: TicketCard) -> bool:
    """Tell whether words can be added; to a closed one only while it may be reopened."""
    return is_open(card) or card.may_reopen


def ticket_choices(talk: Talk, cards: Sequence[TicketCard]) -> tuple[Choice, ...]:
    """A choice per ticket, by its title and where it stands."""
    between = talk.say(", ") if talk.facts.voice else " · "
    return tuple(
        Choice(str(card.ticket_id), f"{card.title}{between}{talk.say(STATES[card.state])}")
        for card in cards
    )


def card_text(talk: Talk, card: TicketCard) -> str:
    """The card: number, where it stands, until when, what the unit said last."""
    lines = [
        talk.say("“{title}” ({number})", title=card.title, number=format_number(card.ticket_id)),
        state_sentence(talk, card),
    ]
    if card.due_at is not None and is_open(card) and card.state is not TicketState.RESOLVED:
        late = card.due_at < talk.facts.now
        when = short_date(talk, card.due_at)
        lines.append(
            talk.say("It was due by {when}; we press for it.", when=when)
            if late
            else _by(talk, card, when)
        )
    if card.last_reply:
        lines.append(talk.say("Last reply: {reply}", reply=_shown(talk, card.last_reply)))
    return ("" if talk.facts.brief and talk.language is Language.CHINESE else "\n").join(lines)


def _by(talk: Talk, card: TicketCard, when: str) -> str:
    """Until when; where nothing follows it in a text message, in as few characters as leave it one part."""
    if talk.facts.brief and not card.last_reply:
        return talk.say("Answer by {when}", when=when)
    return talk.say("You get an answer by {when}.", when=when)


def _shown(talk: Talk, reply: str) -> str:
    if not talk.facts.brief or len(reply) <= _LONGEST_REPLY:
        return reply
    return reply[: _LONGEST_REPLY - 1] + "…"
