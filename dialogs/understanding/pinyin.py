"""Sounds of characters, without tones: how speech recognition and English speakers come to other spellings."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import islice, product

from dialogs.understanding.syllables import SYLLABLES

# Other readings of characters that stand in names: 长辛店, 十里堡, 大栅栏, 什刹海, 军乐团. The text of a message is read
# by its first one.
_ALSO = {
    "朝": ("chao", "zhao"), "长": ("chang", "zhang"), "堡": ("bao", "pu", "bu"), "都": ("du", "dou"), "佛": ("fo", "fu"), "乐": ("le", "yue"),
    "重": ("zhong", "chong"), "校": ("xiao", "jiao"), "栅": ("shi", "zha"), "栏": ("lan", "lar"), "刹": ("cha", "sha"),
    "藏": ("zang", "cang"), "行": ("xing", "hang"), "单": ("dan", "shan"), "尉": ("wei", "yu"), "劲": ("jin", "jing"),
    "厦": ("xia", "sha"), "落": ("luo", "la"), "柏": ("bai", "bo"),
    "伯": ("bo", "bai"), "曾": ("zeng", "ceng"), "圈": ("quan", "juan"), "术": ("shu", "zhu"), "绿": ("lv", "lu"),
    "栖": ("qi", "xi"), "漷": ("huo", "guo"), "囤": ("tun", "dun"),
    "解": ("jie", "xie"), "薄": ("bo", "bao"), "蛤": ("ge", "ha"), "巷": ("xiang", "hang"),
}  # fmt: skip
_MOST_READINGS = 6
# What many speakers and machines do not tell apart; the second tier of likeness.
_ALIKE = (
    (re.compile(r"^([zcs])h"), r"\1"),
    (re.compile(r"^n(?!g)"), "l"),
    (re.compile(r"(?<=[ie])ng$"), "n"),
)
_EXACT = (
    0xE000  # a private-use character stands for each syllable, and one for each class of alike ones
)
_CLASS = 0xE400
_WORD = re.compile(r"([a-z]+)([\u3400-\u9fff]+)")


@cache
def _syllables() -> dict[str, str]:
    first = {
        character: found[1]
        for found in _WORD.finditer(SYLLABLES.replace(" ", ""))
        for character in found[2]
    }
    return first | {character: readings[0] for character, readings in _ALSO.items()}


@cache
def _codes() -> tuple[dict[str, str], dict[str, str]]:
    """Return the private characters of all syllables, and of their classes."""
    syllables = sorted({*_syllables().values(), *(one for more in _ALSO.values() for one in more)})
    classes = {name: n for n, name in enumerate(sorted({_alike(one) for one in syllables}))}
    exact = {one: chr(_EXACT + n) for n, one in enumerate(syllables)}
    return exact, {one: chr(_CLASS + classes[_alike(one)]) for one in syllables}


def _alike(syllable: str) -> str:
    for pattern, instead in _ALIKE:
        syllable = pattern.sub(instead, syllable)
    return syllable


@cache
def _exact_table() -> dict[int, str]:
    exact, _ = _codes()
    return {ord(character): exact[one] for character, one in _syllables().items()}


@cache
def _class_table() -> dict[int, str]:
    _, classes = _codes()
    return {ord(character): classes[one] for character, one in _syllables().items()}


@cache
def _pinyin_table() -> dict[int, str]:
    return {ord(character): one for character, one in _syllables().items()}


@cache
def _second_tables() -> tuple[dict[int, str], dict[int, str]]:
    exact, classes = _codes()
    second = {ord(character): readings[1] for character, readings in _ALSO.items()}
    return (
        _exact_table() | {at: exact[one] for at, one in second.items()},
        _class_table() | {at: classes[one] for at, one in second.items()},
    )


def sounds(folded: str) -> str:
    """Put the sound of every character in its place; what has none stays, and so does the length."""
    return folded.translate(_exact_table())


def like_sounds(folded: str) -> str:
    """The same, with n and l, zh and z, ing and in and the like as one sound."""
    return folded.translate(_class_table())


def other_sounds(folded: str) -> tuple[str, str] | None:
    """Return `sounds` and `like_sounds` with the second readings of characters that have several; None without any."""
    if _ALSO.keys().isdisjoint(folded):
        return None
    exact, classes = _second_tables()
    return folded.translate(exact), folded.translate(classes)


def names_sounds(folded: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """Yield every name as often as it has readings, each as `sounds` and as `like_sounds`."""
    together = "\n".join(folded)  # all in one go: a fifth of the time
    first = zip(
        folded, sounds(together).split("\n"), like_sounds(together).split("\n"), strict=True
    )
    yield from first
    exact, classes = _codes()
    for name in folded:
        if not _ALSO.keys().isdisjoint(name):
            for reading in _readings(name)[1:]:
                yield (
                    name,
                    "".join(exact.get(one, one) for one in reading),
                    "".join(classes.get(one, one) for one in reading),
                )


def spelled(folded: str) -> list[str]:
    """Return all readings of a name in pinyin, joined, in small letters, ü as u: tiancunlu."""
    if _ALSO.keys().isdisjoint(folded):
        return [_plain(folded.translate(_pinyin_table()))]
    return list(dict.fromkeys(_plain("".join(reading)) for reading in _readings(folded)))


def syllables(folded: str) -> list[str]:
    """Return how each character sounds, in pinyin; what has no sound stands for itself."""
    first = _syllables()
    return [first.get(character, character) for character in folded]


def same_class(one: str, other: str) -> bool:
    """Tell whether two syllables are among those that many do not tell apart."""
    return _alike(one) == _alike(other)


def _plain(pinyin: str) -> str:
    return pinyin.replace("lv", "lu").replace("nv", "nu")


def _readings(folded: str) -> list[tuple[str, ...]]:
    first = _syllables()
    several = [_ALSO.get(character) or (first.get(character, character),) for character in folded]
    return list(islice(product(*several), _MOST_READINGS))
