"""What came of an open-line day (听民意解民忧) as a table: its figures, then every ticket with how far it is."""

from collections.abc import Iterator, Sequence
from datetime import tzinfo

from dialogs.ticket_number import format_number
from dialogs.words import TicketState
from handlers.permits import STATE_NAMES
from store.open_lines import DayFigures, Followed, OpenLine

HEAD = ("编号", "标题", "状态", "主办", "接听", "受理", "时限", "结案")
_MOMENT = "%Y-%m-%d %H:%M"


def rows(
    day: OpenLine, figures: DayFigures, items: Sequence[Followed], timezone: tzinfo
) -> Iterator[tuple[str, ...]]:
    """The lines of the table."""
    yield "领导接听", day.name
    yield "单位", day.unit
    yield "领导", "、".join(day.leaders)
    spent = (day.begins_at, day.ends_at)
    yield "时间", " 到 ".join(f"{one.astimezone(timezone):{_MOMENT}}" for one in spent)
    yield "接电话", str(figures.calls)
    yield "接对话", str(figures.chats)
    yield "工单", str(figures.tickets)
    yield "在办", str(figures.open)
    yield "超期在办", str(figures.overdue)
    shares = (figures.response, figures.resolution, figures.satisfaction)
    for name, share in zip(("响应率", "解决率", "满意率"), shares, strict=True):
        yield name, "—" if share is None else f"{share:.1%}"
    yield HEAD
    for one in items:
        moments = (one.opened_at, one.due_at, one.closed_at)
        yield (
            format_number(one.ticket_id),
            one.title,
            STATE_NAMES[TicketState(one.state)],
            one.unit,
            one.leader,
            *(f"{at.astimezone(timezone):{_MOMENT}}" if at else "" for at in moments),
        )
