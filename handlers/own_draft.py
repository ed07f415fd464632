"""Who may change the catalogue, and which version of it: administrators of the centre, their own drafts."""

from collections.abc import Sequence

from dialogs.words import Role
from handlers.case import ActRefusedError, By, claim
from handlers.dispatch import UnitRef
from handlers.permit_table import CENTRE_ROLES
from handlers.world import World
from store.catalogue import versions
from store.catalogue.effect import kept_units
from store.catalogue.versions import Version
from store.database import Connection
from store.units import Unit


class UnknownVersionError(ActRefusedError):
    """There is no such version."""

    def __init__(self) -> None:
        super().__init__("没有这一版目录。")


def may_change(unit_id: int | None, roles: frozenset[Role]) -> bool:
    """Whether somebody changes the catalogue: administrators of the centre."""
    return unit_id is None and Role.ADMIN in roles


def may_read(unit_id: int | None, roles: frozenset[Role]) -> bool:
    """Whether somebody reads all of it: the centre."""
    return unit_id is None and bool(roles & (CENTRE_ROLES | {Role.ADMIN}))


async def begin(connection: Connection, by: By) -> None:
    """Claim a form of the catalogue. Raises `ActError`."""
    await claim(connection, by)
    if not may_change(by.unit_id, by.roles):
        raise ActRefusedError("派单目录由热线中心的管理员修改和批准。")


async def locked_version(connection: Connection, by: By, version: int) -> Version:
    """Claim the form and lock a version."""
    await begin(connection, by)
    found = await versions.version_of(connection, version, lock=True)
    if found is None:
        raise UnknownVersionError
    return found


async def locked_draft(connection: Connection, by: By, version: int) -> Version:
    """The same, if it is a draft."""
    draft = await locked_version(connection, by, version)
    if draft.state != "draft":
        raise ActRefusedError("这一版已经批准或者未被采用，不能再改。")
    return draft


async def own_draft(connection: Connection, by: By, version: int) -> Version:
    """The same, to change it: what the operator has loaded is whoever's who changes it first."""
    draft = await locked_draft(connection, by, version)
    if draft.drafted_by is None:
        await versions.take_on(connection, draft.id, by.staff_id)
    elif draft.drafted_by != by.staff_id:
        raise ActRefusedError(f"这份草案由{draft.drafter}起草，只能由本人修改。")
    return draft


async def units_of(
    connection: Connection, world: World, version: int
) -> Sequence[Unit] | Sequence[UnitRef]:
    """The units that a version may name: those it brings, else those in force."""
    kept = await kept_units(connection, version)
    return kept if kept is not None else list(world.city.units.values())


async def unit_codes(connection: Connection, world: World, version: int) -> dict[str, str]:
    """Their codes, by code and by name."""
    units = await units_of(connection, world, version)
    by_name = {unit.name: unit.code for unit in units}
    return by_name | {unit.code: unit.code for unit in units}
