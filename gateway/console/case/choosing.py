"""Units as staff type them: picked from the list by name and code, or written as they are called."""

import re

from handlers.case import ActRefusedError
from handlers.world import World

_BETWEEN = re.compile(r"[\n,，、;；]+")
MOST_ALIKE = 5


def unit_of(world: World, typed: str) -> int:
    """The unit that was chosen: by its code, its name or its short name; 0 for none that gets work."""
    typed = typed.strip()
    for unit in world.city.responsibilities.units.values():
        if typed in (unit.code, unit.name, unit.short_name, f"{unit.name} {unit.code}"):
            return unit.id
    return 0


def units_of(world: World, typed: str) -> tuple[int, ...]:
    """The units that were written, one a line or with commas between, each once.

    Raises:
        ActRefusedError: one of them is not in the catalogue; it says which names are like it.
    """
    found: list[int] = []
    for one in filter(None, (part.strip() for part in _BETWEEN.split(typed))):
        unit_id = unit_of(world, one)
        if not unit_id:
            raise ActRefusedError(_unknown(world, one))
        found.append(unit_id)
    return tuple(dict.fromkeys(found))


def _unknown(world: World, typed: str) -> str:
    units = world.city.responsibilities.units.values()
    alike = [unit.short_name for unit in units if typed in unit.name][:MOST_ALIKE]
    hint = f"您要的是不是：{'、'.join(alike)}？" if alike else "请从名单里选。"
    return f"目录里没有“{typed}”这个单位。{hint}"
