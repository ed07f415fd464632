"""The responsibility catalogue (派单目录): its versions, what a draft would change, and who approves it."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial

import msgspec
from aiohttp import web

from gateway.console.catalogue_pages import DAYS, called, days, today, version_id
from gateway.console.catalogue_topic import LEVEL_NAMES, changed_topics
from gateway.console.layout import missing, show
from gateway.console.running import run
from gateway.keys import CLOCK, POOL, WORLD
from handlers.case import ActRefusedError
from handlers.catalogue_compare import Comparison, compare
from handlers.catalogue_units import KINDS as UNIT_KINDS
from handlers.catalogue_units import unit_changes
from handlers.heirs import KINDS
from handlers.own_draft import UnknownVersionError, may_change, may_read, units_of
from handlers.world import World
from store.catalogue import planned, versions
from store.catalogue.around import left_behind, replacing
from store.catalogue.planned import Planned
from store.catalogue.read import current_version, jurisdictions_of
from store.catalogue.versions import Version
from store.database import Connection
from store.staff import StaffSession

NEWEST = 50
STATES = {"draft": "草案", "approved": "已批准", "refused": "未采用"}
SPECIAL = ("topic", "place", "lead", "assists", "source", "valid_from", "valid_to")
FORMS = (  # every field of the forms on a draft's page
    *SPECIAL,
    *("reason", "kind", "unit", "successor", "topics", "places", "note", "added", "removed"),
    *("name", "short_name", "district", "code"),
)
DONE = {
    "new": "已起草。改好后请另一位管理员比对、批准。",
    "topic": "已改，还没有生效。",
    "special": "特别管辖已改，还没有生效。",
    "part": "单位承接已改，还没有生效。",
    "names": "叫法已改，还没有生效。",
    "rename": "单位名称已改，还没有生效。",
    "unit": "单位已改，还没有生效。",
    "approve": "已批准，从生效日起按这一版派单。已派出的工单不变，只有单位承接的逐张移交。",
    "refuse": "不采用，理由已记录；派单照旧。",
}


async def get_versions(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """All versions, drafts first."""
    return await versions_page(request, session, {})


async def versions_page(
    request: web.Request,
    session: StaffSession,
    context: Mapping[str, object],
    *,
    status: int = 200,
) -> web.StreamResponse:
    """The list, with the form for a new draft."""
    staff = session.staff
    if not may_read(staff.unit_id, staff.roles):
        return missing(request, session)
    async with request.app[POOL].acquire() as connection:
        found = await versions.versions(connection, NEWEST)
        current = await current_version(connection, today(request))
        behind = await left_behind(connection)
    frame: dict[str, object] = {
        "versions": found,
        "current": current,
        "behind": behind,
        "states": STATES,
        "today": today(request),
        "changes": may_change(staff.unit_id, staff.roles),
        "error": "",
        "done": DONE.get(request.query.get("done", ""), ""),
        "typed": dict.fromkeys(("note", "valid_from"), ""),
        "key": "",
    }
    return show(request, session, "console/catalogue.html", frame | dict(context), status=status)


async def get_version(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """One version, a draft with what it would change."""
    return await version_page(request, session, {})


async def version_page(
    request: web.Request,
    session: StaffSession,
    context: Mapping[str, object],
    *,
    status: int = 200,
) -> web.StreamResponse:
    """The page; `context` holds what a form has just brought."""
    staff = session.staff
    if not may_read(staff.unit_id, staff.roles):
        return missing(request, session)
    async with request.app[POOL].acquire() as connection:
        version = await versions.version_of(connection, version_id(request))
        if version is None:
            return missing(request, session)
        parts = await planned.planned(connection, version.id)
        frame: dict[str, object] = {"version": version, "parts": parts}
        frame |= await _content(request, connection, version)
        frame |= await _standing(request, connection, version, session)
        if frame["refuses"]:
            frame["leaving"] = await planned.staff_of(connection, parts)
    blank = dict.fromkeys(FORMS, "")
    frame |= {
        "states": STATES,
        "levels": LEVEL_NAMES,
        "days": days(request),
        "all_days": DAYS,
        "today": today(request),
        "kinds": KINDS,
        "unit_kinds": UNIT_KINDS,
        "districts": request.app[WORLD].city.reader.districts,
        "error": "",
        "form": "",
        "done": DONE.get(request.query.get("done", ""), ""),
        "typed": blank,
        "key": "",
    }
    template = "console/catalogue_version.html"
    given = context.get("typed")
    sent = {"typed": blank | given} if isinstance(given, dict) else {}
    return show(request, session, template, frame | dict(context) | sent, status=status)


async def _content(
    request: web.Request, connection: Connection, version: Version
) -> dict[str, object]:
    """What a version says, and what it would change."""
    duties = await versions.topic_duties(connection, version.id)
    units = await units_of(connection, request.app[WORLD], version.id)
    altered = await unit_changes(connection, version.id, today(request))
    return {
        "compared": await _compared(request, connection, version),
        "duties": duties,
        "changed": await changed_topics(connection, version, duties),
        "special": await jurisdictions_of(connection, version.id),
        "scope": partial(_scope, {one.code: one.name for one in duties}, request.app[WORLD]),
        "altered": altered if version.state == "draft" else [],
        "units": sorted({(unit.name, unit.code) for unit in units}),
        "called": called(units),
    }


async def _standing(
    request: web.Request, connection: Connection, version: Version, session: StaffSession
) -> dict[str, object]:
    """What may be done with a version by who looks at it, and which others stand beside it."""
    staff, day = session.staff, today(request)
    changes = may_change(staff.unit_id, staff.roles)
    draft = version.state == "draft"
    to_come = version.state == "approved" and version.valid_from > day
    current = await current_version(connection, day)
    beside = draft or to_come or version.id == current
    return {
        "edits": changes and draft and version.drafted_by in (None, staff.id),
        "approves": changes and draft and version.drafted_by != staff.id,
        "refuses": changes and draft,
        "withdraws": changes and to_come,
        "behind": version.id in await left_behind(connection),
        "later": await replacing(connection, version.id, max(version.valid_from, day))
        if beside
        else [],
    }


async def acted(
    request: web.Request,
    session: StaffSession,
    form: tuple[str, dict[str, str]],
    act: Callable[[Connection], Awaitable[int]],
) -> web.StreamResponse:
    """Carry out what a form of a version's page asks for; refused, the page comes back with what was typed."""
    name, given = form
    try:
        await run(request, act)
    except UnknownVersionError:
        return missing(request, session)
    except ActRefusedError as refused:
        again = {"error": str(refused), "form": name, "typed": given, "key": given.get("key", "")}
        return await version_page(request, session, again, status=422)
    raise web.HTTPSeeOther(f"/console/catalogue/{version_id(request)}?done={name}")


def _scope(topics: Mapping[str, str], world: World, part: Planned) -> list[str]:
    """What is split off, by names."""
    reader = world.city.reader
    found = (
        reader.district(one) or reader.street(one) or reader.community(one) for one in part.places
    )
    places = [one.name if one else code for code, one in zip(part.places, found, strict=True)]
    return [*(topics.get(one, one) for one in part.topics), *places]


async def _compared(
    request: web.Request, connection: Connection, version: Version
) -> Comparison | None:
    """Of a draft as of now; of another what was said when it was approved."""
    if version.state == "draft":
        world, now = request.app[WORLD], request.app[CLOCK]()
        return await compare(connection, world, version, now, days(request))
    return msgspec.convert(version.compared, Comparison) if version.compared else None
