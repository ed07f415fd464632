"""The one reader of time and chance; everything else takes them as arguments."""

import secrets
import time
import uuid
from datetime import UTC, datetime


def now() -> datetime:
    """The current moment, aware and in UTC."""
    return datetime.now(UTC)


def monotonic() -> float:
    """Seconds on a clock that never goes back; only differences mean anything."""
    return time.monotonic()


def new_id() -> str:
    """An id that no other process makes: 32 hexadecimal digits."""
    return uuid.uuid4().hex


def token(size_bytes: int = 32) -> str:
    """A secret that nobody can guess, safe in URLs and cookies."""
    return secrets.token_urlsafe(size_bytes)
