"""Names that were misheard: 羊房店 sounds as 羊坊店. Guesses to ask about, never answers."""

import re
from collections.abc import Mapping, Sequence

from ahocorasick_rs import AhoCorasick

from dialogs.understanding.pinyin import like_sounds, names_sounds, sounds
from dialogs.understanding.place import Firmness, Mention, Place
from dialogs.understanding.position import begins_clause, ends_clause, is_edge, is_led
from dialogs.understanding.spellings import Meaning, is_everyday
from dialogs.understanding.text import is_chinese

_SHORTEST = 2
_LONG = 3  # as many syllables in a row are seldom chance
_MOST = 16
_STREET = 2
_KIND_OF_PLACE = re.compile(
    r"街道|社区|小区|村|镇|乡|地区|路|[东西南北]里|[一二三四五六七八九十0-9]+(?:区|号)"
)


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
        hits = [
            hit
            for hit in self._automaton.find_matches_as_indexes(
                like_sounds(folded), overlapping=True
            )
            if folded[hit[1] : hit[2]] != self._names[hit[0]]
        ]
        if not hits:
            return None
        heard = sounds(folded)
        best: tuple[int, bool, int] = (0, False, 0)
        options: dict[Place, None] = {}
        for index, start, end in hits:
            rank = (end - start, heard[start:end] == self._sounds[index], -start)
            if rank < best:
                continue
            meaning = self._meanings[index]
            around = _context(mentions, start, end) or known
            places = [place for place in meaning.options if place.agrees(around)]
            is_whole = meaning.firmness == Firmness.FULL and end - start > _LONG
            if not places or not _is_told(folded, start, end, mentions, is_whole=is_whole):
                continue
            if rank > best:
                best, options = rank, {}
            options.update(dict.fromkeys(places))
        if not options or len(options) > _MOST:
            return None
        start = -best[2]
        return Mention(start, start + best[0], tuple(options), Firmness.VAGUE)


def _context(mentions: Sequence[Mention], start: int, end: int) -> Place | None:
    """Return the only district that is named outside of the guess."""
    districts = {
        option
        for mention in mentions
        if mention.firmness >= Firmness.SHORT and (mention.end <= start or mention.start >= end)
        for option in mention.options
        if option.depth == 1
    }
    return districts.pop() if len(districts) == 1 else None


def _is_guessed(name: str, meaning: Meaning) -> bool:
    """Only whole Chinese names are guessed at; those of two characters when they are streets or stand for themselves."""
    if meaning.stem or not meaning.options or meaning.options[0].depth == 1:
        return False
    if len(name) < _SHORTEST or not is_chinese(name[0]):
        return False
    is_long = len(name) >= _LONG and meaning.firmness > Firmness.WORD
    return is_long or meaning.firmness >= Firmness.SHORT or meaning.options[0].depth == _STREET


def _is_told(
    folded: str, start: int, end: int, mentions: Sequence[Mention], *, is_whole: bool
) -> bool:
    """Tell whether a place may stand here: after a district, after 住在, or as a clause or beside 小区 and the like."""
    if any(_speaks_against(folded, one, start, end, is_whole=is_whole) for one in mentions):
        return False
    if any(one.end == start and one.firmness >= Firmness.SHORT for one in mentions):
        return True
    goes_with = ends_clause(folded, end) or _KIND_OF_PLACE.match(folded, end) is not None
    if is_led(folded, start):
        return goes_with or end - start >= _LONG
    if begins_clause(folded, start):
        return goes_with or is_whole
    is_named_so = _KIND_OF_PLACE.match(folded, end - 2) or _KIND_OF_PLACE.match(folded, end - 1)
    return (
        end - start >= _LONG and is_edge(folded, start) and (goes_with or is_named_so is not None)
    )


def _speaks_against(folded: str, one: Mention, start: int, end: int, *, is_whole: bool) -> bool:
    """Tell whether `one` says by its characters that these are other words."""
    if one.end <= start or end <= one.start:
        return False
    if one.firmness > Firmness.WORD and one.end == end and is_edge(folded, one.start):
        return True  # 在辛庄 is not 寨辛庄
    if one.firmness < Firmness.SHORT and not is_everyday(folded[one.start : one.end]):
        return False
    is_inside = start <= one.start and one.end <= end and one.end - one.start < end - start
    return not (is_whole and is_inside and one.firmness < Firmness.FULL)
