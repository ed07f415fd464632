"""What everybody has to know of an event has been told: where that is enough, the matter is answered at once (当场答复)."""

import msgspec

from dialogs.answers import BACK, NO, NONE, THANKS, agrees, says
from dialogs.dialog import Finish, Goto, Lost, Move, State, Talk
from dialogs.intake.answering import ENOUGH_WORDS, SETTLED, helped, not_helped, settle
from dialogs.intake.draft import Intake, with_matter, with_place
from dialogs.intake.flow import go_on, intake_state
from dialogs.intake.opening import hear_opened
from dialogs.known import KnownAnswer
from dialogs.requests import TicketOpened
from dialogs.said import Choice, Reply, Said
from dialogs.ticket_number import format_number
from dialogs.understanding.reader import Understood
from dialogs.understanding.text import fold

ENOUGH = "enough"


def ask_enough(intake: Intake, news: KnownAnswer, say: str) -> Move:
    """Ask whether what was just told is enough."""
    return Goto(ENOUGH, msgspec.structs.replace(intake, known=(news,)), say)


def _ask(talk: Talk, intake: Intake) -> Reply:
    del intake
    choices = (
        Choice("yes", talk.say("That is enough")),
        Choice("no", talk.say("Yes, take it down")),
    )
    return Reply(talk.say("Is that enough, or shall I take it down?"), choices)


def _hear(talk: Talk, intake: Intake, said: Said, understood: Understood | None) -> Move:
    words = fold(said.text)
    if says(said, NO | NONE | BACK, "no") or not_helped(words):
        return go_on(talk, _without(intake))
    if agrees(said, "yes") or says(said, THANKS | ENOUGH_WORDS) or helped(words):
        return settle(intake, intake.known[0])
    if understood is None or not understood.has_matter:
        return Lost()
    more = with_matter(with_place(intake, understood.place), said.text, understood)
    return go_on(talk, _without(more))


def _without(intake: Intake) -> Intake:
    return msgspec.structs.replace(intake, known=())


def _hear_settled(talk: Talk, intake: Intake, opened: TicketOpened) -> Move:
    """Where nobody could be asked how it went, it was taken down as any other."""
    if not opened.settled:
        return hear_opened(talk, intake, opened)
    number = format_number(opened.ticket_id)
    thanks = talk.say("Noted, number {number}. If it does not help, tell us again.", number=number)
    return Finish(thanks, last_ticket=opened.ticket_id)


STATES = {
    ENOUGH: intake_state(ENOUGH, _ask, _hear),
    SETTLED: State(hear=_hear_settled),
}
