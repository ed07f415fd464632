"""The menu (帮助): everything that can be done, to be picked by number."""

import msgspec

from dialogs.answers import BACK, CANCEL, NONE, THANKS, says
from dialogs.dialog import Dialog, Finish, HandOn, Move, State, Talk
from dialogs.phrases import phrase
from dialogs.said import Choice, Reply, Said

_ITEMS = {
    "command:new": phrase("Report something"),
    "command:status": phrase("See progress"),
    "command:add": phrase("Add to a ticket"),
    "command:urge": phrase("Chase up a ticket"),
    "command:withdraw": phrase("Withdraw a ticket"),
    "command:human": phrase("Talk to a person"),
    "command:language": phrase("中文 / English"),
}


class Menu(msgspec.Struct, frozen=True):
    """Nothing is to be remembered."""


def _ask(talk: Talk, data: Menu) -> Reply:
    del data
    items = dict(_ITEMS)
    if talk.facts.voice:  # 0 is a person at any time
        items["command:human"] = items.pop("command:human")
    choices = tuple(Choice(command, talk.say(label)) for command, label in items.items())
    return Reply(talk.say("12345 can do this for you:"), choices)


def _hear(talk: Talk, data: Menu, said: Said) -> Move:
    del data
    if says(said, BACK | CANCEL | NONE | THANKS):
        return Finish(talk.say("All right."))
    return HandOn()


MENU = Dialog(
    name="menu",
    data=Menu,
    states={"menu": State(hear=_hear, ask=_ask, passing=True)},
    first="menu",
    patience=(1800,),
    commands=dict.fromkeys(
        (
            "帮助",
            "菜单",
            "功能",
            "怎么用",
            "你是谁",
            "你们是干什么的",
            "你能做什么",
            "能办什么",
            "?",
            "？",
            "help",
            "menu",
        ),
        "menu",
    ),
)
