"""When a ticket has to be answered: by the statute that its topic has, else by its grade."""

from datetime import datetime

from dialogs.words import Grade
from handlers.clocks import feedback_due
from handlers.world import World


def answer_due(world: World, topic: str, grade: str, begins: datetime) -> datetime:
    """The limit of a ticket that is worked on from a moment.

    A statute's own time wins over the grade's, but never makes danger to life or property wait longer.
    """
    by_grade = feedback_due(world, grade, begins)
    known = world.city.responsibilities.topics.get(topic)
    if known is None or known.statutory is None:
        return by_grade
    if known.statutory_working:
        calendar = world.rules.calendar(world.timezone)
        by_statute = calendar.add(calendar.span(known.statutory), begins)
    else:
        by_statute = begins + known.statutory
    return min(by_statute, by_grade) if grade == Grade.I else by_statute
