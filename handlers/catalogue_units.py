"""Units that a draft of the catalogue names anew or begins: there, and called so, from the draft's day."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from dialogs.words import UnitKind
from handlers.case import ActRefusedError, By, worded
from handlers.catalogue_duty import one_of
from handlers.own_draft import own_draft, unit_codes
from handlers.world import World
from store.catalogue.columns import SHORT_NAME_LENGTH
from store.catalogue.effect import keep_units, kept_units
from store.catalogue.planned import Planned
from store.database import Connection
from store.heirs import ended
from store.peopled import reachable
from store.units import CITY_PREFIX, ENTERPRISE_PREFIX, Unit, units_as_given

KINDS = {
    UnitKind.STREET: "街道（乡镇）",
    UnitKind.DISTRICT_DEPARTMENT: "区部门",
    UnitKind.DEPARTMENT: "市部门",
    UnitKind.ENTERPRISE: "企业",
}
NOBODY = (
    "还没有工作人员，也没有登记联系方式：派给它的工单没有人签收，热线中心会收到提醒。"
    "请把生效日定在人员到位以后，或者批准后马上加入人员"
)
_OWN_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,19}", re.ASCII)
_STREET_CODE = re.compile(r"\d{9}", re.ASCII)


async def rename_unit(
    connection: Connection, world: World, by: By, version: int, typed: Mapping[str, str]
) -> int:
    """Let one's own draft call a unit otherwise: `unit`, `name`, `short_name`. Its superior is its district's still."""
    draft = await own_draft(connection, by, version)
    units = await _units(connection, world, draft.id, by)
    code = one_of(typed["unit"], await unit_codes(connection, world, draft.id), "单位")
    name, short = _names(typed)
    _unique(units, name, code)
    changed = [
        replace(one, name=name, short_name=short) if one.code == code else one for one in units
    ]
    await keep_units(connection, draft.id, changed)
    return draft.id


async def add_unit(
    connection: Connection, world: World, by: By, version: int, typed: Mapping[str, str]
) -> int:
    """Begin a unit with one's own draft: `kind`, `district`, `code`, `name`, `short_name`."""
    draft = await own_draft(connection, by, version)
    units = await _units(connection, world, draft.id, by)
    name, short = _names(typed)
    unit = _new(typed, name, short, {one.code: one for one in units})
    _unique(units, name, unit.code)
    if any(one.code == unit.code for one in units):
        raise ActRefusedError(f"代码{unit.code}已经有单位了。")
    await keep_units(connection, draft.id, [*units, unit])
    return draft.id


async def take_out_unit(
    connection: Connection, world: World, by: By, version: int, code: str
) -> int:
    """Have a unit in one's own draft as it is in force, or not at all."""
    draft = await own_draft(connection, by, version)
    before = {one.code: one for one in await units_as_given(connection, _today(world, by))}
    units = await _units(connection, world, draft.id, by)
    left = [before.get(one.code) if one.code == code else one for one in units]
    await keep_units(connection, draft.id, [one for one in left if one is not None])
    return draft.id


async def unit_changes(connection: Connection, version: int, day: date) -> list[tuple[str, str]]:
    """What a version begins, ends and calls otherwise on a day, each with its code; nothing where it has brought its units.

    What another unit has taken over stays ended, whatever the version has.
    """
    kept = await kept_units(connection, version)
    if kept is None:
        return []
    gone = await ended(connection, day)
    after = [one for one in kept if one.code not in gone]
    return _changes({one.code: one for one in await units_as_given(connection, day)}, after)


async def without_people(
    connection: Connection, version: int, parts: Sequence[Planned], day: date
) -> list[str]:
    """Units that a version begins, or gives work to, where nobody could take it up, a sentence each."""
    names = {one.successor: one.successor_name for one in parts}
    kept = await kept_units(connection, version)
    if kept is not None:
        known = {one.code for one in await units_as_given(connection, day)}
        names |= {one.code: one.short_name for one in kept if one.code not in known}
    if not names:
        return []
    found = await reachable(connection, {*names, *(one.unit for one in parts)})
    found |= {one.successor for one in parts if one.people or (one.whole and one.unit in found)}
    return [f"{name}{NOBODY}" for code, name in names.items() if code not in found]


def _changes(known: Mapping[str, Unit], after: Sequence[Unit]) -> list[tuple[str, str]]:
    changes = []
    for one in after:
        old = known.get(one.code)
        if old is None:
            changes.append((one.code, f"新设{one.name}（{one.short_name}，{one.code}）"))
        elif (old.name, old.short_name) != (one.name, one.short_name):
            changes.append((one.code, f"{old.name}改称{one.name}（{one.short_name}）"))
    gone = sorted(known.keys() - {one.code for one in after})
    return [*changes, *((code, f"不再有{known[code].name}") for code in gone)]


async def _units(connection: Connection, world: World, version: int, by: By) -> list[Unit]:
    kept = await kept_units(connection, version)
    return kept if kept is not None else await units_as_given(connection, _today(world, by))


def _new(typed: Mapping[str, str], name: str, short: str, known: Mapping[str, Unit]) -> Unit:
    kind = next((one for one in KINDS if one == typed["kind"]), None)
    if kind is None:
        raise ActRefusedError("请选择单位的类别。")
    own = typed["code"].strip()
    if kind in (UnitKind.DEPARTMENT, UnitKind.ENTERPRISE):
        prefix = CITY_PREFIX if kind is UnitKind.DEPARTMENT else ENTERPRISE_PREFIX
        department = _own_code(own) if kind is UnitKind.DEPARTMENT else None
        return Unit(prefix + _own_code(own), kind, name, short, department=department)
    district = typed["district"].strip()
    if district not in known or known[district].kind is not UnitKind.DISTRICT:
        raise ActRefusedError("街道和区部门要选择所在的区。")
    if kind is UnitKind.STREET:
        if not _STREET_CODE.fullmatch(own) or not own.startswith(district):
            raise ActRefusedError(f"街道的代码是9位数字，以{district}开头。")
        return Unit(own, kind, name, short, district, None, district)
    return Unit(
        f"{district}-{_own_code(own)}", kind, name, short, district, _own_code(own), district
    )


def _own_code(typed: str) -> str:
    if not _OWN_CODE.fullmatch(typed):
        raise ActRefusedError("代码请用字母和数字，不超过20个。")
    return typed


def _names(typed: Mapping[str, str]) -> tuple[str, str]:
    name = worded(typed["name"], "单位全称", longest=40)
    short = worded(typed["short_name"] or name, "单位简称", longest=40)
    if len(short) > SHORT_NAME_LENGTH:
        raise ActRefusedError(f"简称不超过{SHORT_NAME_LENGTH}个字，短信里要写得下。")
    return name, short


def _unique(units: Sequence[Unit], name: str, code: str) -> None:
    if any(one.name == name and one.code != code for one in units):
        raise ActRefusedError(f"已经有单位叫{name}。")


def _today(world: World, by: By) -> date:
    return by.at.astimezone(world.timezone).date()
