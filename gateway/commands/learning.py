"""The work of `jiesu learn`, over the operator's database."""

import asyncio
import importlib
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import msgspec
import typer

from dialogs.understanding.learnt import LearntTopics, ModelError
from dialogs.understanding.reader import Reader
from gateway import clock
from gateway.commands.learn_report import listed, told
from gateway.commands.one_off import database, over, refuse
from gateway.config import Settings
from handlers.catalogue import read_city_catalogue
from handlers.learn import Learnt, TooFewRowsError, Trainer, learn, lessons
from store import topic_models
from store.database import Connection
from store.learning_rows import LearningRow, learning_rows

MOST_ROWS = 200_000
TRAINING = "handlers.training"


def trainer(module: str = TRAINING) -> Trainer:
    """What trains; ends the command where scikit-learn is not there."""
    try:
        return cast("Trainer", importlib.import_module(module))
    except ImportError:
        refuse("learning needs scikit-learn: pip install 'jiesu[learn]'")


def learn_anew(since: datetime | None, out: Path | None, *, keep: bool, use: bool) -> None:
    """Learn from the tickets there are; `use` it only where that is better than the rules."""
    trained_by = trainer()
    with database() as (settings, url):
        reader, rows = asyncio.run(over(url, lambda c: _read(c, settings, since)))
        try:
            learnt = learn(lessons(rows, reader), reader, trained_by)
        except TooFewRowsError as error:
            refuse(f"too few tickets to learn from, nothing was changed: {error}")
        typer.echo(told(learnt, reader))
        if out is not None:
            out.write_bytes(learnt.weights)
        if keep:
            use = use and learnt.report.better
            typer.echo(asyncio.run(over(url, lambda c: _keep(c, learnt, use=use))))


async def _read(
    connection: Connection, settings: Settings, since: datetime | None
) -> tuple[Reader, list[LearningRow]]:
    today = clock.now().astimezone(settings.timezone).date()
    city = await read_city_catalogue(connection, today, outlined=False)
    if city is None:
        refuse("no catalogue is in force: run `jiesu load` first")
    begin = since.replace(tzinfo=settings.timezone) if since else datetime.min.replace(tzinfo=UTC)
    rows = await learning_rows(connection, begin, MOST_ROWS)
    return Reader(city.catalogue), rows  # without the model that is in force


async def _keep(connection: Connection, learnt: Learnt, *, use: bool) -> str:
    report = msgspec.json.encode(learnt.report)
    return await _kept(connection, learnt.digest, report, learnt.weights, use=use)


async def _kept(
    connection: Connection, digest: str, report: bytes, weights: bytes, *, use: bool
) -> str:
    async with connection.transaction():
        version = await topic_models.keep(connection, clock.now(), digest, report, weights)
        if use:
            await topic_models.put_in_force(connection, version)
    return f"Version {version} is in force." if use else f"Version {version} is kept, not used."


def take(weights: bytes, *, use: bool) -> None:
    """Take what a file holds, which says nothing of how good it is here: who loads it has judged it elsewhere."""
    try:
        model = LearntTopics.load(weights)
    except ModelError as error:
        refuse(str(error))
    with database() as (_, url):
        digest = model.head.digest
        said = asyncio.run(over(url, lambda c: _kept(c, digest, b"{}", weights, use=use)))
    typer.echo(said)


def show_versions() -> None:
    """List what was learnt, the newest first."""
    with database() as (settings, url):
        versions = asyncio.run(over(url, topic_models.versions))
    typer.echo(listed(versions, settings.timezone) if versions else "Nothing was learnt yet.")


def withdraw(version: int) -> None:
    """Use a version no more."""
    _change(topic_models.withdraw, version, "is withdrawn: the rules alone serve")


def restore(version: int) -> None:
    """Use an earlier version again."""
    _change(topic_models.put_in_force, version, "is in force")


def _change(
    change: Callable[[Connection, int], Awaitable[bool]], version: int, outcome: str
) -> None:
    with database() as (_, url):
        if not asyncio.run(over(url, lambda c: change(c, version))):
            refuse(f"there is no version {version}: see `jiesu learn --list`")
    typer.echo(f"Version {version} {outcome}.")
