"""Numbers as residents say and write them: full-width, Chinese and English."""

import re

from dialogs.understanding.text import command_word, fold

# 幺, 洞 … are how digits are said on the phone, so that 一 and 七 are not confused.
_SPOKEN_DIGITS = {
    "零": "0", "〇": "0", "洞": "0", "幺": "1", "一": "1", "壹": "1", "二": "2", "两": "2", "贰": "2",
    "三": "3", "叁": "3", "四": "4", "肆": "4", "五": "5", "伍": "5", "六": "6", "陆": "6",
    "七": "7", "拐": "7", "柒": "7", "八": "8", "捌": "8", "九": "9", "勾": "9", "玖": "9",
}  # fmt: skip
_DIGITS = str.maketrans(_SPOKEN_DIGITS)
_ENGLISH = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "1st": 1,
    "2nd": 2, "3rd": 3, "4th": 4, "5th": 5,
}  # fmt: skip
_CHOICE = re.compile(
    r"(?:我?[选按要]?择?|就|是|回复?)?第?([0-9]{1,2}|[零〇幺一二两三四五六七八九]?十?[零〇幺一二两三四五六七八九]?)"
    r"(?:个|号|项|条|种)?(?:吧|的|键|呢)?"
)
_ENGLISH_CHOICE = re.compile(r"(?:(?:the|number|option|no\.?|press)\s+)*([a-z0-9]+)(?:\s+one)?")


def digits(text: str) -> str:
    """Write every digit of `text`, however said, as 0-9; all else and the length stay."""
    return fold(text).translate(_DIGITS)


def choice_number(text: str) -> int | None:
    """Read a small number that is the whole of `text` ("2", "２", "第二个", "十一", "two"), else None."""
    word = command_word(text)
    if len(word) > 24:  # noqa: PLR2004 - a choice is short; spares long texts the regex
        return None
    found = _CHOICE.fullmatch(word)
    if found and found[1]:
        return _small(found[1])
    found = _ENGLISH_CHOICE.fullmatch(word)
    if not found:
        return None
    return int(found[1]) if found[1].isdigit() and len(found[1]) <= 2 else _ENGLISH.get(found[1])  # noqa: PLR2004


def _small(numeral: str) -> int | None:
    if "十" not in numeral:
        written = digits(numeral)
        return int(written) if len(written) == 1 or written == numeral else None
    tens, _, ones = numeral.partition("十")
    return int(digits(tens) or 1) * 10 + int(digits(ones) or 0)
