"""A learnt model of topics, served from plain numbers: no library, no pickle, quick enough for a turn.

One row a feature, and in it one lane of 32 bits a topic: a whole row is one big integer, so that adding up the rows of
a message adds all topics at once. Weights are shifted to be positive (the shift is the same for every topic, and only
the difference between topics counts); 16 bits of each lane are used, the rest is room for the sum.
"""

import re
import struct
from dataclasses import dataclass
from itertools import repeat
from math import exp, sqrt
from operator import add
from typing import Self

import msgspec

MAGIC = b"jiesu topics"
VERSION = 1
LANE_BYTES = 4
ZERO = 1 << 15  # where a weight of nothing stands in its lane
FURTHEST = ZERO - 1  # the largest weight, either way
SQUARES = 256  # the squared feature weights of the last lane are kept in this fraction

_FRAME = struct.Struct(f"<{len(MAGIC)}sBII")
_RUNS = re.compile(r"[\u3400-\u9fff]+|[a-z]{2,}")
_FIRST_CHINESE = "\u3400"
_NONE = float("-inf")


class ModelError(Exception):
    """These bytes are no model that this release can serve; the message says why."""


class Head(msgspec.Struct, frozen=True):
    """What a model says of itself. `off` are topics that it never names, because it is worse at them than the rules.

    The probability of a guess is that of its being right: a logistic curve over its lead before the second best.
    """

    codes: tuple[str, ...]
    intercepts: tuple[float, ...]
    scale: float  # lane units in one unit of weight
    slope: float
    offset: float
    threshold: float
    off: tuple[str, ...] = ()
    digest: str = ""  # of the rows and settings that it was made from


@dataclass(frozen=True, slots=True)
class LearntTopics:
    """A model ready to be asked; immutable. It is a `TopicModel`."""

    head: Head
    rows: dict[str, int]
    _lanes: struct.Struct

    @classmethod
    def load(cls, kept: bytes) -> Self:
        """Read what `pack` wrote. Raises `ModelError`."""
        head, vocabulary, rows = _parts(kept)
        lanes = struct.Struct(f"<{len(head.codes) + 1}I")
        names = vocabulary.split("\n") if vocabulary else []
        if len(rows) != len(names) * lanes.size or len(head.intercepts) != len(head.codes):
            raise ModelError("the model's numbers do not fit its words: it is damaged")
        starts = range(0, len(rows), lanes.size)
        numbers = (int.from_bytes(rows[at : at + lanes.size], "little") for at in starts)
        return cls(head, dict(zip(names, numbers, strict=True)), lanes)

    @property
    def threshold(self) -> float:
        """The probability from which a guess is sure."""
        return self.head.threshold

    def guess(self, text: str) -> tuple[str, float]:
        """Return the likeliest topic and how probably it is right; nothing where no word of it was ever learnt."""
        code, lead = self.lead(text)
        if not code or code in self.head.off:
            return "", 0.0
        return code, 1 / (1 + exp(-(self.head.slope * lead + self.head.offset)))

    def lead(self, text: str) -> tuple[str, float]:
        """Return the likeliest topic and by how much it leads; "" where no word of it was ever learnt."""
        total = sum(map(self.rows.get, grams(text), repeat(0)))
        if not total:
            return "", 0.0
        *sums, squares = self._lanes.unpack(total.to_bytes(self._lanes.size, "little"))
        length = self.head.scale * sqrt(squares / SQUARES)
        scores = [
            one / length + intercept
            for one, intercept in zip(sums, self.head.intercepts, strict=True)
        ]
        best = max(scores)
        place = scores.index(best)
        scores[place] = _NONE
        return self.head.codes[place], best - max(scores)


def grams(text: str) -> set[str]:
    """Return what a model knows a folded text by: Chinese letters, their pairs, and whole words in Latin letters.

    Digits are never among them, so that no number of anybody's can be learnt.
    """
    found: set[str] = set()
    for run in _RUNS.findall(text):
        if run < _FIRST_CHINESE:
            found.add(run)
        else:
            found.update(run)
            found.update(map(add, run, run[1:]))
    return found


def pack(head: Head, vocabulary: tuple[str, ...], rows: bytes) -> bytes:
    """Write a model as bytes; `rows` holds its lanes, little-endian, in the order of the vocabulary."""
    top, words = msgspec.json.encode(head), "\n".join(vocabulary).encode()
    return _FRAME.pack(MAGIC, VERSION, len(top), len(words)) + top + words + rows


def with_tuning(kept: bytes, **changes: object) -> bytes:
    """Write the same model with other words about itself."""
    head, vocabulary, rows = _parts(kept)
    changed = msgspec.structs.replace(head, **changes)
    return pack(changed, tuple(vocabulary.split("\n")), bytes(rows))


def _parts(kept: bytes) -> tuple[Head, str, memoryview]:
    if len(kept) < _FRAME.size or not kept.startswith(MAGIC):
        raise ModelError("this is no model of topics")
    _, version, top, words = _FRAME.unpack_from(kept)
    if version != VERSION:
        raise ModelError(f"the model is of version {version}, this release reads {VERSION}")
    begin, end = _FRAME.size + top, _FRAME.size + top + words
    try:
        head = msgspec.json.decode(kept[_FRAME.size : begin], type=Head)
        return head, kept[begin:end].decode(), memoryview(kept)[end:]
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ModelError("the model is damaged") from error
