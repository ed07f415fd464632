"""The offer to share one's own phone number by a button: the resident is then found by SMS and phone, too."""

import msgspec

from dialogs.answers import BACK, CANCEL, NO, NONE, THANKS, says
from dialogs.dialog import Dialog, Finish, HandOn, Move, State, Talk
from dialogs.requests import Draft
from dialogs.said import Choice, Reply, Said
from dialogs.words import Kind

NAME = "sharing"
_SKIP = "skip"


class Sharing(msgspec.Struct, frozen=True):
    """Nothing is to be remembered."""


def is_offered(talk: Talk, draft: Draft) -> bool:
    """Tell whether it is a good moment, after a ticket was opened: the number is not known, and nobody wants to be hidden."""
    session = talk.session
    if not talk.facts.contact or session.linked or NAME in session.offered:
        return False
    return not draft.anonymous and draft.kind is not Kind.PRAISE


def _ask(talk: Talk, data: Sharing) -> Reply:
    del data
    question = talk.say("To find it by SMS and phone, too, share your phone number.")
    return Reply(question, (Choice(_SKIP, talk.say("Not now")),), contact=True)


def _hear(talk: Talk, data: Sharing, said: Said) -> Move:
    del data
    if says(said, NO | NONE | BACK | CANCEL | THANKS, _SKIP):
        return Finish(talk.say("All right."))
    return HandOn()


SHARING = Dialog(
    name=NAME,
    data=Sharing,
    states={"offered": State(hear=_hear, ask=_ask, passing=True)},
    first="offered",
    patience=(1800,),
)
