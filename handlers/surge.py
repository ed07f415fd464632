"""Surge mode (平战转换): an admin of the centre declares an event, and ends it with a report; all else goes on as before."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from channels import phone
from dialogs.understanding.place import Place
from dialogs.words import Grade, Role
from handlers.case import ActRefusedError, By, claim, worded
from handlers.effects import Effects
from handlers.hotlines import LONGEST_GREETING, LONGEST_GREETING_EN
from handlers.permit_table import CENTRE_ROLES
from handlers.surge_report import make_report
from handlers.world import World
from store import casework, human_attention, surge_seats, surges
from store.database import Connection
from store.surges import Closed, NewSurge, SurgeRow
from store.tickets import EventRow
from store.turnstiles import Matter, one_at_a_time
from store.unit_notices import UnitNoticeRow

KIND_NAMES = {
    "epidemic": "疫情防控",
    "storm": "极端天气",
    "heating": "供暖故障",
    "supply": "停水停电停气",
    "other": "其他突发事件",
}
LONGEST_NAME = 30
LONGEST_WORD = 20
SHORTEST_WORD = 2
MOST_WORDS = 30
MOST_ARTICLES = 5
MOST_EXPERTS = 30
LONGEST_ID = 9  # digits
_BETWEEN = re.compile(r"[\s,，、;；]+")
_SHORT_NUMBER = re.compile(r"\d{3,6}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Declaring:
    """An event as it was typed: places, words, articles and experts as texts with commas or lines between.

    `lines` are numbers of the table; each becomes a line of the event under its own name.
    """

    name: str
    kind: str
    lines: tuple[str, ...] = ()
    expert_line: str = ""
    experts: str = ""
    topics: tuple[str, ...] = ()
    places: str = ""
    words: str = ""
    grade: str = ""
    lead_unit_id: int | None = None
    script: str = ""
    script_en: str = ""
    articles: str = ""
    region: str = "CN"


def may_see_surges(unit_id: int | None, roles: frozenset[Role]) -> bool:
    """Whether somebody sees events and their figures: all at the centre."""
    return unit_id is None and bool(roles & (CENTRE_ROLES | {Role.ADMIN}))


def may_declare(unit_id: int | None, roles: frozenset[Role]) -> bool:
    """Whether somebody may begin and end events."""
    return unit_id is None and Role.ADMIN in roles


async def declare(connection: Connection, world: World, by: By, typed: Declaring) -> int:
    """Let an event begin, in the caller's transaction; returns its id. The world follows by `read_surges`.

    Raises:
        ActError: it is a repeat, is not permitted, or says nothing that a ticket could be known by.
    """
    await claim_surge(connection, by)
    new = _read(world, by, typed, await _articles(connection, world, by, typed.articles))
    experts = await experts_of(connection, by, typed.experts)
    new = new._replace(expert_ids=experts)
    await one_at_a_time(connection, Matter.SURGES)
    running = await surges.open_ones(connection)
    if any(one.name == new.name for one in running):
        raise ActRefusedError(f"“{new.name}”已经启动。")
    await refuse_taken(connection, typed.lines)
    surge_id = await surges.declare(connection, new)
    named = [(world.lines[number].name or number, (number,), ()) for number in typed.lines]
    await surge_seats.add_lines(connection, surge_id, named)
    effects = Effects()
    _tell_lead(effects, new.lead_unit_id, "surge_began", _begun(new), by)
    await effects.write(connection, by.at)
    await casework.set_result(connection, by.key, str(surge_id))
    return surge_id


async def end_surge(connection: Connection, world: World, by: By, surge_id: int) -> None:
    """Let it end with a report; its tickets go on, its accounts end, nothing new is marked.

    Whoever waits for its experts is the centre's; experts finish the talk that they have. Raises `ActError`.
    """
    await claim_surge(connection, by)
    found = await surges.find(connection, surge_id)
    report = await make_report(connection, world, surge_id, by.at)
    told = msgspec.json.encode(report).decode()
    if found is None or not await surges.end(connection, surge_id, by.staff_id, by.at, told):
        raise ActRefusedError("这次平战转换已经结束。")
    effects = Effects()
    await end_accounts(connection, effects, surge_id, by.at)
    await surge_seats.free_waiting(connection, surge_id, by.at)
    said = f"“{found.name}”平战转换结束：共{report.tickets}件，在办{report.open}件，继续办完。"
    _tell_lead(effects, found.lead_unit_id, "surge_ended", said, by)
    await effects.write(connection, by.at)


async def end_accounts(
    connection: Connection, effects: Effects, surge_id: int | None, at: datetime
) -> None:
    """End the accounts of an event, or (None) all whose time is over; what they have in hand goes back to their desk."""
    await give_back(connection, effects, await surges.close_accounts(connection, surge_id, at), at)


async def give_back(connection: Connection, effects: Effects, closed: Closed, at: datetime) -> None:
    """What ended accounts had in hand is their desk's again, and their chats are looked at at once."""
    effects.events += [
        EventRow(id_, at, "hand_taken_back", "system", note="支援账号已结束，退回本单位收发")
        for id_ in closed.ticket_ids
    ]
    await human_attention.look_now(connection, closed.staff_ids, at)


async def end_late_accounts(connection: Connection, now: datetime) -> None:
    """End the accounts whose time is over, in the caller's transaction."""
    effects = Effects()
    await end_accounts(connection, effects, None, now)
    await effects.write(connection, now)


async def the_running(connection: Connection, surge_id: int) -> SurgeRow:
    """An event that has not ended, and does not before the commit; raises `ActRefusedError`."""
    await surges.hold(connection, surge_id)
    found = await surges.find(connection, surge_id)
    if found is None or found.ended_at is not None:
        raise ActRefusedError("这次平战转换已经结束。")
    return found


async def claim_surge(connection: Connection, by: By) -> None:
    """Claim a form on events; raises `ActError`."""
    await claim(connection, by)
    if not may_declare(by.unit_id, by.roles):
        raise ActRefusedError("只有热线中心的管理员能启动、调整和结束平战转换。")


def _read(world: World, by: By, typed: Declaring, article_ids: Sequence[int]) -> NewSurge:
    new = NewSurge(
        name=worded(typed.name, "名称", longest=LONGEST_NAME),
        kind=typed.kind,
        expert_line=_expert(typed),
        expert_ids=(),
        topic_codes=list(typed.topics),
        place_codes=_places(world, typed.places),
        words=_words(typed.words),
        grade=typed.grade or None,
        lead_unit_id=typed.lead_unit_id,
        script=worded(typed.script, "简短话术", longest=LONGEST_GREETING, needed=False),
        script_en=worded(
            typed.script_en, "英文简短话术", longest=LONGEST_GREETING_EN, needed=False
        ),
        article_ids=list(article_ids),
        declared_by=by.staff_id,
        began_at=by.at,
    )
    _check(world, new, typed)
    return new


def _check(world: World, new: NewSurge, typed: Declaring) -> None:
    if new.kind not in KIND_NAMES:
        raise ActRefusedError("请选择事件类型。")
    if not (typed.lines or new.topic_codes or new.words):
        raise ActRefusedError("请至少选一条专线、一个分类，或者填一个关键词，否则没有工单能对上。")
    if not world.lines.keys() >= set(typed.lines):
        raise ActRefusedError("专线号码不在号码表里。")
    if new.expert_line and not typed.lines:
        raise ActRefusedError("专家席接专线转来的电话，请先选专线。")
    if any(world.city.reader.topic(code) is None for code in new.topic_codes):
        raise ActRefusedError("问题分类不在目录中，请从列表里选择。")
    if new.grade is not None and new.grade not in set(Grade):
        raise ActRefusedError("请选择等级。")
    if new.lead_unit_id is not None and new.lead_unit_id not in world.city.units:
        raise ActRefusedError("牵头单位不在目录中。")


def _expert(typed: Declaring) -> str:
    number = "".join(typed.expert_line.split())
    if not number or _SHORT_NUMBER.fullmatch(number):
        return number
    called = phone.normalise(number, typed.region)
    if called is None:
        raise ActRefusedError("专家席电话不对，请核对。")
    return called


def _places(world: World, typed: str) -> list[str]:
    found = []
    for name in filter(None, _BETWEEN.split(typed.strip())):
        place = world.city.reader.place(name)
        code = _code(place.place)
        if place.candidates or not code:
            raise ActRefusedError(f"“{name}”不是一个区、街道或社区，请写全称。")
        found.append(code)
    return list(dict.fromkeys(found))


def _code(place: Place) -> str:
    return place.community or place.street or place.district


def _words(typed: str) -> list[str]:
    found = list(dict.fromkeys(filter(None, _BETWEEN.split(typed.strip()))))
    if len(found) > MOST_WORDS or any(
        not SHORTEST_WORD <= len(one) <= LONGEST_WORD for one in found
    ):
        raise ActRefusedError(
            f"关键词最多{MOST_WORDS}个，每个{SHORTEST_WORD}到{LONGEST_WORD}个字。"
        )
    return found


async def _articles(connection: Connection, world: World, by: By, typed: str) -> list[int]:
    """The articles by their numbers, each of which can be told now."""
    parts = [one.removeprefix("#") for one in filter(None, _BETWEEN.split(typed.strip()))]
    if len(parts) > MOST_ARTICLES or not all(
        one.isdecimal() and len(one) <= LONGEST_ID for one in parts
    ):
        raise ActRefusedError(f"请填写知识库编号，最多{MOST_ARTICLES}条。")
    wanted = list(dict.fromkeys(map(int, parts)))
    today = by.at.astimezone(world.timezone).date()
    known = {one.id for one in await surges.told(connection, wanted, today)}
    missing = [str(one) for one in wanted if one not in known]
    if missing:
        raise ActRefusedError(f"知识库里没有已发布的{'、'.join(missing)}号。")
    return wanted


async def experts_of(connection: Connection, by: By, typed: str) -> list[int]:
    """Who was named by login; raises `ActRefusedError` for somebody who is not there."""
    logins = list(dict.fromkeys(filter(None, _BETWEEN.split(typed.strip()))))
    if len(logins) > MOST_EXPERTS:
        raise ActRefusedError(f"专家最多{MOST_EXPERTS}位。")
    found = await surge_seats.by_logins(connection, logins, by.at)
    missing = [one for one in logins if one not in found]
    if missing:
        raise ActRefusedError(f"没有{'、'.join(missing)}这个用户名，请核对。")
    return sorted(found.values())


async def refuse_taken(connection: Connection, numbers: Sequence[str]) -> None:
    """A number leads to one event: refuse one that is a line already; nobody else names any before the commit."""
    await one_at_a_time(connection, Matter.SURGES)
    for number, name in await surge_seats.taken(connection, numbers):
        raise ActRefusedError(f"{number}已经是“{name}”的专线。")


def _begun(new: NewSurge) -> str:
    return (
        f"“{new.name}”平战转换启动：符合的诉求直接派给贵单位"
        f"{f'，按{new.grade}级办理' if new.grade else ''}，请安排人手。"
    )


def _tell_lead(effects: Effects, lead: int | None, event: str, note: str, by: By) -> None:
    if lead is not None:
        effects.unit_notices += [
            UnitNoticeRow(lead, audience, None, event, note, by.at, urgent=event == "surge_began")
            for audience in ("head", "desk")
        ]
