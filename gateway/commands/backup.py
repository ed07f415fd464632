"""`jiesu backup` and `jiesu restore`: everything that a city cannot do without, in one file."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from gateway import clock
from gateway.commands.one_off import database

app = typer.Typer()

New = Annotated[Path, typer.Argument(help="The new file; packed when it ends in .gz or .tgz.")]
Made = Annotated[
    Path, typer.Argument(help="What `jiesu backup` made.", exists=True, dir_okay=False)
]
Force = Annotated[bool, typer.Option("--force", help="Replace what the database holds.")]


@app.command("backup")
def backup_command(file: New) -> None:
    """Write database, photos and wrapped keys to one file; the gateway may run meanwhile.

    The keys open only with today's SECRET_KEY: keep that somewhere else.
    """
    from gateway.backup import Place, back_up  # noqa: PLC0415 - only what is called is loaded

    with database() as (settings, url):
        place = Place(url, settings.data_dir, settings.secret_key)
        manifest = asyncio.run(back_up(place, file, clock.now()))
    rows = sum(table.rows for table in manifest.tables)
    photos = sum(name.startswith("media/") for name in manifest.members)
    typer.echo(f"{file}: {rows} rows of revision {manifest.revision}, {photos} photos.")
    typer.echo(f"Note: {manifest.keys}.")
    if manifest.missing_media:
        typer.echo(f"Note: {manifest.missing_media} photos were not found in {place.media}.")


@app.command("restore")
def restore_command(file: Made, *, force: Force = False) -> None:
    """Bring back what `jiesu backup` wrote, into an empty database; stop the gateway first.

    The file is checked whole before anything is changed.
    """
    from gateway.backup import Place  # noqa: PLC0415 - only what is called is loaded
    from gateway.restore import restore  # noqa: PLC0415 - only what is called is loaded

    with database() as (settings, url):
        place = Place(url, settings.data_dir, settings.secret_key)
        manifest = asyncio.run(restore(place, file, force=force))
    rows = sum(table.rows for table in manifest.tables)
    typer.echo(f"{rows} rows are back as they were at {manifest.made_at:%Y-%m-%d %H:%M} UTC.")
