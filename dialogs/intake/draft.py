"""What an intake keeps between two messages, and how what was said goes into it."""

import re

import msgspec

from dialogs.answers import UNKNOWN, left_phone
from dialogs.known import KnownAnswer, Nearby
from dialogs.patience import is_noise
from dialogs.requests import Draft, TicketCard
from dialogs.said import Said
from dialogs.understanding.address import amended, is_door
from dialogs.understanding.place import Place
from dialogs.understanding.reader import PlaceFound, Reader, Understood
from dialogs.understanding.text import fold
from dialogs.understanding.tone import is_mere_abuse, is_opener
from dialogs.words import Kind, Language, stricter

_ANONYMOUS = re.compile(r"匿名|不留(?:姓)?名|不想留名|anonym", re.IGNORECASE)
_CONFIDENTIAL = re.compile(
    r"保密|(?:别|不要|不能|不想|不许|勿)(?:让.{1,8}?知道|告诉|透露|泄[露漏]|暴露|公开|说出去)|confidential|"
    r"(?:don'?t|do not) (?:tell|reveal|share) (?:them|anyone|my)",
    re.IGNORECASE,
)
_INFORMS = re.compile(
    r"^\W*(?:那|那我|我|我们)?(?:就|还)?(?:是|要|想|得)?(?:来)?(?:实名|匿名)?(?:举报|检举|揭发|告发)|"
    r"\b(?:i|we) (?:want|wish|would like|have) to (?:report|inform on)\b|\btip.?off\b",
    re.IGNORECASE,
)
RISES = frozenset({Kind.COMPLAINT, Kind.REQUEST})
_WORDLESS = re.compile(r"[\s\d\W_]+")
_DISTINCT_LETTERS = 5
_MANY_LETTERS = 10
_FRAGMENTS = 12
_TITLE = 8


class Intake(msgspec.Struct, frozen=True, omit_defaults=True):
    """A draft and what has been asked for it already."""

    draft: Draft = Draft()
    topics: tuple[str, ...] = ()  # codes to choose from
    candidates: tuple[Place, ...] = ()  # places to choose from
    place_tries: int = 0  # answers about the place that led nowhere
    place_done: bool = False  # nothing more is to be learnt about it
    confidential_done: bool = False
    contact_done: bool = False
    company_done: bool = False  # which enterprise it is has been asked
    looked_for: str = (
        ""  # the matter and place for which related tickets and answers were looked for
    )
    same: TicketCard | None = None  # the resident's own ticket of the same matter, asked about
    nearby: Nearby | None = None  # others' ticket of the same matter, asked about
    insisted: bool = False  # others answer for it, but the resident wants it taken down
    known: tuple[KnownAnswer, ...] = ()  # answers to a question; the first is being told
    told: tuple[int, ...] = ()  # articles that need not be offered again
    told_until: int = 0  # characters of the answer that have been told
    ticket_id: int = 0  # an emergency, opened before it was complete
    another: str = ""  # words of another matter, to be taken when this one is submitted
    others: tuple[str, ...] = ()  # words of further matters, to be taken one after the other
    kept: str = ""  # words that tell no matter (a link), and go with it all the same
    despairs: bool = False  # spoken to with care, and asked for nothing but where they are
    pending: str = ""  # words that may belong to the last ticket or begin a new matter


def tells(text: str, understood: Understood, least_letters: int = 3) -> bool:
    """Tell whether a text says something, even in words that no topic knows; 哈哈 and 不知道 say nothing."""
    if understood.topic or understood.topic_candidates or understood.emergency:
        return True
    letters = _letters(text)
    folded = fold(text)
    if is_mere_abuse(folded) or is_opener(folded) or is_noise(text):
        return False
    if UNKNOWN.search(text) and letters < _MANY_LETTERS:
        return False
    if understood.has_matter:
        return letters >= least_letters
    if understood.place.place.district or understood.place.candidates:
        return False
    return letters >= _DISTINCT_LETTERS


def says_nothing(text: str) -> bool:
    """Tell whether a text is but punctuation, digits, or one letter again and again."""
    return _letters(text) <= 1


def _letters(text: str) -> int:
    return len(set(_WORDLESS.sub("", text)))


def with_media(intake: Intake, said: Said) -> Intake:
    """Keep photos and a shared location, in whatever state they come."""
    if not said.attachments and said.pin is None:
        return intake
    draft = msgspec.structs.replace(
        intake.draft,
        attachments=intake.draft.attachments + said.attachments,
        pin=said.pin or intake.draft.pin,
    )
    return msgspec.structs.replace(intake, draft=draft)


def with_matter(intake: Intake, text: str, understood: Understood) -> Intake:
    """Add words to the matter; what is known already stays, only the grade may rise, and danger goes before all."""
    before = intake.draft
    if understood.emergency and not before.emergency:
        before = msgspec.structs.replace(before, title="", topic="")
    text = text.strip()
    draft = msgspec.structs.replace(
        before,
        matter=f"{before.matter}\n{text}" if before.matter else text,
        title=_title(before, understood) or text[:_TITLE],
        kind=_kind(before, text, understood),
        topic=before.topic or understood.topic,
        grade=stricter(before.grade, understood.grade),
        emergency=before.emergency or understood.emergency,
        enterprise=before.enterprise or understood.enterprise,
        anonymous=before.anonymous or bool(_ANONYMOUS.search(text)),
        happened=before.happened or understood.since_words,
        affected=before.affected or understood.affected,
        on_behalf=before.on_behalf or understood.on_behalf,
    )
    intake = msgspec.structs.replace(intake, draft=draft)
    phone, name = left_phone(text, on_behalf=draft.on_behalf)
    if phone and not (draft.contact or draft.anonymous):
        intake = with_contact(intake, phone, name)
    if _CONFIDENTIAL.search(text):
        intake = confidential(intake, chosen=True)
    if not draft.topic and understood.topic_candidates:
        intake = msgspec.structs.replace(intake, topics=understood.topic_candidates)
    return intake


def _kind(before: Draft, text: str, understood: Understood) -> Kind:
    """What was said first stays, until the resident says in so many words that it is a tip-off."""
    if before.kind in RISES and understood.kind is Kind.TIP_OFF and _INFORMS.search(text):
        return Kind.TIP_OFF
    return before.kind or understood.kind or Kind.REQUEST


def _title(before: Draft, understood: Understood) -> str:
    """Words that a topic knows name the matter better than those before that none knew."""
    if before.title and (before.topic or not understood.topic):
        return before.title
    return understood.title or before.title


def with_more(reader: Reader, intake: Intake, text: str, understood: Understood) -> Intake:
    """Add words to the matter; fragments (暖气, then 不热) are read as the one sentence they make."""
    before = intake.draft
    if not before.matter or len(before.matter) + len(text) > _FRAGMENTS:
        return with_matter(intake, text, understood)
    whole = before.matter + text.strip()
    draft = msgspec.structs.replace(before, matter="", title="")
    intake = msgspec.structs.replace(intake, draft=draft)
    return with_matter(intake, whole, reader.understand(whole))


def corrected(intake: Intake, text: str, understood: Understood) -> Intake:
    """Put another matter in place of the first one; its words stay below it."""
    draft = msgspec.structs.replace(
        intake.draft, title="", kind=None, topic="", grade=None, enterprise="", green=None
    )
    return with_matter(msgspec.structs.replace(intake, draft=draft, topics=()), text, understood)


def with_place(intake: Intake, found: PlaceFound) -> Intake:
    """Take over a place that was named beside the matter, or the candidates to ask about."""
    known, said = intake.draft.place, found.place
    if found.candidates:
        detail = said.detail or known.detail
        candidates = tuple(
            msgspec.structs.replace(place, detail=place.detail or detail)
            for place in found.candidates
        )
        if said.district and not known.district:
            intake = placed(intake, Place(said.district))
        return msgspec.structs.replace(intake, candidates=candidates, place_done=False)
    if said.district and not said.holds(known):
        return placed(intake, said)
    if said.district and not known.district:
        return placed(intake, said)
    if said.detail and not known.detail:
        draft = msgspec.structs.replace(
            intake.draft, place=msgspec.structs.replace(known, detail=said.detail)
        )
        return msgspec.structs.replace(intake, draft=draft)
    return intake


def with_place_said(reader: Reader, intake: Intake, text: str) -> Intake | None:
    """Take over the answer to "where?", which may deepen or replace what is known; None when it names no place."""
    understood = reader.understand(text)
    if understood.topic and (understood.place.candidates or understood.place.place.district):
        taken = with_place(intake, understood.place)
        return taken if taken != intake else None
    known = intake.draft.place
    bare = msgspec.structs.replace(known, detail="")
    found = reader.place(text, bare if bare.district else None, intake.candidates)
    if found.candidates:
        return with_place(intake, found)
    said = found.place
    if not said.district or said == bare:
        return None
    if not said.detail and bare.holds(said):
        said = msgspec.structs.replace(said, detail=known.detail)
    elif bare.agrees(said) and is_door(said.detail):
        said = msgspec.structs.replace(said, detail=amended(known.detail, said.detail))
    return placed(intake, tidy(reader, said))


def tidy(reader: Reader, place: Place) -> Place:
    """Drop a detail that only repeats the name."""
    bare = msgspec.structs.replace(place, detail="")
    return bare if place.detail in reader.full_name(bare, Language.CHINESE) else place


def placed(intake: Intake, place: Place, *, done: bool = False) -> Intake:
    """Set the place; `done` when no more is to be asked."""
    return msgspec.structs.replace(
        intake,
        draft=msgspec.structs.replace(intake.draft, place=place),
        candidates=(),
        place_done=done or bool(place.street),
    )


def confidential(intake: Intake, *, chosen: bool) -> Intake:
    """Keep the resident's wish about confidentiality."""
    draft = msgspec.structs.replace(intake.draft, confidential=chosen)
    return msgspec.structs.replace(intake, draft=draft, confidential_done=True)


def told(intake: Intake) -> str:
    """All words that go with the matter."""
    return "\n".join(part for part in (intake.draft.matter, intake.kept) if part)


def with_contact(intake: Intake, phone: str, name: str = "") -> Intake:
    """Keep the phone number to be called, and whose it is."""
    before = intake.draft
    draft = msgspec.structs.replace(
        before,
        contact=phone,
        contact_name=name or before.contact_name,
        anonymous=False,
        confidential=before.confidential or before.anonymous,  # who wished to be hidden still does
    )
    return msgspec.structs.replace(intake, draft=draft, contact_done=True)


def anonymous(intake: Intake) -> Intake:
    """Keep no contact: nobody can be asked, nobody is surveyed."""
    draft = msgspec.structs.replace(
        intake.draft, anonymous=True, contact="", contact_name="", confidential=False
    )
    return msgspec.structs.replace(intake, draft=draft, confidential_done=True)
