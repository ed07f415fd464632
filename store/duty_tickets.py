"""Tickets as duty phones tell of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from store.database import Connection


@dataclass(frozen=True, slots=True)
class DutyTicket:
    """What whoever is on duty hears of a ticket."""

    id: int
    state: str
    grade: str
    title: str
    due_at: datetime
    district_code: str
    street_code: str
    community_code: str
    address_detail: str


BY_IDS = """
    select id, state, grade, title, due_at, district_code, street_code, community_code, address_detail
    from tickets where id = any($1::bigint[])
"""


async def by_ids(connection: Connection, ids: Sequence[int]) -> dict[int, DutyTicket]:
    """Tickets by id."""
    rows = await connection.fetch(BY_IDS, list(ids))
    return {row["id"]: DutyTicket(*row) for row in rows}
