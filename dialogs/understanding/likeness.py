"""How near two names sound: for places whose kind or district is told, so that few names come into question."""

import re
from collections.abc import Sequence
from functools import cache

from dialogs.understanding.pinyin import same_class

_SPLIT = re.compile(r"([^aeiouv]*)(.*)")
# Initials that are taken for each other, besides those that `same_class` does not tell apart.
_NEAR = ("bp", "dt", "gkh", "jqx", "zcs", "hf", "rl", "yr")
_SAME, _ALIKE, _NEARLY, _APART = 0, 1, 3, 99


def difference(heard: Sequence[str], name: Sequence[str]) -> int:
    """Weigh how far two rows of syllables of one length are apart: 0 the same, 1 for each alike, 3 for each near."""
    return sum(_between(one, other) for one, other in zip(heard, name, strict=True))


@cache
def _between(one: str, other: str) -> int:
    if one == other:
        return _SAME
    if same_class(one, other):
        return _ALIKE
    first, last = _parts(one)
    other_first, other_last = _parts(other)
    if first == other_first and last.rstrip("g") == other_last.rstrip("g"):
        return _NEARLY
    is_near = any(first in near and other_first in near for near in _NEAR if first and other_first)
    return _NEARLY if is_near and last == other_last else _APART


def _parts(syllable: str) -> tuple[str, str]:
    """Part zhuang into z and uang."""
    found = _SPLIT.fullmatch(syllable)
    if found is None:
        return "", syllable
    return found[1].replace("h", "") if len(found[1]) > 1 else found[1], found[2]
