"""How residents hear the words of the trade: kinds, grades, states, dates; never an office word."""

from datetime import datetime

from dialogs.dialog import Talk
from dialogs.phrases import phrase
from dialogs.requests import TicketCard
from dialogs.words import GRADE_HOURS, Course, Grade, Kind, Language, TicketState

_HOURS_A_DAY = 24

KINDS: dict[Kind, str] = {
    Kind.QUESTION: phrase("Question"),
    Kind.REQUEST: phrase("Request for help"),
    Kind.COMPLAINT: phrase("Complaint"),
    Kind.TIP_OFF: phrase("Tip-off"),
    Kind.SUGGESTION: phrase("Suggestion"),
    Kind.PRAISE: phrase("Praise"),
}

# Short enough for a button of a ticket list.
STATES: dict[TicketState, str] = {
    TicketState.TRIAGE: phrase("taken down"),
    TicketState.DISPATCHED: phrase("passed on"),
    TicketState.HANDLING: phrase("being handled"),
    TicketState.RESOLVED: phrase("done"),
    TicketState.CLOSED: phrase("closed"),
    TicketState.WITHDRAWN: phrase("withdrawn"),
}

_SENTENCES: dict[TicketState, str] = {
    TicketState.TRIAGE: phrase("Taken down; the centre is finding the right unit."),
    TicketState.DISPATCHED: phrase("Passed to {unit}."),
    TicketState.HANDLING: phrase("{unit} is working on it."),
    TicketState.RESOLVED: phrase("{unit} says it is done; we ask you how it went."),
    TicketState.CLOSED: phrase("Closed. Handled by {unit}."),
    TicketState.WITHDRAWN: phrase("You have withdrawn it."),
}

_COURSES: dict[Course, str] = {
    Course.HELD: phrase("It cannot be done yet: {reason}."),
    Course.SETTLING: phrase("{unit} tries to settle it with you first; if not, it goes on."),
    Course.ABOVE: phrase("{unit} is on it, with help from the office above."),
    Course.WHOSE: phrase("With {unit}, while it is made out whose it is."),
    Course.TALKED_OVER: phrase("{unit} talks it over with all concerned."),
    Course.TOGETHER: phrase("{unit} is on it together with others."),
    Course.JOINED: phrase("{unit} handles it together with what others told."),
    Course.ANSWERED: phrase("{unit} has answered; we ask you how it went."),
    Course.DECLINED: phrase("It has been decided."),
    Course.INVALID: phrase("12345 looked at it and closed it. Anything new? Just tell us."),
    Course.FIXED: phrase("You fixed it on the spot. Thank you."),
}


def kind_name(talk: Talk, kind: Kind | None) -> str:
    """What a resident calls the kind; a matter of no kind is a request."""
    return talk.say(KINDS[kind or Kind.REQUEST])


def within(talk: Talk, hours: int) -> str:
    """Say a time limit: hours up to a day, days beyond."""
    if hours <= _HOURS_A_DAY:
        return talk.say("{hours} hours", hours=hours)
    return talk.say("{days} days", days=hours // _HOURS_A_DAY)


def grade_hours(grade: Grade | None) -> int:
    """The hours to feed back; the general grade where none is known."""
    return GRADE_HOURS[grade or Grade.III]


def state_sentence(talk: Talk, card: TicketCard) -> str:
    """Where a ticket stands, in one plain sentence."""
    unit = card.unit or talk.say("the centre")
    if card.course is not None:
        reason = talk.say(card.reason) if card.reason else ""
        return talk.say(_COURSES[card.course], unit=unit, reason=reason)
    if card.reopened and card.state in {TicketState.DISPATCHED, TicketState.HANDLING}:
        return talk.say("{unit} is working on it again.", unit=card.unit)
    if talk.facts.brief and card.state is TicketState.HANDLING:
        return talk.say("{unit} is on it.", unit=card.unit)
    return talk.say(_SENTENCES[card.state], unit=unit)


def short_date(talk: Talk, moment: datetime) -> str:
    """A moment in the city's time, as short as residents write it; its year only where that is another one."""
    local = moment.astimezone(talk.facts.timezone)
    other_year = local.year != talk.facts.now.astimezone(talk.facts.timezone).year
    if talk.language is Language.CHINESE:
        return f"{f'{local.year}年' if other_year else ''}{local.month}月{local.day}日{local:%H:%M}"
    return f"{local.day} {local:%b}{f' {local.year}' if other_year else ''} {local:%H:%M}"


def day(talk: Talk, moment: datetime) -> str:
    """The day of a past moment in the city's time, as it stands in a sentence."""
    local = moment.astimezone(talk.facts.timezone)
    if local.date() == talk.facts.now.astimezone(talk.facts.timezone).date():
        return talk.say("today")
    if talk.language is Language.CHINESE:
        return f"{local.month}月{local.day}日"
    return f"on {local.day} {local:%b}"
