"""What a dialog asks of the city, and what it is told: requests in the imperative, answers in the past tense.

Those in `Awaited` are answered (`OpenTicket` with `TicketOpened`, and so on); the others are carried out without an answer.
"""

from datetime import date, datetime

import msgspec

from dialogs.known import KnownAnswer, Nearby
from dialogs.rounds import AskSteward, FindSteward, LeaveStewards, Patrol, StewardFound
from dialogs.said import Attachment, Pin, Said
from dialogs.understanding.elsewhere import Elsewhere
from dialogs.understanding.place import Place
from dialogs.words import AlertKind, Course, Grade, Kind, Language, SurveyQuestion, TicketState


class Draft(msgspec.Struct, frozen=True, omit_defaults=True):
    """A ticket in the making. Every field may be empty until the resident has said it; codes are the catalogue's."""

    matter: str = ""  # in the resident's words, everything said so far
    title: str = ""  # at most 8 characters, what an SMS shows
    kind: Kind | None = None
    topic: str = ""
    grade: Grade | None = None
    emergency: bool = False
    place: Place = Place()
    pin: Pin | None = None
    enterprise: str = ""
    wanted: str = ""
    happened: str = ""
    contact_name: str = ""
    contact: str = ""  # a phone number other than the address that is talking
    about: str = ""  # the person or enterprise complained about
    confidential: bool = False
    anonymous: bool = False
    attachments: tuple[Attachment, ...] = ()
    affected: int = 0  # people or households, 0 unknown
    since: date | None = None  # the day it began
    on_behalf: bool = False  # it is another person's matter
    linked_ticket: int = 0  # an earlier ticket of this resident about the same matter
    repeats: int = 0  # how many such there were
    elsewhere: Elsewhere | None = None  # others answer for it; the resident insists
    joined_to: int = 0  # a ticket of others that this one joins (并案)
    steward: bool = False  # a steward's own find: no complaint, and nobody is asked how it went
    fixed: bool = False  # which the steward has fixed on the spot, with a photo
    green: bool | None = None  # whether the enterprise may settle it first; None: not asked
    settled: str = ""  # what was told of an event, where that was enough
    confirmed: bool = False  # False: opened as it stood when the resident fell silent


class OpenTicket(msgspec.Struct, frozen=True, tag=True):
    """Open a ticket, dispatch it, answer with `TicketOpened`."""

    draft: Draft


class FindTickets(msgspec.Struct, frozen=True, tag=True, omit_defaults=True):
    """Answer with `TicketsFound`: this resident's newest tickets, or the one of a number with a proof.

    `proof` is the last four digits of the phone the ticket was opened with; it is not needed for a resident's own tickets.
    """

    ticket_id: int = 0
    proof: str = ""
    open_only: bool = False


class FindRelated(msgspec.Struct, frozen=True, tag=True):
    """Answer with `RelatedFound`: what is known already of a matter that is about to be submitted."""

    draft: Draft


class AddToTicket(msgspec.Struct, frozen=True, tag=True, omit_defaults=True):
    """Add words or photos to a ticket (补充); reopens one that was closed within the window.

    `place` and `pin` are those of an emergency whose place was not known when it was opened.
    """

    ticket_id: int
    text: str = ""
    attachments: tuple[Attachment, ...] = ()
    place: Place = Place()
    pin: Pin | None = None
    again: bool = False  # the resident was about to submit the same matter once more
    contact: str = ""  # a phone number to be called on from now on, and whose it is
    contact_name: str = ""


class UrgeTicket(msgspec.Struct, frozen=True, tag=True):
    """Press for a ticket (催单)."""

    ticket_id: int


class WithdrawTicket(msgspec.Struct, frozen=True, tag=True, omit_defaults=True):
    """Withdraw a ticket (撤单)."""

    ticket_id: int
    reason: str = ""


class RecordAnswer(msgspec.Struct, frozen=True, tag=True):
    """Keep one answer of a survey at once, so that a partial survey is kept too."""

    survey_id: int
    question: SurveyQuestion
    value: str  # "yes"/"no" for contacted, words.Solved, words.Rating, or free text


class FinishSurvey(msgspec.Struct, frozen=True, tag=True, omit_defaults=True):
    """End a survey; `expired` when the resident fell silent. "Not solved" reopens the ticket."""

    survey_id: int
    expired: bool = False


class CallHuman(msgspec.Struct, frozen=True, tag=True, omit_defaults=True):
    """Put the resident on the list of those who wait for a person (人工).

    `reason` is asked or misunderstood, `about` the matter that was being told.
    """

    reason: str = ""
    about: str = ""


class JoinQueue(msgspec.Struct, frozen=True, tag=True, omit_defaults=True):
    """Put the resident into the queue for a person, by chat or by phone; answered with `QueueJoined`.

    `reason` is asked or misunderstood, `about` the matter that was being told.
    """

    reason: str = ""
    about: str = ""


class LeaveQueue(msgspec.Struct, frozen=True, tag=True, omit_defaults=True):
    """Take the resident out of the queue; `call_back` keeps a call-back for them."""

    call_back: bool = False


class SendText(msgspec.Struct, frozen=True, tag=True):
    """Send what was said on the phone as a text too, where the number takes texts."""

    text: str


class LinkPhone(msgspec.Struct, frozen=True, tag=True):
    """The channel vouches that this phone number (E.164) is the resident's own: it is one resident from now on."""

    number: str


class SendLinkCode(msgspec.Struct, frozen=True, tag=True):
    """Send a code by SMS to a number that is said to be the resident's own; answered with `LinkCodeSent`."""

    number: str


class CheckLinkCode(msgspec.Struct, frozen=True, tag=True):
    """Check the code that was sent; answered with `LinkCodeChecked`. The right one links the number."""

    code: str


class PreferChannel(msgspec.Struct, frozen=True, tag=True, omit_defaults=True):
    """Tell this resident of tickets by this channel from now on ("" the one that is talking); answered with `ChannelPreferred`."""

    channel: str = ""


class RateAnswer(msgspec.Struct, frozen=True, tag=True):
    """Keep whether an answer of the knowledge base helped."""

    article_id: int
    helped: bool


class RaiseAlert(msgspec.Struct, frozen=True, tag=True, omit_defaults=True):
    """Have the duty leader hear of it within a minute; `about` are the resident's words.

    `again`: the same conversation raised the same not long ago, so that the words are added and no phone rings.
    """

    kind: AlertKind
    about: str
    again: bool = False


class SetLanguage(msgspec.Struct, frozen=True, tag=True):
    """Remember the language of this resident."""

    language: Language


class SetOptOut(msgspec.Struct, frozen=True, tag=True):
    """Stop (退订) or start again the messages that the resident did not ask for just now."""

    opted_out: bool


Request = (
    OpenTicket
    | FindTickets
    | FindRelated
    | AddToTicket
    | UrgeTicket
    | WithdrawTicket
    | RecordAnswer
    | FinishSurvey
    | CallHuman
    | JoinQueue
    | LeaveQueue
    | SendText
    | LinkPhone
    | SendLinkCode
    | CheckLinkCode
    | PreferChannel
    | FindSteward
    | AskSteward
    | LeaveStewards
    | Patrol
    | RateAnswer
    | RaiseAlert
    | SetLanguage
    | SetOptOut
)


class TicketCard(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a resident may see of an own ticket, derived from its events. Times are aware UTC."""

    ticket_id: int
    title: str
    state: TicketState
    unit: str  # short name of the lead, empty in triage
    opened_at: datetime
    due_at: datetime | None = None
    last_reply: str = ""  # what the unit last told the resident
    reopened: bool = False
    own: bool = True  # False: shown for a proof only; acts are for the address it was opened from
    may_reopen: bool = False  # closed, but within the window
    repeats: int = 0  # how often the same matter had been told before
    head_hears: bool = False  # the next press reaches the unit's head
    course: Course | None = None
    reason: str = ""  # of what is on hold, a source phrase


class TicketOpened(msgspec.Struct, frozen=True, tag=True, omit_defaults=True):
    """The answer to `OpenTicket`. `unit` is the lead's short name, empty when it waits in the centre's triage."""

    ticket_id: int
    unit: str = ""
    hours: int = 0  # time to feed back
    joined: bool = False  # it is handled together with others'
    settled: bool = False  # it was answered at once


class TicketsFound(msgspec.Struct, frozen=True, tag=True, omit_defaults=True):
    """The answer to `FindTickets`, newest first, at most 5; `refused` when the proof was wrong or tried too often."""

    tickets: tuple[TicketCard, ...] = ()
    refused: bool = False


class RelatedFound(msgspec.Struct, frozen=True, tag=True, omit_defaults=True):
    """The answer to `FindRelated`: the best first.

    `own` are this resident's tickets of the same matter within the window, newest first.
    """

    answers: tuple[KnownAnswer, ...] = ()
    own: tuple[TicketCard, ...] = ()
    nearby: Nearby | None = None


class QueueJoined(msgspec.Struct, frozen=True, tag=True, omit_defaults=True):
    """The answer to `JoinQueue`. `ahead` wait before this resident, for about `minutes` in all.

    Not `open`: out of service hours, people are back at `opens_at` (None: nobody knows). In a chat a call-back is kept
    then already; on the phone the caller is asked.
    """

    ahead: int = 0
    minutes: int = 0
    open: bool = True
    opens_at: datetime | None = None
    expert: bool = False  # of an event


class LinkCodeSent(msgspec.Struct, frozen=True, tag=True, omit_defaults=True):
    """The answer to `SendLinkCode`; not `sent`: the number takes no SMS, or too many codes were asked for."""

    sent: bool = True


class LinkCodeChecked(msgspec.Struct, frozen=True, tag=True, omit_defaults=True):
    """The answer to `CheckLinkCode`; `tries` are left when it was wrong."""

    right: bool = True
    tries: int = 0


class ChannelPreferred(msgspec.Struct, frozen=True, tag=True, omit_defaults=True):
    """The answer to `PreferChannel`; not `known`: this resident has never used that channel, or has stopped it."""

    known: bool = True


class HumanDone(msgspec.Struct, frozen=True, tag=True, omit_defaults=True):
    """The dialog speaks again: a member of staff has handed the talk back, or nobody came within the set time.

    In the latter case a call-back is kept. `over`: the matter is settled or has become a ticket, so that what was being
    told is asked no further. `waiting`: the resident waits for the next person, before all others.
    """

    nobody_came: bool = False
    over: bool = False
    waiting: bool = False


class Told(msgspec.Struct, frozen=True, tag=True, omit_defaults=True):
    """Somebody has answered a call of ours that was to tell these texts, oldest first; the open question is asked again."""

    texts: tuple[str, ...] = ()


class SurveyDue(msgspec.Struct, frozen=True, tag=True, omit_defaults=True):
    """A survey of one of this conversation's tickets is to begin; `result` is what the unit says it did.

    `overdue`: the time limit ended first, and the unit has not said "done". Of `praise` only one thing is asked.
    `superior`: there is a unit above, which hears of a "not solved". `again`: who does it again then, where that is
    another. Of `manner` only contact and attitude are asked; `at_once`: no unit had a hand in it, only the result is.
    """

    survey_id: int
    ticket_id: int
    title: str
    unit: str
    result: str = ""
    overdue: bool = False
    praise: bool = False
    superior: bool = False
    manner: bool = False
    again: str = ""
    at_once: bool = False


class Silence(msgspec.Struct, frozen=True, tag=True):
    """The resident has said nothing for `stage`'s time (0: first, 1: second …) of the open dialog's patience."""

    stage: int


class SecondReading(msgspec.Struct, frozen=True, tag=True, omit_defaults=True):
    """What a language model made of words that the rules left open, when the question `prompt` was asked.

    `topic` is a code or empty; `place` and `title` are words, a model's own: they are trusted in nothing.
    """

    prompt: int
    topic: str = ""
    place: str = ""
    title: str = ""


Awaited = (
    OpenTicket
    | FindTickets
    | FindRelated
    | JoinQueue
    | SendLinkCode
    | CheckLinkCode
    | PreferChannel
    | FindSteward
    | Patrol
)
Answer = (
    TicketOpened
    | TicketsFound
    | RelatedFound
    | QueueJoined
    | LinkCodeSent
    | LinkCodeChecked
    | ChannelPreferred
    | StewardFound
)
Event = Said | SurveyDue | Silence | SecondReading | HumanDone | Told | Answer
