"""Reads what a resident says: kind, topic, grade, danger, place, all from the catalogue in force."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dialogs.catalogue import Catalogue, Community, District, Enterprise, Street, Topic
from dialogs.said import Pin
from dialogs.understanding.hearing import Gist, Hearing, Reasons, mask
from dialogs.understanding.model import TopicModel
from dialogs.understanding.place import Place, PlaceFound
from dialogs.understanding.places import PlaceRead, Places, with_detail
from dialogs.understanding.text import fold
from dialogs.understanding.understood import Understood
from dialogs.words import Language

if TYPE_CHECKING:  # geometry takes a fifth of a second to load: only where outlines are known
    from dialogs.understanding.pins import Boundaries

__all__ = ["Place", "PlaceFound", "Reader", "Understood"]

_READ = (
    1_500  # of a longer text only so much is searched: forwarded pages must not hold up the batch
)


@dataclass(frozen=True, slots=True)
class Explanation:
    """What was gone by: the names of places found and taken, the words for topics and dangers and what they weigh."""

    text: str  # as much of the message as is read
    where: PlaceRead
    gist: Gist
    understood: Understood
    reasons: Reasons


class Reader:
    """Understands messages by one catalogue; immutable, shared by all conversations."""

    def __init__(
        self,
        catalogue: Catalogue,
        model: TopicModel | None = None,
        boundaries: "Boundaries | None" = None,
    ) -> None:
        self._topics = {topic.code: topic for topic in catalogue.topics}
        self._enterprises = {one.code: one for one in catalogue.enterprises}
        self._places = Places(catalogue)
        self._hearing = Hearing(catalogue, model)
        self.model = model
        self._last: tuple[str, Understood] | None = None
        self._boundaries = boundaries
        fold("")  # makes the folding table now rather than in the first message

    def understand(self, text: str) -> Understood:
        """Read a whole message; the named place is masked before the matter is looked for.

        The same message is asked about several times in a turn: the last answer is kept.
        """
        last = self._last
        if last is None or last[0] != text:
            last = self._last = text, self._understand(text)
        return last[1]

    def _understand(self, text: str) -> Understood:
        folded = fold(text := text[:_READ])
        where = self._places.read(folded)
        gist = self._hearing.gist(mask(folded, where.hidden))
        span = where.detail(folded, len(text) if gist.begin is None else gist.begin)
        place = with_detail(where.found, text[span[0] : span[1]])
        return self._hearing.understood(gist, place, span, text)

    def bare(self, text: str) -> str:
        """Return what a learnt model is given of a message: folded, its place and what is not meant masked."""
        folded = fold(text[:_READ])
        where = self._places.read(folded)
        return self._hearing.gist(mask(folded, where.hidden)).masked

    def explain(self, text: str) -> Explanation:
        """Return what `understand` goes by, for people to look at; not for a turn."""
        folded = fold(text := text[:_READ])
        where = self._places.read(folded)
        gist = self._hearing.gist(mask(folded, where.hidden))
        reasons = self._hearing.reasons(gist, text)
        return Explanation(text, where, gist, self.understand(text), reasons)

    def place(
        self, text: str, earlier: Place | None = None, within: Sequence[Place] = ()
    ) -> PlaceFound:
        """Read the answer to "where?", or a correction, together with what is known.

        `earlier` is the place so far: what agrees with it deepens it, what does not replaces it. `within`
        are the candidates just offered: one name that fits only one of them settles it.
        """
        text = text[:_READ]
        return self._places.answer(text, fold(text), earlier, within)

    def locate(self, pin: Pin) -> PlaceFound | None:
        """Return the place of a shared location, or those it may be; None: it is not in this city.

        Without outlines nothing is found.
        """
        return PlaceFound() if self._boundaries is None else self._boundaries.locate(pin)

    def full_name(self, place: Place, language: Language) -> str:
        """Write a place out: 海淀区田村路街道阜石路第一社区5号楼; in English comma-separated."""
        return self._places.full_name(place, language)

    def candidates_label(self, place: Place) -> str:
        """Label a place on a button: 朝阳区 八里庄街道."""
        return self._places.label(place)

    @property
    def districts(self) -> tuple[District, ...]:
        """All districts, in the catalogue's order."""
        return tuple(self._places.districts.values())

    def streets_of(self, district: str) -> tuple[Street, ...]:
        """Return the streets of a district by its code."""
        return tuple(s for s in self._places.streets.values() if s.district_code == district)

    def district(self, code: str) -> District | None:
        """Find a district by its code."""
        return self._places.districts.get(code)

    def street(self, code: str) -> Street | None:
        """Find a street by its code."""
        return self._places.streets.get(code)

    def community(self, code: str) -> Community | None:
        """Find a community by its code."""
        return self._places.communities.get(code)

    def topic(self, code: str) -> Topic | None:
        """Find a topic by its code."""
        return self._topics.get(code)

    def enterprise(self, code: str) -> Enterprise | None:
        """Find an enterprise by its code."""
        return self._enterprises.get(code)

    @property
    def topics(self) -> tuple[Topic, ...]:
        """All topics, in the catalogue's order."""
        return tuple(self._topics.values())

    def topics_like(self, text: str) -> tuple[Topic, ...]:
        """Return the topics (at most 4) that `text` speaks of, best first; empty when none."""
        return tuple(self._topics[code] for code in self._hearing.topics_like(fold(text)))
