"""Chinese and Arabic numerals up to ten thousands: 三十多, 二百五, 2000, 两千, 1.2万."""

import re

NUMERAL = r"(?:\d+(?:\.\d+)?[百千万]?|[一二两三四五六七八九十百千万零〇]+)"
_DIGITS = {letter: value for value, letter in enumerate("零一二三四五六七八九")} | {
    "两": 2,
    "〇": 0,
}
_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10_000}
_WRITTEN = re.compile(r"(\d+(?:\.\d+)?)([百千万]?)")


def number(words: str) -> int | None:
    """Read a numeral; 二三十 is the smaller of both, None when it is none."""
    written = _WRITTEN.fullmatch(words)
    if written:
        return int(float(written[1]) * _UNITS.get(written[2], 1))
    if not words or any(letter not in _DIGITS and letter not in _UNITS for letter in words):
        return None
    total, digit, unit = 0, 0, _UNITS["十"]
    for letter in words:
        if letter in _UNITS:
            unit = _UNITS[letter]
            total = (total + digit) * unit if letter == "万" else total + (digit or 1) * unit
            digit = 0
        elif letter in "零〇":
            unit = _UNITS["十"]
        elif not digit:
            digit = _DIGITS[letter]
    return total + digit * unit // 10  # 二百五 is 250, 二十五 is 25
