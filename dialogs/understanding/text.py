"""Folding: one spelling for each character, so that what is said meets what the catalogue says."""

import unicodedata
from functools import cache, lru_cache

import opencc

# Traditional characters that opencc's t2s leaves as they are, but that stand in names.
_LEFT_BY_OPENCC = {"衞": "卫", "甯": "宁", "著": "着", "臺": "台", "豐": "丰"}
_IDEOGRAPHS = range(0x3400, 0xA000)
_COMPATIBILITY = (range(0x80, 0x3400), range(0xF900, 0x10000))
_TRIMMED = " \t\r\n\u3000，。！？；：、,.!?;:~～…“”\"'‘’「」『』()（）【】[]《》<>*#"


@lru_cache(maxsize=64)  # a message is folded by whoever looks at it, a dozen times in a turn
def fold(text: str) -> str:
    """Simplify, narrow and lower every character for itself; the length stays, so spans map back."""
    return text.lower() if text.isascii() else text.translate(_folding())


@lru_cache(maxsize=64)
def command_word(text: str) -> str:
    """Fold `text` and take away the blanks and punctuation around it."""
    return fold(text).strip(_TRIMMED)


def is_chinese(text: str) -> bool:
    """Tell whether any ideograph stands in `text`."""
    return any("\u3400" <= character <= "\u9fff" for character in text)


def is_whole_word(text: str, start: int, end: int) -> bool:
    """Refuse Latin letters cut out of the middle of a word; Chinese has no words to cut."""
    if not text[start].isascii():
        return True
    before = start > 0 and text[start - 1].isascii() and text[start - 1].isalnum()
    return not before and not (end < len(text) and text[end].isascii() and text[end].isalpha())


@cache
def _folding() -> dict[int, str]:
    table = {code: chr(code).lower() for code in range(ord("A"), ord("Z") + 1)}
    for codes in _COMPATIBILITY:
        for code in codes:
            narrow = unicodedata.normalize("NFKC", chr(code)).lower()
            if len(narrow) == 1 and narrow != chr(code):
                table[code] = narrow
    characters = [chr(code) for code in _IDEOGRAPHS]
    simplified = opencc.OpenCC("t2s").convert("\n".join(characters)).split("\n")
    table.update(
        (ord(before), after)
        for before, after in zip(characters, simplified, strict=True)
        if before != after and len(after) == 1
    )
    table.update((ord(before), after) for before, after in _LEFT_BY_OPENCC.items())
    for code, narrow in list(
        table.items()
    ):  # a compatibility ideograph may narrow to a traditional one
        table[code] = table.get(ord(narrow), narrow)
    return table
