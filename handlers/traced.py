"""Who reads the traces of the whole city (留痕): who looked at, forwarded, printed and exported what."""

from dialogs.words import Role
from store import worklist
from store.database import Connection

READER_ROLES = frozenset({Role.DISCIPLINE, Role.ADMIN, Role.DISTRICT_ADMIN})


def may_read_traces(roles: frozenset[Role]) -> bool:
    """Whether somebody reads them: inspectors and administrators, those of a district its own units' alone."""
    return bool(roles & READER_ROLES)


async def units_read(connection: Connection, unit_id: int | None) -> tuple[int, ...] | None:
    """Of whose staff somebody reads them: None for all, the centre's included."""
    return None if unit_id is None else (unit_id, *await worklist.below(connection, unit_id))
