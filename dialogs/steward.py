"""Lane stewards (小巷管家): residents who look after their lane register by chat; their street says whether they are one."""

import msgspec

from dialogs.answers import BACK, CANCEL, NO, NONE, agrees, says
from dialogs.dialog import Await, Dialog, Finish, Goto, HandOn, Lost, Move, State, Talk
from dialogs.rounds import AskSteward, FindSteward, StewardFound
from dialogs.said import Choice, Reply, Said
from dialogs.understanding.place import Place

_WORDS = (
    *(
        "我要当小巷管家",
        "我想当小巷管家",
        "当小巷管家",
        "成为小巷管家",
        "报名小巷管家",
        "小巷管家报名",
    ),
    *("小巷管家", "注册小巷管家", "申请小巷管家", "become a steward", "lane steward"),
)
_LONGEST_NAME = 20


class Enlisting(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who registers, for which street."""

    name: str = ""
    place: Place = Place()


def by_phone(talk: Talk) -> Move | None:
    """Photos and places are hard to tell by ear: who calls is asked to write."""
    if not talk.facts.voice:
        return None
    return Finish(
        talk.say("Stewards write to us by SMS or chat, with a photo. Thank you for looking out.")
    )


def _begin(talk: Talk, data: Enlisting, said: Said) -> Move:
    del said
    return by_phone(talk) or Await(FindSteward(), "known", data)


def _hear_known(talk: Talk, data: Enlisting, found: StewardFound) -> Move:
    if found.active:
        return Finish(
            talk.say(
                "You are a steward of {unit}. Reply “start patrol”, “found” or “end patrol”.",
                unit=found.unit,
            )
        )
    if found.state == "asked":
        return Finish(
            talk.say("{unit} is looking at your registration; we tell you here.", unit=found.unit)
        )
    return Goto("name", data)


def _ask_name(talk: Talk, data: Enlisting) -> Reply:
    del data
    return Reply(talk.say("Thank you for wanting to help your lane. What is your name?"))


def _hear_name(talk: Talk, data: Enlisting, said: Said) -> Move:
    name = said.text.strip().removeprefix("我叫").removeprefix("我是").strip("。. ")
    if says(said, BACK | CANCEL | NO | NONE):
        return _stopped(talk)
    understood = talk.facts.reader.understand(said.text)
    if understood.emergency or understood.topic:
        return HandOn()
    if not name or len(name) > _LONGEST_NAME:
        return Lost(talk.say("Just your name, please."))
    return Goto("where", msgspec.structs.replace(data, name=name))


def _ask_where(talk: Talk, data: Enlisting) -> Reply:
    del data
    return Reply(talk.say("Which street or community do you want to look after?"))


def _hear_where(talk: Talk, data: Enlisting, said: Said) -> Move:
    if says(said, CANCEL | NO | NONE):
        return _stopped(talk)
    if says(said, BACK):
        return Goto("name", data)
    if talk.facts.reader.understand(said.text).emergency:
        return HandOn()
    place = talk.facts.reader.place(said.text).place
    if not place.street:
        return Lost(talk.say("A street with its district, please, as in: Haidian, Tiancunlu."))
    place = msgspec.structs.replace(place, detail="")
    return Goto("consent", msgspec.structs.replace(data, place=place))


def _ask_consent(talk: Talk, data: Enlisting) -> Reply:
    street = talk.facts.reader.street(data.place.street)
    question = talk.say(
        "{unit} sees your name and number, and calls you. Do you agree?",
        unit=street.name if street else "",
    )
    return Reply(question, (Choice("yes", talk.say("I agree")), Choice("no", talk.say("I do not"))))


def _hear_consent(talk: Talk, data: Enlisting, said: Said) -> Move:
    if says(said, NO | NONE | CANCEL, "no"):
        return _stopped(talk)
    if says(said, BACK):
        return Goto("where", data)
    if agrees(said, "yes"):
        thanks = talk.say("Thank you! Your street looks at it; we tell you here.")
        return Finish(thanks, (AskSteward(data.name, data.place),))
    if said.text and talk.facts.reader.understand(said.text).has_matter:
        return HandOn()
    return Lost()


def _stopped(talk: Talk) -> Move:
    return Finish(talk.say("All right, nothing is kept of it."))


STEWARD = Dialog(
    name="steward",
    data=Enlisting,
    states={
        "begin": State(hear=_begin),
        "known": State(hear=_hear_known),
        "name": State(hear=_hear_name, ask=_ask_name),
        "where": State(hear=_hear_where, ask=_ask_where),
        "consent": State(hear=_hear_consent, ask=_ask_consent),
    },
    first="name",
    patience=(1800,),
    commands=dict.fromkeys(_WORDS, "begin"),
)
