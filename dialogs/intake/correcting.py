"""不对，是永定路: what a resident says is wrong, put right in one sentence, at any question, without asking which field."""

import re

import msgspec

from dialogs.answers import phone_in
from dialogs.dialog import Goto, Lost, Move, Talk
from dialogs.intake.draft import (
    Intake,
    corrected,
    tells,
    with_contact,
    with_matter,
    with_place_said,
)
from dialogs.intake.flow import go_on
from dialogs.understanding.address import amended, is_door
from dialogs.understanding.place import Place
from dialogs.understanding.text import fold
from dialogs.understanding.tone import DENIED_MATTER

_WRONG = re.compile(
    r"^\s*(?:(?:不对(?![劲外])|不是|我?(?:说|写|弄|搞|打)错了?|搞错|错了|错(?=[，,]|$)|口误|更正(?:一下)?)[啊呀哦了]?"
    r"[，,。.!！、\s]*(?:应该是|应为|改成|换成|而是|是)?|"
    r"(?:no|wrong|not right|sorry|i mean(?:t)?|correction)\b[,.!:\s]*(?:i meant |it should be |it'?s |it is )?(?<=[,.!:\s]))\s*",
    re.IGNORECASE,
)
_ENGLISH_NO = re.compile(r"^\s*no\s+[a-z]", re.IGNORECASE)  # no water: that is the matter
_INSTEAD = (
    re.compile(
        r"(?:不对[，,]?|错了[，,]?)?(?:不是|把)?(?P<old>[^，,。]{2,12}?)[，,\s]*"
        r"(?:应该是|应该为|应为|改成|改为|换成|而是|(?<!不)是)(?P<new>[^，,。]{2,20})[。！!]?$"
    ),
    re.compile(r"(?:应该)?是?(?P<new>[^，,。]{2,20}?)[，,\s]*不是(?P<old>[^，,。]{2,12})[。！!]?$"),
    re.compile(
        r"(?:it'?s |it is )?not (?P<old>[^,.]{2,30}?),? (?:but|it'?s|it is|rather) (?P<new>[^,.]{2,40})[.!]?$",
        re.IGNORECASE,
    ),
)
_DENIES = re.compile(r"不是|不对|错|改成|改为|换成|应该|应为|而是|\bnot\b", re.IGNORECASE)
_SHORT = 8
_ENDS = " \t，,。.！!"
_FIELDS = (
    ("place", re.compile(r"(?:地址|地点|地方|位置|place|address)")),
    ("fix_kind", re.compile(r"(?:诉求)?(?:类型|分类|类别)|kind")),
    ("fix_contact", re.compile(r"(?:联系)?电话|号码|phone(?: number)?")),
    ("fix_matter", re.compile(r"内容|事情|问题|matter")),
)
_IS_WRONG = re.compile(r"(?:写|弄|搞|说|填)?(?:错|不对|有误|不准确|要改|改一下)[了啦]?| is wrong")
_ALSO = re.compile(
    r"另外|还有(?:件|一)|再(?:反映|说)|顺便|此外|\b(?:also|another)\b", re.IGNORECASE
)


def correct(talk: Talk, intake: Intake, text: str) -> Move:
    """At the confirmation: change the field that `text` names, or take what it says otherwise."""
    mended = mend(talk, intake, text)
    if mended is not None:
        return mended
    rest = _WRONG.sub("", text) if _is_wrong(text) else text
    if not rest.strip():
        return Goto("fix", intake)
    is_wrong = rest != text or _denies_matter(text)
    if not is_wrong and _is_another(talk, intake, text):
        return Goto("another", msgspec.structs.replace(intake, another=text))
    return _read(talk, intake, rest, is_wrong=is_wrong)


def mend(talk: Talk, intake: Intake, text: str) -> Move | None:
    """Put right what `text` says is wrong, None when it says nothing of the kind."""
    if intake.ticket_id:  # handed in already: only where it is can still be put right
        moved = _moved(talk, intake, instead(text)) if instead(text) else None
        return go_on(talk, moved, talk.say("Changed.")) if moved is not None else None
    field = _named_wrong(text)
    if field:
        return Goto(field, msgspec.structs.replace(intake, place_tries=0))
    with_door = _with_door(intake, text)
    if with_door is not None:
        return go_on(talk, with_door, talk.say("Changed."))
    new = instead(text)
    return _mended_to(talk, intake, text, new) if new else None


def _mended_to(talk: Talk, intake: Intake, text: str, new: str) -> Move | None:
    phone, name = phone_in(new)
    if phone:
        return go_on(talk, with_contact(intake, phone, name), talk.say("Changed."))
    placed = None if _says_matter(talk, new) else _moved(talk, intake, new)
    if placed is not None:
        return go_on(talk, placed, talk.say("Changed."))
    understood = talk.facts.reader.understand(new)
    names_kind = understood.kind and not understood.has_matter and len(new) <= _SHORT
    if understood.topic or names_kind:
        whole = text if _denies_matter(text) else new
        return _read(talk, intake, whole, is_wrong=True)
    return None


def _moved(talk: Talk, intake: Intake, new: str) -> Intake | None:
    """Put another place in place of the first, in the same district where there is one; a door stays."""
    reader, known = talk.facts.reader, intake.draft.place
    if is_door(new):
        return with_place_said(reader, intake, new)
    for bare in (Place(known.district), Place()):
        draft = msgspec.structs.replace(intake.draft, place=bare)
        moved = with_place_said(reader, msgspec.structs.replace(intake, draft=draft), new)
        if moved is None:
            continue
        place = moved.draft.place
        door = "" if place.detail else _door(known.detail)
        if door:
            place = msgspec.structs.replace(place, detail=door)
            draft = msgspec.structs.replace(moved.draft, place=place)
            moved = msgspec.structs.replace(moved, draft=draft)
        return moved
    return None


def _door(detail: str) -> str:
    """The numbered end of an address, which may be right although the road is not: 5号楼 of 田村路5号楼."""
    ends = (detail[at:] for at in range(len(detail)))
    return next((end for end in ends if is_door(end)), "")


def take_as_correction(talk: Talk, intake: Intake, text: str) -> Move:
    """Put the draft right by words that seemed to tell another matter."""
    return _read(talk, intake, text, is_wrong=True)


def _is_wrong(text: str) -> bool:
    return _WRONG.match(text) is not None and _ENGLISH_NO.match(text) is None


def _denies_matter(text: str) -> bool:
    return DENIED_MATTER.match(fold(text)) is not None


def _says_matter(talk: Talk, text: str) -> bool:
    """Tell whether a matter is told that needs more than a place to be put right."""
    understood = talk.facts.reader.understand(text)
    return bool(understood.topic) and not understood.place.place.district


def instead(text: str) -> str:
    """What is to stand there instead: 永定路 of 不是田村路，是永定路 and of 不对，是永定路; "" when nothing is denied."""
    if _DENIES.search(text):
        for words in _INSTEAD:
            said = words.match(text.strip())
            if said and _DENIES.search(text):
                return said["new"].strip(_ENDS)
    return _WRONG.sub("", text).strip(_ENDS) if _is_wrong(text) else ""


def _is_another(talk: Talk, intake: Intake, text: str) -> bool:
    """Tell whether a text has a topic of its own, and a place of its own or words such as 另外."""
    draft = intake.draft
    understood = talk.facts.reader.understand(text)
    place = understood.place.place
    if not understood.topic or not draft.topic or understood.topic == draft.topic:
        return False
    if _ALSO.search(text):
        return True
    return bool(place.district and draft.place.district) and not place.agrees(draft.place)


def _read(talk: Talk, intake: Intake, text: str, *, is_wrong: bool) -> Move:
    """A place replaces the place, other words join the matter or replace its topic or kind."""
    understood = talk.facts.reader.understand(text)
    placed = with_place_said(talk.facts.reader, intake, text)
    mends = is_wrong or placed is not None
    if understood.kind and not understood.has_matter and placed is None:
        draft = msgspec.structs.replace(intake.draft, kind=understood.kind)
        return go_on(talk, msgspec.structs.replace(intake, draft=draft), talk.say("Changed."))
    if is_wrong and placed is None and not understood.topic:
        return Goto("fix", intake)
    if tells(text, understood):
        differs = understood.topic != intake.draft.topic or understood.kind not in (
            None,
            intake.draft.kind,
        )
        is_other = is_wrong and placed is None and differs
        take = corrected if is_other else with_matter
        intake = take(placed or intake, text, understood)
    elif placed is None:
        return Lost(talk.say("Say what is wrong, for example “the place is Yongding Road”."))
    else:
        intake = placed
    return go_on(talk, intake, talk.say("Changed.") if mends else talk.say("Added."))


def _named_wrong(text: str) -> str:
    """The state that asks anew for what 地址错了 names, "" when nothing is named."""
    folded = fold(text).strip(_ENDS)
    for state, name in _FIELDS:
        named = name.match(folded)
        if named and _IS_WRONG.fullmatch(folded, named.end()):
            return state
    return ""


def _with_door(intake: Intake, text: str) -> Intake | None:
    """5号楼应该是6号楼, and 不是5号楼，是6号楼: change that part of the address, None when it is not in it."""
    place = intake.draft.place
    for words in _INSTEAD:
        said = words.match(text.strip())
        if said and said["old"] in place.detail:
            detail = place.detail.replace(said["old"], said["new"].strip(_ENDS))
            if amended(said["old"], said["new"]) != said["old"] + said["new"]:
                place = msgspec.structs.replace(place, detail=detail)
                draft = msgspec.structs.replace(intake.draft, place=place)
                return msgspec.structs.replace(intake, draft=draft)
    return None
