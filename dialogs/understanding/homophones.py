"""Names that were misheard: 羊房店 sounds as 羊坊店. Guesses to ask about, never answers."""

from collections.abc import Mapping, Sequence

from ahocorasick_rs import AhoCorasick

from dialogs.understanding.pinyin import like_sounds, names_sounds, other_sounds, sounds
from dialogs.understanding.place import Firmness, Mention, Place
from dialogs.understanding.spellings import Meaning
from dialogs.understanding.standing import LONG, Heard, district_told, may_stand
from dialogs.understanding.text import is_chinese

_SHORTEST = 2
_MOST = 16
_STREET = 2


class Homophones:
    """Finds what sounds like a name of a place, where no name was found by its characters."""

    def __init__(self, meanings: Mapping[str, Meaning]) -> None:
        guessed = [name for name, meaning in meanings.items() if _is_guessed(name, meaning)]
        readings = list(names_sounds(guessed))
        self._names = [name for name, _, _ in readings]
        self._sounds = [exact for _, exact, _ in readings]
        self._meanings = [meanings[name] for name in self._names]
        self._automaton = AhoCorasick([alike for _, _, alike in readings])

    def guess(self, folded: str, mentions: Sequence[Mention], known: Place) -> Mention | None:
        """Return the best guess that agrees with what is `known`, with all that it may mean; None without any.

        A whole name with its suffix may be guessed over shorter names that its characters happen to hold.
        """
        if folded.isascii():
            return None
        found = self._heard(folded, None, like_sounds(folded), mentions, known)
        if found is None and (others := other_sounds(folded)):
            found = self._heard(folded, *others, mentions, known)
        return found

    def _heard(
        self,
        folded: str,
        heard: str | None,
        alike: str,
        mentions: Sequence[Mention],
        known: Place,
    ) -> Mention | None:
        """Find the longest name that is heard, and all that sound so; the same sound before one that is only alike."""
        hits = [
            hit
            for hit in self._automaton.find_matches_as_indexes(alike, overlapping=True)
            if folded[hit[1] : hit[2]] != self._names[hit[0]]
        ]
        if not hits:
            return None
        heard = heard or sounds(folded)
        best = (0, 0)
        same: dict[Place, None] = {}
        others: dict[Place, None] = {}
        for index, start, end in hits:
            rank = (end - start, -start)
            if rank < best:
                continue
            is_exact = heard[start:end] == self._sounds[index]
            places = self._possible(
                folded, hit=(index, start, end), is_exact=is_exact, mentions=mentions, known=known
            )
            if not places:
                continue
            if rank > best:
                best, same, others = rank, {}, {}
            (same if is_exact else others).update(dict.fromkeys(places))
        options = _ranked(same, others)
        if not options:
            return None
        return Mention(-best[1], best[0] - best[1], options, Firmness.VAGUE)

    def _possible(
        self,
        folded: str,
        hit: tuple[int, int, int],
        *,
        is_exact: bool,
        mentions: Sequence[Mention],
        known: Place,
    ) -> list[Place]:
        """Return what a name can mean where it is heard; nothing where it may not stand."""
        index, start, end = hit
        meaning = self._meanings[index]
        around = district_told(mentions, start, end) or known
        rivals = meaning.rivals if meaning.firmness == Firmness.VAGUE else ()
        places = [place for place in (*meaning.options, *rivals) if place.agrees(around)]
        if not places:
            return []
        is_whole = meaning.firmness == Firmness.FULL and end - start > LONG
        heard = Heard(start, end, places[0].depth == _STREET, is_whole, is_exact)
        return places if may_stand(folded, heard, mentions) else []


def _ranked(same: Mapping[Place, None], others: Mapping[Place, None]) -> tuple[Place, ...]:
    """Offer what sounds the same; what is only alike besides where that is no street."""
    if any(place.depth == _STREET for place in same):
        return tuple(same) if len(same) <= _MOST else ()
    streets = tuple(place for place in others if place.depth == _STREET)
    options = tuple(dict.fromkeys((*same, *streets))) if same else tuple(others)
    return options if len(options) <= _MOST else ()


def _is_guessed(name: str, meaning: Meaning) -> bool:
    """Only whole Chinese names are guessed at; those of two characters when they are streets or stand for themselves."""
    if meaning.stem or not meaning.options or meaning.options[0].depth == 1:
        return False
    if len(name) < _SHORTEST or not is_chinese(name[0]):
        return False
    is_long = len(name) >= LONG and meaning.firmness > Firmness.WORD
    return is_long or meaning.firmness >= Firmness.SHORT or meaning.options[0].depth == _STREET
