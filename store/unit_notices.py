"""What units are told (单位通知): each goes with an event of a ticket, and stands on their page until somebody has seen it."""

from datetime import datetime
from typing import NamedTuple

from store.database import Connection
from store.statements import encode_rows, insert_statement


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
INSERT = insert_statement("unit_notices", UnitNoticeRow._fields, _TYPES)


async def insert(connection: Connection, rows: list[UnitNoticeRow]) -> None:
    """Write notices; nothing happens for none."""
    if rows:
        await connection.execute(INSERT, encode_rows(rows))
