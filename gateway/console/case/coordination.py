"""Coordination and deliberation as forms of a ticket's page, and all that units have said to each other about it."""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from gateway.console.case.choosing import chosen_units, named_besides, unit_of, units_of
from gateway.console.case.form import Asked, Field, Form, Input, Section, Sent, Subject
from handlers.case import ActRefusedError
from handlers.coordinate import (
    LEVEL_NAMES,
    Coordinating,
    Settling,
    coordinate,
    decide_coordination,
    escalate,
)
from handlers.coordinations import (
    COORDINATING,
    TALK_STATES,
    Opinion,
    TalkKind,
    TalkState,
    may_opine,
    name_of,
    opine,
)
from handlers.deliberate import Deliberating, conclude, deliberate, invite_more
from handlers.staff_acts import StaffAct
from store import coordinations
from store.coordinations import Coordination, Party
from store.database import Connection

_BETWEEN = re.compile(r"[\n,，、;；]+")
RESIDENT = "resident"

_ROUTES = (
    (TalkKind.AREA.value, "上级政府（街道→区→市）"),
    (TalkKind.TRADE.value, "上级主管部门（区→市）"),
)
_UNITS = Field("units", "邀请的单位", Input.UNITS, needed=False)
_OTHERS = (
    Field("names", "邀请的其他人（企业、物业、居民代表，每行一个）", needed=False, longest=500),
    Field(
        "who",
        "这张工单的市民",
        Input.CHECKS,
        needed=False,
        options=lambda _: ((RESIDENT, "也邀请，会收到消息"),),
    ),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A talk as the page shows it."""

    talk: Coordination
    name: str
    level: str
    state: str
    parties: Sequence[Party]


async def _shown(connection: Connection, asked: Asked) -> list[Shown] | None:
    found = await coordinations.of_ticket(connection, asked.view.facts.id)
    if not found:
        return None
    parties = await coordinations.parties(connection, [one.id for one in found])
    return [
        Shown(
            one,
            name_of(one),
            level_name(one.level),
            TALK_STATES[TalkState(one.state)],
            [party for party in parties if party.coordination_id == one.id],
        )
        for one in found
    ]


def level_name(level: str) -> str:
    """How far up a talk has come; "" for one that has no level."""
    return {code.value: name for code, name in LEVEL_NAMES.items()}.get(level, "")


async def _open(connection: Connection, asked: Asked) -> list[Coordination]:
    found = await coordinations.of_ticket(connection, asked.view.facts.id)
    return [one for one in found if one.open]


def _hosted(
    kinds: Sequence[TalkKind],
    asks: Callable[[Coordination], tuple[Field, ...]] = lambda _: (),
    *,
    centre: bool = True,
) -> Callable[[Connection, Asked], Awaitable[Sequence[Subject]]]:
    """Talks of these kinds that the reading unit hosts; `centre`: the centre's, too."""

    async def subjects(connection: Connection, asked: Asked) -> list[Subject]:
        unit_id = asked.staff.unit_id
        if unit_id is None and not centre:
            return []
        return [
            Subject(one.id, name_of(one), one.reason, asks(one))
            for one in await _open(connection, asked)
            if one.kind in kinds and one.host_unit_id == unit_id
        ]

    return subjects


def _who(one: Coordination) -> tuple[Field, ...]:
    """A coordination settles who leads and who works with it; a deliberation binds nobody."""
    if one.kind not in COORDINATING:
        return ()
    return (
        Field("lead", "由谁牵头办理（不填的不变）", Input.UNIT, needed=False),
        Field("joint", "联合办理单位", Input.UNITS, needed=False),
    )


def _others(one: Coordination) -> tuple[Field, ...]:
    """Those who take no orders are asked to a deliberation alone."""
    return _OTHERS if one.kind == TalkKind.DELIBERATION else ()


async def _to_opine(connection: Connection, asked: Asked) -> list[Subject]:
    talks = {one.id: one for one in await _open(connection, asked)}
    parties = await coordinations.parties(connection, sorted(talks))
    unit_id = asked.staff.unit_id
    return [
        Subject(one.id, _whose(talks[one.coordination_id], one), _before(talks, one))
        for one in parties
        if may_opine(talks[one.coordination_id], one, unit_id)
    ]


def _whose(talk: Coordination, party: Party) -> str:
    return f"{name_of(talk)}（{party.name}）" if party.unit_id is None else name_of(talk)


def _before(talks: dict[int, Coordination], party: Party) -> str:
    asked = talks[party.coordination_id].reason
    return f"{asked}\n已提意见：{party.opinion}" if party.opinion else asked


async def _coordinate(connection: Connection, sent: Sent) -> None:
    typed, world = sent.typed, sent.world
    if typed["route"] not in {code for code, _ in _ROUTES}:
        raise ActRefusedError("请选择向谁申请协调。")
    order = Coordinating(TalkKind(typed["route"]), typed["text"], chosen_units(sent))
    await coordinate(connection, world, sent.who, sent.ticket_id, order)


async def _escalate(connection: Connection, sent: Sent) -> None:
    text = sent.typed["text"]
    await escalate(connection, sent.world, sent.who, sent.ticket_id, sent.subject, text)


async def _settle(connection: Connection, sent: Sent) -> None:
    typed, world, who = sent.typed, sent.world, sent.who
    found = await coordinations.by_ids(connection, [sent.subject])
    if found and found[0].kind == TalkKind.DELIBERATION:
        await conclude(connection, world, who, sent.ticket_id, sent.subject, typed["text"])
        return
    lead = typed["lead"].strip()
    joint = units_of(world, typed["joint"])
    order = Settling(sent.subject, typed["text"], unit_of(world, lead) if lead else None, joint)
    if lead and not order.lead_id:
        raise ActRefusedError("牵头单位不在目录中，请从名单里选。")
    await decide_coordination(connection, world, who, sent.ticket_id, order)


def _invited(sent: Sent) -> Deliberating:
    names = [one.strip() for one in _BETWEEN.split(sent.typed["names"]) if one.strip()]
    unit_ids = units_of(sent.world, sent.typed["units"])
    resident = RESIDENT in sent.many.get("who", ())
    return Deliberating(sent.typed["text"], unit_ids, names, resident)


async def _deliberate(connection: Connection, sent: Sent) -> None:
    await deliberate(connection, sent.world, sent.who, sent.ticket_id, _invited(sent))


async def _invite(connection: Connection, sent: Sent) -> None:
    order = _invited(sent)
    await invite_more(connection, sent.world, sent.who, sent.ticket_id, sent.subject, order)


async def _opine(connection: Connection, sent: Sent) -> None:
    order = Opinion(sent.subject, sent.typed["text"])
    await opine(connection, sent.world, sent.who, sent.ticket_id, order)


def _coordinate_means(asked: Asked) -> str:
    days = asked.world.rules.value("coordinate.days")
    return (
        f"报上一级协调，{days}天内决定；牵头的单位和您写的单位会收到通知，都要提意见。"
        "决定前仍由本单位首接负责，时限不停；市民只在换了主办单位时收到通知。"
    )


FORMS: tuple[Form, ...] = (
    Form(
        StaffAct.COORDINATE,
        _coordinate_means,
        "已报上级协调，决定前仍由本单位办理。",
        _coordinate,
        (
            Field("route", "向谁申请", Input.SELECT, options=lambda _: _ROUTES),
            Field("units", "有关单位（可跨区）", Input.UNITS, needed=False),
            Field("text", "协调事由"),
        ),
        more=named_besides,
    ),
    Form(
        StaffAct.OPINE,
        "意见写在工单上，参加的单位都看得到；再提一次会替换上一次的。意见齐了，牵头的单位会收到通知。",
        "意见已记录。",
        _opine,
        (Field("text", "意见"),),
        subjects=_to_opine,
    ),
    Form(
        StaffAct.ESCALATE,
        "转由热线中心代表市级协调；原来参加的单位和本单位都要再提意见，会收到通知。主办单位照常办理，时限不停。",
        "已上报市级协调。",
        _escalate,
        (Field("text", "上报事由"),),
        subjects=_hosted(COORDINATING, centre=False),
    ),
    Form(
        StaffAct.DECIDE_COORDINATION,
        "决定后协调结束，参加的单位会收到决定；换了牵头单位的，工单随即改派，市民会收到改由谁办理的通知。"
        "议事协商只记结果，请过的市民会收到；主办单位不变。",
        "已决定，参加的单位会收到通知。",
        _settle,
        (Field("text", "决定或协商结果"),),
        subjects=_hosted((*COORDINATING, TalkKind.DELIBERATION), _who),
    ),
    Form(
        StaffAct.DELIBERATE,
        "请居民、企业、物业等坐下来商量，由本单位主持。选了“这张工单的市民”的，市民会收到您写的事项；"
        "请的单位会收到通知；其他人请您电话联系。没有账号的人，意见由主持单位记下来。",
        "议事协商已发起。",
        _deliberate,
        (Field("text", "协商什么、何时何地（市民会看到）", longest=200), _UNITS, *_OTHERS),
    ),
    Form(
        StaffAct.INVITE,
        "加请的单位会收到通知；选了“这张工单的市民”的，市民会收到您写的事项。",
        "已邀请。",
        _invite,
        (Field("text", "协商什么、何时何地", needed=False, longest=200), _UNITS),
        subjects=_hosted(tuple(TalkKind), _others),
    ),
)
SECTIONS: tuple[Section, ...] = (Section("会商与协调", "console/case/coordination.html", _shown),)
