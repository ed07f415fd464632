"""Units that have tickets and nobody who could know of them (无人接单): the centre is told, once a day."""

from datetime import datetime
from zoneinfo import ZoneInfo

from store import casework, peopled, unit_notices
from store.database import Connection
from store.unit_notices import UnitNoticeRow

NAMED = 10  # so many are named, the others counted


async def tell_of_unheard(connection: Connection, now: datetime, timezone: ZoneInfo) -> bool:
    """Tell the centre's desk which units have neither staff nor a registered contact; whether it was told just now."""
    found = await peopled.without_anybody(connection)
    day = now.astimezone(timezone).date()
    if not found or await casework.claim(connection, f"unheard-{day}", None, now) is not None:
        return False
    named = "、".join(f"{unit}（{tickets}件）" for unit, tickets in found[:NAMED])
    more = f"等{len(found)}个单位" if len(found) > NAMED else ""
    note = f"有工单的单位没有工作人员，也没有登记联系方式，收不到派单：{named}{more}。请安排。"
    row = UnitNoticeRow(None, "desk", None, "unheard", note, now)
    await unit_notices.insert(connection, [row])
    return True
