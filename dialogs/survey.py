"""The survey (回访): contacted, solved, result, attitude, a free word; one question at a time."""

import re

import msgspec

from dialogs.answers import BACK, CANCEL, NONE, THANKS, UNKNOWN, says
from dialogs.dialog import Dialog, Finish, Goto, Lost, Move, Start, State, Talk
from dialogs.intake.draft import Intake
from dialogs.opinion import answers, has_enough
from dialogs.phrases import phrase
from dialogs.requests import AddToTicket, FinishSurvey, RecordAnswer, Request, SurveyDue
from dialogs.said import Choice, Reply, Said
from dialogs.words import Rating, Solved, SurveyQuestion

A_DAY = 86_400
_HALF_AN_HOUR = 1800
_LONGEST_REMARK = 500
_LONGEST_RESULT = 60
_ALSO = re.compile(r"也|还有|另外|再有|顺便|\b(?:also|another)\b", re.IGNORECASE)
_MAIN = tuple(question for question in SurveyQuestion if question is not SurveyQuestion.REMARK)
_OF_MANNER = (SurveyQuestion.CONTACTED, SurveyQuestion.ATTITUDE)
_OF_RESULT = (SurveyQuestion.SOLVED, SurveyQuestion.RESULT)

_QUESTIONS: dict[SurveyQuestion, str] = {
    SurveyQuestion.CONTACTED: phrase("Did the unit contact you?"),
    SurveyQuestion.SOLVED: phrase("Is the problem solved?"),
    SurveyQuestion.RESULT: phrase("Are you satisfied with the result?"),
    SurveyQuestion.ATTITUDE: phrase("Are you satisfied with how the staff treated you?"),
}
_OF_PRAISE = phrase("Are you satisfied with how we passed it on?")
_RATINGS = (
    (Rating.SATISFIED, phrase("Satisfied")),
    (Rating.BASICALLY, phrase("Mostly satisfied")),
    (Rating.NEUTRAL, phrase("So-so")),
    (Rating.DISSATISFIED, phrase("Not satisfied")),
)
_CHOICES: dict[SurveyQuestion, tuple[tuple[str, str], ...]] = {
    SurveyQuestion.CONTACTED: (("yes", phrase("Yes, it did")), ("no", phrase("No, it did not"))),
    SurveyQuestion.SOLVED: (
        (Solved.YES, phrase("Solved")),
        (Solved.PARTLY, phrase("Partly")),
        (Solved.NO, phrase("Not solved")),
    ),
    SurveyQuestion.RESULT: _RATINGS,
    SurveyQuestion.ATTITUDE: _RATINGS,
}
_HINTS: dict[SurveyQuestion, str] = {
    SurveyQuestion.CONTACTED: phrase("A call, a message or a visit counts as contact."),
    SurveyQuestion.SOLVED: phrase("Just your own view: solved, partly, or not."),
    SurveyQuestion.RESULT: phrase("Pick the line that fits best."),
    SurveyQuestion.ATTITUDE: phrase("Only how they spoke with you counts here."),
}


class Survey(msgspec.Struct, frozen=True, omit_defaults=True):
    """Which ticket it is about, and the answers so far."""

    survey_id: int = 0
    ticket_id: int = 0
    title: str = ""
    unit: str = ""
    overdue: bool = False
    praise: bool = False
    superior: bool = False  # there is a unit above that may be told
    manner: bool = False  # contact and attitude alone
    at_once: bool = False  # answered at once: what came of it alone
    given: dict[SurveyQuestion, str] = {}
    again: str = ""  # the unit that has it after a "not solved", where it is another


def _hear_due(talk: Talk, data: Survey, due: SurveyDue) -> Move:
    del data
    survey = Survey(
        due.survey_id,
        due.ticket_id,
        due.title,
        due.unit,
        due.overdue,
        due.praise,
        due.superior,
        due.manner,
        again=due.again,
        at_once=due.at_once,
    )
    first = SurveyQuestion.RESULT if due.praise else _questions(survey)[0]
    return Goto(first, survey, _opening(talk, due))


def _opening(talk: Talk, due: SurveyDue) -> str:
    slots = {"title": due.title, "unit": due.unit or talk.say("the centre")}
    if due.manner:
        return talk.say("Two short questions on how {unit} dealt with “{title}”.", **slots)
    if due.at_once:
        return talk.say("We told you at once what is known of “{title}”.", title=due.title)
    if due.praise:
        return talk.say("Your praise “{title}” has been passed to {unit}, thank you.", **slots)
    if due.overdue:
        return talk.say("The time for “{title}” is over at {unit}. How did it go?", **slots)
    if not due.result:
        return talk.say("“{title}”: {unit} says it is done.", **slots)
    result = due.result
    if talk.facts.brief and len(result) > _LONGEST_RESULT:
        result = result[: _LONGEST_RESULT - 1] + "…"
    return talk.say("“{title}”: {unit} says: {result}", result=result, **slots)


def _question_state(question: SurveyQuestion) -> State:
    def ask(talk: Talk, data: Survey) -> Reply:
        choices = [Choice(str(value), talk.say(label)) for value, label in _CHOICES[question]]
        asked = _OF_PRAISE if data.praise else _QUESTIONS[question]
        return Reply(talk.say(asked), tuple(choices))

    def hear(talk: Talk, data: Survey, said: Said) -> Move:
        if said.choice:
            fits = said.choice in {str(value) for value, _ in _CHOICES[question]}
            return _go_on(talk, data, {question: said.choice}) if fits else Lost()
        if says(said, CANCEL):
            return _refused(talk, data)
        if says(said, BACK):
            return Goto(_before(question, data), data)
        return _hear_words(talk, data, said, question)

    return State(hear=hear, ask=ask)


def _hear_words(talk: Talk, data: Survey, said: Said, question: SurveyQuestion) -> Move:
    found = answers(said.text, question)
    fits = question in found or SurveyQuestion.SOLVED in found
    if _is_new_matter(talk, said.text, is_answer=fits):
        return Start("intake", "listen", Intake(), data, heard=said)
    found = {
        q: value
        for q, value in found.items()
        if q in _questions(data) and (q is question or not (q in data.given or data.praise))
    }
    if found:
        return _go_on(talk, data, found)
    if UNKNOWN.search(said.text):  # nobody has to know; no answer counts neither way
        return _go_on(talk, data, {question: ""})
    return _refused(talk, data) if has_enough(said.text) else Lost(talk.say(_HINTS[question]))


def _questions(data: Survey) -> tuple[SurveyQuestion, ...]:
    if data.at_once:
        return _OF_RESULT
    return _OF_MANNER if data.manner else _MAIN


def _before(question: SurveyQuestion, data: Survey) -> SurveyQuestion:
    """The question asked before this one, the same when it was the first."""
    asked = [one for one in _MAIN if one in data.given and one is not question]
    order = list(SurveyQuestion)
    earlier = [one for one in asked if order.index(one) < order.index(question)]
    return earlier[-1] if earlier else question


def _refused(talk: Talk, data: Survey) -> Move:
    """Nobody has to rate; what was answered stays."""
    text = talk.say("All right, I do not ask any further.")
    return Finish(text, (FinishSurvey(data.survey_id, expired=True),))


def _is_new_matter(talk: Talk, text: str, *, is_answer: bool) -> bool:
    if not text:
        return False
    understood = talk.facts.reader.understand(text)
    if understood.emergency:
        return True
    return not is_answer and understood.has_matter and bool(understood.topic)


def _go_on(talk: Talk, data: Survey, found: dict[SurveyQuestion, str]) -> Move:
    """Keep the answers at once, and ask the first that is still missing."""
    kept: tuple[Request, ...] = tuple(
        RecordAnswer(data.survey_id, question, value) for question, value in found.items() if value
    )
    data = msgspec.structs.replace(data, given={**data.given, **found})
    if data.praise:
        return _finish(talk, data, *kept)
    missing = next((one for one in _questions(data) if one not in data.given), None)
    if missing is not None:
        answers_another = talk.session.frames[-1].state not in found
        noted = talk.say("I have noted that.") if answers_another else ""
        return Goto(missing, data, noted, kept)
    return Goto(SurveyQuestion.REMARK, data, "", kept)


def _ask_remark(talk: Talk, data: Survey) -> Reply:
    del data
    question = talk.say("Anything else you want to say? You can leave it out.")
    return Reply(question, (Choice("skip", talk.say("Nothing else")),))


def _hear_remark(talk: Talk, data: Survey, said: Said) -> Move:
    if says(said, NONE | THANKS | {"不知道", "不清楚"}, "skip") or has_enough(said.text):
        return _finish(talk, data)
    if says(said, BACK):
        return Goto(_before(SurveyQuestion.REMARK, data), data)
    if not said.text:
        return Lost()
    if talk.facts.reader.understand(said.text).emergency:
        return Start("intake", "listen", Intake(), data, heard=said)
    if _is_another(talk, data, said.text):
        end = _finish(talk, data)
        return Start("intake", "listen", Intake(), heard=said, say=end.say, do=end.do)
    remark = said.text.strip()[:_LONGEST_REMARK]
    return _finish(talk, data, RecordAnswer(data.survey_id, SurveyQuestion.REMARK, remark))


def _is_another(talk: Talk, data: Survey, text: str) -> bool:
    """我家门口路灯也坏了, said about a ticket on heating, is a matter of its own."""
    reader = talk.facts.reader
    topic = reader.understand(text).topic
    return bool(topic and _ALSO.search(text)) and topic != reader.understand(data.title).topic


def _finish(talk: Talk, data: Survey, *kept: Request) -> Finish:
    requests = (*kept, FinishSurvey(data.survey_id))
    return Finish(_closing(talk, data), requests, last_ticket=data.ticket_id)


def _closing(talk: Talk, data: Survey) -> str:
    if data.given.get(SurveyQuestion.SOLVED) != Solved.NO:
        return talk.say("Thank you, your answers count.")
    if data.again:
        return talk.say(
            "You say “not solved”: {unit} handles it from now on. You need not call again.",
            unit=data.again,
        )
    unit = data.unit or talk.say("the centre")
    if data.overdue:
        return talk.say(
            "You say “not solved”: we have pressed {unit} to go on. You need not call again.",
            unit=unit,
        )
    if data.superior:
        return talk.say(
            "You say “not solved”: we have asked {unit} to do it again and told the office above. "
            "You need not call again.",
            unit=unit,
        )
    return talk.say(
        "You say “not solved”: we have asked {unit} to do it again. You need not call again.",
        unit=unit,
    )


def _silent(talk: Talk, data: Survey, stage: int) -> Move:
    """Remind once, then keep what there is; after the last question all is answered."""
    state = talk.session.frames[-1].state
    if state == SurveyQuestion.REMARK:
        return _finish(talk, data)
    if stage == 0:
        return Goto(
            state, data, talk.say("About “{title}”: one question is open.", title=data.title)
        )
    return Finish(do=(FinishSurvey(data.survey_id, expired=True),))


def _enclose(data: Survey, said: Said) -> tuple[Survey, tuple[Request, ...]]:
    """A photo sent with an answer shows how the ticket's matter stands."""
    return data, (AddToTicket(data.ticket_id, "", said.attachments, pin=said.pin),)


SURVEY = Dialog(
    name="survey",
    data=Survey,
    states={
        **{question.value: _question_state(question) for question in _MAIN},
        SurveyQuestion.REMARK.value: State(
            hear=_hear_remark, ask=_ask_remark, patience=(_HALF_AN_HOUR,)
        ),
        "due": State(hear=_hear_due),
    },
    first=SurveyQuestion.CONTACTED,
    patience=(A_DAY, 2 * A_DAY),
    silent=_silent,
    encloses=_enclose,
)
