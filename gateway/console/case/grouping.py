"""How a ticket's forms are laid out: what is to be done now, and the rest folded under headings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from dialogs.words import TicketState
from gateway.console.case.form import Offered
from handlers.permit_table import ACT_NAMES
from handlers.staff_acts import StaffAct

AT_ONCE = 6  # forms that lie open to the eye; work that does not fit is folded like the rest
_A = StaffAct


class Heading(StrEnum):
    """What an act belongs to, in the order of the page."""

    NOW = "现在要办"  # somebody waits for it: always in sight
    WORK = "更多办理"  # what of the work does not fit in sight
    SUPPORT = "支援与协调"
    APPLY = "申请"
    ABOVE = "督办与标记"
    OTHER = "其他"


_ACTS: Mapping[Heading, tuple[StaffAct, ...]] = {
    Heading.NOW: (
        _A.SIGN,
        _A.REVIEW,
        _A.SCREEN,
        _A.DECIDE,
        _A.REPORT_IN,
        _A.WHISTLE_OPINION,
        _A.OPINE,
        _A.DECIDE_COORDINATION,
        _A.ANSWER_SUPERVISION,
        _A.ASSIST,
        _A.RECONCILED,
        _A.NOT_RECONCILED,
        _A.COMMUNITY_SOLVED,
        _A.COMMUNITY_GIVE_UP,
        _A.CONFIRM_MARK,
        _A.CONFIRM_ABUSE,
        _A.RATE_WHISTLE,
    ),
    Heading.WORK: (
        _A.DISPATCH,
        _A.ASK_RELAY,
        _A.RELAY,
        _A.CONTACT,
        _A.REPLY,
        _A.CLOSE_WHISTLE,
        _A.RESOLVE,
        _A.PROGRESS,
        _A.EVIDENCE,
        _A.REVIEW_HOLD,
        _A.RETOPIC,
        _A.HAND_ON,
        _A.TAKE_BACK,
        _A.HAND_OVER,
    ),
    Heading.SUPPORT: (
        _A.WHISTLE,
        _A.COORDINATE,
        _A.CONFER,
        _A.DELIBERATE,
        _A.INVITE,
        _A.ESCALATE,
    ),
    Heading.APPLY: (
        _A.RETURN,
        _A.CORRECT,
        _A.EXTEND,
        _A.HOLD,
        _A.WRITE_OFF,
        _A.UNREASONABLE,
        _A.INVALID,
        _A.TAKE_BACK_APPLICATION,
    ),
    Heading.ABOVE: (
        _A.SUPERVISE,
        _A.END_SUPERVISION,
        _A.MARK,
        _A.TAKE_BACK_MARK,
        _A.HAND_TO_DISCIPLINE,
    ),
    Heading.OTHER: (
        _A.NOTE,
        _A.JOIN,
        _A.SPLIT,
        _A.CLOSE_JOINED,
        _A.MARK_GROUP,
        _A.MARK_ABUSE,
        _A.LIFT_ABUSE,
        _A.FORWARD,
        _A.PRINT,
        _A.EXPORT,
    ),
}
HEADING: Mapping[StaffAct, Heading] = {act: one for one, acts in _ACTS.items() for act in acts}
ORDER: Mapping[StaffAct, int] = {act: at for at, act in enumerate(HEADING)}


_AFTER_CONTACT = frozenset(
    {_A.RECONCILED, _A.NOT_RECONCILED, _A.COMMUNITY_SOLVED, _A.COMMUNITY_GIVE_UP}
)


@dataclass(frozen=True, slots=True)
class Part:
    """Some forms of the page; `title` is empty for those that are in sight, and `names` says what is folded."""

    title: str
    names: str
    forms: Sequence[Offered]


@dataclass(frozen=True, slots=True)
class Layout:
    """The parts of the page, and the act whose form is open: the one that is most likely next, if there is one."""

    parts: Sequence[Part]
    first: Offered | None


def lay_out(offers: Sequence[Offered], state: str, contact: StaffAct | None) -> Layout:
    """What waits for this reader first, then as much of the work as can be taken in at once; all else is folded.

    `contact`: by which act the resident is to be contacted, None once that is done.
    """
    under: dict[Heading, list[Offered]] = {heading: [] for heading in Heading}
    for one in sorted(offers, key=lambda one: ORDER[one.act]):
        under[HEADING[one.act]].append(one)
    seen, work = under.pop(Heading.NOW), under[Heading.WORK]
    fits = max(AT_ONCE - len(seen), 0)
    seen, under[Heading.WORK] = seen + work[:fits], work[fits:]
    folded = [Part(heading, _names(forms), forms) for heading, forms in under.items() if forms]
    return Layout([Part("", "", seen), *folded] if seen else folded, _first(seen, state, contact))


def _names(forms: Sequence[Offered]) -> str:
    return "、".join(dict.fromkeys(ACT_NAMES[one.act] for one in forms))


def _first(seen: Sequence[Offered], state: str, contact: StaffAct | None) -> Offered | None:
    """What waits; else the next step of the work: dispatch, then a word with the resident, then the result."""
    now = (one for one in seen if HEADING[one.act] is Heading.NOW)
    waiting = next((one for one in now if contact is None or one.act not in _AFTER_CONTACT), None)
    if waiting is not None:
        return waiting
    if contact is None and any(one.act is _A.CLOSE_WHISTLE for one in seen):
        return None  # there is no result before, and when the whistle is over the lead alone knows
    wanted = _A.DISPATCH if state == TicketState.TRIAGE else contact or _A.RESOLVE
    return next((one for one in seen if one.act is wanted), None)
