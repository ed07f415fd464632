"""What a resident is told once the ticket is open: its number, who has it, and by when it is answered."""

from dialogs.dialog import Talk
from dialogs.names import grade_hours, within
from dialogs.requests import Draft, TicketOpened
from dialogs.ticket_number import format_number
from dialogs.words import Kind, Language

_LONGEST_UNIT = 12


def accepted(talk: Talk, draft: Draft, opened: TicketOpened) -> str:
    """Say what was opened, who has it, and by when it is answered; shortest where characters cost."""
    slots = {
        "title": draft.title,
        "number": format_number(opened.ticket_id),
        "unit": opened.unit[:_LONGEST_UNIT] if talk.language is Language.CHINESE else opened.unit,
        "time": within(talk, opened.hours or grade_hours(draft.grade)),
    }
    if draft.anonymous:
        return talk.say(
            "“{title}” is taken down without your name, number {number}; it is handled within {time}. "
            "Nobody can ask for its progress.",
            **slots,
        )
    if opened.joined:
        return _joined(talk, slots | {"unit": slots["unit"] or talk.say("the centre")})
    if draft.kind in {Kind.PRAISE, Kind.SUGGESTION}:
        return _thanked(talk, draft, slots)
    if not talk.facts.brief:
        return _at_length(talk, opened, slots)
    if not opened.unit:
        return talk.say(
            "“{title}” is taken down, number {number}. The centre passes it on; answer within {time}. "
            "Progress: reply “status”.",
            **slots,
        )
    return talk.say(
        "“{title}” is taken down, number {number}, passed to {unit}; answer within {time}. "
        "Progress: reply “status”.",
        **slots,
    )


def _thanked(talk: Talk, draft: Draft, slots: dict[str, str]) -> str:
    """Praise is passed on; a suggestion is answered too."""
    if draft.kind is Kind.PRAISE:
        return talk.say(
            "Thank you, your praise “{title}” is kept, number {number}; {unit} will hear of it.",
            **slots | {"unit": slots["unit"] or talk.say("the unit")},
        )
    return talk.say(
        "Thank you for your suggestion “{title}”, number {number}: {unit} has it and answers you "
        "within {time}.",
        **slots | {"unit": slots["unit"] or talk.say("the centre")},
    )


def _joined(talk: Talk, slots: dict[str, str]) -> str:
    """It is handled together with what others have told."""
    if talk.facts.brief:
        return talk.say(
            "“{title}” is joined to the others', number {number}; {unit} answers within {time}. "
            "Progress: reply “status”.",
            **slots,
        )
    done = talk.say(
        "“{title}” is handled together with the others', your number is {number}. {unit} answers within "
        "{time}; whatever happens, you hear of it here.",
        **slots,
    )
    return _and_then(talk, done)


def _at_length(talk: Talk, opened: TicketOpened, slots: dict[str, str]) -> str:
    """The same where characters cost nothing."""
    if opened.unit:
        done = talk.say(
            "Your report “{title}” is taken down, number {number}, and passed to {unit}. "
            "You get an answer within {time}.",
            **slots,
        )
    else:
        done = talk.say(
            "Your report “{title}” is taken down, number {number}. The centre passes it on, and "
            "you get an answer within {time}.",
            **slots,
        )
    return _and_then(talk, done)


def _and_then(talk: Talk, done: str) -> str:
    """What can be done from now on; the first time also how it can be found elsewhere."""
    told = [done, talk.say("To see how it stands, reply “status” at any time.")]
    if talk.facts.linkable and not talk.facts.contact and not talk.session.last_ticket:
        told.append(talk.say("To find it by SMS and phone, too, reply “link my phone”."))
    return talk.gap.join(told)
