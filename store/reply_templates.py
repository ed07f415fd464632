"""Templates of what units write to residents: by topic, a unit's own and those of the whole city."""

from dataclasses import dataclass
from datetime import datetime

from store.database import Connection


@dataclass(frozen=True, slots=True)
class Template:
    """One template. `unit_id` None: for all units; `topic_code` "": for all topics.

    `result` "": for replies on the way; else for results of this kind.
    """

    id: int
    unit_id: int | None
    topic_code: str
    result: str
    title: str
    body: str
    changed_by: str
    changed_at: datetime


_COLUMNS = "p.id, p.unit_id, p.topic_code, p.result, p.title, p.body, s.name, p.changed_at"
_FROM = "reply_templates p join staff s on s.id = p.changed_by"
# The nearest first: one's own before the city's, for this topic before those for all.
FITTING = f"""
    select {_COLUMNS} from {_FROM}
    where (p.unit_id is null or p.unit_id = $1) and p.topic_code in ('', $2)
    order by p.unit_id is null, p.topic_code = '', p.title, p.id limit 30
"""
OF_UNIT = f"""
    select {_COLUMNS} from {_FROM} where p.unit_id is not distinct from $1::int order by p.topic_code, p.title, p.id
"""
FIND = f"select {_COLUMNS} from {_FROM} where p.id = $1"
ADD = """
    insert into reply_templates (unit_id, topic_code, result, title, body, changed_by, changed_at)
    values ($1, $2, $3, $4, $5, $6, $7)
"""
CHANGE = """
    update reply_templates set topic_code = $3, result = $4, title = $5, body = $6, changed_by = $7, changed_at = $8
    where id = $2 and unit_id is not distinct from $1::int returning id
"""
REMOVE = "delete from reply_templates where id = $2 and unit_id is not distinct from $1::int returning id"


@dataclass(frozen=True, slots=True)
class Written:
    """A template as it is typed."""

    title: str
    body: str
    topic_code: str = ""
    result: str = ""


async def fitting(connection: Connection, unit_id: int | None, topic_code: str) -> list[Template]:
    """Those that a unit may use for a topic, nearest first."""
    return [Template(*row) for row in await connection.fetch(FITTING, unit_id, topic_code)]


async def of_unit(connection: Connection, unit_id: int | None) -> list[Template]:
    """A unit's own; None: those of the whole city."""
    return [Template(*row) for row in await connection.fetch(OF_UNIT, unit_id)]


async def find(connection: Connection, template_id: int) -> Template | None:
    """One template, None when it is gone."""
    row = await connection.fetchrow(FIND, template_id)
    return Template(*row) if row is not None else None


async def add(
    connection: Connection, unit_id: int | None, written: Written, staff_id: int, at: datetime
) -> None:
    """Add one."""
    row = (written.topic_code, written.result, written.title, written.body, staff_id, at)
    await connection.execute(ADD, unit_id, *row)


async def change(
    connection: Connection,
    unit_id: int | None,
    template_id: int,
    written: Written,
    staff_id: int,
    at: datetime,
) -> bool:
    """Change one of this unit; False when there is none."""
    row = (written.topic_code, written.result, written.title, written.body, staff_id, at)
    return await connection.fetchval(CHANGE, unit_id, template_id, *row) is not None


async def remove(connection: Connection, unit_id: int | None, template_id: int) -> bool:
    """Remove one of this unit; False when there is none."""
    return await connection.fetchval(REMOVE, unit_id, template_id) is not None
