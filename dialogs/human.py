"""A person (人工): the resident is put on the list, and the talk below goes on."""

import msgspec

from dialogs.dialog import Dialog, Finish, Move, State, Talk
from dialogs.requests import CallHuman, Draft
from dialogs.said import Reply, Said
from dialogs.session import Frame


class Human(msgspec.Struct, frozen=True):
    """Nothing is to be remembered."""


def _call(talk: Talk, data: Human, said: Said) -> Move:
    del data, said
    below = talk.session.frames[:-1]
    text = talk.say(
        "You are on the list; a person contacts you in working hours. You can go on here."
    )
    return Finish(text, (CallHuman("asked", _under_way(below)),))


def _under_way(below: tuple[Frame, ...]) -> str:
    """The matter of the draft below, for who is going to call."""
    for frame in reversed(below):
        if frame.dialog == "intake":
            drafting = frame.read(_Drafting)
            return drafting.draft.matter if drafting is not None else ""
    return ""


class _Drafting(msgspec.Struct, frozen=True):
    """As much of an intake's data as is read here."""

    draft: Draft = Draft()


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
