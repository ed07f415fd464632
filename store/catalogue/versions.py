"""Versions of the catalogue as people change them: a draft is a whole version, edited, approved by another, or refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

import orjson

from store.database import Connection

MADE_HERE = "draft"  # the digest of what was drafted in the console

# What a draft has from the version it is made of.
_COPIED = {
    "places": "code, level, name, short_name, parent_code, kind, aliases",
    "special_areas": "area, street_code",
    "gazetteer_names": "name, kind, street_code, community_code, aliases",
    "boundaries": "code, geojson",
    "topics": "code, level1, level2, level3, keywords, weak_keywords, grade, domain, statutory_minutes,"
    " statutory_working, statute",
    "responsibilities": "topic_code, level, lead_department, assist_departments, enterprises, dual, green,"
    " valid_from, valid_to",
    "jurisdictions": "position, topic_code, place_code, area, lead_code, assist_codes, source, valid_from, valid_to",
}
COPIES = [
    f"insert into {table} (version_id, {columns}) select $1, {columns} from {table} where version_id = $2"
    for table, columns in _COPIED.items()
]
# No file has its digest: what is loaded afterwards is another version. The units that its base still has to bring are its own too.
DRAFT = f"""
    insert into catalogue_versions (valid_from, loaded_at, digest, note, state, base_id, drafted_by, units)
    values ($1, $2, '{MADE_HERE}', $3, 'draft', $4, $5, (select units from catalogue_versions where id = $4)) returning id
"""
_READ = """
    select v.id, v.valid_from, v.loaded_at, v.note, v.state, v.base_id, v.drafted_by, coalesce(d.name, '') as drafter,
        coalesce(a.name, '') as approver, v.approved_at, v.compared
    from catalogue_versions v
    left join staff d on d.id = v.drafted_by left join staff a on a.id = v.approved_by
"""
VERSIONS = _READ + " order by v.state = 'draft' desc, v.valid_from desc, v.id desc limit $1"
VERSION = _READ + " where v.id = $1"
LOCK = "select id from catalogue_versions where id = $1 for update"
SETTLE = """
    update catalogue_versions set state = $2, approved_by = $3, approved_at = $4, valid_from = $5, compared = $6::text::jsonb,
        note = $7
    where id = $1
"""
TAKE_ON = "update catalogue_versions set drafted_by = $2 where id = $1"
TOPICS = """
    select t.code, t.level1, t.level3, t.grade, t.statutory_minutes, t.statutory_working, t.statute, r.level,
        r.lead_department, r.assist_departments, r.enterprises, r.dual, r.green, r.valid_from, r.valid_to,
        t.keywords, t.weak_keywords
    from topics t join responsibilities r on r.version_id = t.version_id and r.topic_code = t.code
    where t.version_id = $1 order by t.code
"""
SET_TOPIC = """
    update topics set grade = $3, statutory_minutes = $4, statutory_working = $5, statute = $6, keywords = $7,
        weak_keywords = $8
    where version_id = $1 and code = $2
"""
SET_RESPONSIBILITY = """
    update responsibilities set level = $3, lead_department = $4, assist_departments = $5, enterprises = $6, dual = $7,
        green = $8, valid_from = $9, valid_to = $10
    where version_id = $1 and topic_code = $2
"""
ADD_JURISDICTION = """
    insert into jurisdictions
        (version_id, position, topic_code, place_code, area, lead_code, assist_codes, source, valid_from, valid_to)
    select $1, coalesce(max(position), 0) + 1, $2, $3, $4, $5, $6, $7, $8, $9
    from jurisdictions where version_id = $1
"""
REMOVE_JURISDICTION = (
    "delete from jurisdictions where version_id = $1 and position = $2 returning position"
)
PLACE = "select code from places where version_id = $1 and (code = $2 or name = $2) limit 2"
AREA = "select area from special_areas where version_id = $1 and area = $2"
TRAFFIC = """
    select topic, kind = 'praise' as praise, district_code, street_code, community_code, enterprise,
        coalesce((select a from unnest($2::text[]) a where position(a in address_detail) > 0 limit 1), '') as area,
        count(*) as tickets
    from tickets where opened_at >= $1 and joined_to is null group by 1, 2, 3, 4, 5, 6, 7
"""


@dataclass(frozen=True, slots=True)
class Version:
    """A version; `drafted_by` None: the operator loaded it. `compared`: what the comparison said when approved."""

    id: int
    valid_from: date
    loaded_at: datetime
    note: str
    state: str  # draft, approved, refused
    base_id: int | None
    drafted_by: int | None
    drafter: str
    approver: str
    approved_at: datetime | None
    compared: Mapping[str, object]  # empty where nothing was compared


@dataclass(frozen=True, slots=True)
class TopicDuty:
    """What a version says of a topic."""

    code: str
    level1: str
    name: str
    grade: str
    statutory_minutes: int | None
    statutory_working: bool
    statute: str
    level: str
    department: str
    assists: Sequence[str]
    enterprises: Sequence[str]
    dual: bool
    green: bool
    valid_from: date | None
    valid_to: date | None
    keywords: Sequence[str] = ()
    weak_keywords: Sequence[str] = ()  # these count only when nothing else hits


class JurisdictionRow(NamedTuple):
    """A special jurisdiction to be added."""

    topic_code: str
    place_code: str
    area: str
    lead_code: str
    assist_codes: list[str]
    source: str
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Traffic:
    """How many tickets of a period were about the same matter in the same place."""

    topic: str
    praise: bool
    district: str
    street: str
    community: str
    enterprise: str
    area: str
    tickets: int


@dataclass(frozen=True, slots=True)
class Settled:
    """How a draft ended: approved or refused, by whom, and what the comparison said."""

    state: str
    staff_id: int
    at: datetime
    valid_from: date
    compared: object
    note: str


async def add_draft(
    connection: Connection, base_id: int, valid_from: date, note: str, by: tuple[int, datetime]
) -> int:
    """Copy a version as a draft of somebody's; returns its id."""
    staff_id, at = by
    version: int = await connection.fetchval(DRAFT, valid_from, at, note, base_id, staff_id)
    for copy in COPIES:  # a table each
        await connection.execute(copy, version, base_id)
    return version


async def versions(connection: Connection, most: int) -> list[Version]:
    """Drafts, then the others, newest first."""
    return [Version(*row) for row in await connection.fetch(VERSIONS, most)]


async def version_of(
    connection: Connection, version_id: int, *, lock: bool = False
) -> Version | None:
    """A version, under lock if asked for."""
    if lock:
        await connection.execute(LOCK, version_id)
    row = await connection.fetchrow(VERSION, version_id)
    return Version(*row) if row is not None else None


async def topic_duties(connection: Connection, version_id: int) -> list[TopicDuty]:
    """What a version says of its topics, in the order of their codes."""
    return [TopicDuty(*row) for row in await connection.fetch(TOPICS, version_id)]


async def set_topic(connection: Connection, version_id: int, duty: TopicDuty) -> None:
    """Change what a draft says of a topic; its names stay."""
    await connection.execute(
        SET_TOPIC,
        version_id,
        duty.code,
        duty.grade,
        duty.statutory_minutes,
        duty.statutory_working,
        duty.statute,
        list(duty.keywords),
        list(duty.weak_keywords),
    )
    await connection.execute(
        SET_RESPONSIBILITY,
        version_id,
        duty.code,
        duty.level,
        duty.department,
        list(duty.assists),
        list(duty.enterprises),
        duty.dual,
        duty.green,
        duty.valid_from,
        duty.valid_to,
    )


async def take_on(connection: Connection, version_id: int, staff_id: int) -> None:
    """Make a draft somebody's."""
    await connection.execute(TAKE_ON, version_id, staff_id)


async def add_jurisdiction(connection: Connection, version_id: int, row: JurisdictionRow) -> None:
    """Add it to a draft."""
    await connection.execute(ADD_JURISDICTION, version_id, *row)


async def remove_jurisdiction(connection: Connection, version_id: int, position: int) -> bool:
    """Take it out of a draft; False where there is none."""
    return await connection.fetchval(REMOVE_JURISDICTION, version_id, position) is not None


async def place_named(connection: Connection, version_id: int, typed: str) -> list[str]:
    """The codes of up to two places that are called so."""
    return [row[0] for row in await connection.fetch(PLACE, version_id, typed)]


async def has_area(connection: Connection, version_id: int, typed: str) -> bool:
    """Whether it is one of the special areas."""
    return await connection.fetchval(AREA, version_id, typed) is not None


async def settle(connection: Connection, version_id: int, settled: Settled) -> None:
    """Approve or refuse a locked draft."""
    compared = orjson.dumps(settled.compared).decode()
    await connection.execute(
        SETTLE,
        version_id,
        settled.state,
        settled.staff_id,
        settled.at,
        settled.valid_from,
        compared,
        settled.note,
    )


async def traffic(connection: Connection, since: datetime, areas: Sequence[str]) -> list[Traffic]:
    """Tickets opened since, by what dispatch decides on; those that joined another go where that one goes."""
    return [Traffic(*row) for row in await connection.fetch(TRAFFIC, since, list(areas))]
