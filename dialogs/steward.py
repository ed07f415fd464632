"""Lane stewards (小巷管家): residents who look after their lane register by chat; their street says whether they are one."""

import msgspec

from dialogs.answers import BACK, CANCEL, NO, NONE, agrees, phone_in, says
from dialogs.dialog import Await, Dialog, Finish, Goto, HandOn, Lost, Move, State, Talk
from dialogs.rounds import AskSteward, FindSteward, LeaveStewards, StewardFound
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
_LEAVING = (
    *("不当小巷管家", "不当小巷管家了", "不想当小巷管家了", "不做小巷管家了", "退出小巷管家"),
    *("我不当小巷管家了", "我不想当小巷管家了", "stop being a steward", "leave the stewards"),
)
_LONGEST_NAME = 20


class Enlisting(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who registers, for which street; `phone` where the channel does not tell it."""

    name: str = ""
    place: Place = Place()
    phone: str = ""


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
    data = msgspec.structs.replace(data, place=place)
    return Goto("consent" if talk.facts.reachable else "phone", data)


def _ask_phone(talk: Talk, data: Enlisting) -> Reply:
    del data
    question = talk.say("Which phone number may your street call you at? You can leave it out.")
    return Reply(question, (Choice("skip", talk.say("Leave it out")),))


def _hear_phone(talk: Talk, data: Enlisting, said: Said) -> Move:
    if says(said, CANCEL):
        return _stopped(talk)
    if says(said, BACK):
        return Goto("where", data)
    if says(said, NONE | NO, "skip"):
        return Goto("consent", msgspec.structs.replace(data, phone=""))
    phone, _ = phone_in(said.text)
    if phone:
        return Goto("consent", msgspec.structs.replace(data, phone=phone))
    if said.text and talk.facts.reader.understand(said.text).emergency:
        return HandOn()
    return Lost(talk.say("A number of 11 digits, or with area code; or leave it out."))


def _ask_consent(talk: Talk, data: Enlisting) -> Reply:
    street = talk.facts.reader.street(data.place.street)
    unit = street.name if street else ""
    if data.phone or talk.facts.reachable:
        question = talk.say(
            "{unit} sees your name and number, and calls you. Do you agree?", unit=unit
        )
    else:
        question = talk.say("{unit} sees your name and answers you here. Do you agree?", unit=unit)
    return Reply(question, (Choice("yes", talk.say("I agree")), Choice("no", talk.say("I do not"))))


def _hear_consent(talk: Talk, data: Enlisting, said: Said) -> Move:
    if says(said, NO | NONE | CANCEL, "no"):
        return _stopped(talk)
    if says(said, BACK):
        return Goto("where" if talk.facts.reachable else "phone", data)
    if agrees(said, "yes"):
        thanks = talk.say("Thank you! Your street looks at it; we tell you here.")
        return Finish(thanks, (AskSteward(data.name, data.place, data.phone),))
    if said.text and talk.facts.reader.understand(said.text).has_matter:
        return HandOn()
    return Lost()


def _leave(talk: Talk, data: Enlisting, said: Said) -> Move:
    del talk, said
    return Await(FindSteward(), "leaving", data)


def _hear_leaving(talk: Talk, data: Enlisting, found: StewardFound) -> Move:
    if found.state not in {"asked", "active"}:
        return Finish(talk.say("You are no lane steward; there is nothing to leave."))
    return Goto("sure", data)


def _ask_sure(talk: Talk, data: Enlisting) -> Reply:
    del data
    choices = (Choice("yes", talk.say("Yes, stop")), Choice("no", talk.say("No, stay")))
    return Reply(talk.say("Do you want to stop being a lane steward?"), choices)


def _hear_sure(talk: Talk, data: Enlisting, said: Said) -> Move:
    del data
    if says(said, NO | NONE | CANCEL | BACK, "no"):
        return Finish(talk.say("Good, all stays as it is."))
    if agrees(said, "yes"):
        thanks = talk.say("Noted, your street knows. Thank you for all you did for your lane.")
        return Finish(thanks, (LeaveStewards(),))
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
        "phone": State(hear=_hear_phone, ask=_ask_phone),
        "consent": State(hear=_hear_consent, ask=_ask_consent),
        "leave": State(hear=_leave),
        "leaving": State(hear=_hear_leaving),
        "sure": State(hear=_hear_sure, ask=_ask_sure),
    },
    first="name",
    patience=(1800,),
    commands=dict.fromkeys(_WORDS, "begin") | dict.fromkeys(_LEAVING, "leave"),
)
