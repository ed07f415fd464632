"""How long a text is as an SMS: segments of GSM-7 septets or UCS-2 units, and how a long one is cut into parts."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

# GSM 03.38, basic set (one septet) and extension table (two, an escape before each).
GSM_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_EXTENDED = frozenset("\f^{}\\[~]|€")
GSM_ALL = GSM_BASIC | GSM_EXTENDED

SINGLE = {"GSM-7": 160, "UCS-2": 70}  # units that a lone segment holds
JOINED = {"GSM-7": 153, "UCS-2": 67}  # and each of several, which carry a header of six bytes

# Where a part may end, the best first: a line, a sentence, a clause, a word.
BREAKS = tuple(re.compile(p) for p in (r"\n", r"[。！？!?；;]|\.(?=\s)", r"[，、,：:]", r"\s"))
# A ticket number, phone number, address of a page or word is never cut.
UNBROKEN = re.compile(r"[0-9A-Za-z#@%&=?/._~:+-]+")


@dataclass(frozen=True, slots=True)
class Length:
    """A text's length as an operator counts it."""

    encoding: Literal["GSM-7", "UCS-2"]
    units: int
    segments: int


def measure(text: str) -> Length:
    """Count `text`; an empty one takes one segment, as it does on the wire."""
    if GSM_ALL.issuperset(text):
        units = len(text) + sum(map(text.count, GSM_EXTENDED))
        return Length("GSM-7", units, _segments(text, "GSM-7", units, GSM_EXTENDED.__contains__))
    units = len(text.encode("utf-16-le", "surrogatepass")) // 2
    return Length("UCS-2", units, _segments(text, "UCS-2", units, "\uffff".__lt__))


def split(text: str, most_segments: int) -> tuple[str, ...]:
    """Cut `text` into parts of at most `most_segments` segments each, at the ends of sentences where there are some.

    White space at a cut is dropped; nothing else is. An empty text gives no parts.
    """
    parts = []
    rest = text.strip()
    while rest:
        end = _fitting(rest, most_segments)
        if end < len(rest):
            end = _break_before(rest, end)
        parts.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return tuple(parts)


def cut(text: str, most_units: int) -> tuple[str, ...]:
    """Cut `text` as `split` does, into parts of at most `most_units` UTF-16 units, as chat services count."""
    parts = []
    rest = text.strip()
    while rest:
        end = _fitting_units(rest, most_units)
        if end < len(rest):
            end = _break_before(rest, end)
        parts.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return tuple(parts)


def _fitting_units(text: str, most_units: int) -> int:
    """How many characters of `text`, from its start, fit into `most_units`; at least one."""
    if len(text) * 2 <= most_units:
        return len(text)
    used = 0
    for count, character in enumerate(text):
        used += 2 if character > "\uffff" else 1
        if used > most_units:
            return max(count, 1)
    return len(text)


def _segments(text: str, encoding: str, units: int, is_double: Callable[[str], bool]) -> int:
    """Segments that hold `text`: no escape and no surrogate pair is torn apart."""
    if units <= SINGLE[encoding]:
        return 1
    segments, used = 1, 0
    for character in text:
        size = 2 if is_double(character) else 1
        used += size
        if used > JOINED[encoding]:
            segments, used = segments + 1, size
    return segments


def _fitting(text: str, most_segments: int) -> int:
    """How many characters of `text`, from its start, fit into `most_segments`; at least one."""
    if measure(text).segments <= most_segments:
        return len(text)
    low, high = 1, min(len(text), most_segments * SINGLE["GSM-7"])
    while low < high:
        middle = (low + high + 1) // 2
        if measure(text[:middle]).segments <= most_segments:
            low = middle
        else:
            high = middle - 1
    return low


def _break_before(text: str, limit: int) -> int:
    """The best place to cut `text` at or before `limit`; the hard limit where nothing better is near."""
    for pattern in BREAKS:
        ends = [match.end() for match in pattern.finditer(text, 0, limit)]
        if ends and ends[-1] * 2 > limit:
            return ends[-1]
    return _between_words(text, limit)


def _between_words(text: str, limit: int) -> int:
    end = limit
    for word in UNBROKEN.finditer(text, 0, min(len(text), limit + 64)):
        if word.start() < limit < word.end() and word.start() * 2 > limit:
            end = word.start()
    while end > 1 and _belongs_to_former(text[end]):
        end -= 1
    return end


def _belongs_to_former(character: str) -> bool:
    """A combining mark, variation selector or joiner stands with the character before it."""
    return unicodedata.combining(character) != 0 or character in "\u200d\ufe0e\ufe0f"
