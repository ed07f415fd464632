"""Why a ticket went where it went: the version of the catalogue that sent it, and each unit's reason."""

from dataclasses import dataclass

from gateway.console.case.form import Asked, Form, Section
from handlers.dispatch import Responsibility
from handlers.own_draft import may_read
from store.database import Connection
from store.dispatched import Sending, sendings, version_of_ticket


@dataclass(frozen=True, slots=True)
class Why:
    """What the section shows; `rule` is what today's catalogue says of the topic, for comparison."""

    version: int | None
    sendings: list[Sending]
    rule: Responsibility | None
    today: int
    links: bool


async def _why(connection: Connection, asked: Asked) -> object | None:
    facts, city = asked.view.facts, asked.world.city
    found = await sendings(connection, facts.id, asked.world.timezone)
    version = await version_of_ticket(connection, facts.id)
    if not found and version is None:
        return None
    rule = city.responsibilities.topics.get(facts.topic_code)
    links = may_read(asked.staff.unit_id, asked.staff.roles)
    return Why(version, found, rule, city.version, links)


FORMS: tuple[Form, ...] = ()
SECTIONS: tuple[Section, ...] = (Section("派单依据", "console/case/why.html", _why),)
