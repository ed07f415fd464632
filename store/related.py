"""What the store knows of a matter that is about to be submitted: the resident's own tickets of it, and others' nearby."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from store.database import Connection

MOST_OWN = 5
MOST_COUNTED = (
    100  # of those who have told one matter in one place, joined and not: a turn must not cost more
)
NEAR_METERS = 300


class Wanted(NamedTuple):
    """A matter and its place as far as it is known; codes may be empty.

    `own`: the resident's own tickets are looked for, `nearby`: those of others. `estate` is how an address
    begins that names a compound, "" when it names none.
    """

    resident_id: int
    own: bool
    nearby: bool
    topic: str
    district_code: str
    street_code: str
    community_code: str
    estate: str
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True, slots=True)
class Related:
    """An earlier ticket of the same matter: the resident's own, or the oldest of those of `residents` others.

    Of more than `MOST_COUNTED` not all are counted. `near` says why others' counts as the same place: community,
    estate or pin. `repeats`: how often an own one had been told before.
    """

    residents: int
    near: str
    id: int
    title: str
    state: str
    unit: str
    opened_at: datetime
    due_at: datetime
    closed_at: datetime | None
    last_reply: str
    round: int
    repeats: int
    address_detail: str


_COLUMNS = (
    *("id", "title", "state", "lead_unit_id", "opened_at", "due_at", "closed_at", "last_reply"),
    *("round", "repeats", "address_detail"),
)
_FOUND = ", ".join(f"t.{name}" for name in _COLUMNS)
_RANKED = ", ".join(("ranked.near", *(f"ranked.{name}" for name in _COLUMNS)))

_OPEN = "t.state in ('triage', 'dispatched', 'handling') and t.joined_to is null and t.counted"

_NEAR = f"""
    case when w.community <> '' and t.community_code = w.community then 'community'
         when w.estate <> '' and starts_with(t.address_detail, w.estate)
              and '' in (w.community, t.community_code) then 'estate'
         when 111320 * sqrt((t.latitude - w.latitude) ^ 2
              + ((t.longitude - w.longitude) * cos(radians(w.latitude))) ^ 2) <= {NEAR_METERS} then 'pin' end
"""

RELATED = f"""
    with wanted as (
        select *
        from unnest($1::bigint[], $2::bool[], $3::bool[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
                    $9::float8[], $10::float8[]) with ordinality
            as w (resident_id, own, nearby, topic, district, street, community, estate, latitude, longitude, place)
        where topic <> ''
    ), found as (
        select w.place, 0 as residents, '' as near, mine.*
        from wanted w
        cross join lateral (
            select {_FOUND} from tickets t
            where t.resident_id = w.resident_id and t.opened_at > $11 and t.topic = w.topic
              and t.state <> 'withdrawn' and not t.anonymous
              and (w.district = '' or t.district_code in ('', w.district))
              and (w.street = '' or t.street_code in ('', w.street))
              and (w.community = '' or t.community_code in ('', w.community))
            order by t.id desc limit {MOST_OWN}
        ) mine
        where w.own
        union all
        select w.place, others.*
        from wanted w
        cross join lateral (
            select (max(ranked.nth) over ())::int + (
                    select count(*) from (
                        select from tickets c
                        where c.joined_to = ranked.id and c.state <> 'withdrawn' limit {MOST_COUNTED}
                    ) few
                )::int, {_RANKED}
            from (select alike.*, dense_rank() over (order by alike.who) as nth from (
                select {_NEAR} as near, {_FOUND}, coalesce(t.resident_id, -t.id) as who from tickets t
                where t.street_code = w.street and t.topic = w.topic and t.opened_at > $12 and {_OPEN}
                  and not t.confidential and not t.anonymous and t.kind in ('request', 'complaint')
                  and t.resident_id is distinct from w.resident_id and {_NEAR} is not null
                order by t.opened_at limit {MOST_COUNTED}
            ) alike) ranked
            order by opened_at, id limit 1
        ) others
        where w.nearby and w.street <> ''
    )
    select f.place - 1, f.residents, f.near, f.id, f.title, f.state, coalesce(u.short_name, ''), f.opened_at, f.due_at,
        f.closed_at, f.last_reply, f.round, f.repeats, f.address_detail
    from found f left join units u on u.id = f.lead_unit_id
    order by f.place, f.id desc
"""


async def related(
    connection: Connection, wanted: Sequence[Wanted], own_since: datetime, nearby_since: datetime
) -> dict[int, list[Related]]:
    """Earlier tickets of each matter by its place in `wanted`, newest first; those that have none are left out."""
    rows = await connection.fetch(
        RELATED, *map(list, zip(*wanted, strict=True)), own_since, nearby_since
    )
    found: dict[int, list[Related]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(Related(*tuple(row)[1:]))
    return found
