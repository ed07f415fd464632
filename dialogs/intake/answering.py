"""A question is answered at once from the knowledge base; it becomes a ticket only when that did not help."""

import re
from dataclasses import replace

import msgspec

from dialogs.answers import BACK, NO, NONE, THANKS, agrees, says
from dialogs.dialog import Await, Finish, Goto, Lost, Move, State, Talk
from dialogs.intake.draft import Intake, corrected, tells, with_matter, with_place
from dialogs.intake.flow import go_on, intake_state, look_for_related
from dialogs.known import KnownAnswer
from dialogs.requests import OpenTicket, RateAnswer, RelatedFound
from dialogs.said import Choice, Reply, Said
from dialogs.understanding.knowledge import asks
from dialogs.understanding.reader import Understood
from dialogs.understanding.text import command_word, fold
from dialogs.words import Kind, Language

ANSWERED = "answered"
SETTLED = "settled"
_WHICH = "which_answer"
_CLEAR = 8  # by so much the best fits better than the next, or the resident chooses
_SURE = 80  # fits so well that it was a question
_ABOUT_AS_WELL = 15  # what fits worse by more than this is not offered when the best did not help
# With signature, source and question an SMS of two parts.
_BRIEF = {Language.CHINESE: 80, Language.ENGLISH: 190}
_ALL_BUT = 1.2  # a little more is cheaper than another message
_SENTENCE = re.compile(r"[。！？；!?;]|\.(?=\s)")
_CLAUSE = re.compile(r"[，,]")
_MORE = frozenset({"更多", "看下文", "下文", "继续", "往下", "more", "read on"})
ENOUGH_WORDS = frozenset(
    {"不用", "不用了", "不需要", "不用了谢谢", "不用谢谢", "没事了", "没问题了", "no thanks"}
)
_HELPED = re.compile(
    r"(?<![没不])(?:帮到|有用|有帮助|清楚了|明白了|知道了|懂了|解决了)|that helps|it helped|very helpful"
)
_NOT_HELPED = re.compile(
    r"没(?:有)?(?:帮到|帮助|什么用|用|看懂|听懂|说清|回答|解决)(?:我|了|啊)*|不(?:管用|明白|清楚|太懂|懂)|答非所问"
    r"|(?:不是(?:问)?这个|我?(?:问|说)的不是这个?)(?:问题|意思)?|(?:not|did ?n.t|does ?n.t) (?:really )?(?:help|what i|answer)"
)
_TROUBLE = re.compile(
    r"不热|不亮|不通|坏|漏|堵|没(?:人|水|电)|停[水电气]|吵|臭|脏|扰|占|拖欠|不给|不让|拒绝|乱收|一直|态度|\b(?:broken|leak|noise|no (?:water|power|heat))"
)
_LEAST = 4  # characters beside the complaint that say something new


def offer(talk: Talk, intake: Intake, found: RelatedFound) -> Move | None:
    """Tell the answer that fits, or let the resident choose among several; None where nothing (new) is known."""
    best = found.answers[0].fit if found.answers else 0
    known = tuple(
        one
        for one in found.answers
        if one.article_id not in intake.told and one.fit >= best - _ABOUT_AS_WELL
    )
    if not known or not (_is_question(intake) or _must_be_one(intake, known[0])):
        return None
    draft = msgspec.structs.replace(intake.draft, kind=Kind.QUESTION)
    intake = msgspec.structs.replace(intake, draft=draft, known=known)
    if len(known) > 1 and known[0].fit - known[1].fit < _CLEAR:
        return Goto(_WHICH, intake)
    return _tell(talk, intake, known[0])


def _is_question(intake: Intake) -> bool:
    return intake.draft.kind is Kind.QUESTION


def _must_be_one(intake: Intake, answer: KnownAnswer) -> bool:
    """今天限行吗 sounds like a request; what an article answers so well is a question."""
    matter, kind = intake.draft.matter, intake.draft.kind
    in_trouble = _TROUBLE.search(fold(matter)) is not None
    return kind is Kind.REQUEST and answer.fit >= _SURE and asks(matter) and not in_trouble


def aside(talk: Talk, intake: Intake, found: RelatedFound) -> tuple[Intake, str]:
    """What a complaint asks by the way is answered by the way, once; where characters cost, the ticket is enough.

    What everybody has to know of an event is told everywhere.
    """
    best = next(iter(found.answers), None)
    if best is None or best.article_id in intake.told:
        return intake, ""
    if _is_question(intake) or (talk.facts.brief and not best.unasked):
        return intake, ""
    told = msgspec.structs.replace(intake, told=(*intake.told, best.article_id))
    return told, _with_source(talk, best, best.answer[: _end(talk, best.answer, 0)].rstrip())


def _tell(talk: Talk, intake: Intake, answer: KnownAnswer) -> Move:
    """Say the answer and where it comes from; on SMS as much as two parts hold."""
    end = _end(talk, answer.answer, 0)
    others = tuple(one for one in intake.known if one.article_id != answer.article_id)
    told = (*intake.told, answer.article_id)
    intake = msgspec.structs.replace(intake, known=(answer, *others), told=told, told_until=end)
    return Goto(ANSWERED, intake, _with_source(talk, answer, answer.answer[:end].rstrip()))


def preview(talk: Talk, answer: KnownAnswer) -> Reply:
    """The whole message that somebody who asks is sent, for those who write answers."""
    end = _end(talk, answer.answer, 0)
    asked = _ask_answered(talk, Intake(known=(answer,), told_until=end))
    told = _with_source(talk, answer, answer.answer[:end].rstrip())
    return msgspec.structs.replace(asked, text=f"{told}\n{asked.text}")


def may_settle(intake: Intake) -> bool:
    """Whether a matter of an event may be answered at once: not one that nobody could be asked about, or no complaint."""
    draft = intake.draft
    return not (draft.emergency or draft.anonymous or draft.steward or intake.ticket_id)


def settle(intake: Intake, news: KnownAnswer) -> Move:
    """What everybody has to know of an event was enough: hand the matter in as answered; how it went is asked later."""
    draft = msgspec.structs.replace(intake.draft, settled=news.answer, confirmed=True)
    intake = msgspec.structs.replace(intake, known=())
    return Await(OpenTicket(draft), SETTLED, intake, do=(RateAnswer(news.article_id, helped=True),))


def helped(words: str) -> bool:
    """Whether folded words say that an answer was of use."""
    return _HELPED.search(words) is not None


def not_helped(words: str) -> bool:
    """Whether folded words say that an answer was of no use."""
    return _NOT_HELPED.search(words) is not None


def _with_source(talk: Talk, answer: KnownAnswer, text: str) -> str:
    unit = answer.unit or talk.say("the centre")
    if answer.valid_until is None:
        return talk.say("{answer}\n(The city's answers, {unit})", answer=text, unit=unit)
    date = answer.valid_until
    day = (
        f"{date.year}年{date.month}月{date.day}日"
        if talk.language is Language.CHINESE
        else f"{date.day} {date:%b %Y}"
    )
    return talk.say(
        "{answer}\n(The city's answers, {unit}, valid until {date})",
        answer=text,
        unit=unit,
        date=day,
    )


def _end(talk: Talk, answer: str, start: int) -> int:
    """Where to stop telling for now: at the end of a sentence, at least of a clause."""
    longest = _BRIEF[talk.language]
    if not talk.facts.brief or len(answer) - start <= longest * _ALL_BUT:
        return len(answer)
    for ends in (_SENTENCE, _CLAUSE):
        found = [end.end() for end in ends.finditer(answer, start, start + longest)]
        if found:
            return found[-1]
    return start + longest


def _ask_answered(talk: Talk, intake: Intake) -> Reply:
    choices = [
        Choice("yes", talk.say("Yes, it helped")),
        Choice("no", talk.say("No, ask a person")),
    ]
    if intake.known and intake.told_until < len(intake.known[0].answer):
        choices.append(Choice("more", talk.say("Read on")))
    return Reply(talk.say("Did this help you?"), tuple(choices))


def _hear_answered(talk: Talk, intake: Intake, said: Said, understood: Understood | None) -> Move:
    answer = intake.known[0] if intake.known else KnownAnswer(0, "", "")
    if says(said, _MORE, "more"):
        return _read_on(talk, intake, answer)
    if says(said, ENOUGH_WORDS):
        return Finish(talk.say("All right."))
    if says(said, NO | NONE | BACK, "no"):
        return _not_helped(talk, intake, answer)
    if agrees(said, "yes") or says(said, THANKS):
        return _helped(talk, intake, answer)
    if understood is None:
        return Lost()
    return _more_said(talk, intake, answer, said, understood)


def _read_on(talk: Talk, intake: Intake, answer: KnownAnswer) -> Move:
    end = _end(talk, answer.answer, intake.told_until)
    text = answer.answer[intake.told_until : end].strip()
    return Goto(ANSWERED, msgspec.structs.replace(intake, told_until=end), text)


def _helped(talk: Talk, intake: Intake, answer: KnownAnswer) -> Move:
    if answer.unasked and may_settle(intake):
        return settle(intake, answer)
    thanks = talk.say("Glad it helped. Write here whenever something comes up.")
    return Finish(thanks, (RateAnswer(answer.article_id, helped=True),))


def _not_helped(talk: Talk, intake: Intake, answer: KnownAnswer) -> Move:
    """Another answer that may fit, then a person; what was asked is kept and need not be said again."""
    rated = RateAnswer(answer.article_id, helped=False)
    others = tuple(one for one in intake.known[1:] if one.fit >= answer.fit - _ABOUT_AS_WELL)
    if others:
        intake = msgspec.structs.replace(intake, known=others)
        return Goto(_WHICH, intake, talk.say("I am sorry that it did not help."), (rated,))
    return _with(_to_a_person(talk, intake), rated)


def _to_a_person(talk: Talk, intake: Intake) -> Move:
    say = talk.say("Then a person answers you; you need not repeat anything.")
    return go_on(talk, msgspec.structs.replace(intake, known=()), say)


def _more_said(
    talk: Talk, intake: Intake, answer: KnownAnswer, said: Said, understood: Understood
) -> Move:
    """Praise or blame of the answer, or more: another question, a complaint, what was really meant."""
    folded = fold(said.text)
    blamed = _NOT_HELPED.search(folded)
    rest = command_word(folded.replace(blamed[0], "", 1) if blamed else folded)
    if blamed and len(rest) < _LEAST:
        return _not_helped(talk, intake, answer)
    if not blamed and _HELPED.search(folded):
        return _helped(talk, intake, answer)
    if not _says_more(said.text, understood):
        return Lost(talk.say("Did it answer your question? If not, a person answers you."))
    move = _with_more(talk, intake, said.text, understood)
    return _with(move, RateAnswer(answer.article_id, helped=False)) if blamed else move


def _says_more(text: str, understood: Understood) -> bool:
    place = understood.place
    return tells(text, understood) or bool(place.place.district or place.candidates)


def _with_more(talk: Talk, intake: Intake, text: str, understood: Understood) -> Move:
    """Take another topic or kind in place of the first, whose words stay; look for an answer to it."""
    is_question = understood.kind is Kind.QUESTION or not _complains(text, understood)
    is_other = understood.topic not in {"", intake.draft.topic} or not is_question
    take = corrected if is_other else with_matter
    intake = take(with_place(intake, understood.place), text, understood)
    intake = msgspec.structs.replace(intake, known=())
    if not is_question:
        return go_on(talk, intake)
    draft = msgspec.structs.replace(intake.draft, kind=Kind.QUESTION)
    return look_for_related(msgspec.structs.replace(intake, draft=draft))


def _complains(text: str, understood: Understood) -> bool:
    """我家暖气不热 is a matter of its own; 我妈是外地户口 belongs to the question."""
    if understood.kind not in {None, Kind.QUESTION, Kind.REQUEST}:
        return True
    return bool(understood.place.place.street or _TROUBLE.search(fold(text)))


def _ask_which(talk: Talk, intake: Intake) -> Reply:
    choices = [Choice(str(one.article_id), one.question) for one in intake.known]
    none = Choice("none", talk.say("None of these"))
    return Reply(talk.say("Is it one of these that you want to know?"), (*choices, none))


def _hear_which(talk: Talk, intake: Intake, said: Said, understood: Understood | None) -> Move:
    chosen = next((one for one in intake.known if str(one.article_id) == said.choice), None)
    if chosen is not None:
        return _tell(talk, intake, chosen)
    if says(said, NO | NONE | BACK, "none"):
        offered = tuple(one.article_id for one in intake.known)
        return _to_a_person(talk, msgspec.structs.replace(intake, told=intake.told + offered))
    if understood is None:
        return Lost()
    if agrees(said) and len(intake.known) == 1:
        return _tell(talk, intake, intake.known[0])
    if _says_more(said.text, understood):
        return _with_more(talk, intake, said.text, understood)
    return Lost(talk.say("Pick the line that fits best, or “none of these”."))


def _with(move: Move, request: RateAnswer) -> Move:
    if isinstance(move, Goto | Await | Finish):
        return replace(move, do=(*move.do, request))
    return move


STATES: dict[str, State] = {
    ANSWERED: intake_state(ANSWERED, _ask_answered, _hear_answered),
    _WHICH: intake_state(_WHICH, _ask_which, _hear_which),
}
