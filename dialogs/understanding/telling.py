"""Words of danger where they are told, for the rules that ask whether they are meant."""

from dataclasses import dataclass

from dialogs.understanding.dangers import Danger

_WINDOW = 14
_MARKS = "，。！？；,!?;、\n"


@dataclass(frozen=True, slots=True)
class Telling:
    """Words of danger in their text; `last` is where the last of them begins, `told` the clause up to there."""

    text: str
    danger: Danger
    start: int
    last: int
    end: int
    told: str


def clause_before(text: str, end: int) -> str:
    """Return the clause as far as `end`, or the end of it where it is long."""
    before = text[max(0, end - _WINDOW) : end]
    for mark in _MARKS:
        before = before[before.rfind(mark) + 1 :]
    return before
