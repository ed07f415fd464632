"""The catalogue is changed by two: one drafts a version of it, another compares and approves it for a day."""

from dataclasses import dataclass, replace
from datetime import date, datetime

import msgspec

from handlers.case import ActRefusedError, By, worded
from handlers.catalogue_compare import compare
from handlers.catalogue_duty import day_of, duty_of, jurisdiction_of
from handlers.catalogue_parts import bring, take_back
from handlers.own_draft import begin, locked_draft, locked_version, own_draft, unit_codes
from handlers.world import World
from store import casework
from store.catalogue import versions
from store.catalogue.effect import kept_units, put_into_force
from store.catalogue.read import current_version
from store.catalogue.versions import JurisdictionRow, Settled
from store.database import Connection
from store.heirs import without_heir
from store.turnstiles import Matter, one_at_a_time
from store.units import add_ahead

CHANGED = "起草后目录已有新的版本，请按新版本重新起草。"


@dataclass(frozen=True, slots=True)
class Approving:
    """What is approved: from which day, as typed, and over how many days it was compared."""

    version: int
    valid_from: str
    days: int
    note: str = ""


async def begin_draft(
    connection: Connection, world: World, by: By, valid_from: str, note: str
) -> int:
    """Draft a version from the one that will be in force on its day; returns its id. Raises `ActError`."""
    await begin(connection, by)
    note = worded(note, "改动说明", longest=200)
    today = _today(world, by.at)
    day = _from(valid_from, today)
    base = await current_version(connection, day)
    if base is None:
        raise ActRefusedError("还没有目录，请先用jiesu load载入。")
    draft = await versions.add_draft(connection, base, day, note, (by.staff_id, by.at))
    await casework.set_result(connection, by.key, str(draft))
    return draft


async def edit_topic(
    connection: Connection, world: World, by: By, version: int, typed: dict[str, str]
) -> int:
    """Change what one's own draft says of a topic; `typed` is described by `catalogue_duty.duty_of`."""
    draft = await own_draft(connection, by, version)
    duties = await versions.topic_duties(connection, draft.id)
    before = next((one for one in duties if one.code == typed.get("code")), None)
    if before is None:
        raise ActRefusedError("这一版目录中没有这个分类。")
    codes = await unit_codes(connection, world, draft.id)
    await versions.set_topic(connection, draft.id, duty_of(before, typed, codes))
    return draft.id


async def add_jurisdiction(
    connection: Connection, world: World, by: By, version: int, typed: dict[str, str]
) -> int:
    """Let others answer for a topic, a place, or both, than the level's rule says."""
    draft = await own_draft(connection, by, version)
    topics = {one.code for one in await versions.topic_duties(connection, draft.id)}
    if typed["topic"] and typed["topic"] not in topics:
        raise ActRefusedError("这一版目录中没有这个分类。")
    codes = await unit_codes(connection, world, draft.id)
    row = jurisdiction_of(typed, codes)
    await versions.add_jurisdiction(connection, draft.id, await _placed(connection, draft.id, row))
    return draft.id


async def remove_jurisdiction(connection: Connection, by: By, version: int, position: int) -> int:
    """Take a special jurisdiction out of one's own draft."""
    draft = await own_draft(connection, by, version)
    if not await versions.remove_jurisdiction(connection, draft.id, position):
        raise ActRefusedError("这一条已经不在了。")
    return draft.id


async def approve(connection: Connection, world: World, by: By, order: Approving) -> int:
    """Take somebody else's draft into force from a day, with what the comparison says of it kept beside."""
    draft = await locked_draft(connection, by, order.version)
    if draft.drafted_by == by.staff_id:
        raise ActRefusedError("自己起草的目录要由另一位管理员批准。")
    today = _today(world, by.at)
    day = _from(order.valid_from, today)
    await one_at_a_time(connection, Matter.CATALOGUE)
    if await current_version(connection, day) != draft.base_id:
        raise ActRefusedError(CHANGED)
    compared = await compare(connection, world, replace(draft, valid_from=day), by.at, order.days)
    await _bring_units(connection, draft.id, day)
    await bring(connection, by, draft, day)
    await _none_left(connection, draft.id, day)
    said = msgspec.to_builtins(compared)
    settled = Settled("approved", by.staff_id, by.at, day, said, draft.note)
    await versions.settle(connection, draft.id, settled)
    await put_into_force(connection, today)
    return draft.id


async def refuse(connection: Connection, world: World, by: By, version: int, reason: str) -> int:
    """Refuse a draft, take back one's own, or what was approved and is not in force yet; the reason stays with it."""
    found = await locked_version(connection, by, version)
    coming = found.state == "approved" and found.valid_from > _today(world, by.at)
    if found.state != "draft" and not coming:
        raise ActRefusedError("这一版已经生效或者未被采用，不能撤回；请另行起草。")
    reason = worded(reason, "理由", longest=200)
    why = f"{'批准后撤回' if coming else '未采用'}：{reason}"
    note = f"{found.note}；{why}" if found.note else why
    if coming:
        await take_back(connection, found)
    settled = Settled("refused", by.staff_id, by.at, found.valid_from, found.compared, note)
    await versions.settle(connection, found.id, settled)
    return found.id


async def _bring_units(connection: Connection, version: int, day: date) -> None:
    """Units that it begins are added."""
    units = await kept_units(connection, version)
    if units is not None:
        await add_ahead(connection, units, day)


async def _none_left(connection: Connection, version: int, day: date) -> None:
    """It may end no unit that has tickets open and nobody to go on with them."""
    units = await kept_units(connection, version)
    if units is None:
        return
    left = await without_heir(connection, [unit.code for unit in units], day)
    if left:
        names = "、".join(f"{one.name}（{one.tickets}张）" for one in left)
        raise ActRefusedError(f"这些单位将撤销，但还有未办结的工单：{names}。请先指定承接单位。")


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


def _today(world: World, at: datetime) -> date:
    return at.astimezone(world.timezone).date()


def _from(typed: str, today: date) -> date:
    day = day_of(typed, "生效日期") or today
    if day < today:
        raise ActRefusedError("生效日期不能早于今天。")
    return day
