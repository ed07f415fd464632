"""Whether a resident counts as contacted (联系): reached, tried often enough at different hours, or told where nobody can call."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from handlers.case import ActRefusedError
from handlers.world import World
from store import inside
from store.database import Connection
from store.inside import Reach


class Way(StrEnum):
    """How a unit can reach a resident."""

    NUMBER = "number"  # there is a number that it may dial
    TALK = "talk"  # by messages alone: a chat without a number, or one who is confidential
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Contacting:
    """How far a unit has come. `tries` are those that count, `next_at` from when on another would."""

    way: Way
    reached_at: datetime | None
    tries: Sequence[datetime]
    needed: int
    next_at: datetime | None
    answered: bool

    @property
    def unreachable(self) -> bool:
        """Whether "could not be reached" counts by now."""
        return self.reached_at is None and len(self.tries) >= self.needed

    @property
    def enough(self) -> bool:
        """Whether a result can be given."""
        told = self.way is Way.NONE or (self.way is Way.TALK and self.answered)
        return self.reached_at is not None or self.unreachable or told

    @property
    def missing(self) -> int:
        """How many tries more are needed."""
        return max(0, self.needed - len(self.tries))


def contacting(world: World, found: Reach) -> Contacting:
    """What has been done so far, by the rules of this city."""
    apart = world.rules.span("contact.apart_hours")
    tries = counted(found.tries, apart)
    return Contacting(
        way_to(world, found),
        found.reached_at,
        tries,
        world.rules.value("contact.tries"),
        tries[-1] + apart if tries else None,
        found.answered,
    )


def counted(tries: Sequence[datetime], apart: timedelta) -> list[datetime]:
    """The tries that count: each at least so long after the last that did. `tries` are in order."""
    kept: list[datetime] = []
    for moment in tries:
        if not kept or moment - kept[-1] >= apart:
            kept.append(moment)
    return kept


def way_to(world: World, found: Reach) -> Way:
    """How a unit can reach the resident; the number of who is confidential is not for units."""
    if found.anonymous:
        return Way.NONE
    channel = world.channels.get(found.channel or "")
    dials = bool(found.left_masked) or (channel is not None and channel.abilities.phone)
    if dials and not found.confidential:
        return Way.NUMBER
    if found.channel is not None and not found.stopped:
        return Way.TALK
    return Way.NONE


async def check_contact(connection: Connection, world: World, ticket_id: int) -> None:
    """Refuse a result before the resident was contacted; raises `ActRefusedError` with what is missing."""
    if not world.rules.on("result.needs_contact"):
        return
    found = await inside.reach(connection, ticket_id)
    if found is None:
        return
    so_far = contacting(world, found)
    if not so_far.enough and found.confidential and so_far.way is Way.TALK:
        raise ActRefusedError("市民要求保密，请先用“请中心转达”联系；中心转达后才能办结。")
    if not so_far.enough:
        raise ActRefusedError(_missing(so_far, world.rules.value("contact.apart_hours")))


def _missing(so_far: Contacting, apart: int) -> str:
    if so_far.way is Way.TALK:
        return "市民没有可以拨打的电话，请先用“答复市民”在对话里联系；消息发到后才能办结。"
    done = f"已有效尝试{len(so_far.tries)}次，还差{so_far.missing}次。" if so_far.tries else ""
    return (
        f"还没有联系上市民，不能办结。请先联系并记录；联系不上的，"
        f"要在不同时段（相隔{apart}小时以上）尝试{so_far.needed}次。{done}"
    )
