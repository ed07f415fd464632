"""What rests on all rows of a table, or on one not being there, is decided by one at a time: nothing else could be locked.

A row each, made by the migration that needs it, because distributed engines know no advisory locks.
"""

from enum import StrEnum

from store.database import Connection


class Matter(StrEnum):
    """What is decided so."""

    CATALOGUE = "catalogue"  # which version comes after which
    DUTY_PHONES = "duty_phones"
    HOTLINES = "hotlines"
    RULES = "rules"  # some bound each other
    SUCCESSIONS = "successions"
    SURGES = "surges"
    UNIT_CONTACTS = "unit_contacts"
    UNTOLD = "untold"  # new work that units have not been told of


ENTER = "select matter from turnstiles where matter = $1 for no key update"
ENTER_FREE = ENTER + " skip locked"


async def one_at_a_time(connection: Connection, matter: Matter) -> None:
    """Wait until nobody else decides on this; nobody does from now on until the commit."""
    if await connection.fetchval(ENTER, matter) is None:
        raise LookupError(f"no turnstile {matter}")


async def if_nobody_else(connection: Connection, matter: Matter) -> bool:
    """The same without waiting; False where somebody is at it."""
    return await connection.fetchval(ENTER_FREE, matter) is not None
