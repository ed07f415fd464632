"""The queue for a person (人工), by chat and by phone: one open entry a conversation, oldest first, urgent before all.

Whoever changes an entry holds its conversation's lock, so that nothing changes while a message is written. The one
thing that is done without it is to reserve a waiting caller for a phone that is about to ring.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import NamedTuple

from asyncpg import Record

from store.database import Connection
from store.statements import ROWS, encode_rows

CHAT, CALL = "chat", "call"
WAITING, RINGING, TAKEN = "waiting", "ringing", "taken"
ENDED, LEFT, MISSED = "ended", "left", "missed"
OVER = (ENDED, LEFT, MISSED)
BEGUN = "begun"  # the reason of a talk that staff began: nobody waited
LATELY = timedelta(hours=2)  # waits that say how long the next one will take
_LAST = 10


class NewTalk(NamedTuple):
    """Somebody asks for a person. `call_id` is the provider's id of a call that waits."""

    conversation_id: int
    kind: str
    channel: str
    language: str
    line: str
    call_id: str | None
    reason: str
    about: str
    urgent: bool
    asked_at: datetime
    surge_id: int | None = None
    experts_until: datetime | None = None


class Taker(NamedTuple):
    """Somebody who takes talks: an expert (专家席) those of the event, the `centre` all that wait for no expert any more."""

    staff_id: int
    centre: bool
    now: datetime


@dataclass(frozen=True, slots=True)
class Joined:
    """An entry of the queue with how many wait before it."""

    id: int
    state: str
    asked_at: datetime
    ahead: int
    experts_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class TalkRow:
    """An entry; `staff_id` is who has it, or had it last."""

    id: int
    conversation_id: int
    kind: str
    channel: str
    language: str
    line: str
    call_id: str | None
    reason: str
    about: str
    urgent: bool
    state: str
    asked_at: datetime
    taken_at: datetime | None
    ended_at: datetime | None
    staff_id: int | None
    note: str
    surge_id: int | None
    experts_until: datetime | None


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast people were taken lately: the mean wait, and the mean time from one to the next; None unknown."""

    wait_seconds: float | None
    between_seconds: float | None


COLUMNS = ", ".join(f"h.{each.name}" for each in fields(TalkRow))
# Where experts alone are asked at first, theirs is a queue of its own.
_QUEUE = "case when {0}.experts_until > {0}.asked_at then {0}.surge_id end"
# For a `Taker` of $1 to $3: what they may take, and see before it is taken.
REACHED = """
    (h.surge_id in (select e.id from surges e where e.ended_at is null and $1::int = any(e.expert_ids))
     or $2::bool and (h.experts_until is null or h.experts_until <= $3::timestamptz))
"""

# Who asks again keeps the place; a chat that goes on by phone waits as a call from then on. A text that is written
# while one waits on the phone leaves the call where it is: it would be sent out of the queue else.
JOIN = f"""
    insert into human_talks as h
        (conversation_id, kind, channel, language, line, call_id, reason, about, urgent, state, asked_at, surge_id,
         experts_until)
    select (v ->> 0)::bigint, v ->> 1, v ->> 2, v ->> 3, v ->> 4, v ->> 5, v ->> 6, v ->> 7, (v ->> 8)::bool,
        '{WAITING}', (v ->> 9)::timestamptz, (v ->> 10)::int, (v ->> 11)::timestamptz
    from {ROWS}
    on conflict (conversation_id) where state in ('waiting', 'ringing', 'taken') do update set
        kind = excluded.kind, channel = excluded.channel, language = excluded.language, line = excluded.line,
        call_id = excluded.call_id, urgent = h.urgent or excluded.urgent,
        surge_id = coalesce(h.surge_id, excluded.surge_id),
        experts_until = coalesce(h.experts_until, excluded.experts_until),
        about = case when excluded.about = '' then h.about else excluded.about end, state = '{WAITING}'
    where excluded.kind = '{CALL}' or (h.kind = '{CHAT}' and h.state <> '{TAKEN}')
"""

# Those of a batch stand before and behind each other as all do.
PLACES = f"""
    select w.conversation_id, w.id, w.state, w.asked_at, (
        select count(*) from human_talks o
        where o.kind = w.kind and o.state = '{WAITING}' and {_QUEUE.format("o")} is not distinct from {_QUEUE.format("w")}
          and (not o.urgent, o.asked_at, o.id) < (not w.urgent, w.asked_at, w.id)
    ), w.experts_until
    from human_talks w
    where w.conversation_id = any($1::bigint[]) and w.state in ('waiting', 'ringing', 'taken')
"""

PACE = f"""
    select extract(epoch from avg(taken_at - asked_at))::float8,
        case when count(*) > 1
            then extract(epoch from (max(taken_at) - min(taken_at)) / (count(*) - 1))::float8 end
    from (
        select asked_at, taken_at from human_talks h
        where kind = $1 and taken_at > $2 and reason <> '{BEGUN}' and {_QUEUE.format("h")} is not distinct from $3
        order by taken_at desc limit {_LAST}
    ) last
"""

OPEN_OF = f"""
    select {COLUMNS} from human_talks h
    where h.conversation_id = any($1::bigint[]) and h.state in ('waiting', 'ringing', 'taken')
"""

FIND = f"select {COLUMNS} from human_talks h where h.id = $1"

NEXT = f"""
    select {COLUMNS} from human_talks h
    where h.kind = $4 and h.state = '{WAITING}' and {REACHED}
    order by h.urgent desc, h.asked_at, h.id limit $5
"""

# A call that is waiting is tied to no lock of its conversation: of two who want the next, each gets another.
RING_NEXT = f"""
    update human_talks t set state = '{RINGING}', staff_id = $1
    where t.id = (
        select h.id from human_talks h where h.kind = $4 and h.state = '{WAITING}' and {REACHED}
        order by h.urgent desc, h.asked_at, h.id limit 1 for update skip locked
    )
    returning {COLUMNS.replace("h.", "t.")}
"""

RING = f"""
    update human_talks h set state = '{RINGING}', staff_id = $2
    where h.id = $1 and h.state = '{WAITING}' returning {COLUMNS}
"""

MAY_TAKE = f"select {REACHED} from human_talks h where h.id = $4"

TAKE = f"""
    update human_talks h set state = '{TAKEN}', staff_id = $2, taken_at = $3
    where h.id = $1 and (h.state = '{WAITING}' or h.state = '{RINGING}' and h.staff_id = $2)
    returning {COLUMNS}
"""

PUT_BACK = f"""
    update human_talks h set state = '{WAITING}', taken_at = null, note = case when $2 = '' then h.note
        else concat_ws(E'\\n', nullif(h.note, ''), $2) end
    where h.id = $1 and h.state in ('{RINGING}', '{TAKEN}') returning {COLUMNS}
"""

HAND_ON = f"""
    update human_talks h set staff_id = $2, note = concat_ws(E'\\n', nullif(h.note, ''), nullif($3, ''))
    where h.id = $1 and h.state = '{TAKEN}' returning {COLUMNS}
"""

END = f"""
    update human_talks h set state = $3, ended_at = $4,
        note = case when $5 = '' then h.note else concat_ws(E'\\n', nullif(h.note, ''), $5) end
    where h.id = any($1::bigint[]) and h.state = any($2::text[]) returning {COLUMNS}
"""

LEAVE = f"""
    update human_talks h set state = '{LEFT}', ended_at = $2
    where h.conversation_id = any($1::bigint[]) and h.state in ('{WAITING}', '{RINGING}') returning {COLUMNS}
"""

HOLD = """
    update conversations c set held_by = t.staff_id
    from unnest($1::bigint[], $2::int[]) as t (id, staff_id) where c.id = t.id
"""


async def join(connection: Connection, rows: Sequence[NewTalk]) -> dict[int, Joined]:
    """Put conversations, under their locks, into the queue; returns each one's place by its conversation."""
    await connection.execute(JOIN, encode_rows(rows))
    return await places(connection, [row.conversation_id for row in rows])


async def places(connection: Connection, conversation_ids: Sequence[int]) -> dict[int, Joined]:
    """The open entries of these conversations, by conversation."""
    rows = await connection.fetch(PLACES, conversation_ids)
    return {row[0]: Joined(*tuple(row)[1:]) for row in rows}


async def pace(
    connection: Connection, kind: str, now: datetime, surge_id: int | None = None
) -> Pace:
    """How fast people of this kind were taken lately: by the experts of an event, or by the centre."""
    row = await connection.fetchrow(PACE, kind, now - LATELY, surge_id)
    return Pace(*row) if row is not None else Pace(None, None)


async def open_of(connection: Connection, conversation_ids: Sequence[int]) -> dict[int, TalkRow]:
    """The open entry of each conversation that has one."""
    rows = await connection.fetch(OPEN_OF, conversation_ids)
    return {row["conversation_id"]: TalkRow(*row) for row in rows}


async def find(connection: Connection, talk_id: int) -> TalkRow | None:
    """An entry, open or over."""
    return _one(await connection.fetchrow(FIND, talk_id))


async def waiting(connection: Connection, taker: Taker, kind: str, limit: int) -> list[TalkRow]:
    """Who waits for this taker, in the order in which they are to be taken."""
    return [TalkRow(*row) for row in await connection.fetch(NEXT, *taker, kind, limit)]


async def ring_next(connection: Connection, taker: Taker, kind: str) -> TalkRow | None:
    """Reserve the next of a kind for somebody whose phone is going to ring; None when nobody waits."""
    return _one(await connection.fetchrow(RING_NEXT, *taker, kind))


async def may_take(connection: Connection, taker: Taker, talk_id: int) -> bool:
    """Whether this talk waits, or waited, for this taker."""
    return bool(await connection.fetchval(MAY_TAKE, *taker, talk_id))


async def ring(connection: Connection, talk_id: int, staff_id: int) -> TalkRow | None:
    """Reserve this one; None when it does not wait any more."""
    return _one(await connection.fetchrow(RING, talk_id, staff_id))


async def take(connection: Connection, talk_id: int, staff_id: int, at: datetime) -> TalkRow | None:
    """Take one that waits, or that rings for oneself; None when somebody has it or it is over."""
    return _one(await connection.fetchrow(TAKE, talk_id, staff_id, at))


async def put_back(connection: Connection, talk_id: int, note: str = "") -> TalkRow | None:
    """Let one wait again at its old place, which is the front; None when it was not taken any more."""
    return _one(await connection.fetchrow(PUT_BACK, talk_id, note))


async def hand_on(connection: Connection, talk_id: int, staff_id: int, note: str) -> TalkRow | None:
    """Give a taken one to a colleague; None when it is not taken any more."""
    return _one(await connection.fetchrow(HAND_ON, talk_id, staff_id, note))


async def end(
    connection: Connection,
    talk_ids: Sequence[int],
    state: str,
    at: datetime,
    *,
    note: str = "",
    of: Sequence[str] = (WAITING, RINGING, TAKEN),
) -> list[TalkRow]:
    """End those that stand in one of the states `of`; returns them."""
    rows = await connection.fetch(END, talk_ids, of, state, at, note)
    return [TalkRow(*row) for row in rows]


async def leave(
    connection: Connection, conversation_ids: Sequence[int], at: datetime
) -> list[TalkRow]:
    """Take residents out of the queue who do not want to wait; returns the entries that there were."""
    rows = await connection.fetch(LEAVE, conversation_ids, at)
    return [TalkRow(*row) for row in rows]


async def hold(connection: Connection, holds: Sequence[tuple[int, int | None]]) -> None:
    """Note who speaks in these locked conversations: (conversation id, staff id, or None for the dialog)."""
    await connection.execute(HOLD, [one[0] for one in holds], [one[1] for one in holds])


def _one(row: Record | None) -> TalkRow | None:
    return TalkRow(*row) if row is not None else None
