"""Several matters in one message: each becomes a ticket of its own, with the shared place, if that is meant."""

import re

import msgspec

from dialogs.answers import NO, NONE, UNKNOWN, agrees, says
from dialogs.dialog import Goto, Lost, Move, Talk
from dialogs.intake.draft import Intake, tells, with_matter, with_place
from dialogs.intake.flow import go_on, intake_state
from dialogs.said import Choice, Reply, Said
from dialogs.understanding.reader import Understood
from dialogs.understanding.text import command_word
from dialogs.words import Language

MOST = 4
_SHORTEST = 3
_CLAUSES = re.compile(r"[，,。；;！!？?\n]+|\s*(?<!\d)\d{1,2}\s*[、.．)）]\s*")
_LEADS = re.compile(
    r"^\s*(?:[一二三四五][、是]|第[一二三四五](?:个|件)?|还有|另外|再有|顺便|以及|并且|而且|然后|and |also )*\s*"
)
_LONGEST = 400  # a forwarded page is one matter, whatever it lists
_COUNTS = {  # as people say them
    Language.CHINESE: {2: "两", 3: "三", 4: "四"},
    Language.ENGLISH: {2: "two", 3: "three", 4: "four"},
}
_APART = frozenset(
    {"分开", "分开办", "分两件", "两件", "分别办", "都要", "separate", "both", "two"}
)
_TOGETHER = frozenset({"一件", "就一件", "合在一起", "一起", "一起办", "together", "one"})


def told_several(text: str, understood: Understood) -> bool:
    """Tell whether a message is worth being asked about."""
    return len(understood.parts) > 1 and len(text) <= _LONGEST


def begin(talk: Talk, intake: Intake, text: str, understood: Understood) -> Move:
    """Keep the message as a whole, and ask whether it is one matter or several; the place is shared."""
    del talk
    parts = understood.parts
    if len(parts) > MOST:
        parts = (*parts[: MOST - 1], "\n".join(parts[MOST - 1 :]))
    placed = with_place(intake, understood.place)
    return Goto("several", msgspec.structs.replace(placed, pending=text.strip(), others=parts))


def _ask(talk: Talk, intake: Intake) -> Reply:
    titles = [talk.say("“{title}”", title=_title(talk, part)) for part in intake.others]
    counts = _COUNTS[talk.language]
    slots = {"count": counts[len(titles)], "titles": talk.say(", ").join(titles)}
    choices = Choice("apart", talk.say("Separately")), Choice("one", talk.say("As one"))
    return Reply(talk.say("You told {count} matters: {titles}. Separately?", **slots), choices)


def _title(talk: Talk, part: str) -> str:
    return talk.facts.reader.understand(part).title or part[:8]


def _hear(talk: Talk, intake: Intake, said: Said, understood: Understood | None) -> Move:
    word = command_word(said.text)
    if agrees(said, "apart") or word in _APART or UNKNOWN.search(said.text):
        return go_on(talk, apart(talk, intake))
    if says(said, NO | NONE | _TOGETHER, "one"):
        return go_on(talk, together(talk, intake))
    if understood is None:
        return Lost()
    if tells(said.text, understood) and understood.topic:
        told = together(talk, intake)
        return go_on(talk, with_matter(with_place(told, understood.place), said.text, understood))
    placed = with_place(intake, understood.place)
    if placed != intake:
        return Goto("several", placed, talk.say("Added."))
    return Lost(talk.say("Separately: a ticket each. As one: a single ticket for all."))


def apart(talk: Talk, intake: Intake) -> Intake:
    """The first becomes the draft, the others follow it; what belongs to none of them goes with the first."""
    first, *others = intake.others
    first = "\n".join([first, *_left_over(intake.pending, intake.others)])
    intake = msgspec.structs.replace(intake, pending="", others=tuple(others))
    return with_matter(intake, first, talk.facts.reader.understand(first))


def _left_over(text: str, parts: tuple[str, ...]) -> list[str]:
    """The clauses of a message that stand in none of its parts and say something."""
    clauses = (_LEADS.sub("", clause).strip() for clause in _CLAUSES.split(text))
    told = "\n".join(parts)
    return [clause for clause in clauses if len(clause) >= _SHORTEST and clause not in told]


def together(talk: Talk, intake: Intake) -> Intake:
    """All of it is one draft."""
    text = intake.pending
    intake = msgspec.structs.replace(intake, pending="", others=())
    return with_matter(intake, text, talk.facts.reader.understand(text))


STATES = {"several": intake_state("several", _ask, _hear)}
