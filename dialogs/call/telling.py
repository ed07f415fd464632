"""What a caller hears is made ready: something is always asked or done, and choices come in pages."""

import msgspec

from dialogs.call.greeting import TOLD
from dialogs.call.length import MOST_SECONDS, choice_seconds, seconds
from dialogs.call.memory import begin, is_calling, phone, remember
from dialogs.intake.draft import Intake
from dialogs.said import Choice, Reply
from dialogs.stepping import HUMAN, Stepping

_MORE = "command:more"
_ALL_AT_ONCE = 8  # keys that are left for choices
_A_PAGE = 6
_LEAST = 2


def made_ready(stepping: Stepping, *, goes_on: bool) -> None:
    """Complete what is said, so that the call never falls silent. `goes_on`: this turn has said something before."""
    if not goes_on:
        remember(stepping, last="")
    if stepping.awaited is not None:
        _keep(stepping, "")
        return
    if stepping.question is None:
        _go_on_asking(stepping)
    question = stepping.question or Reply("")
    if len(question.choices) > 1:
        question = _paged(stepping, question)
    stepping.question = question
    _keep(stepping, question.text)


def record(stepping: Stepping, *, was_recorded: bool) -> None:
    """Record from here on, once it has been told or agreed to."""
    question, known = stepping.question, phone(stepping)
    if question is None or stepping.awaited is not None or was_recorded:
        return
    tells = stepping.facts.line.recording == TOLD and not known.ours
    if known.recorded or (tells and not is_calling(stepping, "language")):
        remember(stepping, recorded=True)
        stepping.question = msgspec.structs.replace(question, record=True)


def _go_on_asking(stepping: Stepping) -> None:
    """Every end of a dialog leads to a question: the one below, a fresh beginning, or whether there is anything else."""
    if stepping.session.frames:
        stepping.ask()
    elif stepping.abandoned:
        intake = stepping.repertoire.dialogs[stepping.repertoire.fallback]
        stepping.begin(intake, intake.first, Intake(), None)
    else:
        begin(stepping, "more")


def _keep(stepping: Stepping, asked: str) -> None:
    """Remember the words of this turn, for who asks for them again."""
    texts = [phone(stepping).last, *stepping.said, asked]
    remember(stepping, last="\n".join(text for text in texts if text))


def _paged(stepping: Stepping, question: Reply) -> Reply:
    choices = [one for one in question.choices if one.id != HUMAN]
    human = [one for one in question.choices if one.id == HUMAN]
    pages = _pages(stepping, question.text, choices)
    if len(pages) == 1:
        return msgspec.structs.replace(question, choices=(*choices, *human))
    page = pages[phone(stepping).page % len(pages)]
    more = Choice(_MORE, stepping.talk().say("Others"))
    return msgspec.structs.replace(question, choices=(*page, more, *human))


def _pages(stepping: Stepping, text: str, choices: list[Choice]) -> list[list[Choice]]:
    """As many choices a page as can be said in time, and kept in mind."""
    language = stepping.session.language
    left = MOST_SECONDS - seconds(text.rpartition("\n")[2], language)
    lasting = [choice_seconds(one.label, language) for one in choices]
    if len(choices) <= _ALL_AT_ONCE and sum(lasting) <= left:
        return [choices]
    left -= choice_seconds(stepping.talk().say("Others"), language)
    pages: list[list[Choice]] = [[]]
    room = left
    for one, takes in zip(choices, lasting, strict=True):
        full = len(pages[-1]) >= _A_PAGE or (takes > room and len(pages[-1]) >= _LEAST)
        if full:
            pages.append([])
            room = left
        pages[-1].append(one)
        room -= takes
    return pages
