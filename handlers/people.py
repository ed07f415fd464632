"""Who of a unit takes work now: whoever is away is stood in for by their deputy."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from dialogs.words import Role
from handlers.case import ActRefusedError
from handlers.permit_table import UNIT_ROLES
from store.unit_people import Person

HANDS = UNIT_ROLES | {Role.REVIEWER}


def takes_work(person: Person) -> bool:
    """Whether tickets may be put into somebody's hands."""
    return bool(HANDS & set(person.roles))


def who_takes(people: Sequence[Person], staff_id: int, now: datetime) -> Person:
    """Who gets what is meant for somebody: they, or who stands in for them, and so on.

    Raises:
        ActRefusedError: they are not of this unit, handle nothing, or nobody stands in.
    """
    by_id: Mapping[int, Person] = {one.id: one for one in people if takes_work(one)}
    person = by_id.get(staff_id)
    if person is None:
        raise ActRefusedError("请选择本单位的承办人。")
    asked, seen = person, {person.id}
    while person.away(now):
        deputy = by_id.get(person.deputy_id or 0)
        if deputy is None or deputy.id in seen:
            raise ActRefusedError(f"{asked.name}不在岗，也没有在岗的代理人，请选别人。")
        seen.add(deputy.id)
        person = deputy
    return person
