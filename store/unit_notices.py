"""What units are told (单位通知): each goes with an event of a ticket, and stands on their page until somebody has seen it."""

from datetime import datetime, timedelta
from typing import NamedTuple

from store import peopled, rosters
from store.database import Connection
from store.statements import encode_rows, insert_statement

TOGETHER = timedelta(seconds=45)  # what is not urgent waits so long for others


class UnitNoticeRow(NamedTuple):
    """One notice. `unit_id` None: the centre; `audience` desk, handler or head; `event`: the ticket event it goes with."""

    unit_id: int | None
    audience: str
    ticket_id: int | None
    event: str
    note: str
    created_at: datetime
    urgent: bool = False
    staff_id: int | None = None


_TYPES = ["int", "text", "bigint", "text", "text", "timestamptz", "bool", "int"]
# Whoever has registered for it is told elsewhere too (`handlers/unit_messages.py`): a head's word goes to the desk where
# no head is registered, and a machine is told everything. A phone that goes by the roster is silent while its owner is off
# duty, unless nobody would be told at all.
_TOLD = "c.ended_at is null and c.verified_at is not null"
_ON_DUTY = """
    (c.duty_staff_id is null or exists (
        select from rosters r join staff p on p.id = r.staff_id and p.active
        where r.staff_id = c.duty_staff_id and r.begins_at <= m.created_at and r.ends_at > m.created_at))
"""
INSERT = f"""
    with made as (
        {insert_statement("unit_notices", UnitNoticeRow._fields, _TYPES)}
        returning id, unit_id, audience, created_at, urgent
    )
    insert into unit_sendings (notice_id, contact_id, due_at)
    select m.id, c.id, m.created_at + case when m.urgent then interval '0' else interval '{TOGETHER.seconds} seconds' end
    from made m join unit_contacts c on coalesce(c.unit_id, 0) = coalesce(m.unit_id, 0)
    where {_TOLD} and (
        c.channel = 'webhook' or (c.audience = 'head') = (m.audience = 'head')
        or m.audience = 'head' and not exists (
            select from unit_contacts h where coalesce(h.unit_id, 0) = coalesce(m.unit_id, 0) and h.audience = 'head'
              and h.channel <> 'webhook' and h.ended_at is null and h.verified_at is not null))
      and ({_ON_DUTY} or not exists (
        select from (select * from unit_contacts o
                     where coalesce(o.unit_id, 0) = coalesce(m.unit_id, 0) and o.audience = c.audience) c
        where {_TOLD} and c.channel <> 'webhook' and {_ON_DUTY}))
"""


async def insert(connection: Connection, rows: list[UnitNoticeRow]) -> None:
    """Write notices; nothing happens for none."""
    if rows:
        heard = await _heard(connection, rows)
        await connection.execute(INSERT, encode_rows(await _named(connection, heard)))


async def _heard(connection: Connection, rows: list[UnitNoticeRow]) -> list[UnitNoticeRow]:
    """What a district's head should hear goes to the centre where the district has nobody, and says why."""
    asked = [row.unit_id for row in rows if row.audience == "head"]
    deaf = await peopled.deaf_districts(connection, asked)
    return [
        row._replace(unit_id=None, note=row.note + peopled.in_their_place(deaf[row.unit_id]))
        if row.audience == "head" and row.unit_id in deaf
        else row
        for row in rows
    ]


async def _named(connection: Connection, rows: list[UnitNoticeRow]) -> list[UnitNoticeRow]:
    """Urgent ones name who is on duty by the roster, but for those that are meant for the head."""
    open_ones = [
        row for row in rows if row.urgent and row.staff_id is None and row.audience != "head"
    ]
    units = sorted({row.unit_id for row in open_ones if row.unit_id is not None})
    if not units:
        return rows
    on_duty = await rosters.first_on_duty(connection, units, open_ones[0].created_at)
    return [
        row._replace(staff_id=on_duty.get(row.unit_id or 0)) if row in open_ones else row
        for row in rows
    ]
