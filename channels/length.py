"""How long a text is as an SMS: segments of GSM-7 septets or UCS-2 units, and how a long one is cut into parts."""

import re
import unicodedata
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
    gsm = GSM_ALL.issuperset(text)
    encoding: Literal["GSM-7", "UCS-2"] = "GSM-7" if gsm else "UCS-2"
    sizes = _septets(text) if gsm else _utf16_units(text)
    units = sum(sizes)
    segments = 1 if units <= SINGLE[encoding] else _joined_segments(sizes, JOINED[encoding])
    return Length(encoding, units, segments)


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


def _septets(text: str) -> list[int]:
    return [2 if c in GSM_EXTENDED else 1 for c in text]


def _utf16_units(text: str) -> list[int]:
    return [2 if c > "\uffff" else 1 for c in text]


def _joined_segments(sizes: list[int], room: int) -> int:
    """Segments that hold characters of `sizes` units: no escape or surrogate pair is torn apart."""
    segments, used = 1, 0
    for size in sizes:
        used += size
        if used > room:
            segments, used = segments + 1, size
    return segments


def _fitting(text: str, most_segments: int) -> int:
    """How many characters of `text`, from its start, fit into `most_segments`; at least one."""
    low, high = 1, min(len(text), most_segments * JOINED["GSM-7"] + SINGLE["GSM-7"])
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
