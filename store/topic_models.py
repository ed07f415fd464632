"""What `jiesu learn` has learnt, version by version; one at most is in force."""

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
    insert into topic_models (made_at, digest, report, weights) values ($1, $2, $3::text::jsonb, $4) returning id
"""

IN_FORCE = "select max(id) from topic_models where in_force"

READ = "select id, weights from topic_models where id = $1"

LIST = """
    select id, made_at, digest, report::text, octet_length(weights), in_force from topic_models order by id desc
"""

# One at most is in force: whoever withdraws it wants the rules alone, not the model before.
PUT_IN_FORCE = "update topic_models set in_force = (id = $1) where in_force or id = $1"

WITHDRAW = "update topic_models set in_force = false where id = $1 returning id"

OF_DIGEST = "select id from topic_models where digest = $1 order by id desc limit 1"


async def keep(
    connection: Connection, made_at: datetime, digest: str, report: bytes, weights: bytes
) -> int:
    """Keep a version; returns its id. The same model is kept once."""
    known: int | None = await connection.fetchval(OF_DIGEST, digest)
    if known is not None:
        return known
    made: int = await connection.fetchval(KEEP, made_at, digest, report.decode(), weights)
    return made


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


async def put_in_force(connection: Connection, model_id: int) -> bool:
    """Use this version from now on; False when there is no such version."""
    if await connection.fetchrow(READ, model_id) is None:
        return False
    await connection.execute(PUT_IN_FORCE, model_id)
    return True


async def withdraw(connection: Connection, model_id: int) -> bool:
    """Use this version no more; False when there is no such version."""
    return await connection.fetchval(WITHDRAW, model_id) is not None
