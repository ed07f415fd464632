"""Whistles on a ticket's page: blow, report in, say what one thinks, conclude, rate each other; and the time-line of it all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from gateway.console.case.choosing import chosen_units, named_besides, unit_of
from gateway.console.case.form import Asked, Field, Form, Input, Section, Sent, Subject
from handlers.case import ActRefusedError
from handlers.report_in import HOW_NAMES, opine, report_in
from handlers.rules import Rules
from handlers.staff_acts import StaffAct
from handlers.whistle import PURPOSES, WHISTLE_TYPES, Whistling, whistle
from handlers.whistle_close import (
    HIGHEST,
    LOWEST,
    Concluding,
    close_whistle,
    rate_whistle,
    rates_now,
)
from store import whistles
from store.database import Connection
from store.whistles import Call, Whistle

_HOUR, _DAY = 60, 24 * 60
SCORE_NAMES = {5: "5 很好", 4: "4 好", 3: "3 一般", 2: "2 差", 1: "1 很差"}


@dataclass(frozen=True, slots=True)
class Line:
    """One moment of a whistle's time-line, as staff read it."""

    at: datetime
    unit: str
    what: str
    words: str = ""
    late: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """A whistle with those it calls and what has happened."""

    whistle: Whistle
    type: str
    purpose: str
    calls: Sequence[Call]
    lines: Sequence[Line]


async def _shown(connection: Connection, asked: Asked) -> list[Shown] | None:
    found = await whistles.of_ticket(connection, asked.view.facts.id)
    if not found:
        return None
    calls = await whistles.calls(connection, [one.id for one in found])
    return [_one(one, [call for call in calls if call.whistle_id == one.id]) for one in found]


def _one(one: Whistle, calls: Sequence[Call]) -> Shown:
    lines = [Line(one.at, one.unit, "吹哨", one.note)]
    for call in calls:
        if call.reported_at is not None:
            what = f"{HOW_NAMES[call.how]}报到"
            lines.append(Line(call.reported_at, call.unit, what, late=call.late))
        if call.opinion_at is not None:
            lines.append(Line(call.opinion_at, call.unit, "意见", call.opinion))
    if one.closed_at is not None:
        found = f"权属：{one.found}。" if one.found else ""
        lines.append(Line(one.closed_at, one.unit, "结束吹哨", f"{found}{one.conclusion}"))
    lines.sort(key=lambda line: line.at)
    return Shown(one, WHISTLE_TYPES[one.type], PURPOSES[one.purpose], calls, lines)


def _subject(one: Whistle) -> Subject:
    return Subject(one.id, f"{one.unit}的{WHISTLE_TYPES[one.type]}", one.note)


async def _parts(connection: Connection, asked: Asked) -> list[tuple[Whistle, Call]]:
    """What the reading unit has to do with whistles of this ticket that are still open."""
    found = await whistles.open_whistles(connection, asked.view.facts.id)
    of = {one.id: one for one in found}
    calls = await whistles.calls(connection, sorted(of))
    return [(of[call.whistle_id], call) for call in calls if call.unit_id == asked.staff.unit_id]


async def _to_report(connection: Connection, asked: Asked) -> list[Subject]:
    parts = await _parts(connection, asked)
    return [_subject(one) for one, call in parts if call.reported_at is None]


async def _to_opine(connection: Connection, asked: Asked) -> list[Subject]:
    parts = await _parts(connection, asked)
    return [_subject(one) for one, call in parts if call.reported_at is not None]


async def _to_close(connection: Connection, asked: Asked) -> list[Subject]:
    return [_subject(one) for one in await whistles.open_whistles(connection, asked.view.facts.id)]


async def _to_rate(connection: Connection, asked: Asked) -> list[Subject]:
    found = await whistles.of_ticket(connection, asked.view.facts.id)
    of = {one.id: one for one in found if not one.open}
    calls = await whistles.calls(connection, sorted(of))
    rated = ((call, rates_now(of[call.whistle_id], call, asked.staff.unit_id)) for call in calls)
    return [Subject(call.share_id, name) for call, name in rated if name]


def _types(asked: Asked) -> list[tuple[str, str]]:
    rules = asked.world.rules
    return [(code, f"{name}（{_within(rules, code)}）") for code, name in WHISTLE_TYPES.items()]


def _within(rules: Rules, code: str) -> str:
    minutes = rules.value(f"whistle.{code}_minutes")
    if minutes % _DAY == 0:
        return f"{minutes // _DAY}天内报到"
    return f"{minutes // _HOUR}小时内报到" if minutes % _HOUR == 0 else f"{minutes}分钟内报到"


def _choices(names: dict[str, str]) -> list[tuple[str, str]]:
    return list(names.items())


async def _whistle(connection: Connection, sent: Sent) -> None:
    typed, world = sent.typed, sent.world
    order = Whistling(
        typed["type"],
        typed["purpose"],
        chosen_units(sent),
        typed["note"],
        typed["place"],
    )
    await whistle(connection, world, sent.who, sent.ticket_id, order)


async def _report_in(connection: Connection, sent: Sent) -> None:
    how = sent.typed["how"]
    await report_in(connection, sent.world, sent.who, sent.ticket_id, sent.subject, how)


async def _opine(connection: Connection, sent: Sent) -> None:
    text = sent.typed["text"]
    await opine(connection, sent.world, sent.who, sent.ticket_id, sent.subject, text)


async def _close(connection: Connection, sent: Sent) -> None:
    found = sent.typed["found"].strip()
    unit_id = unit_of(sent.world, found) if found else None
    order = Concluding(sent.subject, sent.typed["text"], unit_id)
    await close_whistle(connection, sent.world, sent.who, sent.ticket_id, order)


async def _rate(connection: Connection, sent: Sent) -> None:
    score = sent.typed["score"]
    if score not in {str(one) for one in SCORE_NAMES}:
        raise ActRefusedError(f"请打{LOWEST}到{HIGHEST}分。")
    await rate_whistle(connection, sent.world, sent.who, sent.ticket_id, sent.subject, int(score))


FORMS: tuple[Form, ...] = (
    Form(
        StaffAct.WHISTLE,
        "叫别的单位来：哪个区的单位、企业都可以。被叫单位会收到通知，要按时报到并提交意见；到时没报到的，"
        "告知其上级和本单位。吹哨没有结束，不能办结。市民不会收到消息。",
        "已吹哨，被叫单位已收到通知。",
        _whistle,
        (
            Field("type", "类型", Input.SELECT, options=_types),
            Field("purpose", "目的", Input.SELECT, options=lambda _: _choices(PURPOSES)),
            Field("units", "叫哪些单位", Input.UNITS, needed=False),
            Field("place", "在哪里集合", Input.LINE, needed=False, longest=200),
            Field("note", "什么事，要他们做什么"),
        ),
        more=named_besides,
    ),
    Form(
        StaffAct.REPORT_IN,
        "表示本单位已经到了。吹哨单位会收到通知；吹哨结束前不能离开。市民不会收到消息。",
        "已报到，看过以后请提交意见。",
        _report_in,
        (Field("how", "怎么报到", Input.SELECT, options=lambda _: _choices(HOW_NAMES)),),
        subjects=_to_report,
    ),
    Form(
        StaffAct.WHISTLE_OPINION,
        "写给吹哨单位：是不是本单位的，能做什么、什么时候。再提交一次会换掉前一次。市民不会收到消息。",
        "意见已交吹哨单位。",
        _opine,
        (Field("text", "本单位的意见"),),
        subjects=_to_opine,
    ),
    Form(
        StaffAct.CLOSE_WHISTLE,
        "到场的单位都提交意见后才能结束。结束后被叫单位可以离开，都会收到结论；没来的写进结论。"
        "查明的权属单位成为协办，本单位仍是主办。市民不会收到消息，请自己答复。",
        "吹哨已结束，各单位已收到结论。可以互评。",
        _close,
        (
            Field("text", "结论"),
            Field("found", "查明归谁管（一起处置的不填）", Input.UNIT, needed=False),
        ),
        subjects=_to_close,
    ),
    Form(
        StaffAct.RATE_WHISTLE,
        "吹哨单位和被叫单位互相打分，各打一次，双方和上级都能看到。",
        "已评分。",
        _rate,
        (
            Field(
                "score",
                "打几分",
                Input.SELECT,
                options=lambda _: [(str(one), name) for one, name in SCORE_NAMES.items()],
            ),
        ),
        subjects=_to_rate,
    ),
)
SECTIONS: tuple[Section, ...] = (Section("吹哨报到", "console/case/whistles.html", _shown),)
