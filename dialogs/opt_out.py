"""Opting out (退订, STOP) and in again, on channels where these words have a meaning.

The English words are those that Twilio acts on by itself: https://help.twilio.com/articles/223134027
"""

import msgspec

from dialogs.dialog import Dialog, Finish, HandOn, Move, State, Talk
from dialogs.requests import SetOptOut
from dialogs.said import Reply, Said

_OUT = ("退订", "td", "t", "stop", "stopall", "unsubscribe", "end", "quit", "revoke", "optout")
_IN = ("恢复", "恢复订阅", "kt", "start", "unstop")


class OptOut(msgspec.Struct, frozen=True):
    """Nothing is to be remembered."""


def _opt(*, out: bool) -> State:
    def heard(talk: Talk, data: OptOut, said: Said) -> Move:
        del data, said
        if not talk.facts.opt_out:
            return HandOn()
        text = (
            talk.say("You get no more messages from us. To get them again, reply START.")
            if out
            else talk.say("You get our messages again.")
        )
        return Finish(text, (SetOptOut(out),), quiet=True)

    return State(hear=heard)


def _ask(talk: Talk, data: OptOut) -> Reply:
    del data
    return Reply(talk.say("To get no more messages, reply STOP."))


OPT_OUT = Dialog(
    name="opt_out",
    data=OptOut,
    states={
        "asked": State(hear=_opt(out=True).hear, ask=_ask),
        "out": _opt(out=True),
        "in": _opt(out=False),
    },
    first="asked",
    patience=(1800,),
    commands={**dict.fromkeys(_OUT, "out"), **dict.fromkeys(_IN, "in")},
)
