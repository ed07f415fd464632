"""A phone that the duty leader or a unit is told by has stopped our messages (退订): the centre hears of it at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from channels import phone
from dialogs.requests import SetOptOut
from handlers.effects import Effects
from handlers.visit import Visit
from handlers.world import SMS, World
from store import stopped_phones
from store.database import Connection
from store.human_tasks import TaskRow

KIND = "duty_stopped"
NO_ALERTS = "{phone}退订了短信，收不到值班提醒。请换一个号码，或者请机主给12345发“恢复”。"
NO_NOTICES = (
    "{unit}登记的{phone}退订了短信，收不到工单通知。请该单位换一个号码，或者请机主给12345发“恢复”。"
)


@dataclass(frozen=True, slots=True)
class AlertPhone:
    """One of `DUTY_PHONES`; `stopped`: it gets no message of ours."""

    masked: str
    stopped: bool


async def warn_of_stopped(
    connection: Connection, world: World, effects: Effects, visits: Sequence[Visit], now: datetime
) -> None:
    """Make tasks of the phones that have stopped our messages in these turns."""
    stopping = [v for v in visits if any(_stops(order) for order in v.orders)]
    if not stopping:
        return
    of_alerts = set(_hashes(world, world.duty_phones))
    notes = {
        v.row.id: NO_ALERTS.format(phone=v.row.masked) for v in stopping if v.row.hash in of_alerts
    }
    told = await stopped_phones.units_told_by(connection, [v.row.id for v in stopping])
    masked = {v.row.id: v.row.masked for v in stopping}
    tasks = list(notes.items())
    tasks += [(id_, NO_NOTICES.format(unit=unit, phone=masked[id_])) for id_, unit in told]
    effects.tasks += [TaskRow(KIND, id_, None, note, now) for id_, note in tasks]


def _stops(order: object) -> bool:
    return isinstance(order, SetOptOut) and order.opted_out


async def alert_phones(connection: Connection, world: World) -> list[AlertPhone]:
    """The phones that get an SMS when an alert is raised, and whether they still can."""
    hashes = _hashes(world, world.duty_phones)
    stopped = await stopped_phones.stopped(connection, SMS, list(hashes))
    return [AlertPhone(phone.mask(number), hash_ in stopped) for hash_, number in hashes.items()]


def _hashes(world: World, numbers: Iterable[str]) -> dict[bytes, str]:
    """Numbers by what their SMS address is found by."""
    called = filter(None, (phone.normalise(number, world.region) for number in numbers))
    return {world.hash_of_number(number): number for number in called}
