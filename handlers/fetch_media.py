"""What came of fetching files from a provider: kept, tried again, or given up with a mark in the ticket."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from handlers.file_types import UNKNOWN
from store import media
from store.database import Connection
from store.media import ClaimedMedia, SettledMedia

BACK_OFF_SECONDS = (5, 30, 120, 600, 1800, 3600, 3 * 3600)
TRIES = len(BACK_OFF_SECONDS) + 1


def kept(one: ClaimedMedia, sha256: bytes, content_type: str, size: int) -> SettledMedia:
    """It lies here."""
    return SettledMedia(one.id, one.attempts, "kept", sha256, content_type, size)


def refused(one: ClaimedMedia, why: str) -> SettledMedia:
    """It is there, but nothing that we keep."""
    return SettledMedia(one.id, one.attempts, "refused", error=why)


def failed(one: ClaimedMedia, why: str, wait_seconds: float | None, now: datetime) -> SettledMedia:
    """It could not be had: tried again after `wait_seconds` at the least, or lost where that is None or in vain."""
    if wait_seconds is None or one.attempts >= TRIES:
        return SettledMedia(one.id, one.attempts, "lost", error=why)
    wait = max(BACK_OFF_SECONDS[one.attempts - 1], wait_seconds)
    due_at = now + timedelta(seconds=wait)
    return SettledMedia(one.id, one.attempts, "wanted", error=why, due_at=due_at)


async def note_fetched(
    connection: Connection, settled: Sequence[SettledMedia], now: datetime
) -> None:
    """Note it, and write into the tickets what will not come; what others have settled meanwhile stays."""
    ours = set(await media.settle(connection, settled))
    ended = [one for one in settled if one.id in ours and one.state in {"refused", "lost"}]
    if ended:
        await media.tell_tickets(connection, [(one.id, one.state) for one in ended], now)


def claimed_type(one: ClaimedMedia, told: str) -> str:
    """What a file is said to be: by the message it came with, else by the provider that holds it."""
    return told if one.content_type == UNKNOWN else one.content_type
