"""Danger that no words were foreseen for: told by the letters of the message, weighed by what people in danger write.

A linear model over letters and pairs of letters. It is asked only where the words told nothing, and what it finds is
taken back like any other danger: for the past, for questions, for drills.
"""

import math
from itertools import repeat
from operator import add

from dialogs.understanding.danger_weights import BIAS, WEIGHTS

LEAST_LETTERS = 4
_LONGEST = 90  # in a long tale danger is told in words
_SURE = 10  # tenths; chosen so that of ordinary messages not one in a hundred is taken for danger
_HOPELESS = -30  # tenths by single letters: four of five ordinary messages are spared the pairs
_STRETCH = 6
_WEIGHTS = {name: weight for weight, names in WEIGHTS.items() for name in names.split()}


def letters(text: str) -> set[str]:
    """Return the letters of a folded text and the pairs that stand side by side; a blank is a letter."""
    written = text.replace(" ", "_")
    return {*written, *map(add, written, written[1:])}


def is_written_in_ideographs(text: str) -> bool:
    """Tell whether most of a text is Chinese: an ideograph has three bytes; English is left to its own patterns."""
    return len(text.encode()) > 2 * len(text)


def is_danger(text: str) -> bool:
    """Tell whether a folded text is written as people write in danger."""
    if not LEAST_LETTERS <= len(text) <= _LONGEST or not is_written_in_ideographs(text):
        return False
    scale = math.sqrt(len(text))
    if sum(map(_WEIGHTS.get, text, repeat(0))) / scale + BIAS < _HOPELESS:
        return False
    return sum(map(_WEIGHTS.get, letters(text), repeat(0))) / scale + BIAS > _SURE


def telling(text: str) -> tuple[int, int]:
    """Return where the weightiest letters stand: from the first to the last of the heaviest stretch."""
    best = max(
        range(len(text)),
        key=lambda at: sum(map(_WEIGHTS.get, letters(text[at : at + _STRETCH]), repeat(0))),
    )
    return best, min(len(text), best + _STRETCH)
