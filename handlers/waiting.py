"""What waits for somebody to decide, to answer, to come (等您处理), beside the tickets in their list."""

from dataclasses import dataclass
from datetime import datetime

from dialogs.words import Role
from handlers.decide import KINDS, decided_by
from handlers.permit_table import ACT_NAMES, PERMITS
from handlers.staff_acts import StaffAct
from handlers.unit_contacts import may_register
from store import applications, unit_contacts
from store.database import Connection
from store.waiting import waiting

_A = StaffAct
ACTS = (
    _A.DECIDE_COORDINATION,
    _A.OPINE,
    _A.REPORT_IN,
    _A.WHISTLE_OPINION,
    _A.ANSWER_SUPERVISION,
    _A.CONFIRM_MARK,
    _A.CONFIRM_ABUSE,
)


@dataclass(frozen=True, slots=True)
class Awaited:
    """One thing that is waited for: what is to be done, on which ticket, until when (None: no limit).

    `page`: where it is done that is no matter of a ticket.
    """

    what: str
    ticket_id: int
    title: str
    due_at: datetime | None
    page: str = ""


async def awaited(
    connection: Connection, unit_id: int | None, staff_id: int, roles: frozenset[Role], most: int
) -> list[Awaited]:
    """At most so many, what is due first first; `unit_id` None: at the centre."""
    acts = [str(act) for act in ACTS if roles & PERMITS[act].roles]
    found = await waiting(connection, unit_id, staff_id, acts, most)
    lines = [
        Awaited(ACT_NAMES[StaffAct(one.act)], one.ticket_id, one.title, one.due_at) for one in found
    ]
    stages = decided_by(unit_id, roles)
    for one in await applications.waiting(connection, stages, unit_id, most):
        row = one.application
        if row.staff_id != staff_id:
            what = f"裁定{KINDS[row.kind].name}申请" if row.kind != "result" else "审核办结"
            lines.append(Awaited(what, row.ticket_id, one.title, row.due_at))
    if may_register(roles):
        lines += await _unheard(connection, unit_id)
    lines.sort(key=lambda one: (one.due_at is None, one.due_at.timestamp() if one.due_at else 0))
    return lines[:most]


async def _unheard(connection: Connection, unit_id: int | None) -> list[Awaited]:
    """Contacts of one's own unit that do not hear what they are told; who runs the centre cares for its own too."""
    found = await unit_contacts.failing(connection, unit_id or unit_contacts.CENTRE)
    page = "/console/unit-contacts"
    return [Awaited("收不到单位通知", 0, one.name, None, page) for one in found]
