"""What a caller hears before a ticket is opened and after: what was understood, then its number twice; the rest is texted."""

from dataclasses import replace

from dialogs.dialog import Talk
from dialogs.intake.accepted import accepted
from dialogs.intake.draft import Intake
from dialogs.names import grade_hours, within
from dialogs.requests import Draft, Request, SendText, TicketOpened
from dialogs.said import Choice, Reply
from dialogs.ticket_number import format_number
from dialogs.understanding.place import Place
from dialogs.words import Kind, Language


def read_back(talk: Talk, intake: Intake) -> Reply:
    """Ask whether it was understood, in one breath."""
    draft = intake.draft
    choices = Choice("submit", talk.say("Yes")), Choice("fix", talk.say("Change"))
    place = short_place(talk, draft.place)
    if place:
        text = talk.say("I heard: {place}, {title}.", place=place, title=draft.title)
    else:
        text = talk.say("I heard: {title}.", title=draft.title)
    return Reply(text, choices)


def short_place(talk: Talk, place: Place) -> str:
    """A place without the names above it; what the resident calls it where it was not found, "" where none is known."""
    reader = talk.facts.reader
    known = (
        reader.community(place.community)
        or reader.street(place.street)
        or reader.district(place.district)
    )
    if known is None:
        return place.detail
    if talk.language is not Language.CHINESE:
        return reader.full_name(place, talk.language)
    return known.name + place.detail


def aloud(talk: Talk, draft: Draft, opened: TicketOpened) -> str:
    """Say that it is taken down, then its number alone, and once more."""
    slots = {
        "title": draft.title,
        "number": format_number(opened.ticket_id),
        "time": within(talk, opened.hours or grade_hours(draft.grade)),
    }
    if (
        draft.emergency
    ):  # nothing holds up who has to run or to call for help; the number comes by text
        return ""
    done = _done(talk, draft, opened, slots)
    if draft.anonymous:  # who wants no name needs no number
        return done
    number = talk.say("The number is {number}.", **slots)
    again = talk.say("Once more: {number}.", **slots)
    return f"{done}\n{number}\n{again}"


def _done(talk: Talk, draft: Draft, opened: TicketOpened, slots: dict[str, str]) -> str:
    if draft.anonymous:
        return talk.say("“{title}” is taken down without your name.", **slots)
    if opened.joined:
        return talk.say("“{title}” is handled with the others'; answer within {time}.", **slots)
    if draft.kind is Kind.PRAISE:
        return talk.say("Thank you for your praise, it is passed on.")
    return talk.say("“{title}” is taken down; answer within {time}.", **slots)


def in_writing(talk: Talk, draft: Draft, opened: TicketOpened) -> tuple[Request, ...]:
    """The same as a text, where the number takes texts."""
    if not talk.facts.texts or draft.anonymous:
        return ()
    written = replace(talk, facts=replace(talk.facts, voice=False, brief=True))
    return (SendText(accepted(written, draft, opened)),)
