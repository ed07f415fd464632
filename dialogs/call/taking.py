"""One step of a phone call: what happened is taken, in vain it is asked again, and something is always said back."""

from collections.abc import Callable

from dialogs.call.hearing import heard, is_consent, reads_back, set_language
from dialogs.call.memory import phone, remember
from dialogs.call.moments import forget, happened, told
from dialogs.call.putting_through import note_danger, offer_help
from dialogs.call.telling import made_ready, record
from dialogs.call.trail import walked
from dialogs.call.trouble import stumbled
from dialogs.dialog import Facts
from dialogs.patience import offends
from dialogs.requests import Answer, Event, TicketOpened, Told
from dialogs.said import Said
from dialogs.session import Session
from dialogs.stepping import Stepping
from dialogs.words import Moment

Hear = Callable[[Stepping, Said], None]


def is_of_call(session: Session, event: Event, facts: Facts) -> bool:
    """Tell whether something happened in a phone call; timers and the city's own news come beside it."""
    if isinstance(event, Said):
        return facts.voice or event.moment is not None
    if isinstance(event, Told):
        return True
    return isinstance(event, Answer) and facts.voice and session.phone is not None


def take(stepping: Stepping, event: Event, hear: Hear) -> None:
    """Take what happened in a call; `hear` is how words are heard that are left for the dialogs."""
    was_recorded = phone(stepping).recorded
    match event:
        case Said(moment=Moment.ENDED):
            happened(stepping, event)
            return
        case Said():
            stepping.change(silence=0)
            _take_said(stepping, event, hear)
        case Told():
            told(stepping, event)
        case _:
            _hear_answer(stepping, event)
            walked(stepping, ())
    if stepping.lost:
        silent = isinstance(event, Said) and event.moment is not None
        empty = silent or (isinstance(event, Said) and offends(event.text))
        stumbled(stepping, stepping.hint, silent=silent, empty=empty)
    if isinstance(event, TicketOpened):
        offer_help(stepping)
    note_danger(stepping)
    made_ready(stepping, goes_on=not isinstance(event, Said))
    record(stepping, was_recorded=was_recorded)


def hang_up_unheard(stepping: Stepping) -> None:
    """So long a silence is no call: that it ended was never told."""
    if stepping.session.phone is not None:
        forget(stepping)


def _take_said(stepping: Stepping, said: Said, hear: Hear) -> None:
    if said.moment is not None:
        happened(stepping, said)
        return
    remember(stepping, spoke=True)
    left = heard(stepping, said)
    if left is None:
        return
    set_language(stepping, left)
    if reads_back(stepping, left):
        return
    if is_consent(stepping, left):
        remember(stepping, recorded=True)
    before = stepping.session.frames
    hear(stepping, left)
    if not stepping.lost:
        remember(stepping, trouble=0, page=0)
        walked(stepping, before)


def _hear_answer(stepping: Stepping, event: Event) -> None:
    """An answer of the city that nobody waits for any more is let go."""
    top = stepping.top()
    if top is not None and top[1].ask is None:
        stepping.hear(event)
