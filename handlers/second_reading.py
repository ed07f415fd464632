"""Second readings: what the rules left open is written down for a language model, and its answer comes in later.

The turn waits for nothing: it leaves a row. The answer enters as an event of the conversation while nothing was said
since; later than that it is only kept, for staff to see at the ticket.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

import msgspec

from dialogs.requests import SecondReading
from dialogs.understanding.personal import masked
from dialogs.words import Kind
from handlers.converse import converse
from handlers.effects import Effects
from handlers.visit import visit
from handlers.world import World
from store import conversations, second_readings
from store.database import Connection
from store.second_readings import ClaimedReading, SettledReading
from store.ticket_page import Facts, Happened

Code = Annotated[str, msgspec.Meta(max_length=32)]
Words = Annotated[str, msgspec.Meta(max_length=40, pattern=r"^[^\x00-\x1f\x7f]*$")]


class Reading(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a model answers, all fields and no other. It is looked at with suspicion wherever it goes."""

    kind: Kind
    topic: Code  # one of the codes it was given, or empty
    district: Words  # names, as far as the words hold them
    street: Words
    title: Words
    emergency: bool  # staff are told; nothing is ever raised or lowered by it


@dataclass(frozen=True, slots=True)
class Answered:
    """A message with what came of it; None: nothing that can be used."""

    message: ClaimedReading
    reading: Reading | None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What staff are shown at a ticket; `taken`: the ticket's own topic came from the model, and wants a look.

    `topic` is empty where there is nothing to take over, and only `danger` to be told of.
    """

    topic: str
    name: str
    danger: bool
    taken: bool


def arrive_event(answered: Answered) -> SecondReading:
    """The answer as the dialog hears it."""
    reading = answered.reading
    prompt = answered.message.prompt
    if reading is None:
        return SecondReading(prompt)
    return SecondReading(prompt, reading.topic, reading.district + reading.street, reading.title)


async def arrive(
    connection: Connection, world: World, answers: Sequence[Answered], now: datetime
) -> list[SettledReading]:
    """Bring answers to their conversations in the caller's transaction; returns what became of each.

    One that comes after another message is late: it changes nothing, and is kept for staff.
    """
    useful = [one for one in answers if one.reading is not None]
    ids = sorted({one.message.conversation_id for one in useful})
    rows = {row.id: row for row in await conversations.lock_by_id(connection, ids)}
    fresh = {
        row.id: one
        for one in useful
        if (row := rows.get(one.message.conversation_id)) and row.seq == one.message.seq
    }
    visits = {id_: visit(world, rows[id_], arrive_event(one)) for id_, one in fresh.items()}
    effects = Effects()
    await converse(connection, world, effects, list(visits.values()), now)
    await effects.write(connection, now)
    taken = {fresh[id_].message.id for id_, one in visits.items() if one.session != one.before}
    in_time = {one.message.id for one in fresh.values()}
    settled = [_settled(one, in_time, taken) for one in answers]
    await second_readings.settle(connection, settled, now)
    return settled


def _settled(answered: Answered, in_time: set[int], taken: set[int]) -> SettledReading:
    message, reading = answered.message, answered.reading
    if reading is None:
        return SettledReading(message.id, "failed")
    result = msgspec.json.encode(reading).decode()
    state = "read" if message.id in in_time else "late"
    return SettledReading(message.id, state, message.id in taken, result)


async def suggestion(
    connection: Connection, world: World, facts: Facts, events: Sequence[Happened]
) -> Suggestion | None:
    """What the model makes of a ticket's matter, unless staff have said themselves what it is."""
    if facts.conversation_id is None or any(event.type == "retopiced" for event in events):
        return None
    until, matter = facts.opened_at, masked(facts.matter)
    for kept in await second_readings.of_conversation(connection, facts.conversation_id, until):
        if kept.text in matter:
            reading = msgspec.json.decode(kept.result, type=Reading)
            return _suggested(world, facts, reading, taken=kept.taken)
    return None


def _suggested(world: World, facts: Facts, reading: Reading, *, taken: bool) -> Suggestion | None:
    topic = world.city.reader.topic(reading.topic)
    danger = reading.emergency and not facts.emergency
    if topic is not None and (taken or topic.code != facts.topic_code):
        from_model = taken and topic.code == facts.topic_code
        return Suggestion(topic.code, topic.level3, danger, from_model)
    return Suggestion("", "", danger, taken=False) if danger else None
