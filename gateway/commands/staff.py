"""`jiesu staff`: who may log in at the console, and as what; who leaves hands over what they have in hand."""

import asyncio
import sys
from typing import Annotated

import typer

from dialogs.words import Role
from gateway import clock
from gateway.commands.one_off import database, over, refuse
from handlers.login import PASSWORD_LENGTH, hash_password
from store import inside, unit_notices, unit_people
from store.database import Connection, StoreError
from store.inside import Move
from store.staff import NewStaff, add_staff
from store.unit_notices import UnitNoticeRow
from store.unit_people import Known
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
Heir = Annotated[str, typer.Option("--to", help="The login of the colleague who takes over.")]


class StaffError(StoreError):
    """A member of staff cannot be added, or cannot leave."""


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
    if Role.LISTENER in role:
        refuse("nobody is a listener for good: set up an open-line day at /console/open-lines")
    if Role.EXPERT in role:
        refuse("nobody is an expert for good: name them for an event at /console/surge")
    with database() as (_, url):
        asyncio.run(over(url, lambda c: _add(c, login, name, tuple(role), unit, password)))
    typer.echo(f"{login} may log in at /console.")


@app.command("end")
def end(login: Login, *, to: Heir = "") -> None:
    """Let somebody log in no more; whoever has tickets in hand hands them over first, or at once with --to."""
    with database() as (_, url):
        moved = asyncio.run(over(url, lambda c: leave(c, login, to)))
    typer.echo(f"{login} may not log in any more; {moved} tickets were handed over.")


async def leave(connection: Connection, login: str, to: str) -> int:
    """End a login; what its owner has in hand goes to the colleague `to`. Returns how many tickets that were.

    Raises:
        StaffError: there is no such login or colleague, or ("" for `to`) something is in hand still.
    """
    leaving = await unit_people.find(connection, login)
    heir = await unit_people.find(connection, to) if to else None
    if leaving is None or (to and heir is None):
        raise StaffError(f"nobody active has the login {to if leaving else login}")
    if heir is not None and (heir.unit_id != leaving.unit_id or heir.id == leaving.id):
        raise StaffError(f"{to} is no colleague of {login}'s unit")
    async with connection.transaction():
        await unit_people.lock(connection, [leaving.id])
        moved = await _hand_over(connection, leaving, heir) if heir else 0
        left = await unit_people.in_hand(connection, leaving.id)
        if left:
            raise StaffError(f"{login} has {left} tickets in hand; name who takes them with --to")
        await unit_people.end(connection, leaving.unit_id, leaving.id)
    return moved


async def _hand_over(connection: Connection, leaving: Known, heir: Known) -> int:
    if leaving.unit_id is None:
        return 0
    now = clock.now()
    note = f"{leaving.name}的工单全部移交{heir.name}：离岗"
    move = Move(leaving.id, heir.id, leaving.unit_id, now, None, note)
    moved = await inside.move_all(connection, move)
    if moved:
        told = f"{leaving.name}已离岗，手里的{moved}件工单已移交给您。"
        row = UnitNoticeRow(
            leaving.unit_id, "handler", None, "handed_over", told, now, staff_id=heir.id
        )
        await unit_notices.insert(connection, [row])
    return moved


async def _add(
    connection: Connection, login: str, name: str, roles: tuple[Role, ...], unit: str, password: str
) -> None:
    units = await unit_ids(connection, [unit])
    if unit and unit not in units:
        raise StaffError(f"there is no unit {unit}")
    new = NewStaff(login, name, await hash_password(password), roles, units.get(unit))
    if not await add_staff(connection, [new], clock.now()):
        raise StaffError(f"the login {login} is taken")
