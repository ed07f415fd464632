"""What is heard in a message besides its place: matter, kind, danger, and what is said around them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from dialogs.catalogue import Catalogue
from dialogs.understanding.affected import affected
from dialogs.understanding.alarming import alert, gathered
from dialogs.understanding.behalf import on_behalf
from dialogs.understanding.dangers import Danger
from dialogs.understanding.emergency import Alarm, Dangers, DangerSaid
from dialogs.understanding.kind import KindCue, Kinds
from dialogs.understanding.lexicon import Hit
from dialogs.understanding.matter import Matter, Matters, decided, scores
from dialogs.understanding.model import TopicModel
from dialogs.understanding.personal import Personal, personal_data
from dialogs.understanding.place import PlaceFound
from dialogs.understanding.several import MASK, several
from dialogs.understanding.since import since_words
from dialogs.understanding.slips import put_right
from dialogs.understanding.text import is_chinese
from dialogs.understanding.title import praised, title
from dialogs.understanding.tone import unmeant
from dialogs.understanding.understood import Understood
from dialogs.words import Grade, Kind

# What may stand around a place or a kind without saying that anything happened.
EMPTY_WORDS = re.compile(
    r"你好|您好|喂|有人吗|在吗|反映|请问|那个|我们?家?|俺|住在?|位于|地址|这[里边儿]|就?在|来自|是|的|啊|呢|吧|嗯|哦|了|一下|想要?|要|投诉|举报|咨询|反映|建议|求助|表扬"
    r"|情况|问题|事情?|有个|有|个|附近|旁边|北京市?|人工|谢谢|帮我|\b(?:i|live|in|at|the|hello|hi|want|to|complain|my|address|is|beijing|am|we|district)\b|[\W\d_零一二三四五六七八九十]"
)
_ESTATE = re.compile(r"(?:小区|家园|花园|社区|公寓|号楼|路口|大厦|胡同|院|村|苑|里)$")
_LEAST_MATTER = 2
_FEWEST_TOPICS = 2


class Gist(msgspec.Struct, frozen=True):
    """The first look at a message: the danger, the matter, and the text still to be read.

    `told` hides the place alone, `masked` also danger that is none, abuse, and what is said not to be the matter.
    """

    alarm: Alarm
    matter: Matter
    told: str
    masked: str

    @property
    def begin(self) -> int | None:
        """Where the telling words begin, None without any; an address ends before them."""
        telling = self.matter.telling
        return telling[0][0] if telling else None


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why a matter was heard as it was: what spoke for topics and kinds, which dangers were real, what is personal.

    `scores` are (topic, weight) with the heaviest first; `dangers` tell by `unreal` why they are none, None when they
    are; `personal` stands in the text as sent.
    """

    hits: tuple[Hit, ...]
    scores: tuple[tuple[str, int], ...]
    kind_cues: tuple[KindCue, ...]
    dangers: tuple[DangerSaid, ...]
    personal: tuple[Personal, ...]


class Hearing:
    """Hears the matter by one catalogue, and by a learnt model where there is one; immutable."""

    def __init__(self, catalogue: Catalogue, model: TopicModel | None = None) -> None:
        self._topics = {topic.code: topic for topic in catalogue.topics}
        self._matters = Matters(catalogue, model)
        self._kinds = Kinds()
        self._dangers = Dangers()

    def gist(self, masked: str) -> Gist:
        """Find danger and matter in a folded text whose place is masked."""
        told = masked = put_right(masked)
        alarm = self._dangers.read(told)
        masked = mask(masked, alarm.unreal)
        masked = mask(masked, (*unmeant(masked), *gathered(masked)))
        return Gist(alarm, self._matter(masked, alarm), told, masked)

    def understood(
        self, gist: Gist, place: PlaceFound, span: tuple[int, int], text: str
    ) -> Understood:
        """Read all the rest; `span` is the address's detail, which tells nothing, and `text` the message as sent."""
        alarm, matter = gist.alarm, gist.matter
        masked = mask(gist.masked, [span])
        has_topic = bool(matter.topic or matter.candidates)
        emergency = alarm.danger is not None
        has_matter = emergency or has_topic or _says_something(masked)
        kind = (
            Kind.REQUEST
            if emergency
            else self._kinds.of(masked, self._topics.get(matter.topic), in_trouble=has_topic)
        )
        return Understood(
            kind=kind or (Kind.REQUEST if has_matter else None),
            topic=matter.topic,
            topic_candidates=matter.candidates,
            grade=self._grade(matter.topic, emergency=emergency),
            emergency=emergency,
            place=place,
            enterprise=matter.enterprise,
            title=self._title(masked, matter, kind, text) if has_matter else "",
            has_matter=has_matter,
            affected=affected(masked),
            since_words=since_words(text, masked),
            alert=alert(gist.told, alarm),
            parts=() if emergency or kind is Kind.PRAISE else _parts(text, masked, matter),
            on_behalf=on_behalf(gist.told),
        )

    def reasons(self, gist: Gist, text: str) -> Reasons:
        """Tell what `understood` goes by, for people to look at; not for a turn."""
        hits = gist.matter.hits
        return Reasons(
            hits=hits,
            scores=tuple(sorted(scores(hits).items(), key=lambda one: (-one[1], one[0]))),
            kind_cues=tuple(self._kinds.cues(gist.masked)),
            dangers=gist.alarm.readings,
            personal=personal_data(text),
        )

    def _title(self, masked: str, matter: Matter, kind: Kind | None, text: str) -> str:
        if kind is Kind.PRAISE and (whom := praised(masked)):
            return whom
        topic = self._topics.get(matter.topic)
        return title(masked, matter.telling, text, topic.level3.split("/") if topic else ())

    def _grade(self, code: str, *, emergency: bool) -> Grade | None:
        topic = self._topics.get(code)
        return Grade.I if emergency else topic.grade if topic else None

    def topics_like(self, folded: str) -> tuple[str, ...]:
        """Return the codes (at most 4) of what a text speaks of, best first."""
        matter = self._matters.of(folded)
        return (matter.topic,) if matter.topic else matter.candidates

    def _matter(self, masked: str, alarm: Alarm) -> Matter:
        """Let a danger name the topic; who despairs (不给工资我就跳楼) has named what is to be done already."""
        despair = [(one.start, one.end) for one in alarm.readings if one.danger is Danger.SELF_HARM]
        matter = self._matters.of(mask(masked, despair))  # 从楼上跳下去 is no noise from above
        if alarm.danger is None or (matter.topic and alarm.danger is Danger.SELF_HARM):
            return matter
        keyword = alarm.danger.keyword(masked)
        topic = self._matters.topic_of(keyword)
        return msgspec.structs.replace(matter, topic=topic, candidates=(), telling=(alarm.span,))


def _parts(text: str, masked: str, matter: Matter) -> tuple[str, ...]:
    if len({code for hit in matter.hits for code in hit.topics}) < _FEWEST_TOPICS:
        return ()  # most messages speak of one thing: they are spared the search for another

    def topic_of(start: int, end: int) -> str:
        within = (
            hit for hit in matter.hits if start <= hit.spans[0][0] and hit.spans[-1][1] <= end
        )
        return decided(masked, tuple(within)).topic

    return several(text, masked, topic_of)


def mask(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """Put a character that no word holds over the spans; the length stays."""
    for start, end in spans:
        text = text[:start] + MASK * (end - start) + text[end:]
    return text


def _says_something(masked: str) -> bool:
    rest = EMPTY_WORDS.sub("", masked)
    if _ESTATE.search(rest):
        return False
    return len(rest) >= _LEAST_MATTER if is_chinese(rest) else len(rest) > 2 * _LEAST_MATTER
