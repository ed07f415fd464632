"""Personal data in texts: phone, identity card, plate, bank card, e-mail, WeChat, passport; found and masked.

Hotlines (12345, 96777, 400-…), ticket numbers and amounts are nobody's and stay.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from dialogs.understanding.text import fold


class PersonalKind(StrEnum):
    """Kinds of personal data."""

    PHONE = "phone"
    IDENTITY = "identity"
    PLATE = "plate"
    CARD = "card"
    EMAIL = "email"
    WECHAT = "wechat"
    PASSPORT = "passport"


@dataclass(frozen=True, slots=True)
class Personal:
    """Personal data and where it stands in the text."""

    kind: PersonalKind
    start: int
    end: int


# A text without any of these holds none: most messages are spared the rest.
_WORTH_A_LOOK = re.compile(
    r"\d(?:[ \-]?\d){5}|@|微信|wechat|weixin|vx|v信|qq|[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][a-hj-np-z]|[一幺][三四五六七八九][零〇洞一幺二两三四五六七八九拐勾]{9}|护照|通行证"
)
_MOBILE = re.compile(
    r"(?<![\d])(?<!\d-)(?:\+?86[ \-]?)?(1[3-9](?:[ \-]?\d){9})(?![\d])(?!-\d{1,2}\b)"
)
_SPOKEN_MOBILE = re.compile(
    r"(?<![零〇一幺二两三四五六七八九十])[一幺][三四五六七八九](?:[ ，,]?[零〇洞一幺二两三四五六七八九拐勾]){9}(?![零〇一幺二两三四五六七八九十])"
)
_LANDLINE = re.compile(
    r"(?<![\d\-])[（(]?0(?:10|2\d|[3-9]\d{2})[）)]?[ \-]?[2-8]\d{2,3}[ \-]?\d{4}(?!\d)"
)
_LOCAL = re.compile(
    r"(?:电话|座机|固话|联系|致电|号码|打)(?:是|为|:|号|号码|方式|我|他|她|给)*[ ]?([2-8]\d{3}[ \-]?\d{4})(?!\d)"
)
_IDENTITY = re.compile(r"(?<![\da-z])[1-8]\d(?:[ \-]?\d){15}[ \-]?[\dx](?![\da-z])")
_OLD_IDENTITY = re.compile(
    r"(?<![\d])[1-8]\d{7}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}(?!\d)"
)
_BORN = re.compile(r"\d{6}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dx]")
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][a-hj-np-z][·・.\- ]?(?:[a-hj-np-z0-9]{6}|[a-hj-np-z0-9]{5}|[a-hj-np-z0-9]{4}[学警挂港澳])(?![a-z0-9])"
)
_CARD = re.compile(r"(?<![\d\-])[2-9]\d{3}(?:[ \-]?\d){12,15}(?![\d])")
_EMAIL = re.compile(r"[a-z0-9._%+\-]+@[a-z0-9\-]+(?:\.[a-z0-9\-]+)+")
_WECHAT = re.compile(
    r"(?:微信|wechat|weixin|vx|v信|qq)[ ]?(?:号码?|账号|帐号|id)?[ ]?(?:是|为|:|叫|加)?[ ]?([a-z][a-z0-9_\-]{4,19}|[1-9]\d{4,11})(?![a-z0-9])"
)
_PASSPORT = re.compile(
    r"(?<![a-z0-9])(?:e[a-hj-np-z]?\d{7,8}|g\d{8}|(?<=通行证)[ch]\d{8,10}|[ch]w?\d{8})(?![\da-z])|(?<=护照)(?:号码?)?(?:是|:)?[ ]?([a-z]{1,2}\d{6,9})(?![\da-z])"
)
_PROVINCES = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10x98765432"
_NEARBY = 8
_TEN = 10
# How many letters and digits stay to be seen before and behind the stars.
_SHOWN: dict[PersonalKind, tuple[int, int]] = {
    PersonalKind.IDENTITY: (6, 4),
    PersonalKind.PLATE: (2, 2),
    PersonalKind.CARD: (0, 4),
    PersonalKind.WECHAT: (1, 0),
    PersonalKind.PASSPORT: (1, 2),
}
_SUBSCRIBER = 8  # the last digits of a phone number; the first half of them is hidden


def personal_data(text: str) -> tuple[Personal, ...]:
    """Find personal data in a text as it was sent, in the order of the text, none within another."""
    folded = fold(text)
    if not _WORTH_A_LOOK.search(folded):
        return ()
    found: list[Personal] = []
    for one in _all(folded):
        if not any(one.start < other.end and other.start < one.end for other in found):
            found.append(one)
    return tuple(sorted(found, key=lambda one: one.start))


def masked(text: str) -> str:
    """Put stars over the middle of all personal data; the length and all else stay."""
    for one in personal_data(text):
        text = text[: one.start] + _starred(text[one.start : one.end], one.kind) + text[one.end :]
    return text


def _all(folded: str) -> Iterator[Personal]:
    """Find each kind, the surest first: what one has taken is not looked at again."""
    yield from _found(PersonalKind.EMAIL, _EMAIL, folded)
    for one in _IDENTITY.finditer(folded):
        if _is_identity(
            re.sub(r"[ \-]", "", one[0]), folded[max(0, one.start() - _NEARBY) : one.start()]
        ):
            yield Personal(PersonalKind.IDENTITY, *one.span())
    for one in _CARD.finditer(folded):
        if _passes_luhn(re.sub(r"[ \-]", "", one[0])):
            yield Personal(PersonalKind.CARD, *one.span())
    for one in _OLD_IDENTITY.finditer(folded):
        if _PROVINCES.match(one[0]):
            yield Personal(PersonalKind.IDENTITY, *one.span())
    yield from _found(PersonalKind.PHONE, _MOBILE, folded)
    yield from _found(PersonalKind.PHONE, _SPOKEN_MOBILE, folded)
    yield from _found(PersonalKind.PHONE, _LANDLINE, folded)
    yield from _found(PersonalKind.PHONE, _LOCAL, folded)
    yield from _found(PersonalKind.PLATE, _PLATE, folded)
    yield from _found(PersonalKind.PASSPORT, _PASSPORT, folded)
    yield from _found(PersonalKind.WECHAT, _WECHAT, folded)


def _found(kind: PersonalKind, pattern: re.Pattern[str], folded: str) -> Iterator[Personal]:
    for one in pattern.finditer(folded):
        group = pattern.groups if pattern.groups and one[pattern.groups] else 0
        yield Personal(kind, *one.span(group))


def _is_identity(number: str, before: str) -> bool:
    """Check region, day of birth and check digit (GB 11643); beside the word a wrong check digit is a slip."""
    if not _PROVINCES.match(number) or not _BORN.fullmatch(number):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return _CHECKS[total % len(_CHECKS)] == number[-1] or "身份证" in before


def _passes_luhn(number: str) -> bool:
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(number)))
    return sum(value - 9 if value >= _TEN else value for value in doubled) % _TEN == 0


def _starred(words: str, kind: PersonalKind) -> str:
    telling = [place for place, letter in enumerate(words) if letter.isalnum()]
    hidden = set(_hidden(words, telling, kind))
    return "".join("*" if place in hidden else letter for place, letter in enumerate(words))


def _hidden(words: str, telling: list[int], kind: PersonalKind) -> list[int]:
    if kind is PersonalKind.PHONE:
        return telling[-_SUBSCRIBER : -_SUBSCRIBER // 2]
    if kind is PersonalKind.EMAIL:
        return list(range(1, words.index("@")))
    head, tail = _SHOWN[kind]
    return telling[head : len(telling) - tail]
