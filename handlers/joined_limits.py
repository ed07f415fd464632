"""A limit that moves for a followed ticket moves for those that have joined it, each of whose residents is told."""

from datetime import datetime

from dialogs.words import Language, TicketState
from handlers.effects import Effects
from handlers.extend import EXTENDED
from handlers.hold import HELD, HELD_ON, REASONS, RESUMED
from handlers.notices import language_of
from handlers.plain_dates import day_in, moment_in
from handlers.world import World
from store.conversations import ConversationRow
from store.joined import Followed
from store.tickets import EventRow, LockedTicket
from store.timers import TimerRow

_HELD = frozenset({"held", "hold_prolonged"})
_GOES_ON = frozenset({"written_off", "hold_ended"})


def follow_limit(
    world: World,
    effects: Effects,
    row: ConversationRow | None,
    child: LockedTicket,
    parent: Followed,
    types: frozenset[str],
    now: datetime,
) -> tuple[str, dict[str, object]] | None:
    """Move a joined ticket's own limit along; returns what its resident is told, None for nothing.

    `types`: what has happened to the followed ticket since the last look. Whoever joins what is on hold already hears of
    it as those did who were there when it began.
    """
    if parent.hold_reason and parent.due_at != child.due_at and not types & _HELD:
        types |= {"held"}
        note = "并入的工单正在挂账"
        effects.events.append(
            EventRow(child.id, now, "held", "system", None, parent.lead_unit_id, note)
        )
    if not types & (_HELD | _GOES_ON | {"extended"}) or parent.due_at == child.due_at:
        return None
    due_at = parent.due_at if parent.hold_reason or types & _GOES_ON else None
    due_at = due_at or max(parent.due_at, child.due_at)
    effects.change(child.id, due_at=due_at)
    effects.timers.append(TimerRow("ticket", child.id, "deadline", child.conversation_id, due_at))
    language = language_of(world, row) if row is not None else world.language
    return _said(world, language, parent, types, due_at, now)


def _said(
    world: World,
    language: Language,
    parent: Followed,
    types: frozenset[str],
    due_at: datetime,
    now: datetime,
) -> tuple[str, dict[str, object]] | None:
    date = day_in(world, language, due_at, now)
    if parent.hold_reason:
        reason = world.phrases.say(language, REASONS[parent.hold_reason][1])
        return (HELD if "held" in types else HELD_ON), {"reason": reason, "date": date}
    if types & _GOES_ON:
        going_on = parent.state == TicketState.HANDLING
        return (RESUMED, {"unit": parent.unit, "date": date}) if going_on else None
    when = moment_in(world, language, due_at, now)
    return EXTENDED, {"unit": parent.unit, "when": when}
