"""A wake-up for whoever watches a list that changes: versions count up, and a watcher tells the last one it has seen."""

import asyncio


class Changes:
    """Versions, and waiting for the next."""

    def __init__(self) -> None:
        self._change = asyncio.Event()
        self.version = 0

    def note(self) -> int:
        """Something has changed: the new version."""
        self.version += 1
        self.wake()
        return self.version

    async def after(self, version: int, wait_seconds: float) -> None:
        """Return when `version` is not the last one, or after the wait; one not reached yet is from before a restart."""
        if self.version != version:
            return
        try:
            async with asyncio.timeout(wait_seconds):
                await self._change.wait()
        except TimeoutError:
            return

    def wake(self) -> None:
        """Let every watcher go on."""
        self._change.set()
        self._change = asyncio.Event()
