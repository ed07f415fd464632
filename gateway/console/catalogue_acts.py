"""The forms of the catalogue: each names one act of the handlers and brings it what was typed."""

from aiohttp import web

from gateway.console.catalogue import SPECIAL, acted, versions_page
from gateway.console.catalogue_pages import DAYS, USUAL_DAYS, typed, version_id
from gateway.console.catalogue_topic import topic_page
from gateway.console.layout import missing
from gateway.console.running import run
from gateway.console.session import by
from gateway.keys import WORLD
from handlers.case import ActRefusedError
from handlers.catalogue_draft import (
    Approving,
    add_jurisdiction,
    approve,
    begin_draft,
    edit_topic,
    refuse,
    remove_jurisdiction,
)
from handlers.own_draft import UnknownVersionError
from store.staff import StaffSession

TOPIC = (
    *("level", "grade", "department", "assists", "enterprises", "dual", "green", "hours"),
    *("working", "statute", "valid_from", "valid_to", "keywords", "weak_keywords"),
)


async def post_new(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """Begin a draft."""
    who, world = await by(request, session), request.app[WORLD]
    given = await typed(request, "valid_from", "note", "key")
    try:
        draft = await run(
            request, lambda c: begin_draft(c, world, who, given["valid_from"], given["note"])
        )
    except ActRefusedError as refused:
        again = {"error": str(refused), "typed": given, "key": given["key"]}
        return await versions_page(request, session, again, status=422)
    raise web.HTTPSeeOther(f"/console/catalogue/{int(draft)}?done=new")


async def post_topic(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """Change a topic of a draft."""
    who, world = await by(request, session), request.app[WORLD]
    given = await typed(request, *TOPIC, "key")
    order = given | {"code": request.match_info["topic"]}
    version = version_id(request)
    try:
        await run(request, lambda c: edit_topic(c, world, who, version, order))
    except UnknownVersionError:
        return missing(request, session)
    except ActRefusedError as refused:
        again = {"error": str(refused), "typed": given, "key": given["key"]}
        return await topic_page(request, session, again, status=422)
    raise web.HTTPSeeOther(f"/console/catalogue/{version}?done=topic")


async def post_special(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """Add a special jurisdiction."""
    who, world = await by(request, session), request.app[WORLD]
    given = await typed(request, *SPECIAL, "key")
    version = version_id(request)
    return await acted(
        request,
        session,
        ("special", given),
        lambda c: add_jurisdiction(c, world, who, version, given),
    )


async def post_remove(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """Take a special jurisdiction out."""
    who, version = await by(request, session), version_id(request)
    position = int(request.match_info["position"])
    return await acted(
        request,
        session,
        ("special", {}),
        lambda c: remove_jurisdiction(c, who, version, position),
    )


async def post_approve(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """Approve a draft for a day."""
    who, world = await by(request, session), request.app[WORLD]
    given = await typed(request, "valid_from", "days", "key")
    days = int(given["days"]) if given["days"] in map(str, DAYS) else USUAL_DAYS
    order = Approving(version_id(request), given["valid_from"], days)
    return await acted(
        request, session, ("approve", given), lambda c: approve(c, world, who, order)
    )


async def post_refuse(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """Refuse a draft."""
    who, world, version = await by(request, session), request.app[WORLD], version_id(request)
    given = await typed(request, "reason", "key")
    return await acted(
        request,
        session,
        ("refuse", given),
        lambda c: refuse(c, world, who, version, given["reason"]),
    )
