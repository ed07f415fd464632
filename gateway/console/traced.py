"""The page of all traces (留痕): who looked at a contact, forwarded, printed, exported, by ticket, person and day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from aiohttp import web

from dialogs.ticket_number import parse_number
from gateway.console.layout import missing, show
from gateway.keys import POOL, SETTINGS
from handlers.traced import may_read_traces, units_read
from handlers.traces import TRACE_NAMES
from store import traced
from store.staff import StaffSession
from store.traced import Cursor, Narrowed, TracedLine

PAGE = 100
LONGEST = 60
NAMES = TRACE_NAMES | {"look": "看联系方式"}
ALWAYS = (datetime(2000, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC))
NO_NUMBER = "工单编号没有看懂，请写全13位。"
NO_DAY = "日期没有看懂。"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address says, as it was typed."""

    ticket: str
    who: str
    day: str

    def query(self, after: TracedLine) -> str:
        """The address of what comes behind a line."""
        given = {"ticket": self.ticket, "who": self.who, "day": self.day}
        given["after"] = f"{after.at.timestamp():.6f}.{after.source}.{after.id}"
        return "?" + urlencode({name: value for name, value in given.items() if value})


async def get_traces(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """One page, newest first. Nothing on it is a resident's."""
    staff = session.staff
    if not may_read_traces(staff.roles):
        return missing(request, session)
    asked = _read(request.query)
    try:
        days = _days(asked.day, request.app[SETTINGS].timezone)
    except ValueError:
        return _page(request, session, asked, [], NO_DAY)
    ticket_id = parse_number(asked.ticket)
    if asked.ticket and ticket_id is None:
        return _page(request, session, asked, [], NO_NUMBER)
    async with request.app[POOL].acquire() as connection:
        units = await units_read(connection, staff.unit_id)
        narrowed = Narrowed(ticket_id, asked.who, units, *days)
        after = _cursor(request.query.get("after", ""))
        found = await traced.page(connection, narrowed, after, PAGE + 1)
    return _page(request, session, asked, found, "")


def _page(
    request: web.Request, session: StaffSession, asked: Asked, found: list[TracedLine], error: str
) -> web.StreamResponse:
    context = {
        "asked": asked,
        "lines": found[:PAGE],
        "next_page": asked.query(found[PAGE - 1]) if len(found) > PAGE else "",
        "what_names": NAMES,
        "error": error,
    }
    status = 422 if error else 200
    return show(request, session, "console/traced.html", context, status=status)


def _read(query: Mapping[str, str]) -> Asked:
    given = (query.get(name, "").replace("\x00", "").strip() for name in ("ticket", "who", "day"))
    return Asked(*(one[:LONGEST] for one in given))


def _days(typed: str, timezone: ZoneInfo) -> tuple[datetime, datetime]:
    """From when to when: a day of the city's, or always. Raises `ValueError`."""
    if not typed:
        return ALWAYS
    begins = datetime.combine(date.fromisoformat(typed), time(), timezone)
    return max(begins, ALWAYS[0]), min(begins, ALWAYS[1] - timedelta(days=1)) + timedelta(days=1)


def _cursor(text: str) -> Cursor | None:
    parts = text.split(".")
    try:
        seconds, micros, source, id_ = (int(part) for part in parts)
        at = datetime.fromtimestamp(seconds, UTC) + timedelta(microseconds=micros)
    except (ValueError, OverflowError, OSError):
        return None
    return Cursor(at, source, id_) if source in (0, 1) and 0 <= id_ < 2**62 else None
