"""The three rates of a month: of one's own unit and those below it; the centre sees all."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from aiohttp import web

from gateway.console.layout import show
from gateway.keys import CLOCK, POOL, SETTINGS
from store import calls, green_figures, holds
from store.database import report
from store.rates import three_rates
from store.staff import StaffSession
from store.together import matters

_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])", re.ASCII)


async def get_rates(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """A table, a line a unit; a month that cannot be read is the current one."""
    timezone = request.app[SETTINGS].timezone
    now = request.app[CLOCK]().astimezone(timezone)
    asked = _MONTH.fullmatch(request.query.get("month", ""))
    year, month = (int(asked[1]), int(asked[2])) if asked else (now.year, now.month)
    since, until = month_bounds(year, month, timezone)
    then = request.query.get("units") == "then"
    async with report(request.app[POOL]) as connection:
        rates = await three_rates(
            connection, since, until, session.staff.unit_id, inherited=not then
        )
        told = await matters(connection, since, until, session.staff.unit_id)
        green = await green_figures.settled(connection, since, until, session.staff.unit_id)
        held = {one.unit_id: one.running for one in await holds.figures(connection, None, now)}
        at_centre = session.staff.at_centre
        lines = await calls.figures(connection, since, until) if at_centre else []
    context = {
        "rates": rates,
        "held": held,
        "lines": lines,
        "told": told,
        "green": green,
        "month": f"{year}-{month:02}",
        "then": then,
        "inherited": any("（含" in unit.unit for unit in rates),
    }
    return show(request, session, "console/rates.html", context)


def month_bounds(year: int, month: int, timezone: ZoneInfo) -> tuple[datetime, datetime]:
    """The first moment of a month in the city's time, and that of the next one; both in UTC."""
    following = (year + 1, 1) if month == 12 else (year, month + 1)  # noqa: PLR2004
    since = datetime(year, month, 1, tzinfo=timezone)
    until = datetime(*following, 1, tzinfo=timezone)
    return since.astimezone(UTC), until.astimezone(UTC)
