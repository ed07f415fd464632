"""What a turn leaves for a second reading: the words that the rules could not settle, masked."""

from datetime import datetime

from dialogs.intake.second_reading import LeftOpen, left_open
from dialogs.understanding.personal import masked
from handlers.visit import Visit
from handlers.world import World
from store.second_readings import ReadingRow


def to_be_read(world: World, visit: Visit, seq: int, now: datetime) -> ReadingRow | None:
    """The row for a second reading of what was said in this turn, None where there is nothing to read.

    `seq` is that of the conversation's last message after the turn. What raises an alert is for people alone.
    """
    if not world.reads_twice or visit.inbound is None or not visit.inbound.said.text:
        return None
    found = left_open(visit.session)
    if found is None or _same(found, left_open(visit.before)):
        return None
    if world.city.reader.understand(found.text).alert is not None:
        return None
    text, place = masked(found.text), masked(found.place)
    topics = "{" + ",".join(found.topics) + "}"
    return ReadingRow(visit.row.id, seq, found.prompt, text, place, topics, now)


def _same(found: LeftOpen, before: LeftOpen | None) -> bool:
    return before is not None and (found.text, found.place) == (before.text, before.place)
