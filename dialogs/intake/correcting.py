"""不对，是永定路: what a resident says is wrong at the confirmation, put right without asking which field."""

import re

import msgspec

from dialogs.dialog import Goto, Lost, Move, Talk
from dialogs.intake.draft import Intake, corrected, tells, with_matter, with_place_said
from dialogs.intake.flow import go_on
from dialogs.understanding.address import amended
from dialogs.understanding.text import fold
from dialogs.understanding.tone import DENIED_MATTER

_WRONG = re.compile(
    r"^\s*(?:不对|不是|错了|错|搞错了|no|wrong|not)[，,。.!！、\s]*(?:应该是|是|it'?s|it is)?\s*",
    re.IGNORECASE,
)
_INSTEAD = (
    re.compile(
        r"(?:不对[，,]?|错了[，,]?)?(?:不是|把)?(?P<old>[^，,。]{2,12}?)[，,\s]*"
        r"(?:应该是|应该为|应为|改成|改为|换成|而是|是)(?P<new>[^，,。]{2,12})[。！!]?$"
    ),
    re.compile(r"(?:应该)?是?(?P<new>[^，,。]{2,12}?)[，,\s]*不是(?P<old>[^，,。]{2,12})[。！!]?$"),
)
_ENDS = " \t，,。.！!"
_FIELDS = (
    ("place", re.compile(r"(?:地址|地点|地方|位置|place|address)")),
    ("fix_kind", re.compile(r"(?:诉求)?(?:类型|分类|类别)")),
    ("fix_contact", re.compile(r"(?:联系)?电话|号码")),
    ("fix_matter", re.compile(r"内容|事情|问题")),
)
_IS_WRONG = re.compile(r"(?:写|弄|搞|说|填)?(?:错|不对|有误|不准确|要改|改一下)[了啦]?| is wrong")


def correct(talk: Talk, intake: Intake, text: str) -> Move:
    """Change the field that `text` names, or what it says otherwise."""
    field = _named_wrong(text)
    if field:
        return Goto(field, msgspec.structs.replace(intake, place_tries=0))
    mended = _with_door(intake, text)
    if mended is not None:
        return Goto("confirm", mended, talk.say("Changed."))
    denies = DENIED_MATTER.match(fold(text)) is not None
    rest = text if denies else _WRONG.sub("", text)
    if not rest.strip():
        return Goto("fix", intake)
    is_wrong = denies or rest != text
    if not is_wrong and _is_another(talk, intake, text):
        return Goto("another", msgspec.structs.replace(intake, another=text))
    return _read(talk, intake, rest, is_wrong=is_wrong)


def take_as_correction(talk: Talk, intake: Intake, text: str) -> Move:
    """Put the draft right by words that seemed to tell another matter."""
    return _read(talk, intake, text, is_wrong=True)


def _is_another(talk: Talk, intake: Intake, text: str) -> bool:
    """Tell whether a text has a topic and a place of its own, both others than the draft's."""
    draft = intake.draft
    understood = talk.facts.reader.understand(text)
    place = understood.place.place
    if not understood.topic or not draft.topic or understood.topic == draft.topic:
        return False
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
        is_other = is_wrong and placed is None and understood.topic != intake.draft.topic
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
