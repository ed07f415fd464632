"""A resident of the corpus who answers whatever is asked, rightly, and shortly."""

from dataclasses import dataclass
from functools import cache

from dialogs.dialog import Facts
from dialogs.requests import CallHuman, JoinQueue
from dialogs.said import Choice
from tests.catalogue import beijing
from tests.corpus.messages import Message
from tests.transcript import Talk

MOST_MESSAGES = 12
_HOME = "海淀区田村路街道"  # of those whose matter has no place


@dataclass(frozen=True, slots=True)
class Talked:
    """How a conversation went: `messages` until the first ticket, else until its end; `end` says which."""

    message: Message
    messages: int
    end: str
    questions: tuple[str, ...]  # the states that asked, in order

    @property
    def says_all(self) -> bool:
        """Tell whether the first message says what and where, and of one matter."""
        message = self.message
        return bool(message.street and message.topics) and "two_matters" not in message.tags


def talk_through(message: Message, facts: Facts) -> Talked:
    """Play one conversation to its ticket, answer, passing on or human; "lost" when none has come."""
    talk = Talk(facts)
    talk.say(message.text)
    asked: list[str] = []
    for said in range(1, MOST_MESSAGES):
        end = _end(talk)
        if end:
            return Talked(message, said, end, tuple(asked))
        asked.append(_state(talk))
        _answer(talk, message)
    return Talked(message, MOST_MESSAGES, _end(talk) or "lost", tuple(asked))


def _end(talk: Talk) -> str:
    if talk.city.opened:
        return "ticket"
    if any(isinstance(one, CallHuman | JoinQueue) for one in talk.city.requests):
        return "human"
    return "" if talk.session.frames else "answered"


def _state(talk: Talk) -> str:
    return talk.session.frames[-1].state


def _answer(talk: Talk, message: Message) -> None:
    """Pick the choice that is right, or say in a few words what is asked."""
    choices = talk.reply.choices if talk.reply else ()
    picked = _picked(choices, _state(talk), message)
    if picked is None:
        talk.say(_words(_state(talk), message))
    elif talk.facts.buttons:
        talk.press(picked.id)
    else:
        talk.say(str(choices.index(picked) + 1))


def _picked(choices: tuple[Choice, ...], state: str, message: Message) -> Choice | None:
    wanted = {
        "confirm": ("submit",),
        "confidential": ("no",),
        "contact": ("skip",),
        "another": ("both",),
        "answered": ("yes",),
        "topic": (*message.topics, "other"),
    }
    by_id = {choice.id: choice for choice in choices}
    for one in wanted.get(state, ()):
        if one in by_id:
            return by_id[one]
    return _place_picked(choices, state, message)


def _place_picked(choices: tuple[Choice, ...], state: str, message: Message) -> Choice | None:
    meant = _meant(message)
    if state in {"which_place", "which_district"}:
        elsewhere = next((one for one in choices if one.id == "elsewhere"), None)
        return next((one for one in choices if _is_meant(one.label, meant)), elsewhere)
    return None


def _is_meant(label: str, meant: str) -> bool:
    name = label.replace(" ", "")
    return meant.startswith(name) or name.startswith(meant)


def _words(state: str, message: Message) -> str:
    if state in {"place", "street", "which_place", "which_district"}:
        return _meant(message)
    if state in {"listen", "matter"}:
        return message.text
    return "对"


def _meant(message: Message) -> str:
    """Return district and street; somebody who told the district alone lives in its first street."""
    meant = message.means or message.district or _HOME
    return meant + _first_streets().get(meant, "")


@cache
def _first_streets() -> dict[str, str]:
    catalogue = beijing()
    names = {district.code: district.name for district in catalogue.districts}
    return {names[s.district_code]: s.name for s in reversed(catalogue.streets)}
