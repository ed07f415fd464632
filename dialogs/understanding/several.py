"""Several matters told in one message: 路灯不亮，还有垃圾没人清. One matter told in two sentences stays one."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

MASK = "\x00"
_NUMBERED = re.compile(
    r"(?:^|[\s，。；,;:：!！])(?:[（(]?\d{1,2}(?:[、)）]|[.．](?!\d))|第?[一二三四五六][、是](?!个)|第[一二三四五六][，,:：]|其[一二三四])\s*|[①②③④⑤⑥]\s*"
)
_BESIDES = re.compile(
    r"(?:^|[\s，。；,;!！、])(?:还有(?:就是|一个|一件事|个事|件事|一个问题|一个事|一点)?(?![人味两一三四五六\d点没多什个可]|半)|另外(?:还有|再|就是|一个|一件事)?|此外|其次|再有(?:就是)?|再就是|顺便(?:再?问一下|问问|反映|说一下|说下|再说|投诉|问)?|以及|除此之外|再一个|还想(?:问|反映|投诉)(?:一下)?)(?:[，,：:]|就是)?"
    r"|(?:^|[.,;!?] ?)(?:also,? |and also |besides,? |in addition,? |another (?:thing|problem|issue)(?: is)?,? |secondly,? |moreover,? |by the way,? )"
)
_ALSO = re.compile(
    r"[，。；,;!！][^，。；,;!！？?]{0,6}?[也又](?!不|没人|没有|没|是|想|可|会|怕|说)"
)
_MARKS = " \t\r\n，。；、,;.!！:：?？"
# Who answers for the matter, and how it was put to them, is no other matter unless it is numbered.
_NO_MATTER = re.compile(
    r"没人管|不管|推诿|推来推去|踢皮球|不作为|态度|打(?:了|过)?(?:电话|12345)|反映(?:过|了|多次)|投诉(?:过|了|多次)|找(?:了|过)?(?:物业|居委会|社区)|物业(?:也|说|让|不)|不解决|没解决|没回复|打不通|拉黑|联系不上|感谢|谢谢"
)
_THANKS = re.compile(r"感谢|表扬|谢谢|修好了")
_PAUSE = re.compile(r"[，。；、,;!！](?:还有(?![多人])|还(?=有人))?")
_MOST = 4
_FEWEST = 2  # one matter is not several
_LISTED = 3
_LEAST = 3
_SHORT = 40


@dataclass(frozen=True, slots=True)
class _Segment:
    start: int
    end: int
    topic: str


def several(text: str, masked: str, topic_of: Callable[[int, int], str]) -> tuple[str, ...]:
    """Return the words of each matter, as sent, when a message tells two or more; empty when it tells one.

    `topic_of` names the topic of a stretch of the text. A place that only the first names is put before the others too.
    """
    cuts = [found.span() for found in _NUMBERED.finditer(text)]
    numbered = len(cuts) > 1
    if not numbered:
        cuts = [found.span() for found in _BESIDES.finditer(masked)] or _also(masked)
    segments = _segments(masked, cuts, topic_of, numbered=numbered) if cuts else []
    if len(segments) < _FEWEST:
        segments = _listed(masked, topic_of)
    if len(segments) < _FEWEST:
        return ()
    place = _shared_place(masked, segments)
    return tuple(
        _with_place(text, masked, segment, place).strip(_MARKS) for segment in segments[:_MOST]
    )


def _also(masked: str) -> list[tuple[int, int]]:
    """电梯也坏了 parts a short message; in a long story 也 parts nothing."""
    if len(masked) > _SHORT or _THANKS.search(masked):
        return []
    found = _ALSO.search(masked)
    return [(found.start(), found.start() + 1)] if found else []


def _listed(masked: str, topic_of: Callable[[int, int], str]) -> list[_Segment]:
    """Part 路灯坏了，井盖丢了，垃圾没人收: in a short message three clauses of three topics are no story."""
    if len(masked.strip(MASK)) > _SHORT or _THANKS.search(masked):
        return []
    cuts = [found.span() for found in _PAUSE.finditer(masked)]
    segments = _segments(masked, cuts, topic_of, numbered=False)
    return segments if len(segments) >= _LISTED else []


def _segments(
    masked: str,
    cuts: Sequence[tuple[int, int]],
    topic_of: Callable[[int, int], str],
    *,
    numbered: bool,
) -> list[_Segment]:
    """Part the text at the cuts; what names no topic of its own, or the one before, stays with the one before."""
    starts = [0, *(end for _, end in cuts)]
    ends = [*(start for start, _ in cuts), len(masked)]
    segments: list[_Segment] = []
    for start, end in zip(starts, ends, strict=True):
        words = masked[start:end].strip(_MARKS)
        topic = topic_of(start, end) if len(words) >= _LEAST else ""
        if not numbered and segments and _NO_MATTER.search(words):
            topic = ""
        if topic and topic not in {segment.topic for segment in segments}:
            begin = 0 if not segments and (not numbered or MASK in masked[:start]) else start
            segments.append(_Segment(begin, end, topic))
        elif segments:
            last = segments[-1]
            segments[-1] = _Segment(last.start, end, last.topic)
    return segments


def _shared_place(masked: str, segments: Sequence[_Segment]) -> tuple[int, int] | None:
    """Return where the place stands that the first matter alone names."""
    first, *others = segments
    if any(MASK in masked[other.start : other.end] for other in others):
        return None
    begin, end = (
        masked.find(MASK, first.start, first.end),
        masked.rfind(MASK, first.start, first.end),
    )
    return (begin, end + 1) if begin >= 0 else None


def _with_place(text: str, masked: str, segment: _Segment, place: tuple[int, int] | None) -> str:
    words = text[segment.start : segment.end]
    if place is None or segment.start <= place[0] < segment.end:
        return words
    gap = " " if masked.isascii() else ""
    return text[place[0] : place[1]] + gap + words.strip(_MARKS)
