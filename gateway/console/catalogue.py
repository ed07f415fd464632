"""The responsibility catalogue (派单目录): its versions, what a draft would change, and who approves it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date

import msgspec
from aiohttp import web

from gateway.console.layout import missing, show
from gateway.console.session import text
from gateway.keys import CLOCK, POOL, SETTINGS, WORLD
from handlers.catalogue_compare import Comparison, compare
from handlers.own_draft import may_change, may_read
from handlers.world import World
from store.catalogue import versions
from store.catalogue.read import current_version, jurisdictions_of
from store.catalogue.versions import TopicDuty, Version
from store.database import Connection
from store.staff import StaffSession

NEWEST = 50
DAYS = (7, 30, 90)
USUAL_DAYS = 30
LARGEST_ID = 2**31 - 1
STATES = {"draft": "草案", "approved": "已批准", "refused": "未采用"}
LEVEL_NAMES = {
    "street": "街道（直派）",
    "department": "部门（直派）",
    "both": "街道主办、部门协办（双派）",
    "enterprise": "企业（直派）",
}
FIELD_NAMES = {
    "level": "层级",
    "department": "主办部门",
    "assists": "协办部门",
    "enterprises": "企业",
    "grade": "等级",
    "dual": "双派",
    "green": "绿色通道",
    "statutory_minutes": "法定时限（分钟）",
    "statutory_working": "按工作时间",
    "statute": "法规",
    "valid_from": "有效期起",
    "valid_to": "有效期止",
}
SPECIAL = ("topic", "place", "lead", "assists", "source", "valid_from", "valid_to")
DONE = {
    "new": "已起草。改好后请另一位管理员比对、批准。",
    "topic": "已改，还没有生效。",
    "special": "特别管辖已改，还没有生效。",
    "approve": "已批准，到生效日起按这一版派单；已派出的工单不变。",
    "refuse": "未采用，理由已记录。",
}


@dataclass(frozen=True, slots=True)
class Changed:
    """A topic that a draft says something else of, field by field."""

    duty: TopicDuty
    said: Sequence[str]


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
    frame: dict[str, object] = {
        "versions": found,
        "current": current,
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
        compared = await _compared(request, connection, version)
        duties = await versions.topic_duties(connection, version.id)
        changed = await _changed(connection, version, duties)
        special = await jurisdictions_of(connection, version.id)
    changes = may_change(staff.unit_id, staff.roles)
    blank = dict.fromkeys((*SPECIAL, "reason"), "")
    draft = version.state == "draft"
    frame: dict[str, object] = {
        "version": version,
        "states": STATES,
        "levels": LEVEL_NAMES,
        "compared": compared,
        "days": days(request),
        "all_days": DAYS,
        "duties": duties,
        "changed": changed,
        "special": special,
        "today": today(request),
        "edits": changes and draft and version.drafted_by in (None, staff.id),
        "approves": changes and draft and version.drafted_by != staff.id,
        "refuses": changes and draft,
        **names(request.app[WORLD]),
        "called": called(request.app[WORLD]),
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


async def get_topic(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """The form of one topic of a draft."""
    return await topic_page(request, session, {})


async def topic_page(
    request: web.Request,
    session: StaffSession,
    context: Mapping[str, object],
    *,
    status: int = 200,
) -> web.StreamResponse:
    """The form; `context` holds what was typed and refused."""
    staff = session.staff
    if not may_change(staff.unit_id, staff.roles):
        return missing(request, session)
    code = request.match_info["topic"]
    async with request.app[POOL].acquire() as connection:
        version = await versions.version_of(connection, version_id(request))
        duties = await versions.topic_duties(connection, version.id) if version else []
    duty = next((one for one in duties if one.code == code), None)
    if version is None or duty is None:
        return missing(request, session)
    frame: dict[str, object] = {
        "version": version,
        "duty": duty,
        "typed": typed_of(duty),
        "levels": LEVEL_NAMES,
        **names(request.app[WORLD]),
        "error": "",
        "key": "",
    }
    template = "console/catalogue_topic.html"
    return show(request, session, template, frame | dict(context), status=status)


def typed_of(duty: TopicDuty) -> dict[str, str]:
    """A topic as it stands in its form."""
    minutes = duty.statutory_minutes
    return {
        "level": duty.level,
        "grade": duty.grade,
        "department": duty.department,
        "assists": "\n".join(duty.assists),
        "enterprises": "\n".join(duty.enterprises),
        "dual": "yes" if duty.dual else "",
        "green": "yes" if duty.green else "",
        "hours": "" if minutes is None else str(minutes // 60),
        "working": "yes" if duty.statutory_working else "",
        "statute": duty.statute,
        "valid_from": duty.valid_from.isoformat() if duty.valid_from else "",
        "valid_to": duty.valid_to.isoformat() if duty.valid_to else "",
    }


def names(world: World) -> dict[str, object]:
    """Units to choose from, each once."""
    units = world.city.units.values()
    return {"units": sorted({(unit.name, unit.code) for unit in units})}


def called(world: World) -> dict[str, str]:
    """What units are called by their codes, and departments and enterprises by those that topics name them by."""
    found = {unit.code: unit.short_name for unit in world.city.units.values()}
    for unit in world.city.units.values():
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


async def _compared(
    request: web.Request, connection: Connection, version: Version
) -> Comparison | None:
    """Of a draft as of now; of another what was said when it was approved."""
    if version.state == "draft":
        world, now = request.app[WORLD], request.app[CLOCK]()
        return await compare(connection, world, version, now, days(request))
    return msgspec.convert(version.compared, Comparison) if version.compared else None


async def _changed(
    connection: Connection, version: Version, duties: Sequence[TopicDuty]
) -> list[Changed]:
    """What a version says otherwise than the one that it was made of."""
    if version.base_id is None:
        return []
    before = {one.code: one for one in await versions.topic_duties(connection, version.base_id)}
    return [
        Changed(one, said)
        for one in duties
        if (known := before.get(one.code)) is not None and (said := _differences(known, one))
    ]


def _differences(before: TopicDuty, after: TopicDuty) -> list[str]:
    return [
        f"{FIELD_NAMES[one.name]}：{_shown(getattr(before, one.name))} → {_shown(getattr(after, one.name))}"
        for one in fields(after)
        if one.name in FIELD_NAMES and getattr(before, one.name) != getattr(after, one.name)
    ]


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list | tuple):
        return "、".join(map(str, value)) or "无"
    return str(LEVEL_NAMES.get(str(value), value)) if value not in (None, "") else "无"
