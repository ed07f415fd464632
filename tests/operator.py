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

    async def run_beside(self, *words: str, given: str = "") -> Result:
        """Run a command, which makes a loop of its own, from a test that has one."""
        return await asyncio.to_thread(
            CliRunner().invoke, app, list(words), env=self.env, input=given
        )
