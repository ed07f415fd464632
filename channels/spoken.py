"""From what is written to what is spoken: numbers digit by digit, marks as pauses, each language in its own voice."""

import re
from collections.abc import Iterator, Sequence

from dialogs.said import Choice
from dialogs.words import Language

# 幺 for 1, as numbers are told by phone in Chinese: 一 sounds like 七.
_CHINESE_DIGITS = str.maketrans("0123456789", "零幺二三四五六七八九")
_UNITS = "元块万亿千百个人户家天年月日号米度楼层次平室路%％点分时秒岁套辆吨公里倍"
_NUMBERS = re.compile(
    r"(?P<ticket>(?<![\d-])\d{6}-\d{6}-\d(?!\d))"
    r"|(?P<date>(?<!\d)20\d\d-[01]\d-[0-3]\d(?!\d))"
    r"|(?P<masked>(?<!\d)(?:\+?86)?1[3-9]\d\*{4}\d{4}(?!\d))"
    r"|(?P<mobile>(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d))"
    r"|(?P<line>(?<!\d)(?:\+?86[- ]?|\(?0)[1-9]\d{1,2}\)?[- ]?\d{7,8}(?!\d))"
    r"|(?P<service>(?<!\d)[48]00[- ]?\d{3}[- ]?\d{4}(?!\d))"
    r"|(?P<extension>(?<=转)\d{3,6}(?!\d)|(?<=分机)\d{3,6}(?!\d)|(?<=尾号)\d{4}(?!\d))"
    rf"|(?P<short>(?<![\d第.])(?:1(?:10|19|20|22)|12[0-4]\d\d|9[56]\d{{3}})(?!\d|\.\d|\s*[{_UNITS}]))"
    rf"|(?P<long>\+?(?<![\d.])\d{{7,}}(?!\d|\.\d|[{_UNITS}]))",
    re.ASCII,
)
_COUNTRY = re.compile(r"\+?86[- ]?(?=\d)")

_PAUSE = "\x1f"
_STOPS = "，。？！；：、,.?!;:"
_MARKS = {
    Language.CHINESE: str.maketrans(
        dict.fromkeys("“”‘’\"'「」『』《》【】[]（）()\r\n…—/", _PAUSE)
    ),
    Language.ENGLISH: str.maketrans(dict.fromkeys('“”"「」『』《》【】[]（）()\r\n…—/', _PAUSE)),
}
_NEEDLESS = re.compile(
    rf"^[{_PAUSE} ]+|[{_PAUSE} ]*{_PAUSE} *(?=[{_STOPS}]|$)|(?<=[{_STOPS}]) *{_PAUSE}[{_PAUSE} ]*"
)
_PAUSES = re.compile(rf" *{_PAUSE}[{_PAUSE} ]*")
_COMMA = {Language.CHINESE: "，", Language.ENGLISH: ", "}

_HAN = "㐀-䶿一-鿿"
_OTHER = {
    Language.CHINESE: re.compile(r"[A-Za-z]+(?:['’,.?!:;]* [A-Za-z0-9]+)+[.?!]?"),
    Language.ENGLISH: re.compile(rf"[{_HAN}](?:[{_HAN}0-9，、。：·]*[{_HAN}，。])?"),
}

# Keys that mean the same everywhere, and how they are called.
KEYS = {"command:human": "0", "command:back": "9", "command:repeat": "*", "command:more": "#"}
_KEY_NAMES = {
    Language.CHINESE: {"*": "星号", "#": "井号"},
    Language.ENGLISH: {"*": "star", "#": "hash"},
}
MOST_CHOICES = 8  # 9 goes back, 0 is a person


def spoken(text: str, language: Language) -> str:
    """What a voice says for a written text."""
    text = _NUMBERS.sub(_chinese if language is Language.CHINESE else _english, text.strip())
    text = _NEEDLESS.sub("", text.translate(_MARKS[language]))
    return _PAUSES.sub(_COMMA[language], text)


def with_choices(text: str, choices: Sequence[Choice], language: Language) -> str:
    """A prompt with its keys named last: the label first, then its key. One that names its first key names them all."""
    if not choices or "按1" in text or "press 1" in text.lower():
        return text
    options = list(_options(choices, language))
    if language is Language.CHINESE:
        return f"{_ended(text, '。')}{'；'.join(options)}。"
    return f"{_ended(text, '.')} {'; '.join(options)}.".strip()


def voices(text: str, language: Language) -> list[tuple[Language, str]]:
    """The text in pieces, each with the language whose voice can say it: a foreign name, a line for others."""
    other = Language.ENGLISH if language is Language.CHINESE else Language.CHINESE
    pieces = []
    at = 0
    for found in _OTHER[language].finditer(text):
        pieces += [(language, text[at : found.start()]), (other, found[0])]
        at = found.end()
    pieces.append((language, text[at:]))
    bare = [(tongue, piece.lstrip(_STOPS + " ")) for tongue, piece in pieces]
    return [(tongue, piece) for tongue, piece in bare if piece]


def _options(choices: Sequence[Choice], language: Language) -> Iterator[str]:
    numbered = 0
    for choice in choices:
        key = KEYS.get(choice.id)
        if key is None:
            numbered += 1
            if numbered > MOST_CHOICES:
                continue
            key = str(numbered)
        name = _KEY_NAMES[language].get(key, key)
        if language is Language.CHINESE:
            yield f"{choice.label}，请按{name}"
        else:
            yield f"{choice.label}, press {name}"


def _ended(text: str, stop: str) -> str:
    text = text.strip()
    return text if not text or text[-1] in _STOPS else text + stop


def _groups(found: re.Match[str]) -> list[str]:
    """The digits of a number in groups as they are told: 3-4-4 for a mobile, threes for a ticket, else fours."""
    kind = str(found.lastgroup)
    if kind == "ticket":
        first, second, check = found[0].split("-")
        return [first[:3], first[3:], second[:3], second[3:], check]
    if kind == "service":
        digits = "".join(filter(str.isdigit, found[0]))
        return [digits[:3], digits[3:6], digits[6:]]
    text = _COUNTRY.sub("", found[0], count=1) if kind == "mobile" else found[0]
    if kind == "line":
        text = _COUNTRY.sub("0", text, count=1)
    digits = "".join(filter(str.isdigit, text))
    head = {"mobile": 3, "line": _area_length(digits)}.get(kind, 0)
    rest = digits[head:]
    size = len(rest) if len(rest) <= 6 else 4  # noqa: PLR2004 - as many as are told in one breath
    groups = [rest[i : i + size] for i in range(0, len(rest), size)]
    return [digits[:head], *groups] if head else groups


def _area_length(digits: str) -> int:
    """How long the area code is: 010 and 02x are three digits, all others four."""
    return 3 if digits[1:2] in {"1", "2"} else 4


def _chinese(found: re.Match[str]) -> str:
    match found.lastgroup:
        case "date":
            year, month, day = found[0].split("-")
            return f"{year}年{int(month)}月{int(day)}日"
        case "masked":
            return f"尾号{found[0][-4:].translate(_CHINESE_DIGITS)}的手机"
        case _:
            return "，".join(_groups(found)).translate(_CHINESE_DIGITS)


def _english(found: re.Match[str]) -> str:
    match found.lastgroup:
        case "date":
            return found[0]
        case "masked":
            return f"the number ending in {' '.join(found[0][-4:])}"
        case _:
            return ", ".join(" ".join(group) for group in _groups(found))
