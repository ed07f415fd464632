"""What is known already of the matter is weighed before it is confirmed: an answer, an own ticket, others nearby."""

from dataclasses import replace

from dialogs.dialog import Goto, Move, State, Talk
from dialogs.intake import answering, enough, nearby, repeated
from dialogs.intake.draft import Intake
from dialogs.intake.flow import go_on
from dialogs.requests import RelatedFound


def _hear_related(talk: Talk, intake: Intake, found: RelatedFound) -> Move:
    answer = answering.offer(talk, intake, found)
    if answer is not None:
        return answer
    told, say = answering.aside(talk, intake, found)
    if not any(one.unasked for one in found.answers):
        known = repeated.offer(intake, found) or nearby.offer(intake, found)
        return known or go_on(talk, told, say)
    known = repeated.offer(told, found) or nearby.offer(told, found)
    if known is None and say and answering.may_settle(told):
        return enough.ask_enough(told, found.answers[0], say)
    return replace(known, say=say) if isinstance(known, Goto) else go_on(talk, told, say)


STATES = {
    "related": State(hear=_hear_related),
    **answering.STATES,
    **enough.STATES,
    **repeated.STATES,
    **nearby.STATES,
}
