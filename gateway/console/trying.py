"""Trying a sentence: what would be understood of it, and by which words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from aiohttp import web

from dialogs.said import Pin
from dialogs.understanding.personal import masked, personal_data
from dialogs.understanding.place import NOWHERE, Mention, Place, PlaceFound, alternatives
from dialogs.understanding.reader import Explanation, Reader
from dialogs.understanding.reading import Reading, reading
from dialogs.understanding.since import since
from dialogs.words import Kind, Language
from gateway.console.layout import missing, show
from gateway.console.session import text
from gateway.keys import CLOCK, SETTINGS, WORLD
from handlers.permit_table import CENTRE_ROLES
from store.staff import StaffSession

LONGEST = 4_000
MOST_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Name:
    """A name of a place that stands in the text. `use` is taken, asked, denied, or other."""

    said: str
    firmness: str
    options: list[str]
    more: int  # options that are not shown
    use: str


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic that some words speak for."""

    code: str
    name: str
    score: int
    words: list[str]


@dataclass(frozen=True, slots=True)
class Danger:
    """Words of danger; `unreal` says why they are none, "" when they are."""

    said: str
    danger: str
    unreal: str


@dataclass(frozen=True, slots=True)
class Learnt:
    """What the learnt model makes of it; `used`: the topic is its."""

    code: str
    name: str
    probability: float
    threshold: float
    used: bool


@dataclass(frozen=True, slots=True)
class Tried:
    """A sentence as the page shows it. `marked` is the text in runs, each with what it was taken for."""

    read: Reading
    explained: Explanation
    detail: str
    topic: str  # its name
    marked: list[tuple[str, str]]
    names: list[Name]
    places: list[tuple[str, int]]  # what was weighed against each other, with its score
    kinds: list[
        tuple[str, Kind, bool]
    ]  # words that speak for a kind, and whether they say it outright
    topics: list[Topic]
    learnt: Learnt | None
    dangers: list[Danger]
    since: date | None
    private: list[tuple[str, str]]  # personal data with its kind
    masked: str  # what other units and reports see


async def get_trying(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """The empty form."""
    return _page(request, session, "", "")


async def post_trying(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """What is understood; nothing of it is kept, and it stands in no address and no log."""
    sentence = (await text(request, "sentence")).strip()[:LONGEST]
    return _page(request, session, sentence, (await text(request, "pin")).strip())


def _page(
    request: web.Request, session: StaffSession, sentence: str, pin: str
) -> web.StreamResponse:
    if not (session.staff.at_centre and session.staff.roles & CENTRE_ROLES):
        return missing(request, session)
    reader = request.app[WORLD].city.reader
    today = request.app[CLOCK]().astimezone(request.app[SETTINGS].timezone).date()
    context = {
        "sentence": sentence,
        "pin": pin,
        "tried": tried(reader, sentence, today) if sentence else None,
        "located": located(reader, pin) if pin else "",
    }
    return show(request, session, "console/trying.html", context)


def tried(reader: Reader, sentence: str, today: date) -> Tried:
    """Everything that the page shows of a sentence that is said today."""
    explained = reader.explain(sentence)
    words = explained.understood.since_words
    topic = reader.topic(explained.understood.topic)
    return Tried(
        read=reading(reader, sentence),
        explained=explained,
        detail=explained.understood.place.place.detail,
        topic=topic.level3 if topic else "",
        marked=_marked(explained),
        names=_names(reader, explained),
        places=_places(reader, explained),
        kinds=_kinds(explained),
        topics=_topics(reader, explained),
        learnt=_learnt(reader, explained),
        dangers=_dangers(explained),
        since=since(words, today) if words else None,
        private=[(sentence[one.start : one.end], one.kind) for one in personal_data(sentence)],
        masked=masked(sentence),
    )


def located(reader: Reader, written: str) -> str:
    """What a pin (纬度, 经度) tells, as a sentence for staff."""
    pin = _pin(written)
    if pin is None:
        return "请写成“纬度, 经度”，例如 39.92, 116.26。"
    found = reader.locate(pin)
    if found is None:
        return "不在本市，会请市民拨当地区号加12345。"
    return _told(reader, found)


def _told(reader: Reader, found: PlaceFound) -> str:
    if found.candidates:
        return "靠近边界，会问是哪一个：" + "、".join(
            map(reader.candidates_label, found.candidates)
        )
    if found.place.district:
        return reader.candidates_label(found.place)
    return "没有这里的边界数据，或位置太粗略，会问地点。"


def _pin(written: str) -> Pin | None:
    try:
        latitude, longitude = (float(part) for part in written.replace("，", ",").split(","))
    except ValueError:
        return None
    on_earth = abs(latitude) <= 90 and abs(longitude) <= 180  # noqa: PLR2004
    return Pin(latitude, longitude) if on_earth else None


def _marked(explained: Explanation) -> list[tuple[str, str]]:
    """Cut the text into runs: place, denied, danger, unreal, private, about (the matter), or "" for what said nothing."""
    kinds = [""] * len(explained.text)
    for kind, start, end in _spans(explained):
        kinds[start:end] = [kind] * (end - start)
    runs = groupby(zip(explained.text, kinds, strict=True), key=lambda pair: pair[1])
    return [("".join(letter for letter, _ in run), kind) for kind, run in runs]


def _spans(explained: Explanation) -> Iterator[tuple[str, int, int]]:
    """Later ones cover earlier ones."""
    where, reasons = explained.where, explained.reasons
    for start, end in (span for hit in reasons.hits for span in hit.spans):
        yield "about", start, end
    for private in reasons.personal:
        yield "private", private.start, private.end
    for one in reasons.dangers:
        yield ("unreal" if one.unreal else "danger"), one.start, one.end
    for mention in where.denied:
        yield "denied", mention.start, mention.end
    for mention in where.taken:
        yield "place", mention.start, mention.end


def _names(reader: Reader, explained: Explanation) -> list[Name]:
    where = explained.where
    found = dict.fromkeys((*where.mentions, *where.denied, *where.taken))
    return [
        _name(reader, explained.text, one, _use(explained, one))
        for one in sorted(found, key=lambda mention: mention.start)
    ]


def _use(explained: Explanation, mention: Mention) -> str:
    where = explained.where
    if mention in where.denied:
        return "denied"
    if (mention.start, mention.end) not in {(one.start, one.end) for one in where.taken}:
        return "other"
    meant = [place for place in (*mention.options, *mention.rivals) if place != where.found.place]
    asked = any(place.agrees(one) for place in meant for one in where.found.candidates)
    return "asked" if asked else "taken"


def _name(reader: Reader, said: str, mention: Mention, use: str) -> Name:
    options = [_bare(reader, place) for place in (*mention.options, *mention.rivals)]
    shown = options[:MOST_SHOWN]
    return Name(
        said[mention.start : mention.end],
        mention.firmness.name.lower(),
        shown,
        len(options) - len(shown),
        use,
    )


def _bare(reader: Reader, place: Place) -> str:
    return reader.full_name(Place(place.district, place.street, place.community), Language.CHINESE)


def _places(reader: Reader, explained: Explanation) -> list[tuple[str, int]]:
    weighed = alternatives(explained.where.mentions, NOWHERE)
    return [(_bare(reader, place), score) for place, score in weighed[:MOST_SHOWN]]


def _kinds(explained: Explanation) -> list[tuple[str, Kind, bool]]:
    cues = explained.reasons.kind_cues
    return [(explained.text[one.start : one.end], one.kind, one.is_outright) for one in cues]


def _topics(reader: Reader, explained: Explanation) -> list[Topic]:
    """The heaviest first."""
    reasons = explained.reasons
    topics = ((reader.topic(code), score) for code, score in reasons.scores)
    return [
        Topic(
            topic.code,
            topic.level3,
            score,
            list(dict.fromkeys(hit.words for hit in reasons.hits if topic.code in hit.topics)),
        )
        for topic, score in topics
        if topic is not None
    ]


def _learnt(reader: Reader, explained: Explanation) -> Learnt | None:
    """None without a model, and where it knows no word of it."""
    if reader.model is None:
        return None
    code, probability = reader.model.guess(explained.gist.masked)
    topic = reader.topic(code)
    if topic is None:
        return None
    by_rules = code in dict(explained.reasons.scores)
    used = explained.understood.topic == code and not by_rules
    return Learnt(code, topic.level3, probability, reader.model.threshold, used)


def _dangers(explained: Explanation) -> list[Danger]:
    return [
        Danger(explained.text[one.start : one.end], one.danger, one.unreal or "")
        for one in explained.reasons.dangers
    ]
