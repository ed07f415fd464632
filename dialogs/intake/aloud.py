"""What a caller hears of the ticket that is open now: its number twice, and the rest as a text message."""

from dataclasses import replace

from dialogs.dialog import Talk
from dialogs.intake.accepted import accepted
from dialogs.names import grade_hours, within
from dialogs.requests import Draft, Request, SendText, TicketOpened
from dialogs.ticket_number import format_number


def aloud(talk: Talk, draft: Draft, opened: TicketOpened) -> str:
    """Say that it is taken down, then its number alone, and once more."""
    slots = {
        "title": draft.title,
        "number": format_number(opened.ticket_id),
        "time": within(talk, opened.hours or grade_hours(draft.grade)),
    }
    if opened.joined:
        done = talk.say("“{title}” is handled with the others'; answer within {time}.", **slots)
    else:
        done = talk.say("“{title}” is taken down; answer within {time}.", **slots)
    if (
        draft.emergency and talk.facts.line.emergency
    ):  # help by one key comes next, and is not held up
        return done
    number = talk.say("The number is {number}.", **slots)
    again = talk.say("Once more: {number}.", **slots)
    return f"{done}\n{number}\n{again}"


def in_writing(talk: Talk, draft: Draft, opened: TicketOpened) -> tuple[Request, ...]:
    """The same as a text, where the number takes texts."""
    if not talk.facts.texts:
        return ()
    written = replace(talk, facts=replace(talk.facts, voice=False, brief=True))
    return (SendText(accepted(written, draft, opened)),)
