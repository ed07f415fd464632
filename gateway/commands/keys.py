"""`jiesu rotate-key`: wrap the database's keys by a new SECRET_KEY; what they seal stays as it is."""

import asyncio
import sys
from typing import Annotated

import asyncpg
import typer

from gateway.commands.one_off import database, refuse
from gateway.config_parse import SECRET_LENGTH
from store.keys import rewrap

app = typer.Typer()

FromStdin = Annotated[bool, typer.Option("--stdin", help="Read the new key from standard input.")]


@app.command("rotate-key")
def rotate_command(*, stdin: FromStdin = False) -> None:
    """Wrap the keys by a new SECRET_KEY; run it with the old one set, then set the new one everywhere.

    Processes that run go on until they are restarted. Backups made before still need the old key.
    """
    new_secret = (
        sys.stdin.readline().rstrip("\r\n")
        if stdin
        else typer.prompt("New SECRET_KEY", hide_input=True, confirmation_prompt=True)
    )
    if len(new_secret) < SECRET_LENGTH:
        refuse(f"a SECRET_KEY needs at least {SECRET_LENGTH} characters that nobody can guess")
    with database() as (settings, url):
        asyncio.run(_rewrap(url, settings.secret_key, new_secret))
    typer.echo("The keys are wrapped by the new SECRET_KEY: set it wherever Jiesu runs.")


async def _rewrap(url: str, old_secret: str, new_secret: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await rewrap(connection, old_secret, new_secret)
    finally:
        await connection.close()
