"""The city has opened the ticket: tell its number, then what is still missing or was told besides."""

from dataclasses import replace

import msgspec

from dialogs import sharing
from dialogs.dialog import Finish, Move, Start, State, Talk
from dialogs.intake import caring
from dialogs.intake.accepted import accepted
from dialogs.intake.aloud import aloud, in_writing
from dialogs.intake.another import go_on_with
from dialogs.intake.draft import Intake
from dialogs.intake.flow import go_on, place_question
from dialogs.requests import TicketOpened


def hear_opened(talk: Talk, intake: Intake, opened: TicketOpened) -> Move:
    """Say what was opened, and go on."""
    if intake.despairs:
        return caring.begin(talk, intake, opened.ticket_id)
    if not talk.facts.voice:
        return _goes_on(talk, intake, opened, accepted(talk, intake.draft, opened))
    move = _goes_on(talk, intake, opened, aloud(talk, intake.draft, opened))
    return replace(move, do=(*move.do, *in_writing(talk, intake.draft, opened)))


def _goes_on(talk: Talk, intake: Intake, opened: TicketOpened, said: str) -> Move:
    if intake.draft.emergency and place_question(intake):
        intake = msgspec.structs.replace(intake, ticket_id=opened.ticket_id)
        return go_on(talk, intake, said)
    if intake.another or intake.others:
        return go_on_with(intake, said)
    if sharing.is_offered(talk, intake.draft):
        return Start(
            sharing.NAME,
            "offered",
            sharing.Sharing(),
            say=said,
            last_ticket=opened.ticket_id,
            once=True,
        )
    # Nobody's ticket takes additions: it is not remembered as this resident's last one.
    return Finish(said, last_ticket=0 if intake.draft.anonymous else opened.ticket_id)


STATES = {"opened": State(hear=hear_opened)}
