"""A ticket whose unit applies for something, and those above who decide, for tests of what may be applied for."""

from datetime import datetime

from dialogs.ticket_number import format_number
from handlers.decide import Deciding, decide
from handlers.join import join
from handlers.sign import sign
from handlers.staff_acts import StaffAct
from tests.office import Office, act

CLUTTER = "海淀区田村路街道阜石路第一社区5号楼楼道堆物"  # a street's, of grade III: seven days


async def handling(office: Office, matter: str = CLUTTER) -> int:
    """A ticket of grade III that a street has signed for: seven days."""
    ticket = await office.open(matter)
    await act(office, sign, "tiancun", ticket)
    return ticket


async def judge(
    office: Office, ticket: int, *, upheld: bool = True, login: str = "superior"
) -> None:
    """Let the district decide what is open."""
    found = await office.value(
        "select id from applications where ticket_id = $1 and state = 'open'", ticket
    )
    screened = StaffAct.SCREEN if login in ("superior", "district", "other") else StaffAct.DECIDE
    note = "" if upheld else "理由不足"
    await act(office, decide, login, ticket, Deciding(screened, found, upheld, note))


async def due(office: Office, ticket: int) -> datetime:
    found: datetime = (await office.ticket(ticket))["due_at"]
    return found


async def told(office: Office, event: str) -> list[tuple[str | None, str]]:
    rows = await office.rows(
        "select u.code, n.audience from unit_notices n left join units u on u.id = n.unit_id"
        " where n.event = $1 order by n.id",
        event,
    )
    return [(row["code"], row["audience"]) for row in rows]


async def joined(office: Office, ticket: int) -> int:
    """Somebody else's, which goes with it."""
    follows = await office.open(CLUTTER, phone="+8613800138002")
    await act(office, join, "centre", follows, format_number(ticket))
    await office.ring()
    return follows
