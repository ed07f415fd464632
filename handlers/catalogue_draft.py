"""The catalogue is changed by two: one drafts a version of it, another compares and approves it for a day."""

from dataclasses import dataclass, replace
from datetime import date, datetime

import msgspec

from dialogs.words import Role
from handlers.case import ActRefusedError, By, claim, worded
from handlers.catalogue_compare import Comparison, compare
from handlers.catalogue_duty import day_of, duty_of, jurisdiction_of
from handlers.permit_table import CENTRE_ROLES
from handlers.world import World
from store import casework
from store.catalogue import versions
from store.catalogue.effect import kept_units, put_into_force
from store.catalogue.read import current_version
from store.catalogue.versions import JurisdictionRow, Settled, Version
from store.database import Connection
from store.heirs import without_heir
from store.units import add_ahead

CHANGED = "起草后目录已有新的版本，请按新版本重新起草。"


class UnknownVersionError(ActRefusedError):
    """There is no such version."""

    def __init__(self) -> None:
        super().__init__("没有这一版目录。")


@dataclass(frozen=True, slots=True)
class Approving:
    """What is approved: from which day, as typed, and over how many days it was compared."""

    version: int
    valid_from: str
    days: int
    note: str = ""


def may_change(unit_id: int | None, roles: frozenset[Role]) -> bool:
    """Whether somebody changes the catalogue: administrators of the centre."""
    return unit_id is None and Role.ADMIN in roles


def may_read(unit_id: int | None, roles: frozenset[Role]) -> bool:
    """Whether somebody reads all of it: the centre."""
    return unit_id is None and bool(roles & (CENTRE_ROLES | {Role.ADMIN}))


async def begin_draft(
    connection: Connection, world: World, by: By, valid_from: str, note: str
) -> int:
    """Draft a version from the one in force; returns its id. Raises `ActError`."""
    await _begin(connection, by)
    note = worded(note, "改动说明", longest=200)
    today = _today(world, by.at)
    base = await current_version(connection, today)
    if base is None:
        raise ActRefusedError("还没有目录，请先用jiesu load载入。")
    day = _from(valid_from, today)
    draft = await versions.add_draft(connection, base, day, note, (by.staff_id, by.at))
    await casework.set_result(connection, by.key, str(draft))
    return draft


async def edit_topic(
    connection: Connection, world: World, by: By, version: int, typed: dict[str, str]
) -> int:
    """Change what one's own draft says of a topic; `typed` is described by `catalogue_duty.duty_of`."""
    draft = await _own_draft(connection, by, version)
    duties = await versions.topic_duties(connection, draft.id)
    before = next((one for one in duties if one.code == typed.get("code")), None)
    if before is None:
        raise ActRefusedError("这一版目录中没有这个分类。")
    codes = await _unit_codes(connection, world, draft.id)
    await versions.set_topic(connection, draft.id, duty_of(before, typed, codes))
    return draft.id


async def add_jurisdiction(
    connection: Connection, world: World, by: By, version: int, typed: dict[str, str]
) -> int:
    """Let others answer for a topic, a place, or both, than the level's rule says."""
    draft = await _own_draft(connection, by, version)
    topics = {one.code for one in await versions.topic_duties(connection, draft.id)}
    if typed["topic"] and typed["topic"] not in topics:
        raise ActRefusedError("这一版目录中没有这个分类。")
    codes = await _unit_codes(connection, world, draft.id)
    row = jurisdiction_of(typed, codes)
    await versions.add_jurisdiction(connection, draft.id, await _placed(connection, draft.id, row))
    return draft.id


async def remove_jurisdiction(connection: Connection, by: By, version: int, position: int) -> int:
    """Take a special jurisdiction out of one's own draft."""
    draft = await _own_draft(connection, by, version)
    if not await versions.remove_jurisdiction(connection, draft.id, position):
        raise ActRefusedError("这一条已经不在了。")
    return draft.id


async def approve(connection: Connection, world: World, by: By, order: Approving) -> int:
    """Take somebody else's draft into force from a day, with what the comparison says of it kept beside."""
    draft = await _draft(connection, by, order.version)
    if draft.drafted_by == by.staff_id:
        raise ActRefusedError("自己起草的目录要由另一位管理员批准。")
    today = _today(world, by.at)
    day = _from(order.valid_from, today)
    if await current_version(connection, day) != draft.base_id:
        raise ActRefusedError(CHANGED)
    await _bring_units(connection, draft.id, day)
    compared = await compare(connection, world, replace(draft, valid_from=day), by.at, order.days)
    await _settle(connection, by, draft, "approved", day, compared)
    await put_into_force(connection, today)
    return draft.id


async def refuse(connection: Connection, by: By, version: int, reason: str) -> int:
    """Refuse a draft, or take back one's own; the reason stays with it."""
    draft = await _draft(connection, by, version)
    reason = worded(reason, "理由", longest=200)
    note = f"{draft.note}；未采用：{reason}" if draft.note else f"未采用：{reason}"
    await _settle(connection, by, replace(draft, note=note), "refused", draft.valid_from, None)
    return draft.id


async def _bring_units(connection: Connection, version: int, day: date) -> None:
    """Units that it begins are added; it may end none that has tickets open and nobody to go on with them."""
    units = await kept_units(connection, version)
    if units is None:
        return
    await add_ahead(connection, units, day)
    left = await without_heir(connection, [unit.code for unit in units], day)
    if left:
        names = "、".join(f"{one.name}（{one.tickets}张）" for one in left)
        raise ActRefusedError(f"这些单位将撤销，但还有未办结的工单：{names}。请先指定承接单位。")


async def _settle(
    connection: Connection,
    by: By,
    draft: Version,
    state: str,
    day: date,
    compared: Comparison | None,
) -> None:
    said = msgspec.to_builtins(compared) if compared is not None else {}
    settled = Settled(state, by.staff_id, by.at, day, said, draft.note)
    await versions.settle(connection, draft.id, settled)


async def _begin(connection: Connection, by: By) -> None:
    await claim(connection, by)
    if not may_change(by.unit_id, by.roles):
        raise ActRefusedError("派单目录由热线中心的管理员修改和批准。")


async def _draft(connection: Connection, by: By, version: int) -> Version:
    """Claim the form and lock a draft."""
    await _begin(connection, by)
    draft = await versions.version_of(connection, version, lock=True)
    if draft is None:
        raise UnknownVersionError
    if draft.state != "draft":
        raise ActRefusedError("这一版已经批准或者未被采用，不能再改。")
    return draft


async def _own_draft(connection: Connection, by: By, version: int) -> Version:
    """The same, to change it: what the operator has loaded is whoever's who changes it first."""
    draft = await _draft(connection, by, version)
    if draft.drafted_by is None:
        await versions.take_on(connection, draft.id, by.staff_id)
    elif draft.drafted_by != by.staff_id:
        raise ActRefusedError(f"这份草案由{draft.drafter}起草，只能由本人修改。")
    return draft


async def _placed(connection: Connection, version: int, row: JurisdictionRow) -> JurisdictionRow:
    """With the place as the version has it: a code, or a special area by its name."""
    typed = row.place_code
    if not typed:
        return row
    if await versions.has_area(connection, version, typed):
        return row._replace(place_code="", area=typed)
    found = await versions.place_named(connection, version, typed)
    if len(found) != 1:
        what = (
            "有几个同名的地点，请填代码"
            if found
            else "没有这个地点，请填区、街道、社区的全称或代码"
        )
        raise ActRefusedError(f"“{typed}”：{what}。")
    return row._replace(place_code=found[0])


async def _unit_codes(connection: Connection, world: World, version: int) -> dict[str, str]:
    """The codes of units that a version may name, by code and by name."""
    kept = await kept_units(connection, version)
    units = kept if kept is not None else list(world.city.units.values())
    by_name = {unit.name: unit.code for unit in units}
    return by_name | {unit.code: unit.code for unit in units}


def _today(world: World, at: datetime) -> date:
    return at.astimezone(world.timezone).date()


def _from(typed: str, today: date) -> date:
    day = day_of(typed, "生效日期") or today
    if day < today:
        raise ActRefusedError("生效日期不能早于今天。")
    return day
