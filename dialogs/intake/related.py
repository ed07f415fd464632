"""What is known already of the matter is weighed before it is confirmed: an answer, an own ticket, others nearby."""

from dialogs.dialog import Move, State, Talk
from dialogs.intake import answering, nearby, repeated
from dialogs.intake.draft import Intake
from dialogs.intake.flow import go_on
from dialogs.requests import RelatedFound


def _hear_related(talk: Talk, intake: Intake, found: RelatedFound) -> Move:
    answer = answering.offer(talk, intake, found)
    known = answer or repeated.offer(intake, found) or nearby.offer(intake, found)
    return known or go_on(talk, *answering.aside(talk, intake, found))


STATES = {
    "related": State(hear=_hear_related),
    **answering.STATES,
    **repeated.STATES,
    **nearby.STATES,
}
