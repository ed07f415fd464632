"""`jiesu learn`: learn topics from the deployment's own tickets, and say what that is worth."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from gateway.commands.one_off import refuse

app = typer.Typer()

Since = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="Learn from tickets opened from this day on."),
]
Out = Annotated[Path | None, typer.Option(help="Write the model to this file, too.")]
Load = Annotated[
    Path | None,
    typer.Option(help="Take a model from a file instead of learning.", exists=True, dir_okay=False),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only report; keep nothing.")]
Use = Annotated[
    bool, typer.Option("--use/--no-use", help="Put it into force if it is better than the rules.")
]
List = Annotated[bool, typer.Option("--list", help="List what has been learnt.")]
Withdraw = Annotated[
    int | None, typer.Option(metavar="ID", help="Use this version no more: the rules alone serve.")
]
Restore = Annotated[int | None, typer.Option(metavar="ID", help="Use this earlier version again.")]


@app.command("learn")
def learn_command(  # noqa: PLR0913 - one option each
    since: Since = None,
    out: Out = None,
    load: Load = None,
    withdraw: Withdraw = None,
    restore: Restore = None,
    *,
    dry_run: DryRun = False,
    use: Use = True,
    list_: List = False,
) -> None:
    """Learn topics from tickets as staff corrected them, and compare with the rules on the same rows.

    What is learnt is used only where it is better and sure. Running processes take it up within seconds.
    """
    from gateway.commands import learning  # noqa: PLC0415 - only what is called is loaded

    asked = [load, withdraw, restore, list_ or None]
    if sum(one is not None for one in asked) > 1:
        refuse("--load, --withdraw, --restore and --list exclude each other")
    if list_:
        learning.show_versions()
    elif withdraw is not None:
        learning.withdraw(withdraw)
    elif restore is not None:
        learning.restore(restore)
    elif load is not None:
        learning.take(load.read_bytes(), use=use)
    else:
        learning.learn_anew(since, out, keep=not dry_run, use=use)
