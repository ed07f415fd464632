"""How a ticket came to its units: the version of the catalogue that sent it, and the reason of each sending."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from store.database import Connection

VERSION = "select catalogue_version from tickets where id = $1"
# With each the version that decided then, or that whoever decided could look into.
SENDINGS = """
    select e.at, e.type, coalesce(u.short_name, '') as unit, coalesce(s.name, '') as staff, e.note, v.id, v.valid_from
    from ticket_events e left join units u on u.id = e.unit_id left join staff s on s.id = e.staff_id
    left join lateral (
        select id, valid_from from catalogue_versions
        where state = 'approved' and valid_from <= (e.at at time zone $2)::date and coalesce(approved_at, loaded_at) <= e.at
        order by valid_from desc, coalesce(approved_at, loaded_at) desc, id desc limit 1) v on true
    where e.ticket_id = $1 and e.type in ('dispatched', 'triaged', 'succeeded', 'reopened', 'joined', 'split') order by e.id
"""
_SAYS = {"succeeded": "转由{}承接", "reopened": "重新交{}办理", "split": "拆出，由{}单独办理"}


@dataclass(frozen=True, slots=True)
class Sending:
    """It was sent to a unit, or before the dispatchers (`unit` empty); `staff` empty: by the catalogue.

    `version`: that in force then, and since when.
    """

    at: datetime
    type: str
    unit: str
    staff: str
    why: str
    version: int | None
    since: date | None

    @property
    def says(self) -> str:
        """Where it went, in a few words."""
        if self.type == "joined":
            return "跟随别的工单"
        return _SAYS.get(self.type, "派给{}").format(self.unit) if self.unit else "转人工派单"


async def version_of_ticket(connection: Connection, ticket_id: int) -> int | None:
    """The version that was in force when the ticket was opened."""
    version: int | None = await connection.fetchval(VERSION, ticket_id)
    return version


async def sendings(connection: Connection, ticket_id: int, timezone: ZoneInfo) -> list[Sending]:
    """All sendings of a ticket, oldest first."""
    return [Sending(*row) for row in await connection.fetch(SENDINGS, ticket_id, timezone.key)]
