"""What SMS, voice and WhatsApp share of Twilio: signed webhooks, delivery states and TwiML text."""

import hashlib
import hmac
import re
from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import parse_qs, urlsplit

from channels.base import ForgedError, MalformedError, Reference, Wire
from dialogs.words import Delivery

STATUS_PATH = "/webhooks/twilio/status"
MOST_BODY_BYTES = 64 * 1024
FORM = "application/x-www-form-urlencoded"

# Which hash signs a webhook is named in a header since 2025; without it, SHA-1 does.
# https://www.twilio.com/docs/usage/webhooks/webhooks-security
HASHES = {"HMAC_SHA1": "sha1", "HMAC_SHA256": "sha256"}
SID = re.compile(r"[A-Za-z0-9-]{1,64}")
COUNT = re.compile(r"[0-9]{1,15}")
LARGEST_COUNT = 2**31 - 1  # what a column holds
ENCODED = re.compile(rb"(?:%[0-9A-Fa-f]{2})+")
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
XML_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": None})

Form = dict[str, str]

# What Twilio says of a message, and how far that is; `receiving` and `received` are said of messages to us.
# https://www.twilio.com/docs/messaging/api/message-resource#message-status-values
DELIVERIES: Final = {
    **dict.fromkeys(("accepted", "scheduled", "queued", "sending", "sent"), Delivery.SENT),
    **dict.fromkeys(("delivered", "read"), Delivery.DELIVERED),
    **dict.fromkeys(("undelivered", "failed", "canceled"), Delivery.FAILED),
}

STOPPED = 21610  # the error code when the resident has said STOP to Twilio


@dataclass(frozen=True, slots=True)
class TwilioAccount:
    """An account: who we are to Twilio, where its API is, and where it finds us."""

    sid: str
    auth_token: str
    api_url: str
    public_url: str

    def status_url(self, reference: Reference) -> str:
        """Where Twilio reports what became of a part."""
        return f"{self.public_url}{STATUS_PATH}?ref={reference}"


def read_form(account: TwilioAccount, wire: Wire) -> Form:
    """Verify a webhook and give its fields, without what PostgreSQL cannot keep; raises `ForgedError` and `MalformedError`."""
    if len(wire.body) > MOST_BODY_BYTES:
        raise MalformedError(f"a webhook of {len(wire.body)} bytes")
    is_form = wire.headers.get("content-type", FORM).partition(";")[0].strip().lower() == FORM
    pairs = form_pairs(wire.body) if is_form else []
    if not is_form and not _body_hash_matches(wire):
        raise ForgedError("the body is not the one that was signed")
    if not is_signed(account.auth_token, wire, pairs):
        raise ForgedError("the signature is not Twilio's")
    if not is_form:
        raise MalformedError("not a form")
    return {name: value.replace("\x00", "") for name, value in pairs}


def read_sid(text: str, what: str) -> str:
    """An id of Twilio's, which names rows of ours; raises `MalformedError` for anything else."""
    if SID.fullmatch(text) is None:
        raise MalformedError(f"no {what}")
    return text


def read_count(text: str) -> int:
    """Seconds, or a code, in a form; 0 for what is no number."""
    return min(int(text), LARGEST_COUNT) if COUNT.fullmatch(text) else 0


def form_pairs(body: bytes) -> list[tuple[str, str]]:
    """The fields of a form in their order, empty ones too; what is not UTF-8 comes out as U+FFFD.

    The standard library's `parse_qsl` takes three times as long over Chinese text.
    """
    pairs = []
    for field in body.decode("utf-8", "replace").replace("+", " ").split("&"):
        if field:
            name, _, value = field.partition("=")
            if "%" in field:
                name, value = _decoded(name), _decoded(value)
            pairs.append((name, value))
    return pairs


def is_signed(secret: str, wire: Wire, pairs: Iterable[tuple[str, str]]) -> bool:
    """Whether the request's signature was made with `secret`, over either spelling of the port."""
    algorithm = HASHES.get(_algorithm(wire.headers.get("x-twilio-webhooks-signature-settings", "")))
    if algorithm is None:
        return False
    claimed = wire.headers.get("x-twilio-signature", "").encode("utf-8", "replace")
    fields = _joined(pairs)
    return any(
        hmac.compare_digest(_digest(secret, url + fields, algorithm), claimed)
        for url in spellings(wire.url)
    )


def signature(
    secret: str, url: str, pairs: Iterable[tuple[str, str]], algorithm: str = "sha1"
) -> str:
    """Sign as Twilio does: for whoever stands in for it."""
    return _digest(secret, url + _joined(pairs), algorithm).decode()


def _joined(pairs: Iterable[tuple[str, str]]) -> str:
    return "".join([name + value for name, value in sorted(set(pairs))])


def _digest(secret: str, signed: str, algorithm: str) -> bytes:
    return b64encode(hmac.digest(secret.encode(), signed.encode(), algorithm))


@lru_cache(maxsize=1024)
def spellings(url: str) -> tuple[str, ...]:
    """`url` with and without its port: Twilio signs now one, now the other."""
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError as error:
        raise MalformedError("a port that is none") from error
    standard = 443 if parts.scheme == "https" else 80
    host = parts.netloc.rpartition(":")[0] if port else f"{parts.netloc}:{standard}"
    return tuple(dict.fromkeys((url, parts.geturl(), parts._replace(netloc=host).geturl())))


def messaging_response(messages: Sequence[tuple[str, str]]) -> bytes:
    """TwiML that replies with `(text, status URL)` pairs; none gives the empty response.

    Both attributes are set, as Twilio recommends: which one counts depends on the account's age and on whether the
    message that came was an MMS (https://www.twilio.com/docs/messaging/twiml/message#attributes-status-callback).
    """
    written = "".join([_message(text, url) for text, url in messages])
    body = f"<Response>{written}</Response>" if written else "<Response/>"
    return f'<?xml version="1.0" encoding="UTF-8"?>{body}'.encode()


def _message(text: str, status_url: str) -> str:
    url = status_url.translate(XML_ESCAPES)
    words = NOT_XML.sub("", text).translate(XML_ESCAPES)
    return f'<Message action="{url}" statusCallback="{url}" method="POST">{words}</Message>'


def _decoded(text: str) -> str:
    if "%" not in text:
        return text
    return ENCODED.sub(_unquoted, text.encode()).decode("utf-8", "replace")


def _unquoted(run: re.Match[bytes]) -> bytes:
    return bytes.fromhex(run[0].replace(b"%", b"").decode("ascii"))


def _algorithm(settings: str) -> str:
    for setting in settings.split(","):
        name, separator, value = setting.partition("=")
        if separator and name.strip() == "algorithm" and value.strip():
            return value.strip().upper()
    return "HMAC_SHA1"


def _body_hash_matches(wire: Wire) -> bool:
    """A body that is no form is not in the signature; its hash is, as a parameter of the signed URL."""
    claimed = parse_qs(urlsplit(wire.url).query).get("bodySHA256", [""])[0]
    actual = hashlib.sha256(wire.body).hexdigest()
    return hmac.compare_digest(actual.encode(), claimed.encode("utf-8", "replace"))
