"""Who despairs is listened to: no form and no number; where they are is asked gently, and every word is passed on."""

import msgspec

from dialogs.answers import CANCEL, THANKS, says
from dialogs.dialog import Finish, Goto, Move, State, Talk
from dialogs.intake.draft import Intake, with_place_said
from dialogs.phrases import phrase
from dialogs.requests import AddToTicket
from dialogs.said import Reply, Said

_LISTENING = (
    phrase("I am listening; take your time."),
    phrase("Thank you for telling me. You are not alone with this."),
    phrase("12356 has somebody to talk to, day and night. I stay here too."),
)


def begin(talk: Talk, intake: Intake, ticket_id: int) -> Move:
    """Somebody has been told; only then, where they are."""
    told = talk.say("I have told a colleague on duty; somebody gets in touch with you.")
    return Goto("caring", msgspec.structs.replace(intake, ticket_id=ticket_id), told)


def _ask(talk: Talk, intake: Intake) -> Reply:
    if intake.place_done or intake.draft.pin:
        return Reply("")
    return Reply(talk.say("If you like, tell me where you are, so that we can come."), place=True)


def _hear(talk: Talk, intake: Intake, said: Said) -> Move:
    if says(said, THANKS | CANCEL):
        say = talk.say("Take care. 12356 and we are here whenever you want to talk.")
        return Finish(say, last_ticket=intake.ticket_id)
    found = with_place_said(talk.facts.reader, intake, said.text) if said.text else None
    if found is None and said.pin is None:
        added = AddToTicket(intake.ticket_id, said.text.strip(), said.attachments)
        say = talk.say(_LISTENING[intake.place_tries % len(_LISTENING)])
        heard = msgspec.structs.replace(intake, place_tries=intake.place_tries + 1)
        return Goto("caring", heard, say, (added,))
    known = msgspec.structs.replace(found or intake, place_done=True)
    place = known.draft.place
    added = AddToTicket(intake.ticket_id, said.text, said.attachments, place, said.pin)
    return Goto(
        "caring", known, talk.say("Thank you. I pass it on at once; stay with me."), (added,)
    )


STATES: dict[str, State] = {"caring": State(hear=_hear, ask=_ask, media=True)}
