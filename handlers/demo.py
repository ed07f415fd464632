"""Demo staff of `jiesu dev`: one for each chair around the loop, all with a password that is no secret."""

from dataclasses import dataclass
from datetime import datetime

from dialogs.words import Role
from handlers.login import hash_password
from store.database import Connection
from store.staff import NewStaff, add_staff, taken_logins
from store.units import unit_ids

PASSWORD = "jiesu-demo"  # noqa: S105 - it stands in the README


@dataclass(frozen=True, slots=True)
class DemoLogin:
    """A demo login as it is printed at the start; `unit_code` is empty at the centre."""

    login: str
    password: str
    name: str
    roles: tuple[Role, ...]
    unit_code: str = ""


LOGINS = (
    DemoLogin("centre", PASSWORD, "热线话务员", (Role.INTAKE, Role.DISPATCHER, Role.SURVEYOR)),
    DemoLogin("tiancun", PASSWORD, "田村收发员", (Role.DESK, Role.HANDLER), "110108021"),
    DemoLogin("tiancun-head", PASSWORD, "田村负责人", (Role.HEAD, Role.REVIEWER), "110108021"),
    DemoLogin("haidian-cgw", PASSWORD, "城管委收发员", (Role.DESK, Role.HANDLER), "110108-cgw"),
    DemoLogin("cgw-head", PASSWORD, "城管委负责人", (Role.HEAD, Role.REVIEWER), "110108-cgw"),
    DemoLogin("heat", PASSWORD, "热力集团", (Role.DESK, Role.HANDLER), "ent-heat"),
    DemoLogin("haidian", PASSWORD, "区政府督办", (Role.DESK, Role.HEAD, Role.SUPERVISOR), "110108"),
    DemoLogin("coordinator", PASSWORD, "热线协调员", (Role.COORDINATOR, Role.SUPERVISOR)),
    DemoLogin("discipline", PASSWORD, "纪检监察员", (Role.DISCIPLINE,)),
    DemoLogin("admin", PASSWORD, "管理员", (Role.ADMIN,)),
    # A draft of the catalogue needs a second one.
    DemoLogin("admin-second", PASSWORD, "另一位管理员", (Role.ADMIN,)),
)


async def seed(connection: Connection, now: datetime) -> list[DemoLogin]:
    """Add those demo logins that are absent and whose unit exists; all that can be used come back."""
    taken = await taken_logins(connection, [demo.login for demo in LOGINS])
    units = await unit_ids(connection, [demo.unit_code for demo in LOGINS if demo.unit_code])
    usable = [demo for demo in LOGINS if not demo.unit_code or demo.unit_code in units]
    absent = [demo for demo in usable if demo.login not in taken]
    if absent:
        password_hash = await hash_password(PASSWORD)
        new = [
            NewStaff(demo.login, demo.name, password_hash, demo.roles, units.get(demo.unit_code))
            for demo in absent
        ]
        await add_staff(connection, new, now)
    return usable
