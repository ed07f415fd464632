"""Dual dispatch on a ticket's page: what the assisting units have answered, for the lead to make one answer of."""

from dataclasses import dataclass

from gateway.console.case.form import Asked, Form, Section
from store import dual
from store.database import Connection
from store.dual import Assist


@dataclass(frozen=True, slots=True)
class Line:
    """One assisting unit; `late`: its time is over and it has not answered."""

    assist: Assist
    late: bool


async def _lines(connection: Connection, asked: Asked) -> object | None:
    found = await dual.assists(connection, asked.view.facts.id)
    lines = [Line(one, one.waited_for and one.due_at <= asked.now) for one in found]
    return lines or None


FORMS: tuple[Form, ...] = ()
SECTIONS: tuple[Section, ...] = (Section("协办答复", "console/case/dual.html", _lines),)
