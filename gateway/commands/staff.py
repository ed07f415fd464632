"""`jiesu staff add`: who may log in at the console, and as what."""

import asyncio
import sys
from typing import Annotated

import typer

from dialogs.words import Role
from gateway import clock
from gateway.commands.one_off import database, over, refuse
from handlers.login import PASSWORD_LENGTH, hash_password
from store.database import Connection, StoreError
from store.staff import NewStaff, add_staff
from store.units import unit_ids

app = typer.Typer(help="Staff of the centre and of the units.", no_args_is_help=True)

Login = Annotated[str, typer.Argument(help="What they log in with.")]
Name = Annotated[str, typer.Option(help="Their name, as colleagues see it.")]
Roles = Annotated[list[Role], typer.Option("--role", help="A role; may be given several times.")]
UnitCode = Annotated[
    str,
    typer.Option("--unit", help="Code of their unit, 110108-cgw for example; none: the centre."),
]
FromStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input.")
]


class StaffError(StoreError):
    """A member of staff cannot be added."""


@app.callback()
def staff() -> None:
    """Staff of the centre and of the units."""


@app.command("add")
def add(
    login: Login, name: Name, role: Roles, unit: UnitCode = "", *, password_stdin: FromStdin = False
) -> None:
    """Add a member of staff; the password is asked for unless it comes by standard input."""
    password = (
        sys.stdin.readline().rstrip("\r\n")
        if password_stdin
        else typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    )
    if len(password) < PASSWORD_LENGTH:
        refuse(f"a password needs at least {PASSWORD_LENGTH} characters")
    with database() as (_, url):
        asyncio.run(over(url, lambda c: _add(c, login, name, tuple(role), unit, password)))
    typer.echo(f"{login} may log in at /console.")


async def _add(
    connection: Connection, login: str, name: str, roles: tuple[Role, ...], unit: str, password: str
) -> None:
    units = await unit_ids(connection, [unit])
    if unit and unit not in units:
        raise StaffError(f"there is no unit {unit}")
    new = NewStaff(login, name, await hash_password(password), roles, units.get(unit))
    if not await add_staff(connection, [new], clock.now()):
        raise StaffError(f"the login {login} is taken")
