"""An operator at the command line, with the settings of a production machine."""

import asyncio
from pathlib import Path

from typer.testing import CliRunner, Result

from gateway.cli import app


class Operator:
    """Runs commands; `env` may be changed before."""

    def __init__(self, database_url: str, redis_url: str, folder: Path) -> None:
        self.env = {
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "PUBLIC_URL": "https://12345.example",
            "SECRET_KEY": "s" * 40,
            "DATA_DIR": str(folder),
        }

    def run(self, *words: str) -> Result:
        return CliRunner().invoke(app, list(words), env=self.env)

    async def run_beside(self, *words: str) -> Result:
        """From a test with a loop of its own; commands make theirs."""
        return await asyncio.to_thread(self.run, *words)
