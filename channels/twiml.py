"""TwiML for calls, written as text: the library's classes take ten times as long."""

from channels.twilio import NOT_XML, XML_ESCAPES

HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
MOST_SAID = 4096  # characters of one <Say>; https://www.twilio.com/docs/voice/twiml/say
_ENDS = "。！？；\n.!?;，, "  # where a text may be cut, the best place first


def document(*verbs: str) -> bytes:
    """A whole response of these verbs."""
    return f"{HEAD}<Response>{''.join(verbs)}</Response>".encode()


def verb(name: str, inside: str = "", /, **attributes: str) -> str:
    """One element; `inside` is TwiML already, values are not."""
    written = "".join(
        [f' {key}="{value.translate(XML_ESCAPES)}"' for key, value in attributes.items()]
    )
    return f"<{name}{written}>{inside}</{name}>" if inside else f"<{name}{written}/>"


def plain(text: str) -> str:
    """A text as it stands inside an element."""
    return NOT_XML.sub("", text).translate(XML_ESCAPES)


def say(text: str, voice: str, language: str) -> str:
    """Speak a text, in pieces where it is longer than one may be; nothing where there is nothing to say."""
    said = ""
    while text := text.strip():
        piece, text = _cut(text)
        said += verb("Say", plain(piece), voice=voice, language=language)
    return said


def go_to(url: str) -> str:
    """Go on with another document."""
    return verb("Redirect", plain(url), method="POST")


def hang_up() -> str:
    """End the call."""
    return "<Hangup/>"


def pause(seconds: int) -> str:
    """Say nothing for a while."""
    return verb("Pause", length=str(seconds))


def _cut(text: str) -> tuple[str, str]:
    if len(text) <= MOST_SAID:
        return text, ""
    for end in _ENDS:
        at = text.rfind(end, MOST_SAID // 2, MOST_SAID) + 1
        if at:
            return text[:at], text[at:]
    return text[:MOST_SAID], text[MOST_SAID:]
