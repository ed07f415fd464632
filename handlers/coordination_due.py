"""When the time of a talk of units is over: who is silent is named, the host is told, then the level above it."""

from collections.abc import Sequence

from dialogs.words import TicketState
from handlers.case_timers import COORDINATION, Ringing, Rung, case_timer
from handlers.coordinations import name_of
from store import coordinations
from store.coordinations import Coordination, Party
from store.database import Connection
from store.tickets import EventRow
from store.unit_notices import UnitNoticeRow

_WORKED_ON = (TicketState.TRIAGE, TicketState.DISPATCHED, TicketState.HANDLING)


async def ring_coordinations(
    connection: Connection, ringing: Ringing, rungs: Sequence[Rung]
) -> None:
    """A talk is due: units that are silent are named to their superiors, the host is told; later the level above it."""
    talks = {
        one.id: one
        for one in await coordinations.by_ids(connection, [rung.id for rung in rungs])
        if one.open
    }
    parties = await coordinations.parties(connection, sorted(talks))
    for rung in rungs:
        talk = talks.get(rung.id)
        if talk is None or rung.ticket.state not in _WORKED_ON:
            continue
        silent = [one for one in parties if one.coordination_id == talk.id and not one.opinion]
        if rung.due_at <= talk.due_at:
            _name_late(ringing, rung, talk, silent)
        else:
            _tell_above(ringing, rung, talk)


def _name_late(ringing: Ringing, rung: Rung, talk: Coordination, silent: Sequence[Party]) -> None:
    ticket, now, notices = rung.ticket, ringing.now, ringing.effects.unit_notices
    names = "、".join(one.name for one in silent)
    missing = f"，还没有提意见：{names}" if names else ""
    note = f"{name_of(talk)}到期{missing}"
    ringing.effects.events.append(
        EventRow(ticket.id, now, "coordination_due", "system", None, talk.host_unit_id, note)
    )
    told = f"“{ticket.title}”：{note}，请马上决定。"
    notices.append(
        UnitNoticeRow(
            talk.host_unit_id, "head", ticket.id, "coordination_due", told, now, urgent=True
        )
    )
    above: dict[int | None, list[str]] = {}
    for one in silent:
        if one.unit_id is not None:
            above.setdefault(one.superior_id, []).append(one.name)
    for superior, late in above.items():
        told = f"“{ticket.title}”{name_of(talk)}到期没有提意见：{'、'.join(late)}"
        notices.append(UnitNoticeRow(superior, "head", ticket.id, "coordination_due", told, now))
    if talk.host_unit_id is not None:
        again = talk.due_at + ringing.world.rules.span("coordinate.above_hours")
        ringing.effects.timers.append(case_timer(ticket, COORDINATION, talk.id, again))


def _tell_above(ringing: Ringing, rung: Rung, talk: Coordination) -> None:
    ticket, now = rung.ticket, ringing.now
    note = f"{talk.host}牵头的{name_of(talk)}过期没有决定"
    ringing.effects.events.append(
        EventRow(ticket.id, now, "coordination_due", "system", None, talk.host_unit_id, note)
    )
    told = f"“{ticket.title}”：{note}，请督促。"
    ringing.effects.unit_notices.append(
        UnitNoticeRow(
            talk.above_host_id, "head", ticket.id, "coordination_due", told, now, urgent=True
        )
    )
