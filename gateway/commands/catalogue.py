"""`jiesu migrate` and `jiesu load`: the tables, and the catalogue that stands in them."""

import asyncio
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from gateway import clock
from gateway.commands.one_off import database, over, refuse, refused_plainly
from gateway.config import Settings
from store.catalogue.checks import read_folder
from store.catalogue.files import SHIPPED, CatalogueError, CatalogueFiles
from store.catalogue.load import AT_ONCE, Loading, LoadReport, load
from store.catalogue.outlines import OutlineRow, read_outlines
from store.database import Connection
from store.migrate import newest, upgrade

app = typer.Typer()

Folder = Annotated[
    Path,
    typer.Argument(
        help="Folder of CSV files.", show_default="the shipped one", exists=True, file_okay=False
    ),
]
ValidFrom = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="In force from this day on; today if not given."),
]
Note = Annotated[str, typer.Option(help="What is new in it, for those who look later.")]
Boundaries = Annotated[
    Path | None,
    typer.Option(
        help="GeoJSON outlines of districts and streets, by their property `code`; those loaded before if not given.",
        exists=True,
        dir_okay=False,
    ),
]
Draft = Annotated[
    bool,
    typer.Option(
        "--draft", help="Only draft it: administrators compare and approve it in the console."
    ),
]
Successors = Annotated[
    list[str] | None,
    typer.Option(
        "--successor",
        help="Who goes on with what a unit that ends has open: two units' codes, OLD=NEW. May be given several times.",
    ),
]
CheckOnly = Annotated[bool, typer.Option("--check", help="Only check the files.")]


@app.command("migrate")
def migrate_command() -> None:
    """Bring the tables of DATABASE_URL to what this release needs; safe to run twice."""
    settings = Settings.load(production=True)
    with refused_plainly():
        upgrade(settings.database_url or "")
        asyncio.run(over(settings.database_url or "", _reindex))
    typer.echo(f"The database is at revision {newest()}.")


async def _reindex(connection: Connection) -> None:
    """A release may have other rules for the words that answers are found by."""
    from handlers.reindex_articles import reindex_articles  # noqa: PLC0415 - only what is called is loaded

    async with connection.transaction():
        await reindex_articles(connection)


@app.command("load")
def load_command(
    folder: Folder = SHIPPED,
    valid_from: ValidFrom = None,
    note: Note = "",
    boundaries: Boundaries = None,
    successor: Successors = None,
    *,
    draft: Draft = False,
    check: CheckOnly = False,
) -> None:
    """Check a catalogue whole and take it into force; where there is a fault, nothing changes.

    Every fault is told as file:row:column: what is wrong. The shipped catalogue is the default.
    """
    try:
        files = read_folder(folder)
        outlines = read_outlines(boundaries, files) if boundaries else None
    except CatalogueError as error:
        refuse(*error.faults)
    if check:
        typer.echo("No fault was found.")
        return
    with database() as (settings, url):
        today = clock.now().astimezone(settings.timezone).date()
        day = valid_from.date() if valid_from else today
        how = Loading(draft, today, _successors(successor or []))
        try:
            report = asyncio.run(load_into(url, files, day, note, outlines, how))
        except CatalogueError as error:
            refuse(*error.faults)
        typer.echo(_summary(report, day, draft=draft))


def _successors(given: list[str]) -> dict[str, str]:
    pairs = [one.split("=") for one in given]
    if any(len(pair) != 2 or not all(pair) for pair in pairs):  # noqa: PLR2004 - old and new
        refuse("--successor: two units' codes, like 110101001=110101002")
    return dict(pairs)


async def load_into(
    url: str,
    files: CatalogueFiles,
    valid_from: date,
    note: str,
    outlines: Sequence[OutlineRow] | None = None,
    how: Loading = AT_ONCE,
) -> LoadReport:
    """Load over a connection of its own."""
    return await over(url, lambda c: load(c, files, valid_from, clock.now(), note, outlines, how))


def _summary(report: LoadReport, day: date, *, draft: bool) -> str:
    if report.unchanged:
        return f"Version {report.version} says the same already; nothing was changed."
    units = report.units
    says = (
        f"Version {report.version} {'is a draft, to be approved in the console,' if draft else 'is in force'} from {day}: {report.places} places, "
        f"{report.topics} topics, {report.outlines} outlines; units: {units.added} added, {units.renamed} renamed, "
        f"{units.closed} closed."
    )
    return "\n".join((says, *report.notes))
