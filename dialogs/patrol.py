"""A steward's rounds: patrols begin and end, what is seen is reported with photo and place, small things are fixed on the spot.

每日巡、经常访、及时记、随手做、实时报.
"""

import re

import msgspec

from dialogs.answers import BACK, CANCEL, NO, NONE, UNKNOWN, agrees, says
from dialogs.dialog import Await, Dialog, Finish, Goto, HandOn, Lost, Move, State, Talk
from dialogs.requests import Draft, OpenTicket, TicketOpened
from dialogs.rounds import FindSteward, Patrol, StewardFound
from dialogs.said import Choice, Reply, Said
from dialogs.steward import by_phone
from dialogs.ticket_number import format_number
from dialogs.understanding.place import Place
from dialogs.understanding.text import command_word
from dialogs.words import Kind

_TITLE = 8
_DROPS = CANCEL | {"算了", "算了吧", "不报了", "forget it"}
_LONGEST_UNIT = 12
_FIXED = re.compile(
    r"已经?处理|(?:弄|处理|修|清|办|捡|扫|挪|收拾|解决)(?:好|走|掉|完|干净|了)|fixed|done"
)
_NOT_FIXED = re.compile(
    r"没|不了|不动|不能|不行|办法|派人|来人|need|can'?t|cannot|could ?n[o']t|not|somebody",
    re.IGNORECASE,
)
_WORDS = {
    **dict.fromkeys(("开始巡查", "巡查", "开始巡逻", "start patrol"), "start"),
    **dict.fromkeys(("结束巡查", "巡查结束", "结束巡逻", "end patrol"), "end"),
    **dict.fromkeys(("上报", "巡查上报", "管家上报", "上报问题", "found"), "begin"),
}
_OWN_WORDS = frozenset(_WORDS)


class Round(msgspec.Struct, frozen=True, omit_defaults=True):
    """What has been seen so far; `home` is the steward's own street and community."""

    draft: Draft = Draft()
    home: Place = Place()
    photo_done: bool = False
    then: str = ""  # where to go on when this has been handed in, by a word that came meanwhile


def _patrol(*, begins: bool) -> State:
    def heard(talk: Talk, data: Round, said: Said) -> Move:
        del said
        return by_phone(talk) or Await(Patrol(begins), "began" if begins else "ended", data)

    return State(hear=heard)


def _hear_began(talk: Talk, data: Round, found: StewardFound) -> Move:
    del data
    if not found.active:
        return _no_steward(talk)
    return Finish(
        talk.say("Have a good round. Seen something? Reply “found”; when done, “end patrol”.")
    )


def _hear_ended(talk: Talk, data: Round, found: StewardFound) -> Move:
    if not found.active:
        return _no_steward(talk)
    if not found.patrolling:
        return Finish(talk.say("No round is under way. To begin one, reply “start patrol”."))
    count = found.reports + bool(data.then)  # what was handed in with this very message
    return Finish(talk.say("Your round is noted, with {count} reports. Thank you.", count=count))


def _no_steward(talk: Talk) -> Move:
    return Finish(
        talk.say(
            "That is for lane stewards. To become one, reply “lane steward”; else just tell me what happened."
        )
    )


def _begin(talk: Talk, data: Round, said: Said) -> Move:
    del said
    return by_phone(talk) or Await(FindSteward(), "who", data)


def _hear_who(talk: Talk, data: Round, found: StewardFound) -> Move:
    if not found.active:
        return _no_steward(talk)
    return Goto("find", msgspec.structs.replace(data, home=found.place))


def _ask_find(talk: Talk, data: Round) -> Reply:
    if data.draft.attachments:
        return Reply(talk.say("Got the photo. What is it, and where?"))
    return Reply(
        talk.say("What have you seen, and where? Send a photo too, if you can."), photo=True
    )


def _hear_find(talk: Talk, data: Round, said: Said) -> Move:
    data = _with_media(data, said)
    if says(said, _DROPS | BACK):
        return _dropped(talk)
    if not said.text.strip():
        return Goto("find", data) if said.attachments or said.pin else Lost()
    understood = talk.facts.reader.understand(said.text)
    if understood.emergency:
        return HandOn()
    if not understood.has_matter and not understood.topic:
        return Lost(talk.say("In a few words: what is it, and where?"), data)
    place = understood.place.place
    if not _is_elsewhere(talk, data.home, place, said.text):
        place = msgspec.structs.replace(data.home, detail=place.detail)
    draft = msgspec.structs.replace(
        data.draft,
        matter=said.text.strip(),
        title=understood.title or said.text.strip()[:_TITLE],
        kind=Kind.REQUEST,
        topic=understood.topic,
        grade=understood.grade,
        place=place,
        enterprise=understood.enterprise,
        steward=True,
        confirmed=True,
    )
    return _go_on(msgspec.structs.replace(data, draft=draft))


def _is_elsewhere(talk: Talk, home: Place, place: Place, text: str) -> bool:
    """Whether a find lies outside the steward's own street: a road or estate of the same name does not say so."""
    if place.street == home.street or place.community:
        return bool(place.street)
    street = talk.facts.reader.street(place.street)
    return street is not None and street.name in text


def _go_on(data: Round) -> Move:
    if not data.draft.attachments and not data.photo_done:
        return Goto("photo", data)
    return Goto("fixed", data)


def _ask_photo(talk: Talk, data: Round) -> Reply:
    del data
    none = Choice("none", talk.say("No photo"))
    return Reply(talk.say("Please send a photo of it."), (none,), photo=True)


def _hear_photo(talk: Talk, data: Round, said: Said) -> Move:
    if _goes_on(said):
        return _hand_in(data, fixed=False, then=_goes_on(said))
    if said.attachments or said.pin:
        return _go_on(_with_media(data, said))
    if says(said, _DROPS):
        return _dropped(talk)
    if says(said, NONE | NO | BACK, "none") or UNKNOWN.search(said.text):
        return _go_on(msgspec.structs.replace(data, photo_done=True))
    if said.text and talk.facts.reader.understand(said.text).emergency:
        return HandOn()
    return Lost()


def _ask_fixed(talk: Talk, data: Round) -> Reply:
    del data
    choices = (Choice("yes", talk.say("Fixed")), Choice("no", talk.say("Somebody has to come")))
    return Reply(talk.say("Could you fix it on the spot?"), choices)


def _hear_fixed(talk: Talk, data: Round, said: Said) -> Move:
    data = _with_media(data, said)
    if _goes_on(said):
        return _hand_in(data, fixed=False, then=_goes_on(said))
    if says(said, _DROPS):
        return _dropped(talk)
    if said.text and talk.facts.reader.understand(said.text).emergency:
        return HandOn()
    fixed = _was_fixed(said)
    if fixed is None:
        return Lost()
    return Goto("after", data) if fixed else _hand_in(data, fixed=False)


def _was_fixed(said: Said) -> bool | None:
    """Whether it is said to be fixed; None for neither."""
    if says(said, NO | NONE | BACK, "no") or UNKNOWN.search(said.text):
        return False
    if agrees(said, "yes"):
        return True
    if _NOT_FIXED.search(said.text):
        return False
    return True if _FIXED.search(said.text) else None


def _ask_after(talk: Talk, data: Round) -> Reply:
    del data
    none = Choice("none", talk.say("No photo"))
    return Reply(talk.say("Well done. Please send a photo of how it is now."), (none,), photo=True)


def _hear_after(talk: Talk, data: Round, said: Said) -> Move:
    """What is fixed is shown; without a photo somebody has a look."""
    if any(one.content_type.startswith("image/") for one in said.attachments):
        return _hand_in(_with_media(data, said), fixed=True)
    if _goes_on(said):
        return _hand_in(data, fixed=False, then=_goes_on(said))
    if says(said, NONE | NO | BACK | CANCEL, "none") or UNKNOWN.search(said.text):
        return _hand_in(data, fixed=False)
    if said.text and talk.facts.reader.understand(said.text).emergency:
        return HandOn()
    return Lost(data=_with_media(data, said))


def _goes_on(said: Said) -> str:
    """The state that a word of the rounds leads to; what is being reported is handed in before."""
    return "" if said.choice else _WORDS.get(command_word(said.text), "")


def _hand_in(data: Round, *, fixed: bool, then: str = "") -> Move:
    draft = msgspec.structs.replace(data.draft, fixed=fixed)
    handed = msgspec.structs.replace(data, draft=draft, then=then)
    return Await(OpenTicket(draft), "opened", handed)


def _hear_opened(talk: Talk, data: Round, opened: TicketOpened) -> Move:
    number, title = format_number(opened.ticket_id), data.draft.title
    if data.draft.fixed:
        words = talk.say(
            "“{title}” is noted as fixed by you, number {number}. Thank you.",
            title=title,
            number=number,
        )
    elif opened.unit:
        words = talk.say(
            "“{title}” is noted, number {number}, and with {unit} now. Thank you.",
            title=title,
            number=number,
            unit=opened.unit[:_LONGEST_UNIT],
        )
    else:
        words = talk.say(
            "“{title}” is noted, number {number}. Thank you.", title=title, number=number
        )
    if data.then == "begin":
        return Goto("find", Round(home=data.home), words)
    if data.then:
        begins = data.then == "start"
        handed = Round(then=data.then)
        return Await(Patrol(begins), "began" if begins else "ended", handed, words)
    return Finish(words, last_ticket=opened.ticket_id)


def _dropped(talk: Talk) -> Move:
    return Finish(talk.say("All right, nothing was reported."))


def _with_media(data: Round, said: Said) -> Round:
    """Keep photos and a shared location, in whatever state they come."""
    if not said.attachments and said.pin is None:
        return data
    draft = msgspec.structs.replace(
        data.draft,
        attachments=data.draft.attachments + said.attachments,
        pin=said.pin or data.draft.pin,
    )
    return msgspec.structs.replace(data, draft=draft)


def _silent(talk: Talk, data: Round, stage: int) -> Move:
    """What was told is handed in as it stands."""
    del talk, stage
    return _hand_in(data, fixed=False) if data.draft.matter else Finish()


PATROL = Dialog(
    name="patrol",
    data=Round,
    states={
        "start": _patrol(begins=True),
        "end": _patrol(begins=False),
        "began": State(hear=_hear_began),
        "ended": State(hear=_hear_ended),
        "begin": State(hear=_begin),
        "who": State(hear=_hear_who),
        "find": State(hear=_hear_find, ask=_ask_find, media=True),
        "photo": State(hear=_hear_photo, ask=_ask_photo, media=True, own_words=_OWN_WORDS),
        "fixed": State(hear=_hear_fixed, ask=_ask_fixed, media=True, own_words=_OWN_WORDS),
        "after": State(hear=_hear_after, ask=_ask_after, media=True, own_words=_OWN_WORDS),
        "opened": State(hear=_hear_opened),
    },
    first="find",
    patience=(1800,),
    silent=_silent,
    commands=_WORDS,
)
