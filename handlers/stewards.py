"""Lane stewards (小巷管家): asked for by chat, approved by their street's desk, known by their resident."""

from collections.abc import Sequence
from datetime import datetime

from dialogs.phrases import phrase
from dialogs.rounds import AskSteward, FindSteward, Patrol, StewardFound
from dialogs.understanding.place import Place
from dialogs.words import Role
from handlers.case import ActRefusedError, By, claim
from handlers.community import may_take
from handlers.effects import Effects
from handlers.notices import notify
from handlers.permit_table import DESK_ROLES
from handlers.visit import Visit
from handlers.world import World
from store import conversations, stewards, unit_notices
from store.database import Connection
from store.stewards import Decision, Known, NewSteward
from store.unit_notices import UnitNoticeRow

ACCEPTED = phrase(
    "You are a lane steward of {unit} now. Reply “start patrol” when you go, “found” when you see something."
)
REFUSED = phrase(
    "{unit} cannot take you as a lane steward now. Thank you for offering; what you see you can always tell us here."
)
ENDED = phrase("Your time as a lane steward of {unit} is over. Thank you for all you did.")
# What a street may say: the state before, the state after, what the steward hears.
SAYS: dict[str, tuple[str, str, str]] = {
    "accept": ("asked", "active", ACCEPTED),
    "refuse": ("asked", "refused", REFUSED),
    "end": ("active", "ended", ENDED),
}


async def find_stewards(
    connection: Connection,
    world: World,
    asking: Sequence[tuple[Visit, FindSteward | Patrol]],
    now: datetime,
) -> list[StewardFound]:
    """How these residents stand, after their rounds were begun or ended; the answers stand in their order."""
    found = await stewards.known(connection, [visit.row.resident_id for visit, _ in asking])
    active = {id_: one for id_, one in found.items() if one.state == "active"}
    begins = [
        active[v.row.resident_id].id
        for v, o in asking
        if _begins(o) and v.row.resident_id in active
    ]
    ends = [
        active[v.row.resident_id].id for v, o in asking if _ends(o) and v.row.resident_id in active
    ]
    if begins:
        await stewards.begin_patrols(connection, begins, now)
    if ends:
        await stewards.end_patrols(connection, ends, now)
    return [_found(world, found.get(visit.row.resident_id)) for visit, _ in asking]


def _begins(order: FindSteward | Patrol) -> bool:
    return isinstance(order, Patrol) and order.begins


def _ends(order: FindSteward | Patrol) -> bool:
    return isinstance(order, Patrol) and not order.begins


def _found(world: World, known: Known | None) -> StewardFound:
    """As it was before this order: a round that was ended just now was under way."""
    if known is None:
        return StewardFound()
    unit = world.city.units.get(known.unit_id)
    street = world.city.reader.street(unit.code) if unit else None
    place = Place(street.district_code, street.code, known.community_code) if street else Place()
    name = unit.short_name if unit else ""
    return StewardFound(known.state, name, place, known.began_at is not None, known.reports)


async def enlist(
    connection: Connection,
    world: World,
    asking: Sequence[tuple[Visit, AskSteward]],
    now: datetime,
) -> None:
    """Put down who asks to be a steward, for the street to decide; its desk is told."""
    rows = {}
    for visit, order in asking:
        unit = world.city.responsibilities.on_the_spot(order.place)
        if unit is not None:
            rows[visit.row.resident_id] = NewSteward(
                visit.row.resident_id,
                visit.row.id,
                unit.id,
                order.place.community,
                world.keys.seal(order.name),
                world.keys.seal(order.phone) if order.phone else None,
                now,
            )
    asked = await stewards.ask(connection, list(rows.values()))
    note = "有市民申请当小巷管家，请在“小巷管家”里审核。"
    told = [UnitNoticeRow(one, "desk", None, "steward_asked", note, now) for one in asked]
    await unit_notices.insert(connection, told)


async def leave_stewards(connection: Connection, leaving: Sequence[Visit], now: datetime) -> None:
    """End those who want to be stewards no more; their street's desk is told."""
    gone = await stewards.leave(connection, [visit.row.resident_id for visit in leaving], now)
    units = sorted({unit_id for _, unit_id in gone})
    note = "有小巷管家不再当了，见“小巷管家”。"
    told = [UnitNoticeRow(one, "desk", None, "steward_left", note, now) for one in units]
    await unit_notices.insert(connection, told)


def may_decide(world: World, unit_id: int | None, roles: frozenset[Role]) -> bool:
    """Whether somebody may say who is a steward: a street's desk, and its head."""
    return may_take(world, unit_id, roles) and bool(roles & DESK_ROLES)


async def decide_steward(
    connection: Connection, world: World, by: By, steward_id: int, says: str
) -> None:
    """The street accepts, refuses or ends a steward, who is told. Raises `ActError`."""
    await claim(connection, by)
    if by.unit_id is None or not may_decide(world, by.unit_id, by.roles) or says not in SAYS:
        raise ActRefusedError("只有街道的收发员和负责人可以审核小巷管家。")
    before, after, words = SAYS[says]
    conversation_id = await stewards.conversation_of(connection, steward_id, by.unit_id)
    if conversation_id is None:
        raise ActRefusedError("没有这位小巷管家。")
    (row,) = await conversations.lock_by_id(connection, [conversation_id])
    decision = Decision(steward_id, by.unit_id, after, by.staff_id, by.at, before)
    if not await stewards.decide(connection, decision):
        raise ActRefusedError("这位小巷管家已经审核过了。")
    effects = Effects()
    unit = world.city.units[by.unit_id].short_name
    notify(world, effects, row, None, by.at, words, unit=unit)
    await effects.write(connection, by.at)


async def open_number(connection: Connection, world: World, by: By, steward_id: int) -> str:
    """The number that the street may call, the look at it noted; empty where there is none. Raises `ActError`."""
    await claim(connection, by)
    found = None
    if by.unit_id is not None and may_decide(world, by.unit_id, by.roles):
        version = world.city.version
        found = await stewards.one(connection, steward_id, by.unit_id, version)
    if found is None:
        raise ActRefusedError("没有这位小巷管家。")
    await stewards.note_view(connection, by.staff_id, steward_id, by.at, "联系小巷管家")
    if found.contact is not None:
        return world.keys.open(found.contact)
    channel = world.channels.get(found.channel)
    by_phone = channel is not None and channel.abilities.phone
    return world.keys.open(found.address) if by_phone and found.address else ""
