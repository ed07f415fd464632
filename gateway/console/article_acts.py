"""The forms of the knowledge base: each names one act of the handlers and brings it what was typed."""

import contextlib
from collections.abc import Awaitable, Callable, Mapping
from datetime import date

from aiohttp import web

from gateway.console.article_preview import previews
from gateway.console.articles import FIELDS, article_id_of, article_page, form_page
from gateway.console.layout import missing
from gateway.console.running import run
from gateway.console.session import by, text
from gateway.keys import WORLD
from handlers.case import ActRefusedError, By
from handlers.edit_article import (
    UnknownArticleError,
    Written,
    edit_article,
    publish_article,
    withdraw_article,
    write_article,
)
from handlers.permits import may_write_articles
from handlers.world import World
from store.database import Connection
from store.staff import StaffSession

Act = Callable[[Connection], Awaitable[int]]


async def post_new(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """Keep a new article, or show how it would be read."""
    staff, world = session.staff, request.app[WORLD]
    if not may_write_articles(staff.unit_id, staff.roles):
        return missing(request, session)
    typed, who = await _typed(request), await by(request, session)
    again = {"typed": typed, "key": await text(request, "key")}
    if await text(request, "preview"):
        return form_page(request, session, again | _preview(request, session, typed))
    try:
        done = await run(request, lambda c: write_article(c, world, who, _written(world, typed)))
    except ActRefusedError as refused:
        return form_page(request, session, again | {"error": str(refused)}, status=422)
    raise web.HTTPSeeOther(f"/console/articles/{int(done)}?done=add")


async def post_act(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """Edit, publish or withdraw; what is refused comes back with a sentence and all that was typed."""
    name, world = request.match_info["act"], request.app[WORLD]
    typed, who = await _typed(request), await by(request, session)
    again: dict[str, object] = {"key": await text(request, "key")}
    if name == "edit":
        again["typed"] = typed
        if await text(request, "preview"):
            return await article_page(request, session, again | _preview(request, session, typed))
    seen = (article_id_of(request), await _version(request))
    try:
        await run(request, _act(name, world, who, seen, typed))
    except UnknownArticleError:
        return missing(request, session)
    except ActRefusedError as refused:
        return await article_page(request, session, again | {"error": str(refused)}, status=422)
    raise web.HTTPSeeOther(f"/console/articles/{seen[0]}?done={name}")


def _act(name: str, world: World, who: By, seen: tuple[int, int], typed: Mapping[str, str]) -> Act:
    match name:
        case "publish":
            return lambda connection: publish_article(connection, world, who, seen)
        case "withdraw":
            return lambda connection: withdraw_article(connection, who, seen)
        case _:
            written = _written(world, typed)
            return lambda connection: edit_article(connection, world, who, seen, written)


async def _typed(request: web.Request) -> dict[str, str]:
    return {field: await text(request, field) for field in FIELDS}


async def _version(request: web.Request) -> int:
    version = await text(request, "version")
    return int(version) if version.isascii() and version.isdigit() else 0


def _written(world: World, typed: Mapping[str, str]) -> Written:
    fields = {name: typed[name] for name in FIELDS if name != "unit"}
    unit = typed["unit"].strip()
    return Written(unit_id=_unit_of(world, unit) if unit else None, **fields)


def _unit_of(world: World, typed: str) -> int:
    """The unit that was chosen, those that get no work included; 0 where there is none."""
    for unit in world.city.units.values():
        if typed in (unit.code, unit.name, f"{unit.name} {unit.code}"):
            return unit.id
    return 0


def _preview(
    request: web.Request, session: StaffSession, typed: Mapping[str, str]
) -> dict[str, object]:
    """The article as typed, as it would be read."""
    world = request.app[WORLD]
    own = session.staff.unit_id
    unit = world.city.units.get(own if own is not None else _unit_of(world, typed["unit"].strip()))
    until = None
    with contextlib.suppress(ValueError):
        until = date.fromisoformat(typed["valid_until"].strip())
    name = unit.short_name if unit else ""
    return {"previews": previews(request, typed["answer"], name, until, typed["language"])}
