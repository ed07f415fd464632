"""A person (人工): the resident is put on the list, and the talk below goes on."""

import msgspec

from dialogs.dialog import Dialog, Finish, Move, State, Talk
from dialogs.requests import CallHuman
from dialogs.said import Reply, Said


class Human(msgspec.Struct, frozen=True):
    """Nothing is to be remembered."""


def _call(talk: Talk, data: Human, said: Said) -> Move:
    del data, said
    below = talk.session.frames[:-1]
    reason = f"asked in {below[-1].dialog}" if below else "asked"
    text = talk.say(
        "You are on the list; a person contacts you in working hours. You can go on here."
    )
    return Finish(text, (CallHuman(reason),))


def _ask(talk: Talk, data: Human) -> Reply:
    del data
    return Reply(talk.say("For a person, reply “human”."))


HUMAN = Dialog(
    name="human",
    data=Human,
    states={"asked": State(hear=_call, ask=_ask), "called": State(hear=_call)},
    first="asked",
    patience=(1800,),
    commands=dict.fromkeys(
        ("人工", "转人工", "人工服务", "找人工", "0", "00", "human", "agent", "operator", "person"),
        "called",
    ),
)
