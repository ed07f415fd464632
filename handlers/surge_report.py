"""What came of an event (平战转换): counts, first answers, times and its own three rates, kept when it ends."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from dialogs.words import TicketState
from handlers.permits import STATE_NAMES
from handlers.world import World
from store import surges
from store.database import Connection
from store.surges import SurgeFigures

WHATS = {"topic": "分类", "area": "地区", "state": "状态"}


class Named(msgspec.Struct, frozen=True):
    """How many tickets; `what` is topic, area or state, `name` is in words."""

    what: str
    name: str
    tickets: int


class Report(msgspec.Struct, frozen=True):
    """The figures of an event; shares are None where nobody answered, minutes (medians) where there is none."""

    tickets: int = 0
    joined: int = 0
    open: int = 0
    overdue: int = 0
    answered: int = 0
    sign_minutes: float | None = None
    answer_minutes: float | None = None
    resolve_minutes: float | None = None
    response: float | None = None
    resolution: float | None = None
    satisfaction: float | None = None
    counts: tuple[Named, ...] = ()


async def make_report(connection: Connection, world: World, surge_id: int, now: datetime) -> Report:
    """The figures as they are now."""
    figures = await surges.figures(connection, surge_id, now)
    counts = [
        Named(one.what, _name(world, one.what, one.code), one.tickets)
        for one in await surges.counts(connection, surge_id)
    ]
    return _report(figures, tuple(counts))


def kept(report: str) -> Report:
    """A report as it was kept (JSON)."""
    return msgspec.json.decode(report, type=Report)


def rows(name: str, report: Report) -> Iterator[tuple[str, str, str]]:
    """The report as lines of a table: of what, which, how many."""
    yield "平战转换", "名称", name
    yield "合计", "工单", str(report.tickets)
    yield "合计", "其中并案", str(report.joined)
    yield "合计", "在办", str(report.open)
    yield "合计", "超期在办", str(report.overdue)
    yield "合计", "已有首次答复", str(report.answered)
    yield "用时（中位数）", "签收", minutes(report.sign_minutes)
    yield "用时（中位数）", "首次答复", minutes(report.answer_minutes)
    yield "用时（中位数）", "办结", minutes(report.resolve_minutes)
    yield "三率", "响应率", _percent(report.response)
    yield "三率", "解决率", _percent(report.resolution)
    yield "三率", "满意率", _percent(report.satisfaction)
    for one in report.counts:
        yield WHATS[one.what], one.name, str(one.tickets)


def minutes(count: float | None) -> str:
    """A time as staff read it."""
    if count is None:
        return "—"
    whole = round(count)
    hours, rest = divmod(whole, 60)
    return f"{hours}小时{rest}分钟" if hours else f"{rest}分钟"


def _percent(share: float | None) -> str:
    return "—" if share is None else f"{share:.1%}"


def _name(world: World, what: str, code: str) -> str:
    reader = world.city.reader
    if what == "state":
        return STATE_NAMES[TicketState(code)]
    if what == "topic":
        topic = reader.topic(code)
        return f"{topic.level3}（{code}）" if topic else code or "未分类"
    place = reader.street(code) or reader.district(code)
    return place.name if place else code or "地点不明"


def _report(figures: SurgeFigures, counts: tuple[Named, ...]) -> Report:
    return Report(
        tickets=figures.tickets,
        joined=figures.joined,
        open=figures.open,
        overdue=figures.overdue,
        answered=figures.answered,
        sign_minutes=figures.sign_minutes,
        answer_minutes=figures.answer_minutes,
        resolve_minutes=figures.resolve_minutes,
        response=figures.response,
        resolution=figures.resolution,
        satisfaction=figures.satisfaction,
        counts=counts,
    )
