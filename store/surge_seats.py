"""Named lines (专线) and the expert seat (专家席) of a surge: who calls whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from store.database import Connection


@dataclass(frozen=True, slots=True)
class SurgeLine:
    """A named line (专线) of a surge: our numbers (E.164) and an entry of the residents' page, for some topics."""

    id: int
    surge_id: int
    name: str
    numbers: tuple[str, ...]
    topic_codes: tuple[str, ...]

    @property
    def entry(self) -> str:
        """What stands for a number where somebody comes by the residents' page."""
        return f"line-{self.id}"


_LINE = "select id, surge_id, name, numbers, topic_codes from surge_lines"
LINES = f"{_LINE} where surge_id = any($1::int[]) order by id"
ADD_LINES = """
    insert into surge_lines (surge_id, name, numbers, topic_codes)
    select $1, v ->> 0, array(select jsonb_array_elements_text(v -> 1)), array(select jsonb_array_elements_text(v -> 2))
    from jsonb_array_elements($2::text::jsonb) with ordinality as n (v, place) order by place
"""
NAME_EXPERTS = "update surges set expert_ids = $2 where id = $1"
ADD_EXPERTS = """
    update surges set expert_ids = expert_ids || array(select id from staff where login = any($2::text[]) order by id)
    where id = $1
"""
BY_LOGINS = """
    select id, login from staff
    where login = any($1::text[]) and active and (valid_until is null or valid_until > $2) order by id
"""
TAKEN = """
    select n.number, g.name from unnest($1::text[]) as n (number)
    join surge_lines l on n.number = any(l.numbers) join surges g on g.id = l.surge_id and g.ended_at is null
"""
LOGINS = "select login from staff where id = any($1::int[]) order by id"
ARTICLES = "select id, question, language from articles where id = any($1::int[]) order by id"
# The centre takes at once whoever still waits for experts when their event ends.
FREE_WAITING = """
    update human_talks set experts_until = least(experts_until, $2)
    where surge_id = $1 and state in ('waiting', 'ringing')
"""
OF_CONVERSATIONS = """
    select distinct on (conversation_id) conversation_id, case when not emergency then surge_id end from tickets
    where conversation_id = any($1::bigint[]) and state not in ('closed', 'withdrawn')
    order by conversation_id, id desc
"""
WITH_EXPERTS = """
    select g.id from surges g where g.ended_at is null and exists (
        select from staff s join staff_sessions n on n.staff_id = s.id and n.expires_at > $1
        where s.id = any(g.expert_ids) and s.active and (s.valid_until is null or s.valid_until > $1)
    )
"""


async def lines(connection: Connection, surge_ids: Sequence[int]) -> dict[int, list[SurgeLine]]:
    """The lines of each surge that has any, in the order in which they were added."""
    found: dict[int, list[SurgeLine]] = {}
    for row in await connection.fetch(LINES, list(surge_ids)):
        line = SurgeLine(row[0], row[1], row[2], tuple(row[3]), tuple(row[4]))
        found.setdefault(line.surge_id, []).append(line)
    return found


async def add_lines(
    connection: Connection,
    surge_id: int,
    new: Sequence[tuple[str, Sequence[str], Sequence[str]]],
) -> None:
    """Give a surge more lines: name, numbers and topics of each."""
    await connection.execute(ADD_LINES, surge_id, msgspec.json.encode(new).decode())


async def taken(connection: Connection, numbers: Sequence[str]) -> list[tuple[str, str]]:
    """Which of these numbers is a line of a surge in force already, and of which."""
    return [(row[0], row[1]) for row in await connection.fetch(TAKEN, list(numbers))]


async def name_experts(connection: Connection, surge_id: int, staff_ids: Sequence[int]) -> None:
    """Let these people, and nobody else, be a surge's experts."""
    await connection.execute(NAME_EXPERTS, surge_id, list(staff_ids))


async def by_logins(connection: Connection, logins: Sequence[str], now: datetime) -> dict[str, int]:
    """Who has these logins and may log in."""
    rows = await connection.fetch(BY_LOGINS, list(logins), now)
    return {row["login"]: row["id"] for row in rows}


async def free_waiting(connection: Connection, surge_id: int, at: datetime) -> None:
    """Let the centre take whoever waits for a surge's experts."""
    await connection.execute(FREE_WAITING, surge_id, at)


async def of_conversations(
    connection: Connection, conversation_ids: Sequence[int]
) -> dict[int, int | None]:
    """The surge of each conversation's newest ticket that is open; None for one that has none, or tells of a danger."""
    rows = await connection.fetch(OF_CONVERSATIONS, list(conversation_ids))
    return {row[0]: row[1] for row in rows}


async def with_experts(connection: Connection, now: datetime) -> set[int]:
    """The surges of which an expert is logged in."""
    return {row[0] for row in await connection.fetch(WITH_EXPERTS, now)}


async def add_experts(connection: Connection, surge_id: int, logins: Sequence[str]) -> None:
    """Let these people be experts too."""
    await connection.execute(ADD_EXPERTS, surge_id, list(logins))


async def logins(connection: Connection, staff_ids: Sequence[int]) -> list[str]:
    """The logins of these people."""
    return [row["login"] for row in await connection.fetch(LOGINS, list(staff_ids))]


async def articles(
    connection: Connection, article_ids: Sequence[int]
) -> list[tuple[int, str, str]]:
    """These articles: id, question, language."""
    return [tuple(row) for row in await connection.fetch(ARTICLES, list(article_ids))]
