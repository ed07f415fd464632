"""What a draft changes besides duties: units that begin, are called otherwise, merge, split or close, and names of places."""

from aiohttp import web

from gateway.console.catalogue import acted
from gateway.console.catalogue_pages import typed, version_id
from gateway.console.session import by, text
from gateway.keys import WORLD
from handlers.catalogue_parts import Part, add_part, choose_people, remove_part
from handlers.catalogue_units import add_unit, rename_unit, take_out_unit
from handlers.catalogue_words import change_names
from store.staff import StaffSession

PART = ("kind", "unit", "successor", "topics", "places", "note")
NAMES = ("place", "added", "removed")
RENAMED = ("unit", "name", "short_name")
NEW = ("kind", "district", "code", "name", "short_name")


async def post_part(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """A unit's work, or some of it, goes to another."""
    who, world, version = await by(request, session), request.app[WORLD], version_id(request)
    given = await typed(request, *PART, "key")
    order = Part(**{name: given[name] for name in PART})
    return await acted(
        request, session, ("part", given), lambda c: add_part(c, world, who, version, order)
    )


async def post_part_out(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """Take that out again."""
    who, version = await by(request, session), version_id(request)
    position = int(request.match_info["position"])
    return await acted(
        request, session, ("part", {}), lambda c: remove_part(c, who, version, position)
    )


async def post_people(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """Which part each of the staff goes with; fields `to-<staff id>` hold the part's position."""
    who, version = await by(request, session), version_id(request)
    fields = [name for name in await request.post() if name.startswith("to-")]
    given = {name.removeprefix("to-"): await text(request, name) for name in fields}
    chosen = {
        int(staff_id): int(at)
        for staff_id, at in given.items()
        if staff_id.isdecimal() and at.isdecimal()
    }
    return await acted(
        request, session, ("part", {}), lambda c: choose_people(c, who, version, chosen)
    )


async def post_names(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """What a place is called besides."""
    who, version = await by(request, session), version_id(request)
    given = await typed(request, *NAMES, "key")
    return await acted(
        request, session, ("names", given), lambda c: change_names(c, who, version, given)
    )


async def post_rename(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """A unit is called otherwise."""
    who, world, version = await by(request, session), request.app[WORLD], version_id(request)
    given = await typed(request, *RENAMED, "key")
    return await acted(
        request, session, ("rename", given), lambda c: rename_unit(c, world, who, version, given)
    )


async def post_new_unit(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """A unit begins."""
    who, world, version = await by(request, session), request.app[WORLD], version_id(request)
    given = await typed(request, *NEW, "key")
    return await acted(
        request, session, ("unit", given), lambda c: add_unit(c, world, who, version, given)
    )


async def post_unit_out(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """Neither."""
    who, world, version = await by(request, session), request.app[WORLD], version_id(request)
    code = request.match_info["code"]
    return await acted(
        request, session, ("unit", {}), lambda c: take_out_unit(c, world, who, version, code)
    )
