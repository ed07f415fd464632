"""Finds words that mean danger near each other, in the order of the text; what each takes part in is a set of bits."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dialogs.understanding.dangers import Danger
from dialogs.understanding.pairs import PAIR

_NEAR = 12  # characters between the two words
_MOST = 24  # of a message that is nothing but such words, so many are looked at


@dataclass(frozen=True, slots=True)
class Together:
    """Two words that mean a danger together: from `start` to `end`; the second begins at `last`."""

    danger: Danger
    start: int
    last: int
    end: int


class Nearness:
    """The scenes of a vocabulary; its words are looked up elsewhere, in one pass together with others."""

    def __init__(self) -> None:
        self._dangers: list[Danger] = []
        self._sides: dict[str, tuple[int, int]] = {}

    def add(self, said: str, danger: Danger) -> None:
        """Take `one/one+other/other` for a danger."""
        bit = 1 << len(self._dangers)
        self._dangers.append(danger)
        ones, others = said.split(PAIR, 1)
        for word in ones.split("/"):
            one, other = self._sides.get(word, (0, 0))
            self._sides[word] = one | bit, other
        for word in others.split("/"):
            one, other = self._sides.get(word, (0, 0))
            self._sides[word] = one, other | bit

    @property
    def words(self) -> set[str]:
        """All words of either side."""
        return set(self._sides)

    def sides_of(self, words: Iterable[str]) -> list[tuple[int, int]]:
        """Return what each of `words` takes part in, to be handed to `together`."""
        return [self._sides.get(word, (0, 0)) for word in words]

    def together(
        self, spans: list[tuple[int, int, int]], sides: list[tuple[int, int]]
    ) -> Iterator[Together]:
        """Yield each danger once for each place; `spans` are (index into `sides`, start, end) by their start."""
        ones = others = 0
        for index, _, _ in spans:
            one, other = sides[index]
            ones |= one
            others |= other
        if not (both := ones & others):
            return
        seen: set[tuple[Danger, int, int]] = set()
        for bits, start, last, end in _near(spans, sides, both):
            for danger in self._named(bits):
                if (danger, start, end) not in seen:
                    seen.add((danger, start, end))
                    yield Together(danger, start, last, end)
            if len(seen) >= _MOST:
                return

    def _named(self, bits: int) -> Iterator[Danger]:
        while bits:
            lowest = bits & -bits
            yield self._dangers[lowest.bit_length() - 1]
            bits ^= lowest


def _near(
    spans: list[tuple[int, int, int]], sides: list[tuple[int, int]], both: int
) -> Iterator[tuple[int, int, int, int]]:
    """Yield (bits, start of the first word, start of the second, end) of neighbours that share a scene."""
    some = [
        (start, end, one & both, other & both)
        for index, start, end in spans
        for one, other in (sides[index],)
        if (one | other) & both
    ]
    for number, (start, end, one, other) in enumerate(some):
        for later in range(number + 1, len(some)):
            last, reached, its_one, its_other = some[later]
            if last - end > _NEAR:
                break
            if last >= end and (bits := one & its_other | other & its_one):
                yield bits, start, last, reached
