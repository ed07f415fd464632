"""Everything that stands on a ticket's page: facts, events, shares, tries, photos, and its conversation."""

from dataclasses import dataclass
from datetime import date, datetime

from store.database import Connection
from store.transcript import Line


@dataclass(frozen=True, slots=True)
class Facts:
    """A ticket as its page shows it; what is sealed stays out, and `masked` is the resident's address."""

    id: int
    source: str
    channel: str
    conversation_id: int | None
    state: str
    round: int
    kind: str
    topic_code: str
    topic: str
    title: str
    matter: str
    wanted: str
    happened: str
    about: str
    enterprise: str
    contact_masked: str
    named: bool
    confidential: bool
    anonymous: bool
    confirmed: bool
    linked_ticket_id: int | None
    grade: str
    emergency: bool
    district_code: str
    street_code: str
    community_code: str
    address_detail: str
    latitude: float | None
    longitude: float | None
    affected: int
    since: date | None
    on_behalf: bool
    place: str
    unit: str
    why: str
    opened_at: datetime
    due_at: datetime
    resolved_at: datetime | None
    closed_at: datetime | None
    last_reply: str
    urged: int
    masked: str
    stopped: bool
    repeats: int
    joined_to: int | None


@dataclass(frozen=True, slots=True)
class Happened:
    """An event; `who` is the staff's name and `unit` the unit's, "" where there was none."""

    at: datetime
    type: str
    actor: str
    who: str
    unit: str
    note: str


@dataclass(frozen=True, slots=True)
class ShareLine:
    """A unit's share; times are None until they came."""

    round: int
    role: str
    unit: str
    state: str
    why: str
    dispatched_at: datetime
    due_at: datetime
    signed_at: datetime | None
    signed_by: str
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class Try:
    """A try to reach the resident."""

    at: datetime
    round: int
    unit: str
    who: str
    outcome: str
    note: str
    number: str  # that was dialled, masked


@dataclass(frozen=True, slots=True)
class File:
    """A photo, recording or file that came with a ticket; `state` and `error` say whether it is here.

    `purpose` is talk or message where it is a recording of a call.
    """

    id: str
    content_type: str
    size: int
    state: str
    error: str
    seconds: int
    purpose: str


@dataclass(frozen=True, slots=True)
class Window:
    """The part of a conversation that belongs to a ticket: what was said after `since`, up to `until`; None: all of it."""

    since: datetime | None
    until: datetime | None


FACTS = """
    select t.id, t.source, t.channel, t.conversation_id, t.state, t.round, t.kind, t.topic,
        coalesce(o.level3, ''), t.title, t.matter, t.wanted, t.happened, t.about, t.enterprise,
        t.contact_masked, t.contact_name is not null, t.confidential, t.anonymous, t.confirmed, t.linked_ticket_id,
        t.grade, t.emergency, t.district_code, t.street_code, t.community_code, t.address_detail,
        t.latitude, t.longitude, t.affected, t.since, t.on_behalf, concat(d.name, s.name, c.name, t.address_detail), coalesce(u.short_name, ''), t.why,
        t.opened_at, t.due_at, t.resolved_at, t.closed_at, t.last_reply, t.urged,
        coalesce(a.masked, ''), a.opted_out_at is not null or a.blocked_at is not null, t.repeats, t.joined_to
    from tickets t
    left join units u on u.id = t.lead_unit_id
    left join topics o on o.version_id = t.catalogue_version and o.code = t.topic
    left join places d on d.version_id = t.catalogue_version and d.code = t.district_code
    left join places s on s.version_id = t.catalogue_version and s.code = t.street_code
    left join places c on c.version_id = t.catalogue_version and c.code = t.community_code
    left join conversations v on v.id = t.conversation_id
    left join addresses a on a.id = v.address_id
    where t.id = $1
"""

# Reminders are events like any other, but a page would hold little else.
EVENTS = """
    select e.at, e.type, e.actor, coalesce(s.name, ''), coalesce(u.short_name, ''), e.note
    from ticket_events e left join staff s on s.id = e.staff_id left join units u on u.id = e.unit_id
    where e.ticket_id = $1 and e.type <> 'clock_warned'
      and (e.type <> 'noted' or $2::int is null or e.unit_id = $2 or e.data ? 'shared')
    order by e.id
"""

SHARES = """
    select a.round, a.role, u.short_name, a.state, a.why, a.dispatched_at, a.due_at, a.signed_at,
        coalesce(s.name, ''), a.done_at
    from assignments a join units u on u.id = a.unit_id left join staff s on s.id = a.signed_by
    where a.ticket_id = $1 order by a.id
"""

TRIES = """
    select c.at, c.round, coalesce(u.short_name, ''), s.name, c.outcome, c.note, c.number
    from contact_tries c join staff s on s.id = c.staff_id left join units u on u.id = c.unit_id
    where c.ticket_id = $1 order by c.id
"""

# A recording of a call belongs to the tickets that were opened while it ran, or from what it left half-told.
_RECORDED = """
    select t.id as ticket_id, m.id as media_id, not (t.confidential or t.anonymous) and 1 = (
            select count(*) from tickets o
            where o.conversation_id = t.conversation_id and o.opened_at >= c.began_at
              and o.opened_at <= coalesce(c.ended_at, m.created_at) + interval '1 minute'
        ) as open
    from media m
    join calls c on c.id = m.call_id
    join tickets t on t.conversation_id = m.conversation_id and t.opened_at >= c.began_at
     and (t.opened_at <= coalesce(c.ended_at, m.created_at) + interval '1 minute'
          or not t.confirmed and t.opened_at <= c.began_at + interval '25 hours')
    where m.purpose <> ''
"""

# A voice says who it is: of who is confidential a unit hears none.
_VOICES = "m.content_type ~ '^(audio|video)/'"

FILES = f"""
    select m.id, m.content_type, m.size, m.state, m.error, m.seconds, m.purpose
    from media m join (
        select media_id from ticket_media where ticket_id = $1
        union select media_id from ({_RECORDED} and t.id = $1) recorded where open or $2
    ) came on came.media_id = m.id
    where $2 or not ({_VOICES}) or not (select confidential from tickets where id = $1)
    order by m.created_at, m.id
"""

MISSING_FILES = """
    select id, state, error from media where conversation_id = $1 and state <> 'kept'
"""

TICKETS_OF_FILE = f"""
    select ticket_id from (
        select k.ticket_id from ticket_media k join tickets t on t.id = k.ticket_id join media m on m.id = k.media_id
        where k.media_id = $1 and not (t.confidential and {_VOICES})
        union select ticket_id from evidence where media_id = $1
        union select ticket_id from ({_RECORDED} and m.id = $1) recorded where open
    ) came order by ticket_id
"""

# A conversation may hold other matters of the same resident, a tip-off about this very unit among them: a unit is
# shown what led to its ticket, and what was told about it since.
WINDOW = """
    select max(b.opened_at) as since, t.opened_at as until
    from tickets t
    left join tickets b on b.conversation_id = t.conversation_id and b.id < t.id
    where t.id = $1 group by t.opened_at
"""

LINES = """
    select * from (
        (
            select i.seq, i.received_at as at, false as ours, i.said::text as body, i.key, '' as purpose, '' as state
            from inbound i
            where i.conversation_id = $1 and i.said ->> 'type' = 'said' and i.outcome <> 'silent:unit'
              and ($2::timestamptz is null or i.received_at > $2)
              and ($3::timestamptz is null or i.received_at <= $3)
            order by i.seq desc limit $5
        ) union all (
            select o.seq, o.created_at, true, o.reply::text, '', o.purpose, o.state
            from outbox o
            where o.conversation_id = $1 and o.purpose not in ('code', 'unit')
              and (o.ticket_id = $4 or (
                  ($2::timestamptz is null or o.created_at > $2)
                  and ($3::timestamptz is null or o.created_at <= $3)))
            order by o.seq desc limit $5
        )
    ) both_ways order by seq desc limit $5
"""


async def facts(connection: Connection, ticket_id: int) -> Facts | None:
    """The ticket itself, None when there is none."""
    row = await connection.fetchrow(FACTS, ticket_id)
    return Facts(*row) if row is not None else None


async def events(connection: Connection, ticket_id: int, unit_id: int | None) -> list[Happened]:
    """What happened to it, oldest first; of internal notes a unit (None: the centre) sees its own and shared ones."""
    return [Happened(*row) for row in await connection.fetch(EVENTS, ticket_id, unit_id)]


async def share_lines(connection: Connection, ticket_id: int) -> list[ShareLine]:
    """All shares, past ones included."""
    return [ShareLine(*row) for row in await connection.fetch(SHARES, ticket_id)]


async def tries(connection: Connection, ticket_id: int) -> list[Try]:
    """All tries to reach the resident."""
    return [Try(*row) for row in await connection.fetch(TRIES, ticket_id)]


async def files(connection: Connection, ticket_id: int, *, whole: bool) -> list[File]:
    """What came with it. Recordings of calls in which more was told, or in secret, are for the centre (`whole`) alone."""
    return [File(*row) for row in await connection.fetch(FILES, ticket_id, whole)]


async def missing_files(connection: Connection, conversation_id: int) -> dict[str, tuple[str, str]]:
    """State and reason of all that was sent in a conversation and is not here."""
    rows = await connection.fetch(MISSING_FILES, conversation_id)
    return {row["id"]: (row["state"], row["error"]) for row in rows}


async def tickets_of_file(connection: Connection, media_id: str) -> list[int]:
    """The tickets that a file came with."""
    return [row["ticket_id"] for row in await connection.fetch(TICKETS_OF_FILE, media_id)]


async def window(connection: Connection, ticket_id: int) -> Window:
    """The part of the conversation in which a ticket came about."""
    row = await connection.fetchrow(WINDOW, ticket_id)
    return Window(row["since"], row["until"]) if row is not None else Window(None, None)


async def lines(
    connection: Connection, conversation_id: int, ticket_id: int, shown: Window, limit: int
) -> list[tuple[Line, str]]:
    """The newest messages in a window and all told about the ticket, oldest first, with how far ours have come."""
    rows = await connection.fetch(
        LINES, conversation_id, shown.since, shown.until, ticket_id, limit
    )
    return [(Line(*tuple(row)[:6]), row["state"]) for row in reversed(rows)]
