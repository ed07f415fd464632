"""What came of an event (平战转换): counts, first answers, times, its own three rates, its lines; kept when it ends."""

from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec

from dialogs.words import TicketState
from handlers.permits import STATE_NAMES
from handlers.world import World
from store import surge_figures, surge_seats
from store.database import Connection
from store.surge_figures import SurgeFigures, SurgeTalks
from store.surge_seats import SurgeLine

# As a reader of the report wants them: when, what about, where, how, whose, how far.
WHATS = {
    "day": "日期",
    "topic": "分类",
    "area": "地区",
    "channel": "渠道",
    "unit": "主办",
    "state": "状态",
}
CHANNELS = {
    "voice": "电话",
    "sms": "短信",
    "whatsapp": "WhatsApp",
    "telegram": "Telegram",
    "webchat": "网页",
    "": "当面",
}


class Named(msgspec.Struct, frozen=True):
    """How many tickets; `what` is one of `WHATS`, `name` is in words."""

    what: str
    name: str
    tickets: int


class Report(msgspec.Struct, frozen=True):
    """The figures of an event or of one of its lines; shares are None where nobody answered, minutes medians or None."""

    name: str = ""
    tickets: int = 0
    joined: int = 0
    at_once: int = 0
    open: int = 0
    overdue: int = 0
    answered: int = 0
    in_time: float | None = None
    sign_minutes: float | None = None
    answer_minutes: float | None = None
    resolve_minutes: float | None = None
    response: float | None = None
    resolution: float | None = None
    satisfaction: float | None = None
    peak: str = ""
    peak_tickets: int = 0
    experts_asked: int = 0
    experts_took: int = 0
    centre_took: int = 0
    expert_waits: int = 0
    expert_missed: int = 0
    expert_minutes: float | None = None
    helpers: int = 0
    counts: tuple[Named, ...] = ()
    lines: "tuple[Report, ...]" = ()


async def make_report(connection: Connection, world: World, surge_id: int, now: datetime) -> Report:
    """The figures as they are now."""
    whole, *others = await surge_figures.figures(connection, surge_id, now)
    named = (await surge_seats.lines(connection, [surge_id])).get(surge_id, [])
    counts = await surge_figures.counts(connection, surge_id, world.timezone.key)
    peak = await surge_figures.peak(connection, surge_id)
    report = _with_talks(_report(whole), await surge_figures.talks(connection, surge_id))
    return msgspec.structs.replace(
        report,
        peak=f"{peak[0].astimezone(world.timezone):%m-%d %H}时" if peak else "",
        peak_tickets=peak[1] if peak else 0,
        counts=tuple(
            Named(one.what, _name(world, one.what, one.code), one.tickets)
            for what in WHATS
            for one in counts
            if one.what == what
        ),
        lines=_lines(named, others),
    )


def kept(report: str) -> Report:
    """A report as it was kept (JSON)."""
    return msgspec.json.decode(report, type=Report)


def rows(name: str, report: Report) -> Iterator[tuple[str, str, str]]:
    """The report as lines of a table: of what, which, how many."""
    yield "平战转换", "名称", name
    for what, said in _figures(report):
        yield "合计", what, said
    for one in report.lines:
        for what, said in _figures(one):
            yield f"专线：{one.name}", what, said
    if report.peak:
        yield "高峰", report.peak, str(report.peak_tickets)
    yield "专家席", "要找专家", str(report.experts_asked)
    yield "专家席", "专家接待", str(report.experts_took)
    yield "专家席", "热线中心代接", str(report.centre_took)
    yield "专家席", "没有等到、改为回电", str(report.expert_missed)
    yield "专家席", "等候（中位数）", minutes(report.expert_minutes)
    yield "支援", "账号", str(report.helpers)
    for count in report.counts:
        yield WHATS[count.what], count.name, str(count.tickets)


def summary(report: Report) -> str:
    """The report in a few sentences, as it may be told on: what came, how it was dealt with, what is left."""
    said = [f"共受理{report.tickets}件"]
    if report.at_once:
        said.append(f"其中{report.at_once}件当场答复")
    said.append(f"{report.answered}件已有答复")
    if report.in_time is not None:
        said[-1] += f"（按时{report.in_time:.1%}）"
    said.append(f"{report.open}件在办" + (f"、{report.overdue}件超期" if report.overdue else ""))
    first = "，".join(said) + "。"
    if report.answer_minutes is not None:
        first += f"首次答复一般用{minutes(report.answer_minutes)}。"
    rates = (
        ("响应率", report.response),
        ("解决率", report.resolution),
        ("满意率", report.satisfaction),
    )
    asked = [f"{name}{share:.1%}" for name, share in rates if share is not None]
    return first + (f"市民回访：{'，'.join(asked)}。" if asked else "还没有市民回访。")


def minutes(count: float | None) -> str:
    """A time as staff read it."""
    if count is None:
        return "—"
    whole = round(count)
    if not whole:
        return "不到1分钟"
    hours, rest = divmod(whole, 60)
    return f"{hours}小时{rest}分钟" if hours else f"{rest}分钟"


def _figures(report: Report) -> Iterator[tuple[str, str]]:
    yield "工单", str(report.tickets)
    yield "其中并案", str(report.joined)
    yield "其中当场答复", str(report.at_once)
    yield "在办", str(report.open)
    yield "超期在办", str(report.overdue)
    yield "已有首次答复", str(report.answered)
    yield "按时答复", _percent(report.in_time)
    yield "签收用时（中位数）", minutes(report.sign_minutes)
    yield "首次答复用时（中位数）", minutes(report.answer_minutes)
    yield "办结用时（中位数）", minutes(report.resolve_minutes)
    yield "响应率", _percent(report.response)
    yield "解决率", _percent(report.resolution)
    yield "满意率", _percent(report.satisfaction)


def _percent(share: float | None) -> str:
    return "—" if share is None else f"{share:.1%}"


def _name(world: World, what: str, code: str) -> str:
    reader = world.city.reader
    match what:
        case "state":
            return STATE_NAMES[TicketState(code)]
        case "topic":
            topic = reader.topic(code)
            return f"{topic.level3}（{code}）" if topic else code or "未分类"
        case "area":
            place = reader.street(code) or reader.district(code)
            return place.name if place else code or "地点不明"
        case "channel":
            return CHANNELS.get(code, code)
        case "unit":
            return code or "待派单"
        case _:
            return code


def _lines(named: Sequence[SurgeLine], others: Sequence[SurgeFigures]) -> tuple[Report, ...]:
    found = {one.line_id: _report(one) for one in others}
    return tuple(
        msgspec.structs.replace(found.get(one.id, Report()), name=one.name) for one in named
    )


def _report(figures: SurgeFigures) -> Report:
    return Report(
        tickets=figures.tickets,
        joined=figures.joined,
        at_once=figures.at_once,
        open=figures.open,
        overdue=figures.overdue,
        answered=figures.answered,
        in_time=figures.in_time / figures.answered if figures.answered else None,
        sign_minutes=figures.sign_minutes,
        answer_minutes=figures.answer_minutes,
        resolve_minutes=figures.resolve_minutes,
        response=figures.response,
        resolution=figures.resolution,
        satisfaction=figures.satisfaction,
    )


def _with_talks(report: Report, talks: SurgeTalks) -> Report:
    return msgspec.structs.replace(
        report,
        experts_asked=talks.asked,
        experts_took=talks.by_experts,
        centre_took=talks.by_centre,
        expert_waits=talks.waiting,
        expert_missed=talks.missed,
        expert_minutes=talks.wait_minutes,
        helpers=talks.helpers,
    )
