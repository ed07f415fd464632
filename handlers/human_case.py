"""What begins or comes of a talk with a person: a ticket opened in it, and a talk begun where a call-back waits."""

from dataclasses import replace

import msgspec

from dialogs import session
from dialogs.human import draft_of
from dialogs.requests import TicketOpened
from dialogs.session import Session
from handlers.case import ActRefusedError, By
from handlers.human_idle import idle_timer
from handlers.human_talk import TAKEN_WORDS, Held, claim_talk, may_talk_to_all, own
from handlers.notices import language_of
from handlers.open_ticket import Origin, open_ticket
from handlers.walk_in import WalkIn, accepted, typed_draft
from handlers.world import World
from store import casework, conversations, human_talks, talk_desk
from store.database import Connection
from store.human_talks import CHAT, NewTalk, TalkRow

BEGUN = human_talks.BEGUN


async def open_from_talk(
    connection: Connection, world: World, by: By, talk_id: int, typed: WalkIn
) -> TicketOpened:
    """Open a ticket of this conversation in the caller's transaction; what was being told is asked no further.

    It runs inside `world.numbers.held(1, now)`. Photos and the location of the draft go with it. Raises `ActError`.
    """
    await claim_talk(connection, by)
    held = await own(connection, world, by, talk_id)
    draft = typed_draft(world, typed, typed.phone.strip())
    before = _session(held)
    under_way = draft_of(before)
    if under_way is not None:
        draft = msgspec.structs.replace(draft, attachments=under_way.attachments, pin=under_way.pin)
    row = held.row
    talk = held.talk
    origin = Origin(row.id, row.resident_id, row.channel, "walk_in", by.staff_id, talk.line)
    origin = replace(origin, surge_id=talk.surge_id or 0)
    opened = open_ticket(world, held.effects, draft, origin, by.at)
    frames = tuple(frame for frame in before.frames if frame.dialog != "intake")
    after = msgspec.structs.replace(before, frames=frames, choices=(), last_ticket=opened.ticket_id)
    held.row = replace(row, session=session.dump(after).decode())
    language = language_of(world, row)
    message, slots = accepted(world, language, draft, opened)
    words = world.phrases.say(language, message, **slots)
    held.say(words, by.staff_id, ticket_id=opened.ticket_id)
    await held.effects.write(connection, by.at)
    await casework.set_result(connection, by.key, str(opened.ticket_id))
    return opened


async def begin_talk(connection: Connection, world: World, by: By, task_id: int) -> TalkRow:
    """Write to a resident for whom a call-back is kept: the talk is one's own from the start. Raises `ActError`."""
    await claim_talk(connection, by)
    if not may_talk_to_all(by.unit_id, by.roles):
        raise ActRefusedError("人工事项由热线中心处理。")
    conversation_id = await talk_desk.conversation_of_task(connection, task_id)
    if conversation_id is None:
        raise ActRefusedError("这件事已经有人处理了，或者没有对话。")
    (row,) = await conversations.lock_by_id(connection, [conversation_id])
    if world.channels[row.channel].abilities.voice:
        raise ActRefusedError("这位市民只有电话，请回电。")
    if row.stopped:
        raise ActRefusedError("市民已退订或屏蔽我们的消息，发不出去：请打电话。")
    if conversation_id in await human_talks.open_of(connection, [conversation_id]):
        raise ActRefusedError("这位市民正在排队，或者已经有人接待。")
    new = NewTalk(
        conversation_id,
        CHAT,
        row.channel,
        language_of(world, row),
        "",
        None,
        BEGUN,
        "",
        urgent=False,
        asked_at=by.at,
    )
    places = await human_talks.join(connection, [new])
    talk_id = places[conversation_id].id
    talk = await human_talks.take(connection, talk_id, by.staff_id, by.at)
    if talk is None:
        raise ActRefusedError("这位市民正在排队，或者已经有人接待。")
    await human_talks.hold(connection, [(conversation_id, by.staff_id)])
    held = Held(world, talk, row, by.at)
    held.effects.timers.append(idle_timer(talk_id, conversation_id, by.at + world.human.idle))
    held.tell(TAKEN_WORDS, by.name, by.staff_id)
    await held.effects.write(connection, by.at)
    return talk


def _session(held: Held) -> Session:
    if held.row.session == "{}":
        return Session(language=held.world.language)
    try:
        return session.load(held.row.session)
    except msgspec.ValidationError:
        return Session(language=held.world.language)
