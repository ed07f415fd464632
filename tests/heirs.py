"""One unit goes on with all that another has, as an approved draft brings it, for tests of what follows."""

from datetime import date

from handlers.case import By
from handlers.succession import name
from handlers.world import World
from store.database import Connection
from store.heirs import SuccessionRow


async def name_heir(
    connection: Connection, _: World, by: By, unit: str, successor: str, day: date | None = None
) -> None:
    """By codes, from a day, else from today."""
    row = SuccessionRow(
        unit, successor, "merge", (), (), (), day or by.at.date(), "区划调整", by.staff_id, by.at
    )
    await name(connection, [row])
