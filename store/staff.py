"""Staff (工作人员) and their sessions; a session is found by the hash of its token only."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from asyncpg import Record

from dialogs.words import Role
from store.database import Connection

ADD = """
insert into staff (login, name, password_hash, roles, unit_id, created_at)
select login, name, password_hash, string_to_array(roles, '|'), unit_id, $6
from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::int[])
    as given (login, name, password_hash, roles, unit_id)
on conflict (login) do nothing
returning login
"""
COLUMNS = """
s.id, s.login, s.name, s.roles, s.unit_id, coalesce(u.code, '') as unit_code,
coalesce(u.name, '') as unit_name, coalesce(u.district_code, '') as district_code
"""
FIND_BY_LOGIN = f"""
select {COLUMNS}, s.password_hash, coalesce(not s.active or s.valid_until <= $2, false) as is_over
from staff s left join units u on u.id = s.unit_id
where s.login = $1 and (s.active or s.surge_id is not null)
"""
FIND_SESSION = f"""
select {COLUMNS}, n.csrf, n.expires_at, exists (
    select from open_lines o where s.id = any(o.leader_ids) and o.begins_at <= $2 and o.ends_at > $2
) as listens, exists (
    select from surges g where g.ended_at is null and s.id = any(g.expert_ids)
) or exists (
    select from human_talks h where h.staff_id = s.id and h.state in ('ringing', 'taken') and h.surge_id is not null
) as is_expert
from staff_sessions n join staff s on s.id = n.staff_id left join units u on u.id = s.unit_id
where n.token_hash = $1 and n.expires_at > $2 and s.active and (s.valid_until is null or s.valid_until > $2)
"""
TAKEN = "select login from staff where login = any($1::text[])"
NOTE_TRY = """
update staff set
    failed_logins = case when failed_logins + 1 >= $2 then 0 else failed_logins + 1 end,
    locked_until = case when failed_logins + 1 >= $2 then $4::timestamptz end
where id = $1 and (locked_until is null or locked_until <= $3)
returning id
"""
FORGET_FAILURES = """
update staff set failed_logins = 0, locked_until = null, password_hash = $2 where id = $1
"""
ADD_SESSION = """
insert into staff_sessions (token_hash, staff_id, csrf, created_at, expires_at)
values ($1, $2, $3, $4, $5)
"""
END_SESSION = "delete from staff_sessions where token_hash = $1"
END_EXPIRED = "delete from staff_sessions where expires_at <= $1"


@dataclass(frozen=True, slots=True)
class NewStaff:
    """A member of staff to be added; without a unit they work at the centre (热线中心)."""

    login: str
    name: str
    password_hash: str
    roles: tuple[Role, ...]
    unit_id: int | None = None


@dataclass(frozen=True, slots=True)
class Staff:
    """A member of staff; `unit_id` is None at the centre, and the texts of the unit are empty."""

    id: int
    login: str
    name: str
    roles: frozenset[Role]
    unit_id: int | None
    unit_code: str
    unit_name: str
    district_code: str

    @property
    def at_centre(self) -> bool:
        """Whether they see every unit's tickets."""
        return self.unit_id is None


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a login is checked against. `is_over`: it was an account for a time, whose time has ended."""

    staff: Staff
    password_hash: str
    is_over: bool


@dataclass(frozen=True, slots=True)
class StaffSession:
    """A running session; every form that changes something carries its `csrf`."""

    staff: Staff
    csrf: str
    expires_at: datetime


async def add_staff(
    connection: Connection, new: Sequence[NewStaff], created_at: datetime
) -> set[str]:
    """The logins that were added; one that is taken stays whose it is."""
    rows = await connection.fetch(
        ADD,
        [one.login for one in new],
        [one.name for one in new],
        [one.password_hash for one in new],
        ["|".join(one.roles) for one in new],
        [one.unit_id for one in new],
        created_at,
    )
    return {row["login"] for row in rows}


async def taken_logins(connection: Connection, logins: Sequence[str]) -> set[str]:
    """Those of `logins` that somebody has."""
    return {row["login"] for row in await connection.fetch(TAKEN, list(logins))}


async def find_credentials(connection: Connection, login: str, now: datetime) -> Credentials | None:
    """Whom a login belongs to; None when nobody has it who is active, or was for a time."""
    row = await connection.fetchrow(FIND_BY_LOGIN, login, now)
    if row is None:
        return None
    return Credentials(_staff(row), row["password_hash"], row["is_over"])


async def note_try(
    connection: Connection, staff_id: int, *, allowed: int, now: datetime, locked_until: datetime
) -> bool:
    """Count a try before its password is looked at; False when the login is locked.

    The try that makes `allowed` locks the login, unless `forget_failures` follows.
    """
    noted = await connection.fetchval(NOTE_TRY, staff_id, allowed, now, locked_until)
    return noted is not None


async def forget_failures(connection: Connection, staff_id: int, password_hash: str) -> None:
    """Note a right password, kept by the hash that is now in use."""
    await connection.execute(FORGET_FAILURES, staff_id, password_hash)


async def add_session(
    connection: Connection,
    staff_id: int,
    token_hash: bytes,
    csrf: str,
    created_at: datetime,
    expires_at: datetime,
) -> None:
    """Begin a session and clear away those that have expired."""
    await connection.execute(END_EXPIRED, created_at)
    await connection.execute(ADD_SESSION, token_hash, staff_id, csrf, created_at, expires_at)


async def find_session(
    connection: Connection, token_hash: bytes, now: datetime
) -> StaffSession | None:
    """The session of a token, unless it has expired or its owner was dismissed.

    Leaders take callers while their open-line day is on, whatever they are besides.
    """
    row = await connection.fetchrow(FIND_SESSION, token_hash, now)
    if row is None:
        return None
    staff = _staff(row)
    if row["listens"]:
        staff = replace(staff, roles=staff.roles | {Role.LISTENER})
    if row["is_expert"]:  # with the talk that they have they go on when the event is over
        staff = replace(staff, roles=staff.roles | {Role.EXPERT})
    return StaffSession(staff, row["csrf"], row["expires_at"])


async def end_session(connection: Connection, token_hash: bytes) -> None:
    """Log out; harmless when the session is gone."""
    await connection.execute(END_SESSION, token_hash)


def _staff(row: Record) -> Staff:
    return Staff(
        id=row["id"],
        login=row["login"],
        name=row["name"],
        roles=frozenset(map(Role, row["roles"])),
        unit_id=row["unit_id"],
        unit_code=row["unit_code"],
        unit_name=row["unit_name"],
        district_code=row["district_code"],
    )


DELETE_EXPIRED = "delete from staff_sessions where expires_at <= $1"


async def delete_expired(connection: Connection, now: datetime) -> None:
    """Take away the sessions that have ended by themselves."""
    await connection.execute(DELETE_EXPIRED, now)
