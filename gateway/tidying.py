"""Clearing up after a turn: buttons that have been used, or hang on a question that was answered otherwise, are taken away.

Best effort and in the background: what is forgotten here costs a resident an answer that the button is from an earlier
question, and nothing else.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace

import structlog

from channels.base import Channel, Inbound, SendError
from handlers.turn import Turned
from store import buttons
from store.database import Pool, transaction

log = structlog.get_logger()

MOST_WAITING = 1000  # more than that, and there are more pressing things to do
AT_ONCE = 8
NO_REPLY = 2**62  # later than any message: without a reply, all that were sent came before


class Tidying:
    """Messages after which something may have to be cleared up."""

    def __init__(self, pool: Pool, channels: Mapping[str, Channel]) -> None:
        self._pool = pool
        self._channels = channels
        self._waiting: list[tuple[Inbound, Turned]] = []

    def add(self, inbound: Inbound, turned: Turned) -> bool:
        """Note a message that is on disk; tells whether there is something to do."""
        if self._channels[inbound.channel].tidy is None or len(self._waiting) >= MOST_WAITING:
            return False
        self._waiting.append((inbound, turned))
        return True

    async def drain(self) -> None:
        """Clear up after all messages that wait."""
        waiting, self._waiting = self._waiting, []
        if not waiting:
            return
        gate = asyncio.Semaphore(AT_ONCE)
        marked = [one for one, _ in waiting if one.mark]
        await asyncio.gather(*(self._tidy(one, gate) for one in marked))
        await asyncio.gather(*(self._tidy(one, gate) for one in await self._answered(waiting)))

    async def _answered(self, waiting: Sequence[tuple[Inbound, Turned]]) -> list[Inbound]:
        """The messages once more, marked with the questions before them that have buttons still."""
        keys = [
            (turned.conversation_id, turned.message.seq if turned.message else NO_REPLY)
            for _, turned in waiting
        ]
        async with transaction(self._pool) as connection:
            found = await buttons.with_buttons(connection, keys)
        return [replace(waiting[place][0], mark=id_) for place, id_ in found]

    async def _tidy(self, inbound: Inbound, gate: asyncio.Semaphore) -> None:
        tidy = self._channels[inbound.channel].tidy
        if tidy is None:
            return
        async with gate:
            try:
                await tidy(inbound)
            except SendError as error:
                log.info("not_tidied", channel=inbound.channel, reason=error.reason)
            except Exception:
                log.exception("tidying_broke", channel=inbound.channel)
