"""TwiML for calls, read strictly: what Twilio does not document is complained of, be it only ignored there.

https://www.twilio.com/docs/voice/twiml: a page a verb. Complaints are kept with the call, shown, and fail tests.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree import ElementTree

from gateway.simulator.twiml_rules import (
    ATTRIBUTES,
    CHILDREN,
    DOCUMENTS,
    MOST_SPOKEN,
    SSML,
    WITH_TEXT,
    check,
)

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb or a noun: `text` is what stands in it, with all that SSML wraps up."""

    name: str
    attributes: Mapping[str, str]
    text: str
    children: tuple["Verb", ...]

    def whole(self, attribute: str, default: int) -> int:
        """A number that an attribute gives."""
        value = self.attributes.get(attribute, "")
        return int(value) if value.isascii() and value.isdecimal() else default

    def says(self, attribute: str, *, default: bool) -> bool:
        """A yes or no that an attribute gives."""
        value = self.attributes.get(attribute, "").lower()
        return default if not value else value == "true"


@dataclass(frozen=True, slots=True)
class Document:
    """What a document has a call do, and what Twilio does not document of it; unreadable ones have no verbs."""

    verbs: tuple[Verb, ...]
    complaints: tuple[str, ...]
    readable: bool = True


def read_document(body: str, kind: str = "call") -> Document:
    """Read the answer to a request of a call; `kind` is call, wait (a queue's) or whisper (to who is dialled)."""
    try:
        root = ElementTree.fromstring(body)  # noqa: S314 - our own gateway's answer
    except ElementTree.ParseError as error:
        return Document((), (f"12100 document parse failure: {error}",), readable=False)
    if root.tag != "Response":
        return Document((), (f"12100 the root is <{root.tag}>, not <Response>",), readable=False)
    complaints: list[str] = []
    allowed = DOCUMENTS[kind]
    verbs = tuple(_verb(child, allowed, f"a {kind} document", complaints) for child in root)
    complaints += _order(verbs)
    if (root.text or "").strip():
        complaints.append(f"text outside of any verb: {(root.text or '').strip()[:40]!r}")
    return Document(verbs, tuple(complaints))


def _verb(
    element: ElementTree.Element, allowed: frozenset[str], where: str, complaints: list[str]
) -> Verb:
    name = element.tag
    if name not in ATTRIBUTES or name not in allowed:
        complaints.append(f"12200 <{name}> is not documented in {where}")
    known = ATTRIBUTES.get(name, {})
    for attribute, value in element.attrib.items():
        complaint = check(name, known, attribute, value)
        if complaint:
            complaints.append(complaint)
    inner = CHILDREN.get(name, frozenset())
    children = () if name == "Say" else _nested(element, name, inner, complaints)
    if name == "Say":
        complaints += _ssml(element)
    text = "".join(element.itertext()).strip() if name in WITH_TEXT else ""
    complaints += _words(name, element, text, inside=bool(children))
    return Verb(name, dict(element.attrib), text, children)


def _nested(
    element: ElementTree.Element, name: str, inner: frozenset[str], complaints: list[str]
) -> tuple[Verb, ...]:
    return tuple(_verb(child, inner, f"<{name}>", complaints) for child in element)


def _ssml(element: ElementTree.Element) -> list[str]:
    """Marks in spoken text: https://www.twilio.com/docs/voice/twiml/say/text-speech#ssml."""
    wrong = []
    for mark in element.iter():
        if mark is element:
            continue
        name, known = mark.tag, SSML.get(mark.tag)
        if known is None:
            wrong.append(f"<{name}> is no mark of spoken text")
        elif not {("xml:lang" if a == XML_LANG else a) for a in mark.attrib} <= known:
            wrong.append(f"<{name}> with {sorted(mark.attrib)}: known are {sorted(known)}")
    return wrong


def _words(name: str, element: ElementTree.Element, text: str, *, inside: bool) -> list[str]:
    """What is wrong with the text in a verb; `inside` says whether nouns stand in it."""
    stray = (element.text or "").strip() if name not in WITH_TEXT else ""
    rules = (
        (bool(stray), f"<{name}> holds no text: {stray[:40]!r}"),
        (name == "Say" and not text, "<Say> says nothing"),
        (len(text) > MOST_SPOKEN, f"<{name}> of {len(text)} characters, {MOST_SPOKEN} is the most"),
        (name == "Play" and not text and "digits" not in element.attrib, "<Play> plays nothing"),
        (name in {"Redirect", "Number", "Conference", "Queue"} and not text, f"<{name}> is empty"),
        (name == "Dial" and not text and not inside, "<Dial> dials nobody"),
    )
    return [words for broken, words in rules if broken]


def _order(verbs: tuple[Verb, ...]) -> list[str]:
    """What can never be reached was meant to be: nothing follows these verbs."""
    wrong = [
        f"<{verbs[at + 1].name}> after <{verb.name}> is never reached"
        for at, verb in enumerate(verbs[:-1])
        if verb.name in {"Redirect", "Hangup", "Reject", "Leave"}
    ]
    if any(verb.name == "Reject" for verb in verbs[1:]):
        wrong.append("<Reject> has to be the first verb: the call is answered by what precedes it")
    return wrong
