"""`jiesu understand`: messages on standard input, a line each; what is understood of them, a JSON object a line."""

import asyncio
import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

import msgspec
import typer

from gateway import clock
from gateway.commands.one_off import database, over, refuse
from gateway.config import Settings
from store.database import Connection

if TYPE_CHECKING:
    from dialogs.understanding.reader import Reader

app = typer.Typer()

_BYTE_ORDER_MARK = "\ufeff"


@app.command("understand")
def understand_command() -> None:
    """Read residents' messages, one a line on standard input, and write what is understood, a JSON object a line.

    The catalogue in force is used: of DATABASE_URL, of a running `jiesu dev`, or the shipped one. Fields:
    kind, topic, level1, grade, district, street, community, ask, emergency; null is what is not known.
    """
    with database() as (settings, url):
        reader = asyncio.run(over(url, lambda c: _reader(c, settings)))
    try:
        understand(reader, sys.stdin.buffer, sys.stdout.buffer)
    except (
        BrokenPipeError
    ):  # who reads has seen enough (`| head`): let Python's last flush go nowhere
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def understand(reader: "Reader", messages: BinaryIO, out: BinaryIO) -> None:
    """Answer each line at once, so that a pipe can be talked to."""
    from dialogs.understanding.reading import reading  # noqa: PLC0415 - only what is called is loaded

    encode = msgspec.json.Encoder().encode
    for message in _lines(messages):
        out.write(encode(reading(reader, message)) + b"\n")
        out.flush()


def _lines(messages: BinaryIO) -> Iterator[str]:
    for number, line in enumerate(messages):
        text = line.decode("utf-8", "replace").strip()
        yield text.removeprefix(_BYTE_ORDER_MARK) if number == 0 else text


async def _reader(connection: Connection, settings: Settings) -> "Reader":
    from gateway.first_catalogue import ensure_catalogue  # noqa: PLC0415 - only what is called is loaded
    from handlers.catalogue import read_city_catalogue  # noqa: PLC0415 - only what is called is loaded

    now = clock.now()
    today = now.astimezone(settings.timezone).date()
    if settings.database_url is None:
        await ensure_catalogue(connection, today, now)
    city = await read_city_catalogue(connection, today, outlined=False)
    if city is None:
        refuse("no catalogue is in force: run `jiesu load` first")
    return city.reader
