"""Login of staff: a password becomes a session; guessing is slowed down, and tells nothing."""

import asyncio
import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from store import staff
from store.database import Connection
from store.staff import Staff, StaffSession

FAILURES_ALLOWED = 5
LOCKED_FOR = timedelta(minutes=15)
SESSION_LASTS = timedelta(hours=12)
PASSWORD_LENGTH = 8
HASHER = PasswordHasher()
# Verified where a login is unknown, so that it takes as long as one that is known.
NOBODYS_HASH = (
    "$argon2id$v=19$m=65536,t=3,p=4$2X13lZ9bGfzbd12Zozx1NQ"
    "$PcJ6Klny/dVvrvnJxsiVkEsrkwaI42xRDs9NKPOlbNY"
)


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """The right password: `token` goes into the cookie and is kept nowhere."""

    staff: Staff
    token: str
    csrf: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Refused:
    """Wrong login or password, or, when `locked`, too many tries before this one.

    Show the same sentence for all: whoever guesses learns neither logins nor passwords from it. Only who knows the
    password learns that the time of the account is `over`.
    """

    locked: bool = False
    over: bool = False


async def hash_password(password: str) -> str:
    """Argon2id, in a thread: it takes some 200 ms.

    Raises:
        ValueError: the password is too short.
    """
    if len(password) < PASSWORD_LENGTH:
        raise ValueError(f"a password needs at least {PASSWORD_LENGTH} characters")
    return await asyncio.to_thread(HASHER.hash, password)


async def log_in(
    connection: Connection, login: str, password: str, *, now: datetime, token: str, csrf: str
) -> LoggedIn | Refused:
    """Check a password and begin a session; `token` and `csrf` are fresh secrets."""
    found = await staff.find_credentials(connection, login.strip(), now)
    # Counted before it is checked: else a thousand tries at once would all be looked at.
    allowed = found is not None and await staff.note_try(
        connection,
        found.staff.id,
        allowed=FAILURES_ALLOWED,
        now=now,
        locked_until=now + LOCKED_FOR,
    )
    known_hash = found.password_hash if found else NOBODYS_HASH
    right = await asyncio.to_thread(_matches, known_hash, password)
    if found is None or not allowed or not right:
        return Refused(locked=found is not None and not allowed)
    if found.is_over:
        return Refused(over=True)
    if HASHER.check_needs_rehash(known_hash):
        known_hash = await hash_password(password)
    expires_at = now + SESSION_LASTS
    async with connection.transaction():
        await staff.forget_failures(connection, found.staff.id, known_hash)
        await staff.add_session(
            connection, found.staff.id, token_hash(token), csrf, now, expires_at
        )
    return LoggedIn(found.staff, token, csrf, expires_at)


async def session_of(connection: Connection, token: str, now: datetime) -> StaffSession | None:
    """Whose request this is; None when they must log in (again)."""
    return await staff.find_session(connection, token_hash(token), now)


async def log_out(connection: Connection, token: str) -> None:
    """End a session."""
    await staff.end_session(connection, token_hash(token))


def token_hash(token: str) -> bytes:
    """What the store keeps of a token: a stolen table opens no session."""
    return hashlib.sha256(token.encode()).digest()


def _matches(password_hash: str, password: str) -> bool:
    try:
        return HASHER.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False
