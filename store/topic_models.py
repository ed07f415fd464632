"""What `jiesu learn` has learnt, version by version; the newest in force is used."""

from dataclasses import dataclass
from datetime import datetime

from store.database import Connection


@dataclass(frozen=True, slots=True)
class KeptModel:
    """A version; `report` is JSON as text."""

    id: int
    made_at: datetime
    digest: str
    report: str
    size: int
    in_force: bool


@dataclass(frozen=True, slots=True)
class ModelInForce:
    """What is served now."""

    id: int
    weights: bytes


KEEP = """
    insert into topic_models (made_at, digest, report, weights, in_force)
    values ($1, $2, $3::text::jsonb, $4, $5) returning id
"""

IN_FORCE = "select max(id) from topic_models where in_force"

READ = "select id, weights from topic_models where id = $1"

LIST = """
    select id, made_at, digest, report::text, octet_length(weights), in_force from topic_models order by id desc
"""

SET_IN_FORCE = "update topic_models set in_force = $2 where id = $1 returning id"


async def keep(
    connection: Connection,
    made_at: datetime,
    digest: str,
    report: bytes,
    weights: bytes,
    *,
    in_force: bool,
) -> int:
    """Keep a version; returns its id."""
    kept: int = await connection.fetchval(KEEP, made_at, digest, report.decode(), weights, in_force)
    return kept


async def id_in_force(connection: Connection) -> int | None:
    """The id of the version that is used, None when there is none."""
    found: int | None = await connection.fetchval(IN_FORCE)
    return found


async def read_in_force(connection: Connection) -> ModelInForce | None:
    """The version that is used."""
    row = await connection.fetchrow(READ, await id_in_force(connection))
    return ModelInForce(*row) if row is not None else None


async def versions(connection: Connection) -> list[KeptModel]:
    """All versions, newest first."""
    return [KeptModel(*row) for row in await connection.fetch(LIST)]


async def set_in_force(connection: Connection, model_id: int, *, in_force: bool) -> bool:
    """Put a version into force, or withdraw it; False when there is no such version."""
    return await connection.fetchval(SET_IN_FORCE, model_id, in_force) is not None
