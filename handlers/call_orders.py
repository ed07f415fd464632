"""Staff take the next caller, or call somebody back, on their own phone: the gateway calls them and brings both together."""

from dataclasses import dataclass
from datetime import timedelta

from channels import phone
from channels.callers import is_hidden
from dialogs import session
from dialogs.words import Role
from handlers.calls_whisper import words_for
from handlers.case import ActRefusedError, By, claim
from handlers.human_queue import SUBJECT, WAIT
from handlers.permit_table import INTAKE_ROLES
from handlers.world import World
from store import (
    call_backs,
    call_desk,
    call_orders,
    conversations,
    human_talks,
    timers,
    unit_people,
)
from store.call_orders import OrderRow
from store.database import Connection
from store.human_talks import CALL, ENDED, RINGING, TAKEN, NewTalk, Taker, TalkRow

LONGEST_CALL = timedelta(hours=4)  # https://www.twilio.com/docs/voice/twiml/dial#timelimit
CALL_ROLES = INTAKE_ROLES | {Role.SURVEYOR}


@dataclass(frozen=True, slots=True)
class OwnPhone:
    """Where somebody is called: a number as typed, or empty for the one that is known."""

    typed: str
    region: str


def may_take_calls(unit_id: int | None, roles: frozenset[Role]) -> bool:
    """Whether somebody takes callers: those who do for the centre, and experts those of their event."""
    return takes_for_centre(unit_id, roles) or Role.EXPERT in roles


def takes_for_centre(unit_id: int | None, roles: frozenset[Role]) -> bool:
    """Whether somebody takes whoever waits: those of the centre who take complaints or follow up, leaders on their day."""
    return (unit_id is None and bool(roles & CALL_ROLES)) or Role.LISTENER in roles


def taker(by: By) -> Taker:
    """Which queues somebody takes from."""
    return Taker(by.staff_id, takes_for_centre(by.unit_id, by.roles), by.at)


async def take_next(connection: Connection, world: World, by: By, own: OwnPhone) -> TalkRow:
    """Reserve the next caller and let one's own phone ring; in the caller's transaction. Raises `ActError`."""
    await claim(connection, by)
    sealed = await _own_phone(connection, world, by, own)
    await _has_none(connection, by)
    talk = await human_talks.ring_next(connection, taker(by), CALL)
    if talk is None:
        raise ActRefusedError("现在没有人在等。")
    await _ring(connection, world, by, talk, sealed)
    return talk


async def call_back(
    connection: Connection, world: World, by: By, task_id: int, own: OwnPhone
) -> TalkRow:
    """Let one's own phone ring, and then that of the resident whom a call-back is owed. Raises `ActError`."""
    await claim(connection, by)
    if not takes_for_centre(by.unit_id, by.roles):
        raise ActRefusedError("回电由热线中心负责。")
    sealed = await _own_phone(connection, world, by, own)
    conversation_id = await call_backs.conversation_of_call_back(connection, task_id)
    if conversation_id is None:
        raise ActRefusedError("这件事已经有人处理了。")
    rows = await conversations.lock_by_id(connection, [conversation_id])
    if conversation_id in await human_talks.open_of(connection, [conversation_id]):
        raise ActRefusedError("这位市民正在排队或正在通话。")
    await _has_none(connection, by)
    channel, address, _ = await call_desk.address(connection, conversation_id)
    if not world.channels[channel].abilities.phone or is_hidden(world.keys.open(address)):
        raise ActRefusedError("没有可以拨打的号码。")
    language = session.load(rows[0].session).language
    new = NewTalk(
        conversation_id=conversation_id,
        kind=CALL,
        channel=channel,
        language=language,
        line="",
        call_id=None,
        reason="call_back",
        about="",
        urgent=False,
        asked_at=by.at,
    )
    joined = await human_talks.join(connection, [new])
    talk = await human_talks.ring(connection, joined[conversation_id].id, by.staff_id)
    if talk is None:
        raise ActRefusedError("这位市民正在排队或正在通话。")
    await _ring(connection, world, by, talk, sealed)
    return talk


async def _has_none(connection: Connection, by: By) -> None:
    """One at a time; a phone that rings in vain is free again when the ringing is over.

    No call lasts longer than the provider lets it: the word on the end of such a one was lost.
    """
    await unit_people.lock(connection, [by.staff_id])  # from two pages at the same moment
    talks = [one.talk for one in await call_desk.mine(connection, by.staff_id, by.at)]
    had = [one for one in talks if one.state in (RINGING, TAKEN)]
    lost = [one.id for one in had if one.taken_at and by.at - one.taken_at > LONGEST_CALL]
    await human_talks.end(connection, lost, ENDED, by.at)
    if len(had) > len(lost):
        raise ActRefusedError("您还有一个电话在接通或通话中。")


async def _own_phone(connection: Connection, world: World, by: By, own: OwnPhone) -> bytes:
    """The number to ring, kept for the next time."""
    if not may_take_calls(by.unit_id, by.roles):
        raise ActRefusedError("您的角色不能接听市民来电。")
    if not own.typed.strip():
        known = await call_desk.staff_phone(connection, by.staff_id)
        if known is None:
            raise ActRefusedError("请填写您自己的电话号码，来电会转到这部电话。")
        return known
    number = phone.normalise(own.typed.strip(), own.region)
    if number is None:
        raise ActRefusedError("请填写完整的电话号码，如13800138000。")
    sealed = world.keys.seal(number)
    await call_desk.set_staff_phone(connection, by.staff_id, sealed)
    return sealed


async def _ring(connection: Connection, world: World, by: By, talk: TalkRow, sealed: bytes) -> None:
    stored = await call_desk.session_of(connection, talk.conversation_id)
    asked_at = talk.asked_at if talk.call_id is not None else None
    words = words_for(world, stored, talk.line, asked_at, by.at, talk.about)
    order = OrderRow(
        "staff",
        words,
        by.at,
        by.at,
        human_talk_id=talk.id,
        staff_id=by.staff_id,
        phone=sealed,
        callee=by.name,
    )
    await call_orders.insert(connection, [order])
    await timers.drop(connection, [(SUBJECT, talk.id, WAIT)])
