"""A person has the talk (人工接待): takes it from the queue, writes, gives it to a colleague or back to the dialog.

Whoever acts holds the conversation's lock and must be the one who has the talk: one owner at a time, and a message
that crosses a change of owner is refused instead of being written in another's name.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime

from dialogs.phrases import phrase
from dialogs.requests import HumanDone
from dialogs.said import Reply
from dialogs.words import Role
from handlers.call_orders import may_take_calls, taker, takes_for_centre
from handlers.case import ActRefusedError, By, claim, worded
from handlers.converse import converse
from handlers.effects import Effects
from handlers.human_idle import idle_timer
from handlers.human_queue import IDLE, SUBJECT, WAIT, wait_ends, wait_timer
from handlers.notices import language_of
from handlers.outgoing import Errand, outbox_row, render
from handlers.visit import visit
from handlers.world import World
from store import call_desk, conversations, human_talks, talk_desk
from store.conversations import ConversationRow
from store.database import Connection
from store.human_talks import CHAT, ENDED, TAKEN, TalkRow
from store.human_tasks import TaskRow
from store.tickets import EventRow
from store.turns import SessionUpdate

PURPOSE = "staff"  # of what a person writes
# The people who answer calls answer chats.
may_talk = may_take_calls
may_talk_to_all = takes_for_centre

TAKEN_WORDS = phrase("{name} of the 12345 staff is here for you now. Go ahead.")
_EXPERT_WORDS = phrase("{name}, an expert, is here for you now. Go ahead.")
_HANDED_ON = phrase("{name} of the 12345 staff takes over and sees all you have said.")
_NOT_YOURS = "这段对话现在不归您：可能已转给同事、退回排队或已经结束。您写的没有发出。"
_GONE = "这位市民已经有人接待，或者不等了。"
_LONGEST_NOTE = 500
_LONGEST_TEXT = 500


@dataclass(frozen=True, slots=True)
class Ending:
    """How a talk is given back. `over`: the matter is settled; `ticket_id`: where the note goes too, 0 nowhere."""

    note: str = ""
    over: bool = False
    ticket_id: int = 0
    follow_up: bool = False  # something is left to do: a task for the centre


@dataclass(slots=True)
class Held:
    """A talk with its conversation under lock; messages are numbered one after another."""

    world: World
    talk: TalkRow
    row: ConversationRow
    at: datetime
    effects: Effects = field(default_factory=Effects)

    def say(
        self, text: str, staff_id: int, purpose: str = PURPOSE, ticket_id: int | None = None
    ) -> None:
        """Write to the resident in a person's name."""
        language = language_of(self.world, self.row)
        channel = self.world.channels[self.row.channel]
        seq = self.row.seq + 1
        message = render(channel, language, Reply(text, language=language), self.row.id, seq)
        errand = Errand(
            purpose,
            self.at,
            staff_id=staff_id,
            urgent=True,
            stopped=self.row.stopped,
            ticket_id=ticket_id,
        )
        self.effects.outbox.append(outbox_row(channel, self.row.address_id, message, errand))
        row = self.row = replace(self.row, seq=seq)
        self.effects.sessions[row.id] = SessionUpdate(
            row.id, row.session, seq, row.last_said_at, row.wake_at, row.budget, row.budget_at
        )

    def tell(self, message: str, name: str, staff_id: int) -> None:
        """Tell the resident who is there: no answer yet, so that the talk goes back when none follows."""
        words = self.world.phrases.say(language_of(self.world, self.row), message, name=name)
        self.say(words, staff_id, "reply")


async def take_talk(
    connection: Connection, world: World, by: By, talk_id: int | None = None
) -> TalkRow:
    """Take this one, or the next that waits in a chat; in the caller's transaction. Raises `ActError`."""
    await claim_talk(connection, by)
    if talk_id is None:
        waiting = await human_talks.waiting(connection, taker(by), CHAT, 1)
        if not waiting:
            raise ActRefusedError("现在没有人在等。")
        talk_id = waiting[0].id
    held = await _lock(connection, world, by, talk_id)
    if held.talk.kind != CHAT:
        raise ActRefusedError("这位市民在电话上等，请到“电话”页接听。")
    if not await human_talks.may_take(connection, taker(by), talk_id):
        raise ActRefusedError("这位市民在等专家；专家一直没来，才由您接待。")
    taken = await human_talks.take(connection, talk_id, by.staff_id, by.at)
    if taken is None:
        raise ActRefusedError(_GONE)
    await human_talks.hold(connection, [(held.row.id, by.staff_id)])
    held.effects.dropped.append((SUBJECT, talk_id, WAIT))
    due_at = by.at + world.human.idle
    held.effects.timers.append(idle_timer(talk_id, held.row.id, due_at))
    is_expert = taken.surge_id is not None and Role.EXPERT in by.roles
    held.tell(_EXPERT_WORDS if is_expert else TAKEN_WORDS, by.name, by.staff_id)
    await held.effects.write(connection, by.at)
    return taken


async def answer_talk(
    connection: Connection, world: World, by: By, talk_id: int, text: str
) -> None:
    """Write to the resident; refused when the talk is with somebody else by now."""
    await claim_talk(connection, by)
    held = await own(connection, world, by, talk_id)
    if held.row.stopped:
        raise ActRefusedError("市民已退订或屏蔽我们的消息，发不出去：请打电话，或结束对话。")
    held.say(worded(text, "回复内容", longest=_LONGEST_TEXT), by.staff_id)
    await held.effects.write(connection, by.at)


async def give_back_talk(
    connection: Connection, world: World, by: By, talk_id: int, ending: Ending
) -> None:
    """Let the dialog speak again: with its open question, or, when the matter is settled, afresh.

    The note is kept with the talk, in a ticket of this resident, and where something is left to do, as a task.
    """
    await claim_talk(connection, by)
    held = await own(connection, world, by, talk_id)
    note = worded(ending.note, "小结", longest=_LONGEST_NOTE, needed=ending.over)
    await human_talks.end(connection, [talk_id], ENDED, by.at, note=note)
    await human_talks.hold(connection, [(held.row.id, None)])
    held.effects.dropped.append((SUBJECT, talk_id, IDLE))
    if ending.ticket_id:
        await _note_in_ticket(connection, held, by, ending.ticket_id, note)
    if ending.follow_up:
        task = TaskRow("follow_up", held.row.id, ending.ticket_id or None, note, by.at)
        held.effects.tasks.append(task)
    speaking = visit(world, replace(held.row, held_by=None), HumanDone(over=ending.over))
    await converse(connection, world, held.effects, [speaking], by.at)
    await held.effects.write(connection, by.at)


async def hand_on_talk(
    connection: Connection, world: World, by: By, talk_id: int, colleague: str, note: str
) -> None:
    """Give the talk to a colleague by login, who sees it among the own ones, or back to the front of the queue ("")."""
    await claim_talk(connection, by)
    held = await own(connection, world, by, talk_id)
    note = worded(note, "交接说明", longest=_LONGEST_NOTE)
    signed = f"{by.name}交接：{note}"
    held.effects.dropped.append((SUBJECT, talk_id, IDLE))
    if not colleague:
        await human_talks.put_back(connection, talk_id, signed)
        await human_talks.hold(connection, [(held.row.id, None)])
        ends_at = wait_ends(world, by.at, held.talk.experts_until)
        held.effects.timers.append(wait_timer(talk_id, held.row.id, ends_at))
        speaking = visit(world, replace(held.row, held_by=None), HumanDone(waiting=True))
        await converse(connection, world, held.effects, [speaking], by.at)
    else:
        to = await talk_desk.colleague(connection, colleague, by.at)
        if to is None or not may_talk(to.unit_id, to.roles) or to.staff_id == by.staff_id:
            raise ActRefusedError("这位同事不能接待。")
        await human_talks.hand_on(connection, talk_id, to.staff_id, signed)
        await human_talks.hold(connection, [(held.row.id, to.staff_id)])
        due_at = by.at + world.human.idle
        held.effects.timers.append(idle_timer(talk_id, held.row.id, due_at))
        held.tell(_HANDED_ON, to.name, to.staff_id)
    await held.effects.write(connection, by.at)


async def _note_in_ticket(
    connection: Connection, held: Held, by: By, ticket_id: int, note: str
) -> None:
    theirs = await call_desk.tickets_of(connection, [held.row.id])
    if ticket_id not in {one.id for one in theirs.get(held.row.id, ())}:
        raise ActRefusedError("这张工单不是这位市民的，或者已经结案。")
    held.effects.events.append(
        EventRow(ticket_id, by.at, "chatted", "staff", by.staff_id, None, note)
    )


async def claim_talk(connection: Connection, by: By) -> None:
    """Claim a form of the desk for chats; raises `ActError`."""
    await claim(connection, by)
    if not may_talk(by.unit_id, by.roles):
        raise ActRefusedError("您的角色不能接待市民。")


async def _lock(connection: Connection, world: World, by: By, talk_id: int) -> Held:
    """The talk as it is once its conversation is locked."""
    found = await human_talks.find(connection, talk_id)
    if found is None:
        raise ActRefusedError(_GONE)
    (row,) = await conversations.lock_by_id(connection, [found.conversation_id])
    talk = await human_talks.find(connection, talk_id)
    if talk is None:
        raise ActRefusedError(_GONE)
    return Held(world, talk, row, by.at)


async def own(connection: Connection, world: World, by: By, talk_id: int) -> Held:
    """A talk that one has, under lock; raises `ActRefusedError` when it is another's by now."""
    held = await _lock(connection, world, by, talk_id)
    if held.talk.kind != CHAT or held.talk.state != TAKEN or held.talk.staff_id != by.staff_id:
        raise ActRefusedError(_NOT_YOURS)
    return held
