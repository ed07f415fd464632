"""Offices (科室) and communities (社区) of a unit, and who works in which; its own desk sets them."""

from dialogs.understanding.place import Place
from dialogs.words import Language
from handlers.case import ActRefusedError, By, claim, worded
from handlers.permit_table import DESK_ROLES
from handlers.world import World
from store import unit_people
from store.database import Connection

KINDS = {"office": "科室", "community": "社区"}


async def add_office(
    connection: Connection, world: World, by: By, name: str, kind: str, place_code: str
) -> None:
    """Add an office, or a community by its code in the catalogue ("" where it has none). Raises `ActError`."""
    unit_id = await _begin(connection, by)
    name = worded(name, "名称", longest=30)
    if kind not in KINDS:
        raise ActRefusedError("请选择科室或者社区。")
    community = Place(community=place_code)
    if place_code and not world.city.reader.full_name(community, Language.CHINESE):
        raise ActRefusedError("目录里没有这个社区编码。")
    await unit_people.add_office(connection, unit_id, name, kind, place_code)


async def close_office(connection: Connection, world: World, by: By, office_id: int) -> None:
    """Close one: its people and what nobody in particular had there go back to the desk."""
    del world
    unit_id = await _begin(connection, by)
    if await unit_people.close_office(connection, unit_id, office_id) is None:
        raise ActRefusedError("没有这个科室或社区。")


async def seat(
    connection: Connection, world: World, by: By, staff_id: int, office_id: int | None
) -> None:
    """Say where somebody works; None: at the unit itself."""
    del world
    unit_id = await _begin(connection, by)
    await unit_people.keep_office(connection, unit_id, office_id)
    known = {one.id for one in await unit_people.offices(connection, unit_id)}
    if office_id is not None and office_id not in known:
        raise ActRefusedError("没有这个科室或社区。")
    if await unit_people.seat(connection, unit_id, staff_id, office_id) is None:
        raise ActRefusedError("请选择本单位的人员。")


async def _begin(connection: Connection, by: By) -> int:
    await claim(connection, by)
    if by.unit_id is None or not by.roles & DESK_ROLES:
        raise ActRefusedError("您的角色不能设科室和社区，请找本单位的收发员或负责人。")
    return by.unit_id
