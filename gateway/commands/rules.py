"""`jiesu rules`: the rules of casework, listed and set."""

import asyncio
from typing import Annotated

import typer

from gateway import clock
from gateway.commands.one_off import database, over, refuse

app = typer.Typer(help="The rules of casework: numbers that a city sets.", no_args_is_help=True)

Key = Annotated[str, typer.Argument(help="The rule, as `jiesu rules list` names it.")]
Value = Annotated[int, typer.Argument(help="Its number from now on; 1 and 0 for yes and no.")]
Note = Annotated[str, typer.Option(help="Why; it stands in the rule's history.")]


@app.command("list")
def list_command() -> None:
    """List all rules: key, value, default, source, name; * marks what is otherwise than by default."""
    from handlers.edit_rules import read_rules  # noqa: PLC0415 - only what is called is loaded
    from handlers.rules import RULES  # noqa: PLC0415 - as above

    with database() as (_, url):
        rules = asyncio.run(over(url, read_rules))
    for key, rule in RULES.items():
        value = rules.value(key)
        mark = "*" if value != rule.default else " "
        typer.echo(
            f"{mark} {key} {value} ({rule.default} {rule.measure}; {rule.source}) {rule.name}"
        )


@app.command("set")
def set_command(key: Key, value: Value, note: Note) -> None:
    """Set a rule; running processes follow within seconds. What is refused changes nothing."""
    from handlers.case import ActRefusedError  # noqa: PLC0415 - only what is called is loaded
    from handlers.edit_rules import set_rule  # noqa: PLC0415 - as above

    now = clock.now()
    with database() as (_, url):
        try:
            asyncio.run(over(url, lambda c: set_rule(c, key, value, note, None, now)))
        except ActRefusedError as refused:
            refuse(str(refused))
    typer.echo(f"{key} is {value}.")
