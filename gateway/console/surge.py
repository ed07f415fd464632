"""Surge mode (平战转换): what is in force with its own figures, what has ended with its report; begun and ended here."""

import asyncio
from collections.abc import Mapping, Sequence

from aiohttp import web

from dialogs.words import Grade
from gateway import clock
from gateway.console.case.choosing import unit_of
from gateway.console.layout import missing, show
from gateway.console.running import run
from gateway.console.session import by, text
from gateway.console.table_file import table_file
from gateway.console.ticket import topics_of
from gateway.keys import CLOCK, POOL, SETTINGS, WORLD
from handlers.case import ActRefusedError
from handlers.in_force import read_events
from handlers.login import hash_password
from handlers.surge import KIND_NAMES, Declaring, declare, end_surge, may_declare, may_see_surges
from handlers.surge_report import WHATS, Report, kept, make_report, minutes, rows
from handlers.surge_staff import MOST_AT_ONCE, WORK, Giving, give_accounts, names_of
from handlers.world import World
from store import surges
from store.database import Connection
from store.staff import StaffSession
from store.surges import SurgeRow

SHOWN = 50
PASSWORD_BYTES = 9
DONE = {
    "declared": "已启动，几秒内各处生效。",
    "ended": "已结束，报告在下面；在办的工单继续办。",
    "given": "账号已经开过，初始密码只在开的时候显示一次。",
}
_FIELDS = (
    *("name", "kind", "expert_line", "places", "words", "grade"),
    *("lead", "script", "articles"),
)


async def get_surges(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """All of them, and the form to begin one."""
    return await _list(request, session, {})


async def post_surge(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """Begin one."""
    who, world = await by(request, session), request.app[WORLD]
    typed = {name: await text(request, name) for name in _FIELDS}
    lines, topics = await _several(request, "lines"), await _several(request, "topics")
    try:
        order = _declaring(request, typed, lines, topics)
        made = await run(request, lambda c: declare(c, world, who, order))
    except ActRefusedError as refused:
        context = {"error": str(refused), "typed": typed, "lines": lines, "topics_on": topics}
        return await _list(request, session, context, status=422)
    await _follow(request)
    raise web.HTTPSeeOther(f"/console/surge/{made}?done=declared")


async def get_surge(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """One of them."""
    return await _one(request, session, {"done": DONE.get(request.query.get("done", ""), "")})


async def post_end(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """End it."""
    who, world, surge_id = await by(request, session), request.app[WORLD], _id(request)
    try:
        await run(request, lambda c: end_surge(c, world, who, surge_id))
    except ActRefusedError as refused:
        return await _one(request, session, {"error": str(refused)}, status=422)
    await _follow(request)
    raise web.HTTPSeeOther(f"/console/surge/{surge_id}?done=ended")


async def post_accounts(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """Give accounts; their passwords stand in this answer and nowhere else."""
    who, world, surge_id = await by(request, session), request.app[WORLD], _id(request)
    typed = {name: await text(request, name) for name in ("names", "work", "days")}
    if not may_declare(who.unit_id, who.roles):
        return missing(request, session)
    try:
        order = Giving(names_of(typed["names"]), typed["work"], typed["days"])
        passwords = [clock.token(PASSWORD_BYTES) for _ in order.names]
        hashes = await asyncio.gather(*map(hash_password, passwords))
        logins = await run(request, lambda c: give_accounts(c, world, who, surge_id, order, hashes))
    except ActRefusedError as refused:
        return await _one(request, session, {"error": str(refused), "given": typed}, status=422)
    if isinstance(logins, str):  # this very form came before
        raise web.HTTPSeeOther(f"/console/surge/{surge_id}?done=given")
    made = list(zip(order.names, logins, passwords, strict=True))
    return await _one(request, session, {"made": made})


async def get_report(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """Its figures as a file."""
    found = await _found(request, session)
    if found is None:
        return missing(request, session)
    surge, report = found
    return table_file(rows(surge.name, report), f"surge-{surge.id}.csv")


def _declaring(
    request: web.Request, typed: Mapping[str, str], lines: Sequence[str], topics: Sequence[str]
) -> Declaring:
    lead = typed["lead"].strip()
    lead_id = unit_of(request.app[WORLD], lead) if lead else None
    if lead_id == 0:
        raise ActRefusedError(f"目录里没有“{lead}”这个单位。")
    return Declaring(
        name=typed["name"],
        kind=typed["kind"],
        lines=tuple(lines),
        expert_line=typed["expert_line"],
        topics=tuple(topics),
        places=typed["places"],
        words=typed["words"],
        grade=typed["grade"],
        lead_unit_id=lead_id,
        script=typed["script"],
        articles=typed["articles"],
        region=request.app[SETTINGS].phone_region,
    )


async def _several(request: web.Request, name: str) -> list[str]:
    return [one for one in (await request.post()).getall(name, []) if isinstance(one, str)]


async def _follow(request: web.Request) -> None:
    """This process goes by it at once, the others within seconds."""
    async with request.app[POOL].acquire() as connection:
        await read_events(connection, request.app[WORLD], request.app[CLOCK]())


def _id(request: web.Request) -> int:
    return int(request.match_info["surge"])


async def _found(request: web.Request, session: StaffSession) -> tuple[SurgeRow, Report] | None:
    """One with its figures: those of now, or those that were kept at its end."""
    if not may_see_surges(session.staff.unit_id, session.staff.roles):
        return None
    async with request.app[POOL].acquire() as connection:
        surge = await surges.find(connection, _id(request))
        if surge is None:
            return None
        return surge, await _report(connection, request, surge)


async def _report(connection: Connection, request: web.Request, surge: SurgeRow) -> Report:
    if surge.ended_at is not None:
        return kept(surge.report)
    return await make_report(connection, request.app[WORLD], surge.id, request.app[CLOCK]())


async def _one(
    request: web.Request,
    session: StaffSession,
    context: Mapping[str, object],
    *,
    status: int = 200,
) -> web.StreamResponse:
    found = await _found(request, session)
    if found is None:
        return missing(request, session)
    surge, report = found
    world = request.app[WORLD]
    async with request.app[POOL].acquire() as connection:
        accounts = await surges.accounts(connection, surge.id)
    frame: dict[str, object] = {
        "surge": surge,
        "report": report,
        "accounts": accounts,
        "kinds": KIND_NAMES,
        "what": _described(world, surge),
        "whats": WHATS,
        "minutes": minutes,
        "work": {code: name for code, (name, _, at_unit) in WORK.items() if _open(surge, at_unit)},
        "most": MOST_AT_ONCE,
        "most_days": world.rules.value("surge.account_days"),
        "declares": may_declare(session.staff.unit_id, session.staff.roles),
        "given": {"names": "", "work": "", "days": ""},
        "made": None,
        "done": "",
        "error": "",
    }
    return show(request, session, "console/surge.html", frame | dict(context), status=status)


def _open(surge: SurgeRow, at_unit: object) -> bool:
    return not at_unit or surge.lead_unit_id is not None


def _described(world: World, surge: SurgeRow) -> list[tuple[str, str]]:
    """What belongs to it and what its tickets get, as lines of the page."""
    reader = world.city.reader
    lines = [f"{world.lines[one].name} {one}" if one in world.lines else one for one in surge.lines]
    topics = [reader.topic(code) for code in surge.topic_codes]
    places = [
        reader.community(c) or reader.street(c) or reader.district(c) for c in surge.place_codes
    ]
    described = [
        ("专线", "、".join(lines)),
        ("专家席", surge.expert_line),
        ("分类", "、".join(f"{one.level3}（{one.code}）" for one in topics if one)),
        ("关键词", "、".join(surge.words)),
        ("地区", "、".join(one.name for one in places if one) or "全市"),
        ("等级", surge.grade or "按目录"),
        ("派给", surge.lead_unit or "按目录"),
        ("简短话术", surge.script),
        ("知识库", "、".join(f"#{one}" for one in surge.article_ids)),
    ]
    return [(name, said) for name, said in described if said]


async def _list(
    request: web.Request,
    session: StaffSession,
    context: Mapping[str, object],
    *,
    status: int = 200,
) -> web.StreamResponse:
    staff, world = session.staff, request.app[WORLD]
    if not may_see_surges(staff.unit_id, staff.roles):
        return missing(request, session)
    async with request.app[POOL].acquire() as connection:
        found = await surges.latest(connection, SHOWN)
    frame: dict[str, object] = {
        "listed": [(one, kept(one.report) if one.ended_at else None) for one in found],
        "kinds": KIND_NAMES,
        "declares": may_declare(staff.unit_id, staff.roles),
        "numbers": [(line.number, line.name) for line in world.lines.values()],
        "topics": topics_of(world),
        "grades": list(Grade),
        "typed": dict.fromkeys(_FIELDS, ""),
        "lines": [],
        "topics_on": [],
        "error": "",
    }
    return show(request, session, "console/surges.html", frame | dict(context), status=status)
