"""When a ticket has to be answered: by the statute that its topic has, else by its grade."""

from datetime import datetime

from dialogs.words import Grade
from handlers.clocks import Clock, feedback_due, working
from handlers.world import World


def answer_due(world: World, topic: str, grade: str, begins: datetime) -> datetime:
    """The limit of a ticket that is worked on from a moment.

    A statute's own time wins over the grade's, but never makes danger to life or property wait longer.
    """
    by_grade = feedback_due(world.rules, world.timezone, grade, begins)
    known = world.city.responsibilities.topics.get(topic)
    if known is None or known.statutory is None:
        return by_grade
    if known.statutory_working:
        calendar = world.rules.calendar(world.timezone)
        by_statute = calendar.add(calendar.span(known.statutory), begins)
    else:
        by_statute = begins + known.statutory
    return min(by_statute, by_grade) if grade == Grade.I else by_statute


def answer_due_after_stop(
    world: World, topic: str, grade: str, limit: datetime, stopped_at: datetime, begins: datetime
) -> datetime:
    """The limit of a ticket whose clock stood still and goes on at a moment: what was left of it is given back.

    What is counted in working time was left in working time; nothing was left of a limit that had passed.
    """
    if not _worked(world, topic, grade):
        return begins + (max(limit, stopped_at) - stopped_at)
    calendar = world.rules.calendar(world.timezone)
    return max(begins, calendar.add(calendar.between(stopped_at, limit), begins))


def _worked(world: World, topic: str, grade: str) -> bool:
    """Whether the time for an answer runs in working time."""
    known = world.city.responsibilities.topics.get(topic)
    if known is None or known.statutory is None:
        return working(world.rules, Clock.FEEDBACK, grade)
    return known.statutory_working
