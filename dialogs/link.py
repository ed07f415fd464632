"""Link a phone number (绑定手机): who proves a number by a code, or shares it, finds in one chat what was told by another."""

import re

import msgspec

from dialogs import sharing
from dialogs.answers import BACK, CANCEL, NO, NONE, THANKS, phone_number, says
from dialogs.dialog import Await, Dialog, Finish, Goto, HandOn, Lost, Move, Start, State, Talk
from dialogs.requests import CheckLinkCode, LinkCodeChecked, LinkCodeSent, SendLinkCode
from dialogs.said import Choice, Reply, Said
from dialogs.understanding.numerals import digits

_CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")
_INTERNATIONAL = re.compile(r"\+\d{7,15}")
_LONGEST_ANSWER = 24
_SHOWN = 4


class Linking(msgspec.Struct, frozen=True, omit_defaults=True):
    """The number that a code was sent to."""

    number: str = ""


def _begin(talk: Talk, data: Linking, said: Said) -> Move:
    del said
    if talk.facts.reachable or talk.facts.voice:
        return Finish(talk.say("You talk to us from your own number: nothing needs to be linked."))
    if talk.facts.contact:
        return Start(sharing.NAME, "offered", sharing.Sharing())
    return Goto("number", data)


def linked(talk: Talk) -> str:
    """What is said when a number has been proven."""
    return talk.say(
        "Your number is linked. Ask for “status” here, by SMS or by phone: all you told us is there."
    )


def _ask_number(talk: Talk, data: Linking) -> Reply:
    del data
    return Reply(talk.say("What is your mobile number? A code will come to it by SMS."))


def _hear_number(talk: Talk, data: Linking, said: Said) -> Move:
    if says(said, BACK | CANCEL | NONE | NO | THANKS):
        return Finish(talk.say("All right."))
    number = _number(said.text)
    if number:
        return Await(SendLinkCode(number), "sent", Linking(number))
    return _not_meant(talk, said) or Lost(talk.say("A mobile number has 11 digits."))


def _number(text: str) -> str:
    """A number as it was written; the city knows how to read it."""
    abroad = _INTERNATIONAL.search(re.sub(r"[\s-]", "", digits(text)))
    return abroad[0] if abroad else phone_number(text)


def _not_meant(talk: Talk, said: Said) -> Move | None:
    """Whoever tells a matter instead is heard."""
    if said.choice or not said.text:
        return HandOn()
    understood = talk.facts.reader.understand(said.text)
    told = len(said.text) > _LONGEST_ANSWER and understood.has_matter
    return HandOn() if told or understood.topic or understood.emergency else None


def _hear_sent(talk: Talk, data: Linking, answer: LinkCodeSent) -> Move:
    if answer.sent:
        return Goto("code", data)
    return Finish(
        talk.say(
            "No code can be sent to this number now: it takes no SMS, or had several already. "
            "Try again in an hour, or reply “human”."
        )
    )


def _ask_code(talk: Talk, data: Linking) -> Reply:
    question = talk.say(
        "A code of 6 digits is on its way to the number ending in {end}. What does it say?",
        end=data.number[-_SHOWN:],
    )
    choices = (
        Choice("again", talk.say("Send it again")),
        Choice("other", talk.say("Another phone number")),
    )
    return Reply(question, choices)


def _hear_code(talk: Talk, data: Linking, said: Said) -> Move:
    if said.choice == "again":
        return Await(SendLinkCode(data.number), "sent", data)
    if said.choice == "other":
        return Goto("number", Linking())
    if says(said, BACK | CANCEL | NONE | NO | THANKS):
        return Finish(talk.say("All right."))
    code = _CODE.search(re.sub(r"[\s-]", "", digits(said.text)))
    if code:
        return Await(CheckLinkCode(code[0]), "checked", data)
    return _not_meant(talk, said) or Lost(talk.say("Just the 6 digits of the SMS, please."))


def _hear_checked(talk: Talk, data: Linking, answer: LinkCodeChecked) -> Move:
    if answer.right:
        return Finish(linked(talk))
    if answer.tries:
        return Goto("code", data, talk.say("That is not the code. Please compare it once more."))
    return Finish(
        talk.say("That code no longer counts. For a new one, reply “link my phone”."),
    )


LINK = Dialog(
    name="link",
    data=Linking,
    states={
        "number": State(hear=_hear_number, ask=_ask_number),
        "begin": State(hear=_begin),
        "sent": State(hear=_hear_sent),
        "code": State(hear=_hear_code, ask=_ask_code),
        "checked": State(hear=_hear_checked),
    },
    first="number",
    patience=(900,),
    commands=dict.fromkeys(
        (
            "绑定手机",
            "绑定手机号",
            "绑定号码",
            "绑定电话",
            "绑定",
            "关联手机",
            "关联手机号",
            "link my phone",
            "link phone",
            "link my number",
        ),
        "begin",
    ),
)
