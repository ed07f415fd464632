"""Figures of the queue for a person, for operators: how many wait, how long the first has, who was taken, who missed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from store.database import Connection

A_DAY = timedelta(days=1)

# Open entries are few; those of a day are found by indexes of their own.
READ = """
    select kind, count(*) filter (where state in ('waiting', 'ringing')),
        coalesce(extract(epoch from $1 - min(asked_at) filter (where state in ('waiting', 'ringing'))), 0)::float8,
        count(*) filter (where state = 'taken')
    from human_talks where state in ('waiting', 'ringing', 'taken') group by kind
"""
TAKEN = "select kind, count(*) from human_talks where kind = any($1::text[]) and taken_at > $2 group by kind"
MISSED = (
    "select kind, count(*) from human_talks where state = 'missed' and ended_at > $1 group by kind"
)


@dataclass(frozen=True, slots=True)
class Figures:
    """By kind (chat, call): who waits, for how many seconds the first has, who is talked with, and those of a day."""

    waiting: dict[str, int]
    longest_seconds: dict[str, float]
    held: dict[str, int]
    taken: dict[str, int]
    missed: dict[str, int]


async def read(connection: Connection, now: datetime) -> Figures:
    """Read them; a kind that nobody asked for counts nothing."""
    kinds = ("chat", "call")
    rows = {row[0]: row for row in await connection.fetch(READ, now)}
    taken = {row[0]: row[1] for row in await connection.fetch(TAKEN, kinds, now - A_DAY)}
    missed = {row[0]: row[1] for row in await connection.fetch(MISSED, now - A_DAY)}
    return Figures(
        waiting={kind: rows[kind][1] if kind in rows else 0 for kind in kinds},
        longest_seconds={kind: rows[kind][2] if kind in rows else 0.0 for kind in kinds},
        held={kind: rows[kind][3] if kind in rows else 0 for kind in kinds},
        taken={kind: taken.get(kind, 0) for kind in kinds},
        missed={kind: missed.get(kind, 0) for kind in kinds},
    )
