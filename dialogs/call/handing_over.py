"""A call is handed to another number: help in danger by one key, or the desk that knows the matter."""

from dialogs.answers import CANCEL, NO, NONE, agrees, says
from dialogs.call.calling import Calling, after_talk
from dialogs.call.waiting import join_queue
from dialogs.dialog import Finish, Goto, HandOn, Move, State, Talk
from dialogs.said import Call, Choice, Reply, Said
from dialogs.words import CallAct, Moment

_DIAL = "dial"


def _ask_danger(talk: Talk, data: Calling) -> Reply:
    number = talk.facts.line.emergency
    text = talk.say("To be put through to {number}, press 1.", number=number)
    if data.place_open:
        text += talk.gap + talk.say("Otherwise say in which district and street it is.")
    return Reply(text, (Choice(_DIAL, number),))


def _hear_danger(talk: Talk, data: Calling, said: Said) -> Move:
    del talk
    if said.moment is not None or says(said, NO | NONE | CANCEL):
        return Finish()
    return Goto("dialing", data) if agrees(said, _DIAL) else HandOn()


def _ask_dialing(talk: Talk, data: Calling) -> Reply:
    del data
    number = talk.facts.line.emergency
    text = talk.say("I put you through to {number}; stay on the line.", number=number)
    return Reply(text, call=Call(CallAct.DIAL, number=number))


def _hear_dialing(talk: Talk, data: Calling, said: Said) -> Move:
    del talk, data
    return HandOn() if said.text or said.choice else Finish()


def _ask_second(talk: Talk, data: Calling) -> Reply:
    del data
    line = talk.facts.line
    text = talk.say("I put you through to the desk that knows this; stay on the line.")
    return Reply(text, call=Call(CallAct.DIAL, number=line.second_line))


def _hear_second(talk: Talk, data: Calling, said: Said) -> Move:
    """Nobody there: the hotline's own people answer."""
    if said.moment is Moment.TALKED:
        return after_talk(talk)
    return HandOn() if said.text or said.choice else join_queue(talk, data)


STATES = {
    "danger": State(hear=_hear_danger, ask=_ask_danger),
    "dialing": State(hear=_hear_dialing, ask=_ask_dialing),
    "second": State(hear=_hear_second, ask=_ask_second),
}
