"""A version's units come with its day, not before: names change and units end when it is in force."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

import orjson

from dialogs.words import UnitKind
from store.catalogue.read import current_version
from store.database import Connection
from store.heirs import ended
from store.units import Unit, replace_units

KEEP_UNITS = "update catalogue_versions set units = $2::jsonb where id = $1"
PENDING_UNITS = "select units from catalogue_versions where id = $1"
# Locked, so that of several processes one brings them.
DUE = """
select id, valid_from, units from catalogue_versions
where state = 'approved' and units is not null and valid_from <= $1 order by id for update
"""
BROUGHT = "update catalogue_versions set units = null where state = 'approved' and valid_from <= $1"


async def keep_units(connection: Connection, version: int, units: Sequence[Unit]) -> None:
    """Keep the units that a version will bring."""
    rows = [asdict(unit) | {"kind": str(unit.kind)} for unit in units]
    await connection.execute(KEEP_UNITS, version, orjson.dumps(rows).decode())


async def kept_units(connection: Connection, version: int) -> list[Unit] | None:
    """The units that a version will bring; None when it has brought them, or changes none."""
    kept = await connection.fetchval(PENDING_UNITS, version)
    return _units(kept) if kept is not None else None


async def put_into_force(connection: Connection, today: date) -> None:
    """Bring the units of the version whose day has come; safe to run by several processes at once."""
    async with connection.transaction():
        due = await connection.fetch(DUE, today)
        if not due:
            return
        current = await current_version(connection, today)
        for row in due:
            if row["id"] == current:
                gone = await ended(connection, row["valid_from"])
                units = [unit for unit in _units(row["units"]) if unit.code not in gone]
                await replace_units(connection, units, row["valid_from"])
        await connection.execute(BROUGHT, today)


def _units(kept: str) -> list[Unit]:
    return [
        Unit(**row | {"kind": UnitKind(row["kind"]), "aliases": tuple(row["aliases"])})
        for row in orjson.loads(kept)
    ]
