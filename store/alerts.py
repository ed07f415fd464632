"""Alerts (值班提醒): urgent tasks until somebody takes them; who took one and when stays with it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from store.database import Connection

KIND = "alert"
SAME_MATTER = timedelta(days=1)

LONGEST_NOTE = 3_000  # it stands on every page of the centre; the rest stands in the conversation

ADD_WORDS = f"""
    update human_tasks h
    set note = case when length(h.note) < {LONGEST_NOTE} then concat_ws(E'\\n', h.note, t.words) else h.note end
    from unnest($1::bigint[], $2::text[]) as t (conversation_id, words)
    where h.id = (
        select max(n.id) from human_tasks n
        where n.conversation_id = t.conversation_id and n.kind = 'alert' and n.done_at is null
    )
    returning h.conversation_id
"""

# The matter that was alarming, and not the next one that somebody has months later.
NAME_TICKETS = """
    update human_tasks h set ticket_id = t.ticket_id
    from unnest($1::bigint[], $2::bigint[]) as t (conversation_id, ticket_id)
    where h.conversation_id = t.conversation_id and h.kind = 'alert' and h.done_at is null
      and h.ticket_id is null and h.created_at > $3
"""

UNTAKEN = """
    select id, ticket_id, note, created_at from human_tasks
    where urgent and done_at is null and taken_at is null and unit_id is null
    order by created_at limit $1
"""

TAKE = """
    update human_tasks set taken_at = $3, taken_by = $2
    where id = $1 and urgent and taken_at is null and done_at is null and unit_id is null
    returning ticket_id
"""


class OpenAlert(NamedTuple):
    """An alert that nobody has taken yet."""

    id: int
    ticket_id: int | None
    note: str
    created_at: datetime


class TakenAlert(NamedTuple):
    """What a taken alert was about."""

    ticket_id: int | None


async def add_words(connection: Connection, said: Sequence[tuple[int, str]]) -> set[int]:
    """Add what was said to the open alert of each conversation; returns the conversations that have one."""
    rows = await connection.fetch(ADD_WORDS, [one[0] for one in said], [one[1] for one in said])
    return {row[0] for row in rows}


async def name_tickets(
    connection: Connection, opened: Sequence[tuple[int | None, int]], now: datetime
) -> None:
    """Let open alerts that know of no ticket name the one that came of their (conversation, ticket)."""
    since = now - SAME_MATTER
    await connection.execute(
        NAME_TICKETS, [one[0] for one in opened], [one[1] for one in opened], since
    )


async def untaken(connection: Connection, limit: int) -> list[OpenAlert]:
    """Alerts that wait for somebody, oldest first."""
    return [OpenAlert(*row) for row in await connection.fetch(UNTAKEN, limit)]


async def take(
    connection: Connection, task_id: int, staff_id: int, at: datetime
) -> TakenAlert | None:
    """Note who takes an alert; None when somebody has."""
    row = await connection.fetchrow(TAKE, task_id, staff_id, at)
    return TakenAlert(*row) if row is not None else None
