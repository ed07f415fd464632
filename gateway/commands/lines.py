"""`jiesu lines`: the numbers that residents call, loaded from a table and listed."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from gateway import clock
from gateway.commands.one_off import database, over, refuse
from store import hotlines
from store.hotlines import HotlineRow

app = typer.Typer(
    help="The numbers that residents call, one a merged hotline.", no_args_is_help=True
)

File = Annotated[Path, typer.Argument(help="A CSV table.", exists=True, dir_okay=False)]


@app.command("load")
def load_command(file: File) -> None:
    """Let a table be all the numbers that there are; where there is a fault, nothing changes.

    Columns: number, name, and as wished greeting_zh, greeting_en, topic, emergency, second_line, recording (told, asked
    or none). Every fault is told as row:column: what is wrong. Running processes follow within seconds.
    """
    from handlers.hotlines import LinesError, load_lines  # noqa: PLC0415 - only what is called is loaded

    try:
        text = file.read_text("utf-8")
    except UnicodeDecodeError:
        refuse(f"{file.name} is not written in UTF-8")
    with database() as (settings, url):
        region, now = settings.phone_region, clock.now()
        try:
            count = asyncio.run(over(url, lambda c: load_lines(c, text, region, now)))
        except LinesError as error:
            refuse(*(f"{file.name}:{fault}" for fault in error.faults))
    typer.echo(f"{count} numbers are in force; all others answer as 12345.")


@app.command("list")
def list_command() -> None:
    """List the numbers with what each of them is for."""
    with database() as (_, url):
        found = asyncio.run(over(url, hotlines.all_lines))
    if not found:
        typer.echo("No number has a name of its own; all answer as 12345.")
    for row in found:
        typer.echo(_listed(row))


def _listed(row: HotlineRow) -> str:
    """A number, its name, and whatever else is set."""
    more = {
        "topic": row.topic,
        "emergency": row.emergency,
        "second line": row.second_line,
        "recording": row.recording,
    }
    told = ", ".join(f"{name} {value}" for name, value in more.items() if value)
    return f"{row.number}  {row.name}  ({told})"
