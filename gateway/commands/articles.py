"""`jiesu articles`: the knowledge base, filled from a table."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from gateway import clock
from gateway.commands.one_off import database, over, refuse

app = typer.Typer(help="Answers to residents' questions.", no_args_is_help=True)

File = Annotated[Path, typer.Argument(help="A CSV table.", exists=True, dir_okay=False)]
Publish = Annotated[
    bool, typer.Option("--publish", help="Answer residents with them at once, unread by editors.")
]


@app.callback()
def articles() -> None:
    """Answers to residents' questions."""


@app.command("load")
def load_command(file: File, *, publish: Publish = False) -> None:
    """Add the articles of a table whose questions are not there yet; where there is a fault, nothing changes.

    Columns: question, answer, and as wished variants (with | between), language, topic and unit (codes), valid_until.
    Every fault is told as row:column: what is wrong.
    """
    from handlers.load_articles import ArticlesError, load_articles  # noqa: PLC0415 - only what is called is loaded

    try:
        text = file.read_text("utf-8")
    except UnicodeDecodeError:
        refuse(f"{file.name} is not written in UTF-8")
    with database() as (_, url):
        now = clock.now()
        try:
            added, left = asyncio.run(
                over(url, lambda c: load_articles(c, text, now, publish=publish))
            )
        except ArticlesError as error:
            refuse(*(f"{file.name}:{fault}" for fault in error.faults))
    state = "published" if publish else "to be published at /console/articles"
    typer.echo(f"{added} articles added, {state}; {left} questions were there already.")
