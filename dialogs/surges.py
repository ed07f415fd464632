"""Events in force (平战转换): which matters are told about one, and whether they are taken down shortly."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from dialogs.requests import Draft
from dialogs.understanding.text import fold
from dialogs.words import Grade, Kind, Language, stricter

# Praise is about no event; who informs against somebody is asked with all the care there is.
_NEVER = frozenset({Kind.PRAISE, Kind.TIP_OFF})


@dataclass(frozen=True, slots=True)
class Surge:
    """An event as far as it can be told from words: `lines` are its numbers and entries, `places` codes (none: the whole city).

    `words` are folded. `short`: in these languages what fits is taken down once matter and place are known, without
    a confirmation.
    """

    id: int
    lines: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    words: tuple[str, ...] = ()
    grade: Grade | None = None
    short: frozenset[Language] = frozenset()

    def graded(self, draft: Draft) -> Draft:
        """The draft in the event's grade; never in a laxer one than it has."""
        if self.grade is None:
            return draft
        return msgspec.structs.replace(draft, grade=stricter(draft.grade, self.grade))

    def takes(self, draft: Draft) -> bool:
        """Whether a matter is about this event by what is told of it."""
        return self._is_here(draft) and (draft.topic in self.topics or self._is_told(draft))

    def _is_here(self, draft: Draft) -> bool:
        place = draft.place
        return not self.places or bool(
            self.places & {place.district, place.street, place.community}
        )

    def _is_told(self, draft: Draft) -> bool:
        if not self.words:
            return False
        matter = fold(draft.matter)
        return any(word in matter for word in self.words)


def surge_of(surges: Sequence[Surge], draft: Draft, line: str) -> Surge | None:
    """The event that a matter is about, None for all else; `line` ("": none of ours) is where it was told.

    Whose line was called has it; of several that the words fit, the first.
    """
    if not surges or draft.kind in _NEVER or draft.elsewhere is not None:
        return None
    called = next((one for one in surges if line and line in one.lines), None)
    return called or next((one for one in surges if one.takes(draft)), None)
