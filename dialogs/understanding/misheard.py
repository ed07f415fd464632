"""Words of matters that are written as they sound: 施工扰明 is 施工扰民; looked for where no word speaks for a topic."""

from collections.abc import Iterable

from ahocorasick_rs import AhoCorasick, MatchKind

from dialogs.understanding.everyday import is_word, splits_a_word
from dialogs.understanding.pinyin import like_sounds
from dialogs.understanding.text import is_chinese

_SHORTEST = 2
_LONGEST = 5
_PARTICLES = frozenset("的地得了着")  # 的石狮子 is no 的士


class Misheard:
    """Knows how words of matters sound; the sounds are made ready when first asked."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = [
            word
            for word in dict.fromkeys(words)
            if _SHORTEST <= len(word) <= _LONGEST and all(map(is_chinese, word))
        ]
        self._automaton: AhoCorasick | None = None

    def put_right(self, text: str) -> str:
        """Write the words that were meant, where at least one character of each stands already; the length stays."""
        if text.isascii():
            return text
        if self._automaton is None:
            heard = [like_sounds(word) for word in self._words]
            self._automaton = AhoCorasick(heard, matchkind=MatchKind.LeftmostLongest)
        for index, start, end in self._automaton.find_matches_as_indexes(like_sounds(text)):
            word = self._words[index]
            if _is_slip(text, start, end, word):
                text = text[:start] + word + text[end:]
        return text


def _is_slip(text: str, start: int, end: int, word: str) -> bool:
    said = text[start:end]
    shared = [one for one, other in zip(said, word, strict=True) if one == other]
    if _PARTICLES.issuperset(shared) or len(shared) == len(word) or is_word(said):
        return False
    return not splits_a_word(text, start) and not (end < len(text) and splits_a_word(text, end))
