"""Danger to life now: it is told the emergency numbers at once, whatever else is said."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from ahocorasick_rs import AhoCorasick

from dialogs.understanding.danger_letters import is_danger, telling
from dialogs.understanding.danger_sounds import put_dangers_right
from dialogs.understanding.dangers import (
    CUES,
    ENGLISH_CUES,
    FALSE_FRIENDS,
    FALSE_FRIENDS_ENGLISH,
    OTHER_THINGS,
    Danger,
)
from dialogs.understanding.english_scenes import english_signs
from dialogs.understanding.nearness import Nearness
from dialogs.understanding.pairs import PAIR
from dialogs.understanding.scenes import scenes
from dialogs.understanding.text import is_whole_word
from dialogs.understanding.unreal import Unreal, unreal


@dataclass(frozen=True, slots=True)
class DangerSaid:
    """Words of danger where they stand, and why they are not taken for danger now; `unreal` None: they are."""

    danger: Danger
    start: int
    end: int
    unreal: Unreal | None

    @property
    def span(self) -> tuple[int, int]:
        """Where the words stand."""
        return self.start, self.end


@dataclass(frozen=True, slots=True)
class Alarm:
    """The danger, if there is one, and the `span` of the words for it; `unreal` are spans to overlook."""

    danger: Danger | None = None
    span: tuple[int, int] = (0, 0)
    unreal: tuple[tuple[int, int], ...] = ()
    readings: tuple[DangerSaid, ...] = ()


_ELEVATOR = re.compile(
    r"(?:电梯|轿厢)[^。！？过]{0,12}困(?![难扰境惑过])|困(?![难扰境惑过])[^。！？过]{0,8}(?:电梯|轿厢)"
)
_LIFE_SUPPORT = re.compile(
    r"(?:[停断没]电|跳闸)[^。！？]{0,16}(?:呼吸机|制氧机|吸氧|维生)|(?:呼吸机|制氧机|吸氧)[^。！？]{0,16}[停断没]电"
)
_LOST = re.compile(
    r"(?:孩子|小孩|老伴儿?|爱人|儿子|女儿|孙子|孙女|老人|老太太|老爷子|奶奶|爷爷|姥姥|姥爷|外婆|外公|我妈|我爸|父亲|母亲|小朋友|男孩|女孩|婴儿|宝宝|闺女)[^，。！？户证学籍本卡]{0,8}?(?:走失|走丢|不见了|失踪|丢了(?!东西|手机|钱|书|脸)|找不[到着]了|被拐|被抱走|被抢走|被人拖|被人抱|被人带走|拖上车)"
)
# 着了！: all that is said, or said apart.
_CRY = re.compile(
    r"^\W*(?:快来?[，,!！]?)?(?:家里?|房子|房|楼|车|厨房|屋里?|楼下|楼上|隔壁|山上)?(?:[都又]|已经)?(?:着了|烧了|炸了|塌了|爆了|烧起来了?|着起来了?|炸啦|塌啦|着啦|爆啦)[啊呀呢]*(?:快来.*|救.*)?\W*$"
)
_PATTERNS = (
    (Danger.TRAPPED, _ELEVATOR),
    (Danger.INJURED, _LIFE_SUPPORT),
    (Danger.MISSING, _LOST),
    (Danger.FIRE, _CRY),
)
# Without any of these letters none of the patterns can hold: most messages are spared them.
_HELD = re.compile("[困氧吸维失丢见踪找拐抱抢拖带着烧炸塌爆]")
_WORD = 4
_FEWEST = (
    2  # words of the vocabulary, of people or of what happens, without which no letters are weighed
)
_MOST = 32  # readings that are looked at: whoever tells more of danger has told it by then


class Dangers:
    """Recognises danger to life in folded text."""

    def __init__(self) -> None:
        single: dict[str, Danger | None] = dict.fromkeys(FALSE_FRIENDS.split())
        single.update(dict.fromkeys(FALSE_FRIENDS_ENGLISH))
        others = dict.fromkeys(OTHER_THINGS.split())
        self._near = Nearness()
        for danger in Danger:
            for said in (*CUES[danger].split(), *ENGLISH_CUES[danger]):
                if PAIR in said:
                    self._near.add(said, danger)
                else:
                    single[said] = danger
        for danger, said in scenes():
            self._near.add(said, danger)
        single.update(others)
        self._others = frozenset(others)
        self._single = single
        self._words = [*single, *sorted(self._near.words - single.keys())]
        self._sides = self._near.sides_of(self._words)
        self._automaton = AhoCorasick(self._words)

    def read(self, text: str) -> Alarm:
        """Tell the first danger in `text`, and where those stand that are denied, feared or past.

        Where none is told, what was written by its sound is put right and read again; then the letters are weighed.
        """
        spans = self._spans(text)
        alarm = self._read(text, spans)
        if alarm.danger is None and (meant := put_dangers_right(text)) != text:
            alarm = self._read(meant, self._spans(meant))
        if alarm.readings or len(spans) < _FEWEST:
            return alarm  # what the words took back the letters do not assert
        return _by_letters(text) if is_danger(text) else alarm

    def _read(self, text: str, spans: list[tuple[int, int, int]]) -> Alarm:
        readings = tuple(islice(self._readings(text, spans), _MOST))
        first = next((one for one in readings if one.unreal is None), None)
        overlook = [
            (one.start, one.end)
            for one in readings
            if one.unreal and one.end - one.start <= _WORD  # 电梯老困人: the lift is the matter
        ]
        overlook += [(start, end) for i, start, end in spans if self._words[i] in self._others]
        if first is None:
            return Alarm(unreal=tuple(overlook), readings=readings)
        return Alarm(first.danger, (first.start, first.end), tuple(overlook), readings)

    def _spans(self, text: str) -> list[tuple[int, int, int]]:
        """Return the words found, without those inside a longer one that means danger by itself or none at all."""
        found = self._automaton.find_matches_as_indexes(text, overlapping=True)
        found.sort(key=lambda span: (span[1], -span[2]))
        spans = []
        reached = 0
        for span in found:
            if span[2] <= reached or not is_whole_word(text, span[1], span[2]):
                continue
            spans.append(span)
            if self._words[span[0]] in self._single:
                reached = span[2]
        return spans

    def _readings(self, text: str, spans: list[tuple[int, int, int]]) -> Iterator[DangerSaid]:
        for index, start, end in spans:
            danger = self._single.get(self._words[index])
            if danger is not None:
                yield DangerSaid(danger, start, end, unreal(text, danger, start, start, end))
        for one in self._near.together(spans, self._sides):
            why = unreal(text, one.danger, one.start, one.last, one.end)
            yield DangerSaid(one.danger, one.start, one.end, why)
        for danger, start, end in english_signs(text):
            yield DangerSaid(danger, start, end, unreal(text, danger, start, start, end))
        if not _HELD.search(text):
            return
        for danger, said in _PATTERNS:
            if found := said.search(text):
                start, end = found.span()
                yield DangerSaid(danger, start, end, unreal(text, danger, start, end - 1, end))


def _by_letters(text: str) -> Alarm:
    start, end = telling(text)
    said = DangerSaid(Danger.INJURED, start, end, unreal(text, Danger.INJURED, start, start, end))
    if said.unreal is None:
        return Alarm(Danger.INJURED, (start, end), readings=(said,))
    return Alarm(readings=(said,))
