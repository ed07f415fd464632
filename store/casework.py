"""What staff acts read and write besides the ticket itself: claims, shares in a ticket, corrections, views."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from store.database import Connection

CLAIM = """
    insert into acts (key, staff_id, at) values ($1, $2, $3) on conflict (key) do nothing returning key
"""

RESULT_OF = "select result from acts where key = $1 and staff_id = $2"

SET_RESULT = "update acts set result = $2 where key = $1"

# A joined ticket is in the hands of those who have the one it follows; one that was withdrawn is in nobody's.
SHARES = """
    select a.unit_id, u.short_name, u.parent_id, a.role,
        case when t.state = 'withdrawn' and t.joined_to is not null and a.state <> 'returned' then 'ended'
             else a.state end
    from tickets t
    join assignments a on a.ticket_id = coalesce(t.joined_to, t.id)
    join units u on u.id = a.unit_id
    where t.id = $1 order by a.id
"""

CORRECT = """
    update tickets set
        grade = coalesce($2, grade),
        district_code = coalesce($3, district_code), street_code = coalesce($4, street_code),
        community_code = coalesce($5, community_code), address_detail = coalesce($6, address_detail),
        why = $7
    where id = $1
"""

RETOPIC = """
    update tickets k set kind = coalesce($2, k.kind), topic = coalesce($3, k.topic),
        confidential = k.confidential or (coalesce($2, k.kind) = 'tip_off' and not k.anonymous)
    from (select id, kind, topic from tickets where id = $1) as old
    where k.id = old.id
    returning old.kind, old.topic
"""

SURVEY_OF_ROUND = "select id, state from surveys where ticket_id = $1 and round = $2"

LEADING = """
    select a.dispatched_at,
        exists (select from contact_tries c
                where c.ticket_id = a.ticket_id and c.unit_id = a.unit_id and c.at >= a.dispatched_at)
        or exists (select from ticket_events e
                   where e.ticket_id = a.ticket_id and e.at >= a.dispatched_at and e.unit_id = a.unit_id
                     and e.type in ('replied', 'chatted', 'talked'))
    from assignments a where a.ticket_id = $1 and a.role = 'lead' and a.state in ('open', 'signed')
"""

PLACE = (
    "select district_code, street_code, community_code, address_detail from tickets where id = $1"
)

CONTACT = """
    select t.confidential, t.contact_name, t.contact, c.channel, a.sealed
    from tickets t
    left join conversations c on c.id = t.conversation_id
    left join addresses a on a.id = c.address_id
    where t.id = $1
"""

NOTE_VIEW = """
    insert into contact_views (staff_id, ticket_id, human_task_id, at, purpose) values ($1, $2, $3, $4, $5)
"""

CONTACT_OF_TASK = """
    select false, null::bytea, null::bytea, c.channel, a.sealed
    from human_tasks h join conversations c on c.id = h.conversation_id join addresses a on a.id = c.address_id
    where h.id = $1
"""


@dataclass(frozen=True, slots=True)
class Share:
    """A unit's part in a ticket, past or running; `superior_id` is the district it belongs to."""

    unit_id: int
    unit: str
    superior_id: int | None
    role: str
    state: str

    @property
    def running(self) -> bool:
        """Whether work is still expected."""
        return self.state in ("open", "signed")


class Correction(NamedTuple):
    """What the centre puts right while dispatching; None leaves a column as it is."""

    grade: str | None = None
    district_code: str | None = None
    street_code: str | None = None
    community_code: str | None = None
    address_detail: str | None = None


class Leading(NamedTuple):
    """Since when the lead has a ticket, and whether it has tried to reach the resident or has replied since."""

    since: datetime
    tried: bool


class PlaceCodes(NamedTuple):
    """Where a ticket is, as codes of the catalogue."""

    district: str
    street: str
    community: str
    detail: str


class Sorted(NamedTuple):
    """What a ticket counts as."""

    kind: str
    topic: str


@dataclass(frozen=True, slots=True)
class SealedContact:
    """How a ticket's resident can be reached, sealed; `channel` is None where nobody left an address."""

    confidential: bool
    contact_name: bytes | None
    contact: bytes | None
    channel: str | None
    address: bytes | None


async def claim(connection: Connection, key: str, staff_id: int | None, at: datetime) -> str | None:
    """Claim a form's key (or a job's of no staff) in the running transaction; None when it is new, else the first result.

    Waits for another transaction that is claiming the same key just now.
    """
    if await connection.fetchval(CLAIM, key, staff_id, at):
        return None
    return await connection.fetchval(RESULT_OF, key, staff_id) or ""


async def set_result(connection: Connection, key: str, result: str) -> None:
    """Keep what a repeated form is told."""
    await connection.execute(SET_RESULT, key, result)


async def shares(connection: Connection, ticket_id: int) -> tuple[Share, ...]:
    """All shares that units have or had in a ticket, oldest first; for a joined one those of the ticket it follows."""
    return tuple(Share(*row) for row in await connection.fetch(SHARES, ticket_id))


async def correct(connection: Connection, ticket_id: int, correction: Correction, why: str) -> None:
    """Put a locked ticket right; `why` is the reason it goes where it goes now."""
    await connection.execute(CORRECT, ticket_id, *correction, why)


async def retopic(
    connection: Connection, ticket_id: int, kind: str | None, topic: str | None
) -> Sorted:
    """Change what a locked ticket counts as, where not None; returns what it counted as before."""
    row = await connection.fetchrow(RETOPIC, ticket_id, kind, topic)
    return Sorted(*row) if row is not None else Sorted("", "")


async def leading(connection: Connection, ticket_id: int) -> Leading | None:
    """How long the present lead has had a ticket, None where nobody leads."""
    row = await connection.fetchrow(LEADING, ticket_id)
    return Leading(*row) if row is not None else None


async def place_of(connection: Connection, ticket_id: int) -> PlaceCodes:
    """Where a ticket is."""
    row = await connection.fetchrow(PLACE, ticket_id)
    return PlaceCodes(*row) if row is not None else PlaceCodes("", "", "", "")


async def survey_of_round(
    connection: Connection, ticket_id: int, round_number: int
) -> tuple[int, str] | None:
    """The id and state of a round's survey, None when it has none."""
    row = await connection.fetchrow(SURVEY_OF_ROUND, ticket_id, round_number)
    return (row[0], row[1]) if row is not None else None


async def sealed_contact(connection: Connection, ticket_id: int) -> SealedContact | None:
    """The sealed contact of a ticket, None when there is no such ticket."""
    row = await connection.fetchrow(CONTACT, ticket_id)
    return SealedContact(*row) if row is not None else None


async def sealed_contact_of_task(connection: Connection, task_id: int) -> SealedContact | None:
    """The sealed address that a human task is about, None when there is none."""
    row = await connection.fetchrow(CONTACT_OF_TASK, task_id)
    return SealedContact(*row) if row is not None else None


class View(NamedTuple):
    """A look at a resident's contact, at a ticket or at a human task."""

    staff_id: int
    ticket_id: int | None
    human_task_id: int | None
    at: datetime
    purpose: str


async def note_view(connection: Connection, view: View) -> None:
    """Log who was shown a resident's contact, and why."""
    await connection.execute(NOTE_VIEW, *view)


def running(all_shares: Sequence[Share], role: str = "") -> list[Share]:
    """Those that work is still expected of, of one role or of both."""
    return [share for share in all_shares if share.running and role in ("", share.role)]
