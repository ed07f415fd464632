"""The spool: what comes in while the database is away, on this machine's own disk until it is replayed.

Each process has a file of its own, under a lock that goes with the process. One thread does all that touches a disk:
appends that wait while it flushes are written together, with one flush for all of them.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from itertools import count, islice
from pathlib import Path
from typing import TypeVar

import msgspec
import structlog

from channels.base import Inbound
from gateway.spool_file import OWNER_ONLY, Damage, SpoolFile, flush_folder, record
from store.keys import SealError

T = TypeVar("T")
Turn = Callable[[Sequence[Inbound]], Awaitable[None]]

SUFFIX = ".spool"
DAMAGED_SUFFIX = ".bad"

log = structlog.get_logger()


class SpoolFullError(Exception):
    """The disk is full or cannot be written: what was to be kept is not, and must not be acknowledged."""


@dataclass(slots=True)
class _Append:
    """Records on their way to the disk, and why they did not get there."""

    data: bytes
    error: OSError | None = None


@dataclass(frozen=True, slots=True)
class _Found:
    """Some records of a file, read up to `end`."""

    inbound: tuple[Inbound, ...]
    damaged: tuple[Damage, ...]
    end: int


class Spool:
    """This process's spool, and the heir of those whose processes have died."""

    def __init__(
        self,
        folder: Path,
        seal: Callable[[str], bytes],
        unseal: Callable[[bytes], str],
        name: str,
    ) -> None:
        """`name` is this process's alone; `unseal` raises `SealError` for what was sealed elsewhere."""
        self._folder = folder
        self._seal = seal
        self._unseal = unseal
        self._name = name
        self._file: SpoolFile | None = None
        self._waiting: deque[_Append] = deque()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="spool")
        self._replaying = asyncio.Lock()
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._inherits = any(map(_is_left_behind, _files(folder)))

    @property
    def active(self) -> bool:
        """Whether something is in it: then all inbound must be kept here too, so that it stays in order."""
        held = self._file is not None and self._file.size > 0
        return held or self._inherits or bool(self._waiting)

    async def keep(self, inbound: Sequence[Inbound]) -> None:
        """Append messages and return when they are on disk.

        Raises:
            SpoolFullError: none of them is.
        """
        append = _Append(b"".join([self._record(one) for one in inbound]))
        self._waiting.append(append)
        await self._in_thread(self._write_waiting)
        if append.error is not None:
            raise SpoolFullError(str(append.error)) from append.error

    async def replay(self, turn: Turn, batch: int = 64) -> int:
        """Feed all that is kept to `turn`, files of dead processes first; returns how many messages that were.

        When `turn` raises, so does this, and what was not taken stays. After a crash a message may come to `turn`
        once more: it claims each by its key.
        """
        async with self._replaying:
            done = 0
            for path in await self._in_thread(partial(_files, self._folder)):
                done += await self._inherit(path, turn, batch)
            self._inherits = False
            while self.active:
                if self._file is not None:
                    done += await self._drain(self._file, turn, batch)
                await self._in_thread(self._empty)
            return done

    def close(self) -> None:
        """Let go of the file; what is in it waits for whoever comes next."""
        self._thread.shutdown()
        if self._file is not None:
            self._let_go(self._file)
            self._file = None

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _record(self, inbound: Inbound) -> bytes:
        return record(self._seal(msgspec.json.encode(inbound).decode()))

    def _write_waiting(self) -> None:
        """Write whatever waits by now; whoever asked a moment later finds theirs done."""
        batch = list(self._waiting)
        error: OSError | None = None
        if batch:
            try:
                self._own_file().append(b"".join([append.data for append in batch]))
            except OSError as raised:
                error = raised
                log.error("spool_full", errno=raised.errno)  # noqa: TRY400 - a full disk needs no traceback
        for append in batch:
            append.error = error
            self._waiting.popleft()

    def _own_file(self) -> SpoolFile:
        """This process's file, under the first name that no former process has left behind."""
        ordinals = count()
        while self._file is None:
            self._file = SpoolFile.create(self._folder / f"{self._name}.{next(ordinals)}{SUFFIX}")
        return self._file

    def _empty(self) -> None:
        """Empty the own file, unless something was appended since it was read."""
        self._write_waiting()
        if self._file is not None and self._file.replayed == self._file.size:
            self._file.empty()

    async def _inherit(self, path: Path, turn: Turn, batch: int) -> int:
        file = await self._in_thread(partial(SpoolFile.adopt, path))
        if file is None:
            return 0
        try:
            done = await self._drain(file, turn, batch)
        finally:
            await self._in_thread(partial(self._let_go, file))
        if done:
            log.info("spool_inherited", file=path.name, messages=done)
        return done

    async def _drain(self, file: SpoolFile, turn: Turn, batch: int) -> int:
        done = 0
        while file.replayed < file.size:
            found = await self._in_thread(partial(self._read, file, batch))
            if found.inbound:
                await turn(found.inbound)
            await self._in_thread(partial(_settle, file, found))
            done += len(found.inbound)
        return done

    def _read(self, file: SpoolFile, most: int) -> _Found:
        inbound, damaged, end = [], [], file.replayed
        for each in islice(file.read(), most):
            end = each.end
            if isinstance(each, Damage):
                damaged.append(each)
            elif (message := self._opened(each.payload)) is not None:
                inbound.append(message)
            else:
                damaged.append(Damage(record(each.payload), each.end, torn=False))
        return _Found(tuple(inbound), tuple(damaged), end)

    def _opened(self, payload: bytes) -> Inbound | None:
        """The message, whose provider no longer waits; None when other keys or another release wrote it."""
        try:
            inbound = msgspec.json.decode(self._unseal(payload), type=Inbound)
        except (SealError, msgspec.MsgspecError):
            return None
        return replace(inbound, inline=False)

    @staticmethod
    def _let_go(file: SpoolFile) -> None:
        if file.replayed == file.size:
            file.remove()
        else:
            file.close()


def _settle(file: SpoolFile, found: _Found) -> None:
    for damage in found.damaged:
        _set_aside(file, damage)
    file.replayed = found.end


def _set_aside(file: SpoolFile, damage: Damage) -> None:
    """Keep what cannot be read for a person to look at; what is torn was never acknowledged."""
    if damage.torn:
        log.warning("spool_tail_cut", file=file.path.name, size_bytes=len(damage.data))
        return
    path = file.path.with_suffix(DAMAGED_SUFFIX)
    log.error("spool_record_damaged", file=path.name, size_bytes=len(damage.data))
    path.touch(OWNER_ONLY)
    with path.open("ab") as aside:
        aside.write(damage.data)
    flush_folder(path.parent)


def _files(folder: Path) -> list[Path]:
    """All files of spools, oldest first."""
    found = []
    for path in folder.glob(f"*{SUFFIX}"):
        try:
            found.append((path.stat().st_mtime_ns, path))
        except FileNotFoundError:  # its process has just ended
            continue
    return [path for _, path in sorted(found)]


def _is_left_behind(path: Path) -> bool:
    file = SpoolFile.adopt(path)
    if file is None:
        return False
    file.close()
    return file.size > 0
