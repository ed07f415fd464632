"""The drain of files: claim under a lease, fetch from the provider, keep, note what came of it. Many may run at once.

A file lies under its own hash before its row says so: whoever dies in between leaves a lease that ends, and the next
one finds the same content at the same place.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from channels.base import Channel, Fetched, SendError
from gateway import clock
from gateway.bootstrap import Core
from gateway.metrics import Metrics
from handlers.fetch_media import claimed_type, failed, kept, note_fetched, refused
from handlers.file_types import tidied
from handlers.keep_media import LARGEST_BYTES, MEGABYTE, Checked, MediaError, TooLargeError
from handlers.world import World
from store import media
from store.database import Pool, transaction
from store.media import ClaimedMedia, SettledMedia
from store.media_files import DiskFullError, MediaFolder, MediaStore

log = structlog.get_logger()

AT_ONCE = 4  # files under way in one process
SECONDS = 120.0  # in all, for one file
LEASE = timedelta(seconds=2 * SECONDS)
FULL_DISK_SECONDS = 600.0
SLOW_SECONDS = 60.0
_TROUBLES: Mapping[type[Exception], tuple[str, float]] = {
    TimeoutError: ("slow", SLOW_SECONDS),
    DiskFullError: ("disk full", FULL_DISK_SECONDS),
}


@dataclass(frozen=True, slots=True)
class FetchRules:
    """How large a file may be, and whether the provider's copy goes when ours is safe."""

    largest_bytes: int = LARGEST_BYTES
    delete_at_provider: bool = False
    seconds: float = SECONDS


class Fetcher:
    """Fetches what is wanted."""

    def __init__(
        self,
        pool: Pool,
        world: World,
        files: MediaStore,
        counted: Callable[[str], None],
        rules: FetchRules = FetchRules(),
        now: Callable[[], datetime] = clock.now,
    ) -> None:
        """`counted(state)` is told of every try: kept, wanted (again), refused, lost."""
        self._pool = pool
        self._world = world
        self._files = files
        self._counted = counted
        self._rules = rules
        self._now = now

    async def drain(self) -> int:
        """Fetch until nothing is due; returns how many files were tried."""
        count = 0
        while claimed := await self._claim():
            settled = await asyncio.gather(*map(self._try, claimed))
            async with transaction(self._pool) as connection:
                await note_fetched(connection, settled, self._now())
            for one in settled:
                self._counted(one.state)
            await self._discard(claimed, settled)
            count += len(claimed)
        return count

    async def _claim(self) -> list[ClaimedMedia]:
        async with transaction(self._pool) as connection:
            return await media.claim(connection, self._now(), LEASE, AT_ONCE)

    async def _try(self, one: ClaimedMedia) -> SettledMedia:
        try:
            async with asyncio.timeout(self._rules.seconds):
                return await self._fetch(one)
        except MediaError as error:
            return refused(one, error.why)
        except SendError as error:
            log.warning("fetch_failed", media=one.id[:8], reason=error.reason)
            return failed(one, error.reason, error.retry_seconds, self._now())
        except Exception as error:
            if not isinstance(error, tuple(_TROUBLES)):
                log.exception("fetch_broke", media=one.id[:8])
            why, wait_seconds = _TROUBLES.get(type(error), ("broke", SLOW_SECONDS))
            return failed(one, why, wait_seconds, self._now())

    async def _fetch(self, one: ClaimedMedia) -> SettledMedia:
        channel = self._world.channels.get(one.channel)
        async with _opened(channel, self._world.keys.open(one.source)) as fetched:
            if fetched.size > self._rules.largest_bytes:
                raise TooLargeError
            claimed = claimed_type(one, tidied(fetched.content_type))
            checked = Checked(fetched.chunks, claimed, self._rules.largest_bytes)
            sha256 = await self._files.keep(f"{one.id}.{one.attempts}", checked.run())
        return kept(one, sha256, checked.content_type(), checked.size)

    async def _discard(self, claimed: list[ClaimedMedia], settled: list[SettledMedia]) -> None:
        """Take away the provider's copies of what is safe here, best effort: nothing depends on it."""
        if not self._rules.delete_at_provider:
            return
        for one, came in zip(claimed, settled, strict=True):
            channel = self._world.channels.get(one.channel)
            if came.state != "kept" or channel is None or channel.discard is None:
                continue
            try:
                async with asyncio.timeout(self._rules.seconds):
                    await channel.discard(self._world.keys.open(one.source))
            except (SendError, TimeoutError) as error:
                log.warning("discard_failed", media=one.id[:8], reason=str(error))


@asynccontextmanager
async def _opened(channel: Channel | None, source: str) -> AsyncIterator[Fetched]:
    """A file at the provider; its connection is let go of at the end, read to its end or not."""
    if channel is None or channel.fetch is None:  # another process, or the next start, may have it
        raise SendError("no channel", retry_seconds=FULL_DISK_SECONDS)
    fetched = await channel.fetch(source)
    try:
        yield fetched
    finally:
        if isinstance(fetched.chunks, AsyncGenerator):
            await fetched.chunks.aclose()


def open_fetcher(core: Core, counts: Metrics) -> Fetcher:
    """What fetches in this process; files lie in DATA_DIR/media."""
    settings = core.settings
    rules = FetchRules(settings.media_largest_mb * MEGABYTE, settings.media_delete_at_provider)
    files = MediaFolder(settings.data_dir / "media")
    return Fetcher(core.pool, core.world, files, counts.fetched, rules)
