"""The list of tickets: a unit's own, the most pressing first; the centre sees what waits for it first."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from aiohttp import web

from dialogs.ticket_number import parse_number
from dialogs.words import TicketState
from gateway.console.layout import show
from gateway.console.ticket import done_words
from gateway.keys import CLOCK, POOL
from handlers.permit_table import REVIEW_ROLES, UNIT_ROLES
from handlers.ticket_view import may_see
from handlers.traces import may_export
from handlers.waiting import Awaited, awaited
from store import worklist
from store.database import Connection
from store.staff import Staff, StaffSession
from store.worklist import Cursor, Wanted, WorkItem

PAGE = 100
MOST_AWAITED = 12
LONGEST_SEARCH = 60
LATEST = 10**17  # microseconds: no time of a ticket is as far from 1970

_S = TicketState
OPEN = (_S.TRIAGE, _S.DISPATCHED, _S.HANDLING)
FILTERS: dict[str, tuple[str, tuple[TicketState, ...]]] = {
    "open": ("待办", OPEN),
    "mine": ("我的工单", OPEN),
    "review": ("待审核", (_S.HANDLING,)),
    "triage": ("待派单", (_S.TRIAGE,)),
    "dispatched": ("待签收", (_S.DISPATCHED,)),
    "handling": ("办理中", (_S.HANDLING,)),
    "resolved": ("回访中", (_S.RESOLVED,)),
    "apart": ("另计", (_S.DISPATCHED, _S.HANDLING, _S.RESOLVED)),  # no complaints, in no rate
    "ended": ("已结束", (_S.CLOSED, _S.WITHDRAWN)),
    "all": ("全部", tuple(TicketState)),
}
OWN = ("mine", "review")  # lists of one's own, which the centre has not
APART = {"apart": True} | dict.fromkeys(("open", "dispatched", "handling", "resolved"), False)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address of the list says; anything that is not understood is left out."""

    state: str
    search: str
    scope: str  # own, or below: a district's look at what its units have
    after: Cursor | None

    def query(self, **changes: str) -> str:
        """The address of the same list with something changed."""
        now = {"state": self.state, "q": self.search, "scope": self.scope} | changes
        return "?" + urlencode({name: value for name, value in now.items() if value})


async def get_worklist(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """One page of the list. A whole ticket number leads to its ticket at once."""
    asked = read(request.query)
    ticket_id = parse_number(asked.search)
    async with request.app[POOL].acquire() as connection:
        below = await below_of(connection, session.staff)
        wanted = wanted_by(session.staff, asked, below)
        now = request.app[CLOCK]()
        found = await worklist.page(connection, wanted, asked.after, PAGE + 1, now)
        counts = await worklist.counts(connection, wanted.unit_ids, now)
        own = await _own(connection, session.staff)
        waits = await _waits(connection, session.staff, asked)
        leads = bool(found) or await _is_theirs(connection, session.staff, ticket_id)
    if ticket_id is not None and leads:
        raise web.HTTPSeeOther(f"/console/tickets/{ticket_id}")
    context = {
        "asked": asked,
        "items": found[:PAGE],
        "waits": waits,
        "next_page": asked.query(after=_cursor(found[PAGE - 1])) if len(found) > PAGE else "",
        "filters": [
            (name, label, own[name] if name in own else _count(counts, name))
            for name, (label, _) in FILTERS.items()
            if (name in own or name not in OWN) and (name != "apart" or _has_apart(asked, counts))
        ],
        "overdue": sum(counts[state][1] for state in OPEN if state in counts),
        "has_below": bool(below),
        "may_export": may_export(session.staff.unit_id, session.staff.roles),
        "may_sign": asked.scope == "" and bool(session.staff.roles & UNIT_ROLES),
        "done": done_words(request.query.get("done", "")),
    }
    return show(request, session, "console/worklist.html", context)


def _has_apart(asked: Asked, counts: Mapping[str, tuple[int, int]]) -> bool:
    """Whether the list of what is no complaint is worth a tab."""
    return asked.state == "apart" or "apart" in counts


async def _waits(connection: Connection, staff: Staff, asked: Asked) -> list[Awaited]:
    """What waits for this reader besides, on the first page of what is to be done alone."""
    if asked.state != "open" or asked.search or asked.scope or asked.after is not None:
        return []
    return await awaited(connection, staff.unit_id, staff.id, staff.roles, MOST_AWAITED)


async def _own(connection: Connection, staff: Staff) -> dict[str, int]:
    """How much waits for this very person, for those of units: in their hands, and for their review."""
    if staff.unit_id is None:
        return {}
    mine, reviewed = await worklist.own_counts(connection, staff.unit_id, staff.id)
    return {"mine": mine} | ({"review": reviewed} if staff.roles & REVIEW_ROLES else {})


def read(query: Mapping[str, str]) -> Asked:
    """What was asked for."""
    state = query.get("state", "open")
    return Asked(
        state=state if state in FILTERS else "open",
        search=query.get("q", "").replace("\x00", "").strip()[:LONGEST_SEARCH],
        scope="below" if query.get("scope") == "below" else "",
        after=_read_cursor(query.get("after", "")),
    )


async def _is_theirs(connection: Connection, staff: Staff, ticket_id: int | None) -> bool:
    """Whether a unit may see a ticket that stands in no list: it has joined another."""
    if ticket_id is None or staff.unit_id is None:
        return False
    return await may_see(connection, staff.unit_id, ticket_id)


async def below_of(connection: Connection, staff: Staff) -> list[int]:
    """The units below somebody's own."""
    return [] if staff.unit_id is None else await worklist.below(connection, staff.unit_id)


def wanted_by(staff: Staff, asked: Asked, below: list[int]) -> Wanted:
    """The tickets that somebody asks for, of those that stand in a list of theirs."""
    units, ticket_id = _units(staff, below, asked.scope), parse_number(asked.search)
    shown = "" if asked.search else asked.state
    return Wanted(
        units,
        tuple(FILTERS["all" if asked.search else asked.state][1]),
        ticket_id,
        "" if ticket_id is not None else asked.search,
        staff.id if shown == "mine" else None,
        reviewed=shown == "review" and units is not None,
        apart=APART.get(shown),
    )


def _units(staff: Staff, below: list[int], scope: str) -> tuple[int, ...] | None:
    if staff.unit_id is None:
        return None
    return tuple(below) if scope == "below" and below else (staff.unit_id,)


def _count(counts: Mapping[str, tuple[int, int]], name: str) -> int | None:
    """How many there are; ended tickets are not counted."""
    if name in ("ended", "all"):
        return None
    states = ("apart",) if name == "apart" else FILTERS[name][1]
    return sum(counts[state][0] for state in states if state in counts)


def _cursor(item: WorkItem) -> str:
    return f"{item.rank}.{item.moment}.{item.ticket_id}"


def _read_cursor(text: str) -> Cursor | None:
    parts = text.split(".")
    try:
        rank, moment, ticket_id = (int(part) for part in parts)
    except ValueError:
        return None
    if not 0 <= rank <= 3 or abs(moment) > LATEST or not 0 <= ticket_id < 2**62:  # noqa: PLR2004
        return None
    return Cursor(rank, moment, ticket_id)
