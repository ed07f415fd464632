"""Dual dispatch (双派): the lead answers for all, and waits for who assists until that one's own time is over."""

from collections.abc import Sequence

from handlers.case import ActRefusedError, Case
from store import dual
from store.database import Connection
from store.dual import Assist
from store.unit_notices import UnitNoticeRow


async def check_assists(connection: Connection, case: Case) -> None:
    """Before a result is taken: refuse it while an assisting unit still has time; name those that are late.

    Raises:
        ActRefusedError: an assisting unit has not answered, and its time is not over.
    """
    if not case.world.rules.on("assist.waits"):
        return
    awaited = [one for one in await dual.assists(connection, case.ticket_id) if one.waited_for]
    if not awaited:
        return
    in_time = [one for one in awaited if one.due_at > case.by.at]
    if in_time:
        raise ActRefusedError(_not_yet(case, in_time))
    _name_late(case, awaited)


def _not_yet(case: Case, awaited: Sequence[Assist]) -> str:
    last = max(one.due_at for one in awaited).astimezone(case.world.timezone)
    names = "、".join(one.unit for one in awaited)
    return (
        f"协办单位{names}还没有答复，请等协办答复后合并答复市民；"
        f"最迟到{last.month}月{last.day}日{last:%H:%M}，过时可以先办结。"
    )


def _name_late(case: Case, late: Sequence[Assist]) -> None:
    """On the ticket, to each of them, and to the unit above each; those without one are the centre's matter."""
    title, at = case.ticket.title, case.by.at
    names = "、".join(one.unit for one in late)
    case.record("assist_late", f"协办单位逾期未答复，不再等：{names}")
    for one in late:
        for unit_id, said in (
            (one.unit_id, "协办逾期未答复，主办单位已先办结。"),
            (one.superior_id, f"{one.unit}协办逾期未答复，主办单位已先办结。"),
        ):
            note = f"“{title}”：{said}"
            row = UnitNoticeRow(unit_id, "head", case.ticket_id, "assist_late", note, at)
            case.effects.unit_notices.append(row)
