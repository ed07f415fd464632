"""Staff: logins, sessions, and what stops those who guess."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dialogs.words import Role
from handlers import demo
from handlers.login import (
    FAILURES_ALLOWED,
    LOCKED_FOR,
    SESSION_LASTS,
    LoggedIn,
    Refused,
    hash_password,
    log_in,
    log_out,
    session_of,
)
from store.catalogue.checks import read_folder
from store.catalogue.load import load
from store.database import Connection, Pool
from store.staff import NewStaff, add_staff
from tests.city import no_catalogue, write

NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)
RIGHT = "暖气要热起来！！"


@pytest.fixture
async def connection(pool: Pool) -> AsyncIterator[Connection]:
    """A store in which 李敏 works at the centre."""
    async with no_catalogue(pool) as connection:
        password_hash = await hash_password(RIGHT)
        roles = (Role.INTAKE, Role.DISPATCHER)
        await add_staff(connection, [NewStaff("limin", "李敏", password_hash, roles)], NOW)
        yield connection


async def attempt(
    connection: Connection, password: str, *, login: str = "limin", now: datetime = NOW
) -> LoggedIn | Refused:
    return await log_in(
        connection, login, password, now=now, token="secret-token", csrf="secret-csrf"
    )


async def add_staff_to(pool: Pool, new: NewStaff) -> None:
    async with pool.acquire() as connection:
        await add_staff(connection, [new], NOW)


async def try_over(pool: Pool, login: str) -> LoggedIn | Refused:
    async with pool.acquire() as connection:
        return await attempt(connection, "wrong-password", login=login)


async def test_the_right_password_begins_a_session(connection: Connection) -> None:
    outcome = await attempt(connection, RIGHT)
    assert isinstance(outcome, LoggedIn)
    session = await session_of(connection, outcome.token, NOW)
    assert session is not None
    assert (session.staff.name, session.csrf) == ("李敏", "secret-csrf")
    assert session.staff.roles == {Role.INTAKE, Role.DISPATCHER}
    assert session.staff.at_centre


async def test_the_token_itself_is_kept_nowhere(connection: Connection) -> None:
    await attempt(connection, RIGHT)
    kept = await connection.fetchval("select token_hash from staff_sessions")
    assert b"secret-token" not in kept


async def test_a_wrong_password_and_an_unknown_login_look_the_same(connection: Connection) -> None:
    assert await attempt(connection, "wrong-password") == Refused()
    assert await attempt(connection, RIGHT, login="nobody") == Refused()


async def test_five_wrong_passwords_lock_the_login_for_a_while(connection: Connection) -> None:
    for _ in range(FAILURES_ALLOWED):
        await attempt(connection, "wrong-password")
    assert await attempt(connection, RIGHT) == Refused(locked=True)
    assert isinstance(await attempt(connection, RIGHT, now=NOW + LOCKED_FOR), LoggedIn)


async def test_tries_at_the_same_moment_are_counted_too(pool: Pool) -> None:
    new = NewStaff("flood", "洪水", await hash_password(RIGHT), ())
    await add_staff_to(pool, new)
    outcomes = await asyncio.gather(*(try_over(pool, "flood") for _ in range(8)))
    assert outcomes.count(Refused(locked=True)) == 8 - FAILURES_ALLOWED


async def test_the_right_password_forgets_the_wrong_ones(connection: Connection) -> None:
    for _ in range(FAILURES_ALLOWED - 1):
        await attempt(connection, "wrong-password")
    await attempt(connection, RIGHT)
    await attempt(connection, "wrong-password")
    again = await log_in(connection, "limin", RIGHT, now=NOW, token="another", csrf="another")
    assert isinstance(again, LoggedIn)


async def test_a_session_ends_by_itself(connection: Connection) -> None:
    await attempt(connection, RIGHT)
    just_before = NOW + SESSION_LASTS - timedelta(seconds=1)
    assert await session_of(connection, "secret-token", just_before) is not None
    assert await session_of(connection, "secret-token", NOW + SESSION_LASTS) is None


async def test_logging_out_ends_it_at_once(connection: Connection) -> None:
    await attempt(connection, RIGHT)
    await log_out(connection, "secret-token")
    assert await session_of(connection, "secret-token", NOW) is None


async def test_who_is_dismissed_is_out_at_once(connection: Connection) -> None:
    await attempt(connection, RIGHT)
    await connection.execute("update staff set active = false")
    assert await session_of(connection, "secret-token", NOW) is None
    assert await attempt(connection, RIGHT) == Refused()


async def test_a_login_that_is_taken_stays_whose_it_is(connection: Connection) -> None:
    assert await add_staff(connection, [NewStaff("limin", "王五", "-", ())], NOW) == set()
    assert await connection.fetchval("select name from staff") == "李敏"


async def test_a_short_password_is_refused() -> None:
    with pytest.raises(ValueError, match="8 characters"):
        await hash_password("short")


async def test_demo_staff_sit_at_their_units_and_are_added_once(
    connection: Connection, tmp_path: Path
) -> None:
    await load(connection, read_folder(write(tmp_path)), NOW.date(), NOW)
    known = [one for one in demo.LOGINS if one.unit_code != "ent-heat"]  # this city has none
    assert await demo.seed(connection, NOW) == known
    assert await demo.seed(connection, NOW) == known
    outcome = await attempt(connection, demo.PASSWORD, login="tiancun")
    assert isinstance(outcome, LoggedIn)
    assert (outcome.staff.unit_code, outcome.staff.district_code) == ("110108021", "110108")


async def test_demo_staff_of_a_unit_that_is_missing_are_left_out(connection: Connection) -> None:
    usable = await demo.seed(connection, NOW)
    assert [one.login for one in usable] == [
        "centre",
        "coordinator",
        "discipline",
        "admin",
        "admin-second",
    ]
