"""What a caller says and keys, before any dialog hears it: keys that mean the same everywhere, and half-heard words."""

from dialogs.answers import BACK, NO, NONE, agrees
from dialogs.call import dialog as calling
from dialogs.call.calling import Calling
from dialogs.call.memory import begin, is_calling, phone, remember
from dialogs.call.trail import step_back
from dialogs.human import HUMAN
from dialogs.picking import with_choice
from dialogs.said import Choice, Reply, Said
from dialogs.stepping import Stepping
from dialogs.understanding.numerals import choice_number
from dialogs.understanding.text import command_word

BACKWARD, REPEAT, PERSON, MORE = "command:back", "command:repeat", "command:human", "command:more"
LEAST_SURE = 0.5
_HEARD = "heard"
_REPEAT_WORDS = frozenset(
    {
        "重复",
        "再说一遍",
        "再说一次",
        "再听一遍",
        "没听清",
        "没听清楚",
        "你说什么",
        "repeat",
        "again",
    }
    | {"say again", "say that again", "pardon", "sorry"}
)
_MORE_WORDS = frozenset({"其他", "其他区", "其它", "别的", "下一页", "还有呢", "more", "others"})
_PERSON_WORDS = frozenset(word for word, state in HUMAN.commands.items() if state == "called")


def heard(stepping: Stepping, said: Said) -> Said | None:
    """What is left for a dialog to hear; None when it has been dealt with."""
    said = with_choice(stepping, _keyed(stepping, said))
    match said.choice:
        case "command:repeat":
            _repeat(stepping)
        case "command:back":
            step_back(stepping)
        case "command:human":
            begin(stepping, "human", Calling("asked"))
        case "command:more":
            _turn_page(stepping)
        case "command:message":
            begin(stepping, "message")
        case _:
            return _sure(stepping, said)
    remember(stepping, unsure="")
    return None


def _keyed(stepping: Stepping, said: Said) -> Said:
    """Words that are said for a key."""
    word = command_word(said.text)
    if said.choice or not word:
        return said
    if word in BACK:
        return Said(choice=BACKWARD)
    if word in _REPEAT_WORDS:
        return Said(choice=REPEAT)
    if word in _PERSON_WORDS or _wants_desk(stepping, word):
        return Said(choice=PERSON)
    if word in _MORE_WORDS and MORE in stepping.session.choices:
        return Said(choice=MORE)
    return said


def _wants_desk(stepping: Stepping, word: str) -> bool:
    """转供热热线: the line's own desk is asked for by its name."""
    line = stepping.facts.line
    return bool(line.second_line and line.name) and word in {f"转{line.name}", f"找{line.name}"}


def _repeat(stepping: Stepping) -> None:
    """Say all of it again, not only the question: a ticket's number too."""
    last = phone(stepping).last
    stepping.ask()
    if stepping.question is not None and last:
        stepping.question = _with_text(stepping.question, last)


def _turn_page(stepping: Stepping) -> None:
    """The next choices; behind the last come the first again. Where there are none, # has its meaning of old: read on."""
    if MORE in stepping.session.choices:
        remember(stepping, page=phone(stepping).page + 1)
        stepping.ask()
        if stepping.question is not None:
            stepping.question = _with_text(stepping.question, "")
    elif "more" in stepping.session.choices:
        stepping.hear(Said(choice="more"))
    else:
        _repeat(stepping)


def _with_text(question: Reply, text: str) -> Reply:
    return Reply(
        text,
        question.choices,
        digits=question.digits,
        keys_only=question.keys_only,
        call=question.call,
    )


def _sure(stepping: Stepping, said: Said) -> Said | None:
    """Words that were read back are agreed to, said again, or asked in another way."""
    unsure = phone(stepping).unsure
    if not unsure:
        return said
    remember(stepping, unsure="")
    if agrees(said, _HEARD) or choice_number(said.text) == 1:
        return Said(unsure)
    is_no = command_word(said.text) in NO or choice_number(said.text) is not None
    if is_no or (not said.choice and _is_half_heard(said)):
        if not is_no:
            remember(stepping, trouble=max(2, phone(stepping).trouble))  # steps and keys come next
        stepping.lost = True
        stepping.ask()
        return None
    return said


def reads_back(stepping: Stepping, said: Said) -> bool:
    """Read half-heard words back; danger is heard at once, and so are short answers to what was asked."""
    if said.choice or not said.text or not _is_half_heard(said):
        return False
    if command_word(said.text) in NO | NONE or agrees(said):
        return False
    if stepping.facts.reader.understand(said.text).emergency:
        return False
    remember(stepping, unsure=said.text)
    say = stepping.talk().say
    text = say("You said: {text}. If that is right press 1, else say it again.", text=said.text)
    stepping.question = Reply(text, (Choice(_HEARD, say("Yes")),))
    return True


def _is_half_heard(said: Said) -> bool:
    return said.confidence < LEAST_SURE


def set_language(stepping: Stepping, said: Said) -> None:
    """At the question for the language: the one that is chosen, or that the matter is told in, is spoken from now on."""
    if not is_calling(stepping, "language"):
        return
    chosen = calling.chosen_language(said)
    if chosen is not None and chosen in stepping.facts.languages:
        stepping.speak(chosen)
    elif said.text:
        stepping.follow(said)


def is_consent(stepping: Stepping, said: Said) -> bool:
    """Tell whether this is the wish to be recorded."""
    return is_calling(stepping, "consent") and calling.consents(said)
