"""What the pages of the catalogue have in common: which version, which day, what was typed, what units are called."""

from collections.abc import Sequence
from datetime import date

from aiohttp import web

from gateway.console.session import text
from gateway.keys import CLOCK, SETTINGS
from handlers.dispatch import UnitRef
from store.units import Unit

DAYS = (7, 30, 90)
USUAL_DAYS = 30
LARGEST_ID = 2**31 - 1


def called(units: Sequence[Unit] | Sequence[UnitRef]) -> dict[str, str]:
    """What units are called by their codes, and departments and enterprises by those that topics name them by."""
    found = {unit.code: unit.short_name for unit in units}
    for unit in units:
        city, _, code = unit.code.partition("-")
        if city in ("city", "ent"):
            found[code] = unit.short_name
    return found


def version_id(request: web.Request) -> int:
    """The version that an address names, 0 for one that cannot be."""
    given = int(request.match_info["version"])
    return given if given <= LARGEST_ID else 0


def today(request: web.Request) -> date:
    """The city's day."""
    return request.app[CLOCK]().astimezone(request.app[SETTINGS].timezone).date()


def days(request: web.Request) -> int:
    """How many days are compared."""
    asked = request.query.get("days", "")
    return int(asked) if asked in map(str, DAYS) else USUAL_DAYS


async def typed(request: web.Request, *wanted: str) -> dict[str, str]:
    """Fields of a form."""
    return {name: await text(request, name) for name in wanted}
