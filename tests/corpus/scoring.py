"""How what was understood compares with what is right."""

from dataclasses import dataclass
from enum import StrEnum

from dialogs.understanding.reading import Ask, Reading
from tests.corpus.messages import Message


class Where(StrEnum):
    """What came of the place."""

    RIGHT = "right"
    ASKED = "asked, the right choice among at most four"
    DISTRICT = "asked for the district"
    OPEN = "not heard, or asked without the right choice"
    WRONG = "silently wrong"


@dataclass(frozen=True, slots=True)
class Score:
    """One message judged; `want_where` is what a human would have done about its place."""

    message: Message
    got: Reading
    where: Where
    want_where: Where
    level1: bool
    topic: bool
    kind: bool
    grade: bool

    @property
    def names_a_place(self) -> bool:
        """Tell whether a street or community of the data is named, and only one."""
        return bool(self.message.street)

    @property
    def names_several(self) -> bool:
        """Tell whether what is named may be several streets, or must be confirmed."""
        return self.want_where in (Where.ASKED, Where.DISTRICT)

    @property
    def missed(self) -> tuple[str, ...]:
        """Name what is not as it should be."""
        place = self.where not in (self.want_where, Where.RIGHT)
        emergency = self.got.emergency != self.message.emergency
        found = {
            f"place: {self.where}": place,
            "level 1": not self.level1,
            "topic": not self.topic,
            "kind": not self.kind,
            "grade": not self.grade,
            "emergency": emergency,
        }
        return tuple(name for name, is_missed in found.items() if is_missed)


def judged(message: Message, got: Reading) -> Score:
    """Judge one reading. Where two matters were told, leaving the topic open is right too."""
    torn = "two_matters" in message.tags and got.topic is None
    unsaid = not message.topics or torn
    return Score(
        message,
        got,
        where=where(message, got),
        want_where=_wanted(message),
        level1=unsaid or got.level1 in message.level1,
        topic=unsaid or got.topic in message.topics,
        kind=got.kind in message.kinds,
        grade=not message.topics or got.grade in message.grades or (torn and not got.emergency),
    )


def where(message: Message, got: Reading) -> Where:
    """Judge the place: what was taken first, then what is asked."""
    ask = got.ask if got.ask and got.ask.field != "topic" else None
    if _is_silently_wrong(message, got, ask):
        return Where.WRONG
    if message.ask == "any" or _is_whole(message, got, ask):
        return Where.RIGHT
    if ask and message.means and _offers(message, ask):
        return Where.ASKED
    if ask and ask.field == "district":
        return Where.DISTRICT
    return Where.OPEN


def _wanted(message: Message) -> Where:
    if message.choices:
        return Where.ASKED
    return Where.DISTRICT if message.ask == "district" else Where.RIGHT


def _is_silently_wrong(message: Message, got: Reading, ask: Ask | None) -> bool:
    """Tell whether something was taken that was not said; a landmark's own street is no mistake."""
    meant = message.means or message.district + message.street
    if got.district and meant and not meant.startswith(got.district):
        return True
    if not got.street:
        return bool(got.district) and not meant and message.ask != "any"
    if got.community and message.street:
        return got.community != message.community
    guessed = not message.street and message.ask != "any" and len(message.choices) != 1
    return guessed or f"{got.district}{got.street}" != meant


def _is_whole(message: Message, got: Reading, ask: Ask | None) -> bool:
    """Tell whether all is taken that was said, and the question is the one that is due."""
    if message.choices and f"{got.district}{got.street}" == message.means:
        return True  # a name written wrong and yet heard right
    taken = (got.district or "", got.street or "", got.community or "")
    if taken != (message.district, message.street, message.community) or message.choices:
        return False
    if ask is None:
        return message.ask == "" or not message.must_ask
    return ask.field == message.ask and (not ask.choices or message.means in ask.choices)


def _offers(message: Message, ask: Ask) -> bool:
    wanted = set(message.choices) or {message.means}
    return wanted <= set(ask.choices) or (ask.field == "street" and message.means in ask.choices)
