"""`jiesu outbox`: messages that were given up, and sending them once more."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo
from typing import Annotated

import typer

from dialogs.ticket_number import format_number
from gateway import clock
from gateway.commands.one_off import database, over, refuse
from store import outbox
from store.outbox import DeadLetter

app = typer.Typer()

KEY = re.compile(r"(\d{1,18})-(\d{1,18})", re.ASCII)

Retry = Annotated[str, typer.Option("--retry", metavar="C-S", help="Send this one again.")]
RetryAll = Annotated[bool, typer.Option("--retry-all", help="Send all of them again.")]
Limit = Annotated[int, typer.Option(min=1, help="How many to list, newest first.")]


@dataclass(frozen=True, slots=True)
class _Column:
    head: str
    cell: Callable[[DeadLetter, tzinfo], str]


COLUMNS = (
    _Column("message", lambda one, _: f"{one.conversation_id}-{one.seq}"),
    _Column("made", lambda one, zone: f"{one.created_at.astimezone(zone):%Y-%m-%d %H:%M}"),
    _Column("channel", lambda one, _: one.channel),
    _Column("to", lambda one, _: one.masked),
    _Column("ticket", lambda one, _: format_number(one.ticket_id) if one.ticket_id else "-"),
    _Column("tries", lambda one, _: str(one.attempts)),
    _Column("moved", lambda one, _: one.moved_to or "-"),
    _Column("why", lambda one, _: one.error),
)


@app.command("outbox")
def outbox_command(limit: Limit = 100, retry: Retry = "", *, retry_all: RetryAll = False) -> None:
    """List the messages that were given up, newest first, or let workers send them again.

    Each is a task at the console too: somebody there may have called the resident already.
    """
    if retry and retry_all:
        refuse("--retry and --retry-all exclude each other")
    key = _key(retry) if retry else None
    with database() as (settings, url):
        if key or retry_all:
            again = asyncio.run(over(url, lambda c: outbox.retry(c, key, clock.now())))
            if key and not again:
                refuse(f"{retry} is no message that was given up")
            typer.echo(f"{again} will be sent again.")
            return
        dead = asyncio.run(over(url, lambda c: outbox.dead_letters(c, limit)))
    typer.echo(_listed(dead, settings.timezone) if dead else "No message was given up.")


def _key(text: str) -> tuple[int, int]:
    matched = KEY.fullmatch(text)
    if matched is None:
        refuse(f"{text} is not the name of a message: they look like 12-3")
    return int(matched[1]), int(matched[2])


def _listed(dead: list[DeadLetter], zone: tzinfo) -> str:
    """A line each, under heads, in columns."""
    lines = [[column.head for column in COLUMNS]]
    lines += [[column.cell(one, zone) for column in COLUMNS] for one in dead]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    padded = (
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        for line in lines
    )
    return "\n".join(line.rstrip() for line in padded)
