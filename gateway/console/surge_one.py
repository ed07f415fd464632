"""One event of surge mode (平战转换): how it stands, its lines and experts, accounts for a time, its end and its report."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeVar

from aiohttp import web

from gateway import clock
from gateway.console.layout import missing, show
from gateway.console.running import run
from gateway.console.session import by, text
from gateway.console.surge import PAGE, follow, several
from gateway.console.table_file import table_file
from gateway.console.ticket import topics_of
from gateway.keys import CLOCK, POOL, SETTINGS, WORLD
from handlers.case import ActRefusedError, By
from handlers.login import hash_password
from handlers.surge import KIND_NAMES, end_surge, may_declare, may_see_surges
from handlers.surge_changes import NamedLine, add_line, end_account, name_experts
from handlers.surge_report import WHATS, Report, kept, make_report, minutes, rows, summary
from handlers.surge_staff import MOST_AT_ONCE, WORK, Giving, give_accounts, names_of
from handlers.surges import overlaps
from handlers.world import World
from store import surge_seats, surges
from store.database import Connection
from store.staff import StaffSession
from store.surge_seats import SurgeLine
from store.surges import SurgeRow

T = TypeVar("T")
PASSWORD_BYTES = 9
DONE = {
    "declared": "已启动，几秒内各处生效。",
    "ended": "已结束，报告在下面；在办的工单继续办。",
    "given": "账号已经开过，初始密码只在开的时候显示一次。",
    "line": "专线已加，几秒内各处生效。",
    "experts": "专家名单已改。",
    "stopped": "账号已停用。",
}


async def get_surge(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """One of them."""
    return await _one(request, session, {"done": DONE.get(request.query.get("done", ""), "")})


async def post_end(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """End it."""
    world, surge_id = request.app[WORLD], _id(request)
    return await _act(request, session, "ended", lambda c, who: end_surge(c, world, who, surge_id))


async def post_line(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """Give it a line more."""
    world, surge_id = request.app[WORLD], _id(request)
    line = NamedLine(
        await text(request, "name"),
        await text(request, "numbers"),
        tuple(await several(request, "topics")),
        request.app[SETTINGS].phone_region,
    )
    return await _act(
        request,
        session,
        "line",
        lambda c, who: add_line(c, world, who, surge_id, line),
        line=line,
        form="line",
    )


async def post_experts(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """Name its experts."""
    world, surge_id = request.app[WORLD], _id(request)
    logins = await text(request, "experts")
    return await _act(
        request,
        session,
        "experts",
        lambda c, who: name_experts(c, world, who, surge_id, logins),
        experts=logins,
        form="experts",
    )


async def post_end_account(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """End one account."""
    world, surge_id = request.app[WORLD], _id(request)
    login = await text(request, "login")
    return await _act(
        request, session, "stopped", lambda c, who: end_account(c, world, who, surge_id, login)
    )


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
        raise web.HTTPSeeOther(f"{PAGE}/{surge_id}?done=given")
    await follow(request)
    made = list(zip(order.names, logins, passwords, strict=True))
    return await _one(request, session, {"made": made})


async def get_report(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """Its figures as a file."""
    found = await _found(request, session)
    if found is None:
        return missing(request, session)
    surge, report = found
    return table_file(rows(surge.name, report), f"surge-{surge.id}.csv")


async def _act(
    request: web.Request,
    session: StaffSession,
    done: str,
    doing: Callable[[Connection, By], Awaitable[T]],
    **typed: object,
) -> web.StreamResponse:
    """Do something with it, and show what came of it; `typed` stays where it is refused."""
    who, surge_id = await by(request, session), _id(request)
    try:
        await run(request, lambda c: doing(c, who))
    except ActRefusedError as refused:
        return await _one(request, session, {"error": str(refused), **typed}, status=422)
    await follow(request)
    raise web.HTTPSeeOther(f"{PAGE}/{surge_id}?done={done}")


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
        if surge.ended_at is not None:
            return surge, kept(surge.report)
        now = request.app[CLOCK]()
        return surge, await make_report(connection, request.app[WORLD], surge.id, now)


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
        lines = (await surge_seats.lines(connection, [surge.id])).get(surge.id, [])
        experts = await surge_seats.logins(connection, surge.expert_ids)
        articles = await surge_seats.articles(connection, surge.article_ids)
    frame: dict[str, object] = {
        "surge": surge,
        "report": report,
        "summary": summary(report),
        "accounts": accounts,
        "lines": list(zip(lines, report.lines, strict=False)),
        "topic_names": _topic_names(world, lines),
        "entry": f"{request.app[SETTINGS].public_url}/?line=",
        "articles": articles,
        "kinds": KIND_NAMES,
        "what": _described(world, surge),
        "overlaps": overlaps(world.surges, surge.id),
        "whats": WHATS,
        "minutes": minutes,
        "work": {code: name for code, (name, _, at_unit) in WORK.items() if _open(surge, at_unit)},
        "topics": topics_of(world),
        "most": MOST_AT_ONCE,
        "most_days": world.rules.value("surge.account_days"),
        "expert_minutes": world.rules.value("surge.expert_minutes"),
        "declares": may_declare(session.staff.unit_id, session.staff.roles),
        "line": NamedLine(""),
        "experts": "、".join(experts),
        "given": {"names": "", "work": "", "days": ""},
        "made": None,
        "form": "",
        "done": "",
        "error": "",
    }
    return show(request, session, "console/surge.html", frame | dict(context), status=status)


def _open(surge: SurgeRow, at_unit: object) -> bool:
    return not at_unit or surge.lead_unit_id is not None


def _topic_names(world: World, lines: Sequence[SurgeLine]) -> dict[str, str]:
    found = (world.city.reader.topic(code) for one in lines for code in one.topic_codes)
    return {topic.code: topic.level3 for topic in found if topic is not None}


def _described(world: World, surge: SurgeRow) -> list[tuple[str, str]]:
    """What belongs to it and what its tickets get, as lines of the page."""
    reader = world.city.reader
    topics = [reader.topic(code) for code in surge.topic_codes]
    places = [
        reader.community(c) or reader.street(c) or reader.district(c) for c in surge.place_codes
    ]
    seat = "、".join(surge.experts)
    described = [
        (
            "专家席",
            "；".join(filter(None, (seat, surge.expert_line and f"电话{surge.expert_line}"))),
        ),
        ("分类", "、".join(f"{one.level3}（{one.code}）" for one in topics if one)),
        ("关键词", "、".join(surge.words)),
        ("地区", "、".join(one.name for one in places if one) or "全市"),
        ("等级", f"不低于{surge.grade}级" if surge.grade else "按目录"),
        ("派给", surge.lead_unit or "按目录"),
        ("简短话术", surge.script),
        ("英文话术", surge.script_en or ("没有，说英语的人按平时的流程" if surge.script else "")),
    ]
    return [(name, said) for name, said in described if said]
