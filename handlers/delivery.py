"""How far a message has come: parts one by one, only forward; what is given up becomes a human task.

part: p pending -> s sent -> d delivered, or f failed
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import orjson

from channels.base import DeliveryReport
from dialogs.words import Delivery
from handlers.message_timer import look_elsewhere
from store import conversations, fall_back, human_tasks, outbox, timers
from store.database import Connection
from store.human_tasks import TaskRow
from store.outbox import Standing, StandingUpdate
from store.statements import encode_rows

ATTEMPTS = 8
BACK_OFF_SECONDS = (5, 15, 60, 300, 900, 1800, 3600)
SETTLED = (Delivery.FAILED, Delivery.CANCELLED)
PAST = "!"  # stands before the provider's id of a try that a later one has replaced
_RANK = {"p": 0, "s": 1, "f": 2, "d": 3}
_LETTER = {Delivery.SENT: "s", Delivery.DELIVERED: "d", Delivery.FAILED: "f"}


@dataclass(frozen=True, slots=True)
class Tried:
    """What a sender did with a row it had claimed. `retry_at` is set when it is to be tried again.

    `part_states` and `provider_ids` hold what was sent; `doubtful` counts parts that may have gone twice.
    """

    conversation_id: int
    seq: int
    lease: str
    part_states: str
    provider_ids: tuple[str, ...]
    error: str = ""
    retry_at: datetime | None = None
    blocked: bool = False
    cancelled: bool = False
    doubtful: int = 0
    ask_first: bool = (
        False  # the first open part may have been taken: the next try asks the provider
    )
    textless: bool = False  # the number takes no texts


@dataclass(frozen=True, slots=True)
class Unreachable:
    """Addresses that want nothing from us any more, and those that take no texts."""

    blocked: set[int] = field(default_factory=set)
    textless: set[int] = field(default_factory=set)


def forward(old: str, new: str) -> str:
    """Merge two views of a message's parts: each part keeps the state that is further on."""
    return "".join(max(a, b, key=_RANK.__getitem__) for a, b in zip(old, new, strict=True))


def state_of(part_states: str, open_state: Delivery) -> Delivery:
    """The message's state by its parts; `open_state` while some are not sent yet."""
    if "f" in part_states:
        return Delivery.FAILED
    if "p" in part_states:
        return open_state
    return Delivery.DELIVERED if set(part_states) <= {"d"} else Delivery.SENT


def back_off(attempts: int, asked_seconds: float | None) -> timedelta | None:
    """How long to wait before the next try; None when there is none. A provider's own wish counts as the least."""
    if asked_seconds is None or attempts >= ATTEMPTS:
        return None
    ours = BACK_OFF_SECONDS[min(attempts, len(BACK_OFF_SECONDS)) - 1]
    return timedelta(seconds=max(ours, asked_seconds))


async def apply_reports(
    connection: Connection, reports: Sequence[DeliveryReport], now: datetime
) -> int:
    """Apply what providers say, in one go; returns how many reports changed nothing (repeats, late ones)."""
    keys = {(r.reference.conversation_id, r.reference.seq) for r in reports}
    rows = await outbox.lock(connection, sorted(keys))
    before = dict(rows)
    idle = 0
    for report in reports:
        key = (report.reference.conversation_id, report.reference.seq)
        row = rows.get(key)
        changed = row and _reported(row, report, now)
        if changed is None or changed == row:
            idle += 1
        else:
            rows[key] = changed
    known = [
        (r, rows[r.reference.conversation_id, r.reference.seq].address_id)
        for r in reports
        if (r.reference.conversation_id, r.reference.seq) in rows
    ]
    blocked = {address_id for report, address_id in known if report.blocked}
    textless = {address_id for report, address_id in known if report.textless}
    await _write(connection, before, rows, Unreachable(blocked, textless), now)
    return idle


def _reported(row: Standing, report: DeliveryReport, now: datetime) -> Standing | None:
    part = report.reference.part
    letter = _LETTER.get(report.delivery)
    if letter is None or part >= len(row.part_states) or row.state == Delivery.CANCELLED:
        return None
    if letter != "d" and f"{PAST}{report.provider_id}" in orjson.loads(row.provider_ids):
        return None  # it speaks of an earlier try
    wait = back_off(max(row.attempts, 1), report.retry_seconds) if letter == "f" else None
    if wait is not None and row.part_states[part] != "d" and row.state not in SETTLED:
        return _tried_again(row, report, now + wait)
    claim = row.part_states[:part] + letter + row.part_states[part + 1 :]
    states = forward(row.part_states, claim)
    state = state_of(states, Delivery(row.state))
    if row.state == Delivery.FAILED and state != Delivery.DELIVERED:
        state = Delivery.FAILED
    out = state in (Delivery.SENT, Delivery.DELIVERED, Delivery.FAILED)
    return replace(
        row,
        part_states=states,
        state=state,
        lease=None if out else row.lease,
        sent_at=row.sent_at or (now if out else None),
        error=report.error or row.error,
    )


def _tried_again(row: Standing, report: DeliveryReport, at: datetime) -> Standing:
    """It was taken and not brought, but may be later: the part is sent once more, and the earlier try is past."""
    part = report.reference.part
    ids = [
        PAST + one if one == report.provider_id else one for one in orjson.loads(row.provider_ids)
    ]
    if report.provider_id and PAST + report.provider_id not in ids:
        ids.append(PAST + report.provider_id)
    return replace(
        row,
        part_states=row.part_states[:part] + "p" + row.part_states[part + 1 :],
        provider_ids=orjson.dumps(ids).decode(),
        state=Delivery.PENDING,
        lease=None,
        sent_at=None,
        error=report.error,
        due_at=at,
    )


async def finish(connection: Connection, tries: Sequence[Tried], now: datetime) -> None:
    """Write what a sender did, where the lease is still its own; reports that came meanwhile are kept."""
    rows = await outbox.lock(connection, [(t.conversation_id, t.seq) for t in tries])
    before = dict(rows)
    gone = Unreachable()
    for tried in tries:
        key = (tried.conversation_id, tried.seq)
        row = rows.get(key)
        if row is None:
            continue
        if tried.blocked:
            gone.blocked.add(row.address_id)
        if tried.textless:
            gone.textless.add(row.address_id)
        rows[key] = _tried(row, tried, now)
    await _write(connection, before, rows, gone, now)


def _tried(row: Standing, tried: Tried, now: datetime) -> Standing:
    states = forward(row.part_states, tried.part_states)
    doubtful = row.doubtful + tried.doubtful
    known = orjson.loads(row.provider_ids)
    if row.lease != tried.lease and any(PAST + one in known for one in tried.provider_ids):
        return replace(row, doubtful=doubtful)  # reported as lost by now: another try is due
    if row.lease != tried.lease:  # taken over, or a report has settled it: only add what we know
        return replace(row, part_states=states, doubtful=doubtful)
    state = state_of(states, Delivery.PENDING)
    if state is Delivery.PENDING and tried.ask_first and tried.retry_at is not None:
        state = Delivery.SENDING  # without a lease: whoever takes it next asks before sending
    elif state is Delivery.PENDING and tried.retry_at is None:
        state = Delivery.CANCELLED if tried.cancelled else Delivery.FAILED
    return replace(
        row,
        state=state,
        part_states=states,
        provider_ids=orjson.dumps(tried.provider_ids).decode(),
        lease=None,
        sent_at=row.sent_at or (None if "p" in states and tried.retry_at else now),
        error=tried.error,
        doubtful=doubtful,
        due_at=tried.retry_at or row.due_at,
    )


async def _write(
    connection: Connection,
    before: dict[tuple[int, int], Standing],
    after: dict[tuple[int, int], Standing],
    gone: Unreachable,
    now: datetime,
) -> None:
    changed = [row for key, row in after.items() if row != before[key]]
    updates = [
        StandingUpdate(*(getattr(row, f) for f in StandingUpdate._fields)) for row in changed
    ]
    await outbox.update(connection, updates)
    if gone.blocked:
        await conversations.block(connection, sorted(gone.blocked), now)
    if gone.textless:
        await fall_back.set_textless(connection, sorted(gone.textless), now)
    arrived = [
        (row.conversation_id, row.seq)
        for row in changed
        if row.state == Delivery.DELIVERED
        and before[row.conversation_id, row.seq].state == Delivery.FAILED
    ]
    if arrived:
        await fall_back.recall(connection, arrived)
    await _look_elsewhere(
        connection,
        [
            row
            for row in changed
            if row.state in SETTLED and before[row.conversation_id, row.seq].state not in SETTLED
        ],
        now,
    )


async def _look_elsewhere(connection: Connection, ended: Sequence[Standing], now: datetime) -> None:
    """What did not arrive goes another way, if there may be one; what has failed and has none is a person's."""
    if not ended:
        return
    keys = [(row.conversation_id, row.seq) for row in ended]
    others = await fall_back.with_others(connection, keys)
    if others:
        armed = [look_elsewhere(key, now) for key in keys if key in others]
        await connection.execute(timers.ARM, encode_rows(timers.in_order(armed)))
    given_up = [
        TaskRow("undelivered", row.conversation_id, row.ticket_id, row.error, now)
        for row in ended
        if row.state == Delivery.FAILED and (row.conversation_id, row.seq) not in others
    ]
    await human_tasks.insert(connection, given_up)
