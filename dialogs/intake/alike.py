"""What every question of an intake hears alike, before its own answers: a correction, a step back, a wish on the way."""

import re
from dataclasses import replace

import msgspec

from dialogs.answers import BACK, says, thanks
from dialogs.dialog import Await, Goto, Lost, Move, Start, State, Talk
from dialogs.intake.correcting import instead, mend
from dialogs.intake.draft import Intake, anonymous, confidential, with_media
from dialogs.intake.flow import cancelled, go_on
from dialogs.requests import AddToTicket, FindRelated, OpenTicket
from dialogs.said import Said
from dialogs.status import Status
from dialogs.understanding.kind import NEEDS_NO_PLACE
from dialogs.understanding.reader import Understood
from dialogs.understanding.since import since
from dialogs.understanding.text import command_word
from dialogs.wishes import wish

# The question before each; what is not named goes back to the choice of what to change.
_BEFORE = {
    "matter": "place",
    "place": "fix_matter",
    "street": "place",
    "which_place": "place",
    "which_district": "place",
    "topic": "fix_matter",
    "confidential": "place",
    "contact": "confirm",
}
# Those whose question is not about the draft hear a no, a step back and a correction by themselves.
_ASIDE = frozenset({"another", "several", "addition", "answered", "which_answer", "elsewhere"})
_OWN_BACK = _ASIDE | {"fix"}
_HEARS_CORRECTIONS = _ASIDE | {"listen", "confirm", "caring"}
_PLACES = frozenset({"place", "street", "which_place", "which_district"})
_ANSWERED_NO = _ASIDE | {"confidential", "company", "green", "contact", "caring"}
_DROPS = re.compile(
    r"(?:算了|没事了|不用了)[吧啊呀]?[，,。\s]*(?:我?不(?:想)?(?:再)?(?:反映|投诉|举报|报|提交|说|弄|麻烦你们)了)?|"
    r"我?不(?:想)?(?:再)?(?:反映|投诉|举报|提交)了|"
    r"(?:(?:算了|没事了|不用了)[吧啊]?[，,。\s]*)?(?:(?:已经|自己|刚才?|现在|都|物业)+(?:给?(?:修|弄|处理|解决)好|好|来[水电]|有[水电]|热|通)了)"
)
_LINKS = re.compile(r"(?:\s*(?:https?://|www\.)\S+)+\s*", re.IGNORECASE)
_SECRET = re.compile(
    r"(?:我?[想要请]|麻烦|给我|帮我|替我)*保密(?:一下|吧|的)?|(?:keep it )?confidential(?:ly)?"
)
_NAMELESS = re.compile(
    r"(?:我?[想要请]|给我|帮我)*匿名(?:反映|举报|投诉)?(?:吧|的)?|不留(?:姓)?名|anonymous(?:ly)?"
)


def alike(name: str, state: State) -> State:
    """The same state, hearing these first. One that awaits the city hears no resident."""
    if state.ask is None:
        return state

    def hear(talk: Talk, intake: Intake, said: Said) -> Move:
        if said.choice or not said.text.strip() or intake.despairs:
            return state.hear(talk, intake, said)
        understood = talk.facts.reader.understand(said.text)
        move = None if understood.emergency else _heard(talk, intake, said, understood, name)
        if move is None:
            move = state.hear(talk, intake, _meant(said, understood, name))
        if intake.ticket_id and (understood.topic or said.attachments):
            text = said.text if understood.topic else ""
            return _passed_on(move, AddToTicket(intake.ticket_id, text, said.attachments))
        return _dated(talk, move)

    return replace(state, hear=hear)


def _dated(talk: Talk, move: Move) -> Move:
    """Find the day that 前天 means while it is still the day it was said on."""
    if not isinstance(move, Goto | Await) or not isinstance(move.data, Intake):
        return move
    draft = move.data.draft
    if draft.since is not None or not draft.happened:
        return move
    today = talk.facts.now.astimezone(talk.facts.timezone).date()
    draft = msgspec.structs.replace(draft, since=since(draft.happened, today))
    move = replace(move, data=msgspec.structs.replace(move.data, draft=draft))
    if isinstance(move, Await) and isinstance(move.request, FindRelated | OpenTicket):
        draft = msgspec.structs.replace(move.request.draft, since=draft.since)
        return replace(move, request=msgspec.structs.replace(move.request, draft=draft))
    return move


def _meant(said: Said, understood: Understood, name: str) -> Said:
    """Of 不是田村路，是永定路 only what is meant is read as a place."""
    if name not in _PLACES or understood.emergency:
        return said
    return msgspec.structs.replace(said, text=instead(said.text) or said.text)


def _passed_on(move: Move, added: AddToTicket) -> Move:
    """More of the matter, told when only its place was asked, goes to the ticket that is open already."""
    done = any(isinstance(one, AddToTicket) and one.text == added.text for one in move.do)
    return move if done and not added.attachments else replace(move, do=(*move.do, added))


def _heard(
    talk: Talk, intake: Intake, said: Said, understood: Understood, name: str
) -> Move | None:
    known = with_media(intake, said)
    if name not in _ANSWERED_NO and _DROPS.fullmatch(command_word(said.text)):
        return cancelled(talk, known)
    if name in {"place", "street"} and thanks(said):  # politeness is no place
        return Lost(talk.say("A road, an estate or a big building nearby will do."), known)
    move = (
        _steps_back(talk, known, said, name)
        or _keeps_secret(talk, known, said, name)
        or _asks_progress(known, said, understood, name)
        or _only_links(talk, known, said, name)
    )
    if move is None and name not in _HEARS_CORRECTIONS and known != Intake():
        move = mend(talk, known, said.text)
    return move


def _steps_back(talk: Talk, intake: Intake, said: Said, name: str) -> Move | None:
    """返回: the question before is asked anew; what is known stays until it is answered otherwise."""
    if not says(said, BACK) or name in _OWN_BACK or name.startswith("fix_"):
        return None
    if not intake.draft.matter and not intake.draft.place.district:
        return Goto("listen", intake, talk.say("This is the beginning."))
    if name == "confirm":
        return Goto("fix", intake)
    before = _BEFORE.get(name, "fix")
    if name == "confidential" and intake.draft.kind in NEEDS_NO_PLACE:
        before = "fix_matter"
    if before == "fix_matter" and not intake.draft.matter:
        before = "matter"
    return Goto(before, msgspec.structs.replace(intake, candidates=(), place_tries=0))


def _keeps_secret(talk: Talk, intake: Intake, said: Said, name: str) -> Move | None:
    """保密 and 匿名 said by the way are not asked again."""
    word = command_word(said.text)
    if name in {"confidential", "fix"}:
        return None
    if _SECRET.fullmatch(word):
        hidden, say = confidential(intake, chosen=True), talk.say("They will not see who you are.")
    elif _NAMELESS.fullmatch(word):
        hidden, say = anonymous(intake), talk.say("Your name and number are not kept.")
    else:
        return None
    return go_on(talk, hidden, say) if hidden.draft.matter else Goto(name, hidden, say)


def _asks_progress(intake: Intake, said: Said, understood: Understood, name: str) -> Move | None:
    """上次反映的路灯怎么样了: shown, and then the open question is asked again."""
    if name == "listen" and intake == Intake():
        return None  # the beginning hears all wishes
    wished = wish(said.text)
    if wished is None or wished[0] != "status" or understood.place.place.street:
        return None
    if wished[1] == "by_number" and name in {"contact", "fix_contact", "confirm"}:
        return None
    return Start("status", wished[1], Status(), intake, heard=said)


def _only_links(talk: Talk, intake: Intake, said: Said, name: str) -> Move | None:
    if not _LINKS.fullmatch(said.text):
        return None
    kept = "\n".join(part for part in (intake.kept, said.text.strip()) if part)
    say = talk.say("I cannot open links; I pass it on. In a few words, please:")
    if intake.ticket_id:  # handed in already: it goes there at once
        return Goto(name, intake, say, (AddToTicket(intake.ticket_id, said.text),))
    return Goto(name, msgspec.structs.replace(intake, kept=kept), say)
