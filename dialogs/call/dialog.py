"""The questions that only a call has: language, recording, where to go on, what else, and good-bye."""

from dialogs.answers import BACK, CANCEL, NO, NONE, THANKS, agrees, says
from dialogs.call import handing_over, waiting
from dialogs.call.calling import CALL, Calling, last_matter
from dialogs.call.greeting import ASKED, ask_language, greeting, is_to_be_asked, recorded
from dialogs.dialog import Dialog, Finish, Goto, HandOn, Lost, Move, Start, State, Talk
from dialogs.intake.draft import Intake
from dialogs.language import LANGUAGE
from dialogs.said import Call, Choice, Reply, Said
from dialogs.understanding.text import command_word
from dialogs.words import CallAct, Language, Moment

_BYE = (
    NO | NONE | THANKS | CANCEL | {"没事了", "没有别的", "没别的了", "再见", "挂了", "that's all"}
)
_RECORD, _UNRECORDED = "record", "unrecorded"


def _began(talk: Talk, data: Calling, said: Said) -> Move:
    del said
    return Goto("language", data) if is_to_be_asked(talk) else _greeted(talk)


def _ask_language(talk: Talk, data: Calling) -> Reply:
    del data
    return ask_language(talk)


def _hear_language(talk: Talk, data: Calling, said: Said) -> Move:
    """The language is set by now (`hearing.py`); whoever tells the matter at once need not be greeted any more."""
    del data
    if said.choice or said.moment is not None or chosen_language(said) is not None:
        return _greeted(talk)
    return HandOn(recorded(talk))


def chosen_language(said: Said) -> Language | None:
    """The language that is chosen by key or by its name, None when something else was said."""
    if said.choice in list(Language):
        return Language(said.choice)
    state = LANGUAGE.commands.get(command_word(said.text), "")
    return {"to_chinese": Language.CHINESE, "to_english": Language.ENGLISH}.get(state)


def _greeted(talk: Talk) -> Move:
    if talk.facts.line.recording == ASKED:
        return Goto("consent", Calling(), greeting(talk))
    return _first_question(talk, greeting(talk))


def _first_question(talk: Talk, say: str = "") -> Move:
    """What was left open is offered; else the matter is asked."""
    if talk.session.frames[:-1]:
        return Goto("resume", Calling(), say)
    return Start("intake", "listen", Intake(), say=say)


def _ask_consent(talk: Talk, data: Calling) -> Reply:
    del data
    choices = (
        Choice(_RECORD, talk.say("I agree")),
        Choice(_UNRECORDED, talk.say("I do not agree")),
    )
    return Reply(talk.say("May we record this call?"), choices)


def _hear_consent(talk: Talk, data: Calling, said: Said) -> Move:
    """Silence is no consent."""
    del data
    if said.moment is not None or consents(said) or says(said, NO, _UNRECORDED):
        return _first_question(talk)
    return HandOn()


def consents(said: Said) -> bool:
    """Tell whether somebody agrees to be recorded."""
    return said.moment is None and bool(said.choice or said.text) and agrees(said, _RECORD)


def _ask_resume(talk: Talk, data: Calling) -> Reply:
    del data
    below = talk.session.frames[:-1]
    if below and below[-1].dialog == "survey":
        text = talk.say("Our questions about “{title}” are still open.", title=last_matter(below))
        choices = (Choice("go_on", talk.say("Answer them")), Choice("anew", talk.say("Not now")))
        return Reply(text, choices)
    title = last_matter(below)
    if title:
        text = talk.say("What you told of “{title}” is not finished.", title=title)
    else:
        text = talk.say("What you told last is not finished.")
    choices = (Choice("go_on", talk.say("Go on with it")), Choice("anew", talk.say("Begin anew")))
    return Reply(text, choices)


def _hear_resume(talk: Talk, data: Calling, said: Said) -> Move:
    del data
    if said.moment is not None:
        return Lost()
    is_survey = talk.session.frames[:-1] and talk.session.frames[-2].dialog == "survey"
    if agrees(said, "go_on") or command_word(said.text) in {"继续", "接着说", "go on", "continue"}:
        return Finish()
    if says(said, NO | NONE | BACK | {"重新说", "重说"}, "anew"):
        if is_survey:
            return Start("intake", "listen", Intake())
        return Finish(talk.say("All right, anew."), abandon_all=True)
    if is_survey and talk.facts.reader.understand(said.text).has_matter:
        return Start("intake", "listen", Intake(), heard=said)
    return HandOn()


def _ask_more(talk: Talk, data: Calling) -> Reply:
    del data
    return Reply(talk.say("Anything else? Please say it; otherwise just hang up."))


def _ask_told(talk: Talk, data: Calling) -> Reply:
    del data
    return Reply(talk.say("To hear it again, press star; otherwise just hang up."))


def _hear_more(talk: Talk, data: Calling, said: Said) -> Move:
    del talk
    if said.moment in {Moment.SILENCE, Moment.WAITED} or says(said, _BYE):
        return Goto("bye", data)
    return HandOn()


def _ask_bye(talk: Talk, data: Calling) -> Reply:
    del data
    return Reply(talk.say("Thank you for calling. Good-bye."), call=Call(CallAct.HANG_UP))


def _hear_bye(talk: Talk, data: Calling, said: Said) -> Move:
    del talk
    return HandOn() if said.text or said.choice else Goto("bye", data)


def _silent(talk: Talk, data: Calling, stage: int) -> Move:
    """The call is long over: what lies below asks for itself."""
    del talk, data, stage
    return Finish()


_DIALOG_WORDS = frozenset(LANGUAGE.commands)

CALLING = Dialog(
    name=CALL,
    data=Calling,
    states={
        "began": State(hear=_began),
        "language": State(hear=_hear_language, ask=_ask_language, own_words=_DIALOG_WORDS),
        "consent": State(hear=_hear_consent, ask=_ask_consent),
        "resume": State(hear=_hear_resume, ask=_ask_resume),
        "more": State(hear=_hear_more, ask=_ask_more),
        "told": State(hear=_hear_more, ask=_ask_told),
        "bye": State(hear=_hear_bye, ask=_ask_bye),
        **waiting.STATES,
        **handing_over.STATES,
    },
    first="more",
    patience=(1800,),
    silent=_silent,
)
