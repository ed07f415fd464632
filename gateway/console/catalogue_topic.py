"""One topic of the responsibility catalogue: its form in a draft, and what a version says of it otherwise than the one before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

from aiohttp import web

from gateway.console.catalogue_pages import called, version_id
from gateway.console.layout import missing, show
from gateway.keys import POOL, WORLD
from handlers.own_draft import may_change, units_of
from store.catalogue import versions
from store.catalogue.versions import TopicDuty, Version
from store.database import Connection
from store.staff import StaffSession

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
    "keywords": "关键词",
    "weak_keywords": "辅助词",
}


@dataclass(frozen=True, slots=True)
class Changed:
    """A topic that a draft says something else of, field by field."""

    duty: TopicDuty
    said: Sequence[str]


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
        units = await units_of(connection, request.app[WORLD], version.id) if version else []
    duty = next((one for one in duties if one.code == code), None)
    if version is None or duty is None:
        return missing(request, session)
    frame: dict[str, object] = {
        "version": version,
        "duty": duty,
        "typed": typed_of(duty, called(units)),
        "levels": LEVEL_NAMES,
        "units": sorted({(unit.name, unit.code) for unit in units}),
        "error": "",
        "key": "",
    }
    template = "console/catalogue_topic.html"
    return show(request, session, template, frame | dict(context), status=status)


def typed_of(duty: TopicDuty, called: Mapping[str, str]) -> dict[str, str]:
    """A topic as it stands in its form, units by name and code."""
    minutes = duty.statutory_minutes

    def named(*codes: str) -> str:
        return "\n".join(f"{called[code]} {code}" if code in called else code for code in codes)

    return {
        "level": duty.level,
        "grade": duty.grade,
        "department": named(duty.department),
        "assists": named(*duty.assists),
        "enterprises": named(*duty.enterprises),
        "dual": "yes" if duty.dual else "",
        "green": "yes" if duty.green else "",
        "hours": "" if minutes is None else str(minutes // 60),
        "working": "yes" if duty.statutory_working else "",
        "statute": duty.statute,
        "valid_from": duty.valid_from.isoformat() if duty.valid_from else "",
        "valid_to": duty.valid_to.isoformat() if duty.valid_to else "",
        "keywords": "\n".join(duty.keywords),
        "weak_keywords": "\n".join(duty.weak_keywords),
    }


async def changed_topics(
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
        f"{FIELD_NAMES[one.name]}：{_difference(getattr(before, one.name), getattr(after, one.name))}"
        for one in fields(after)
        if one.name in FIELD_NAMES and getattr(before, one.name) != getattr(after, one.name)
    ]


def _difference(before: object, after: object) -> str:
    """Of several words those that come and go; where none does, their order."""
    if isinstance(before, list) and isinstance(after, list) and before and after:
        added = [str(one) for one in after if one not in before]
        gone = [str(one) for one in before if one not in after]
        said = (f"添加{_shown(added)}" if added else "", f"去掉{_shown(gone)}" if gone else "")
        if any(said):
            return "，".join(filter(None, said))
    return f"{_shown(before)} → {_shown(after)}"


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list | tuple):
        return "、".join(map(str, value)) or "无"
    return str(LEVEL_NAMES.get(str(value), value)) if value not in (None, "") else "无"
