"""Units as staff type them: picked from the list by name and code, or written as they are called."""

import re

from dialogs.understanding.place import Place
from gateway.console.case.form import Asked, Field, Input, Sent
from handlers.case import ActRefusedError
from handlers.world import World
from store import casework
from store.database import Connection

_BETWEEN = re.compile(r"[\n,，、;；]+")
MOST_ALIKE = 5
NAMED = "named"


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


async def named_besides(connection: Connection, asked: Asked) -> tuple[Field, ...]:
    """A field with those whom the catalogue names for the ticket's topic and place, and who have no part in it yet."""
    facts, responsibilities = asked.view.facts, asked.world.city.responsibilities
    place = Place(
        facts.district_code, facts.street_code, facts.community_code, facts.address_detail
    )
    shares = await casework.shares(connection, facts.id)
    taking_part = {share.unit_id for share in shares if share.state in ("open", "signed")}
    besides = [
        (unit.code, unit.short_name)
        for unit in responsibilities.concerned(facts.topic_code, place)
        if unit.id not in taking_part and unit.id != asked.staff.unit_id
    ]
    label = "目录里这类问题的协办单位（不用的去掉）"
    checks = Field(
        NAMED, label, Input.CHECKS, needed=False, options=lambda _: besides, checked=True
    )
    return (checks,) if besides else ()


def chosen_units(sent: Sent) -> tuple[int, ...]:
    """Those that were written and those that were left checked, each once."""
    return units_of(sent.world, "\n".join((*sent.many.get(NAMED, ()), sent.typed["units"])))


def _unknown(world: World, typed: str) -> str:
    units = world.city.responsibilities.units.values()
    alike = [unit.short_name for unit in units if typed in unit.name][:MOST_ALIKE]
    hint = f"您要的是不是：{'、'.join(alike)}？" if alike else "请从名单里选。"
    return f"目录里没有“{typed}”这个单位。{hint}"
