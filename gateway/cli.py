"""The command line `jiesu`; each command imports what it needs when it is called."""

import sys

import typer

from gateway.commands import (
    articles,
    backup,
    catalogue,
    chat,
    doctor,
    keys,
    learn,
    lines,
    outbox,
    rules,
    run,
    staff,
    telegram,
    understand,
)
from gateway.config import SettingsError

app = typer.Typer(
    name="jiesu",
    help="接诉 Jiesu: one number for a whole city.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(run.app)
app.add_typer(catalogue.app)
app.add_typer(staff.app, name="staff")
app.add_typer(backup.app)
app.add_typer(outbox.app)
app.add_typer(doctor.app)
app.add_typer(keys.app)
app.add_typer(lines.app, name="lines")
app.add_typer(articles.app, name="articles")
app.add_typer(rules.app, name="rules")
app.add_typer(telegram.app, name="telegram")
app.add_typer(chat.app)
app.add_typer(understand.app)
app.add_typer(learn.app)


@app.callback()
def jiesu() -> None:
    """接诉 Jiesu: one number for a whole city."""


def main() -> None:
    """Run the command line; wrong settings are named one a line, and nothing starts."""
    try:
        app()
    except SettingsError as error:
        for problem in error.problems:
            sys.stderr.write(f"jiesu: {problem}\n")
        sys.exit(2)
