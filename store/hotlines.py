"""Numbers that residents call: each merged hotline keeps its name, greeting, topic and figures."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from store.database import Connection
from store.statements import encode_rows, insert_statement
from store.turnstiles import Matter, one_at_a_time


class HotlineRow(NamedTuple):
    """A number as it is loaded; texts are empty where there is none."""

    number: str
    name: str
    greeting_zh: str
    greeting_en: str
    topic: str
    emergency: str
    second_line: str
    recording: str
    changed_at: datetime


_TYPES = ["text"] * 8 + ["timestamptz"]
_SET = ", ".join(f"{name} = excluded.{name}" for name in HotlineRow._fields[1:])
UPSERT = (
    insert_statement("hotlines", HotlineRow._fields, _TYPES)
    + f" on conflict (number) do update set {_SET}"
)
REMOVE_OTHERS = "delete from hotlines where number <> all($1::text[])"
ALL = f"select {', '.join(HotlineRow._fields)} from hotlines order by number"
TOPICS = "select distinct code from topics"


async def replace(connection: Connection, rows: Sequence[HotlineRow]) -> None:
    """Let these be all the numbers that there are."""
    await one_at_a_time(connection, Matter.HOTLINES)
    await connection.execute(REMOVE_OTHERS, [row.number for row in rows])
    if rows:
        await connection.execute(UPSERT, encode_rows(rows))


async def all_lines(connection: Connection) -> list[HotlineRow]:
    """Every number."""
    return [HotlineRow(*row) for row in await connection.fetch(ALL)]


async def known_topics(connection: Connection) -> frozenset[str]:
    """The codes of all topics, of whatever version of the catalogue."""
    return frozenset(row["code"] for row in await connection.fetch(TOPICS))
