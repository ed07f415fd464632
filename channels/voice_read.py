"""What Twilio posts about a call, read: the answer to a step, a sign from the queue, a call of ours picked up."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from channels.base import CallEvent, CallSign, Heard, Inbound, MalformedError, RemoteMedia, Wire
from channels.callers import VOICE, on_call
from channels.spoken import KEYS
from channels.twilio import Form, TwilioAccount, form_pairs, read_count, read_form, read_sid
from dialogs.said import Said
from dialogs.words import Moment

MOST_DIGITS = 15  # of an ordinal or an order in one of our addresses
RECORDING = "audio/wav"  # what Twilio keeps recordings as, unless another ending is asked for
FETCHED = 1000  # a call that is fetched out of the queue goes on in steps of its own: so many for each order
MACHINES = ("machine", "fax")
FAX = "fax"

_COMMANDS: Final = {key: command for command, key in KEYS.items()}
_MOMENTS: Final = {"waited": Moment.WAITED, "talked": Moment.TALKED}


@dataclass(frozen=True, slots=True)
class _Asked:
    """One request: its fields, the query of the address of ours that it came to, and who is on the line."""

    form: Form
    query: Mapping[str, str]
    call: str
    address: str
    line: str
    at: datetime

    def ordinal(self, name: str) -> int:
        """The number under `name` in the address; 0 where there is none."""
        digits = self.query.get(name, "0")
        if not (digits.isascii() and digits.isdigit() and len(digits) <= MOST_DIGITS):
            raise MalformedError(f"{name} is no number of ours")
        return int(digits)


def query_of(url: str) -> Mapping[str, str]:
    """The query of an address of ours, which holds nothing that is encoded."""
    return dict(form_pairs(urlsplit(url).query.encode()))


def read_call(
    account: TwilioAccount, region: str, least: float, wire: Wire, now: datetime
) -> Sequence[Heard]:
    """What a request about a call says; speech that is less sure than `least` counts as half heard.

    Nothing where Twilio has failed to get an answer to an earlier request and asks for help.
    https://www.twilio.com/docs/voice/twiml#request-parameters
    """
    form = read_form(account, wire)
    call = read_sid(form.get("CallSid", ""), "CallSid")
    query = query_of(wire.url)
    if "fallback" in query or "ErrorUrl" in form:
        return ()
    asked = _Asked(form, query, call, *on_call(form, region), now)
    for name, read in _READERS.items():
        if name in query:
            return read(asked, least)
    return (_inbound(asked, 0, Said(moment=Moment.BEGAN)),)


def _step(asked: _Asked, least: float) -> Sequence[Heard]:
    """The answer to a question, or a moment that we were sent on with."""
    step = asked.ordinal("step")
    moment = _MOMENTS.get(asked.query.get("m", ""))
    said = Said(moment=moment) if moment else _said(asked, least)
    return (_inbound(asked, step, said),)


def _said(asked: _Asked, least: float) -> Said:
    digits = asked.form.get("Digits", "")
    if digits:
        return _keyed(digits, asked.ordinal("d"))
    text = asked.form.get("SpeechResult", "").replace("\x00", "").strip().rstrip("。.").strip()
    if not text:
        return Said(moment=Moment.SILENCE)
    return Said(text=text, confidence=_confidence(asked.form.get("Confidence", ""), least))


def _keyed(digits: str, most: int) -> Said:
    """One key is a choice or a command; where a number is asked for, a lone 0, 9 or * still is one."""
    command = _COMMANDS.get(digits)
    if command is None or (most == 1 and digits == "9"):
        return Said(text=digits)
    return Said(choice=command)


def _confidence(told: str, least: float) -> float:
    """As a share of 1 in which `least` is one half; with a `least` of 0 nothing is half heard.

    Recognisers that do not know how sure they are say 0.
    """
    try:
        sure = float(told)
    except ValueError:
        return 1.0
    if not 0 < sure <= 1 or not least:
        return 1.0
    return min(1.0, round(sure / least / 2, 4))


def _recorded(asked: _Asked, _: float) -> Sequence[Heard]:
    """A message that was left. Whoever left it may have hung up with that, so it can be kept for later."""
    step = asked.ordinal("recorded")
    url = asked.form.get("RecordingUrl", "")
    if not url or asked.form.get("RecordingDuration") == "0":
        return (_inbound(asked, step, Said(moment=Moment.SILENCE)),)
    media = RemoteMedia(url, RECORDING, name=asked.form.get("RecordingSid", ""))
    return (_inbound(asked, step, Said(), live=False, media=(media,)),)


def _picked_up(asked: _Asked, _: float) -> Sequence[Heard]:
    """A notice by phone has found somebody, or a machine that takes it down; a fax hears nothing."""
    if asked.form.get("AnsweredBy") == FAX:
        return (_event(asked, CallSign.ANSWERED, "say", outcome=FAX),)
    machine = asked.form.get("AnsweredBy", "").startswith(MACHINES)
    said = Said(moment=Moment.PICKED_UP)
    return (_inbound(asked, 0, said, mark=asked.query["say"], machine=machine),)


def _ordered(asked: _Asked, _: float) -> Sequence[Heard]:
    """A call of ours is picked up, or one that waited is fetched; or a key is pressed on it."""
    order = asked.ordinal("order")
    if "key" in asked.query:
        pressed = f"order-{order}-key-{asked.ordinal('key')}"
        return (_event(asked, CallSign.PRESSED, pressed, step=asked.ordinal("key")),)
    by = asked.form.get("AnsweredBy", "")
    outcome = next((kind for kind in MACHINES if by.startswith(kind)), by or "human")
    fetched = not asked.form.get("Direction", "").startswith("outbound")
    step = order * FETCHED if fetched else 0
    return (_event(asked, CallSign.ANSWERED, f"order-{order}", step=step, outcome=outcome),)


def _whispered(asked: _Asked, _: float) -> Sequence[Heard]:
    """A desk that a caller is handed to has picked up, and hears who it is before they are joined."""
    caller = read_sid(asked.query["whisper"], "call that is handed over")
    answered = _event(asked, CallSign.ANSWERED, "whisper", outcome="human")
    return (replace(answered, call=caller),)


def _waiting(asked: _Asked, _: float) -> Sequence[Heard]:
    step, poll = asked.ordinal("wait"), asked.ordinal("n")
    return (_event(asked, CallSign.WAITING, f"wait-{step}-{poll}", step=step),)


def _pressed(asked: _Asked, _: float) -> Sequence[Heard]:
    step, poll = asked.ordinal("waitkey"), asked.ordinal("n")
    return (_event(asked, CallSign.PRESSED, f"waitkey-{step}-{poll}", step=step),)


def _left(asked: _Asked, _: float) -> Sequence[Heard]:
    step, outcome = asked.ordinal("queued"), asked.form.get("QueueResult", "")
    return (_event(asked, CallSign.LEFT, f"queued-{step}", step=step, outcome=outcome),)


def _dialed(asked: _Asked, _: float) -> Sequence[Heard]:
    step, outcome = asked.ordinal("dialed"), asked.form.get("DialCallStatus", "")
    key = f"dialed-{step}" + (f"-order-{asked.ordinal('of')}" if "of" in asked.query else "")
    return (_event(asked, CallSign.DIALED, key, step=step, outcome=outcome),)


def _inbound(
    asked: _Asked,
    step: int,
    said: Said,
    *,
    live: bool = True,
    media: tuple[RemoteMedia, ...] = (),
    mark: str = "",
    machine: bool = False,
) -> Inbound:
    return Inbound(
        VOICE,
        f"{asked.call}-{step}",
        asked.address,
        said,
        asked.at,
        inline=True,
        live=live,
        media=media,
        line=asked.line,
        mark=mark,
        machine=machine,
    )


def _event(
    asked: _Asked, sign: CallSign, key: str, *, step: int = 0, outcome: str = ""
) -> CallEvent:
    seconds = asked.form.get("QueueTime") or asked.form.get("DialCallDuration", "")
    return CallEvent(
        VOICE,
        asked.call,
        f"{asked.call}-{key}",
        sign,
        asked.at,
        address=asked.address,
        order=asked.ordinal("order" if "order" in asked.query else "of"),
        step=step,
        digits=asked.form.get("Digits", ""),
        outcome=outcome,
        seconds=read_count(seconds),
    )


_READERS: Final[Mapping[str, Callable[[_Asked, float], Sequence[Heard]]]] = {
    "step": _step,
    "recorded": _recorded,
    "wait": _waiting,
    "waitkey": _pressed,
    "queued": _left,
    "dialed": _dialed,
    "say": _picked_up,
    "order": _ordered,
    "whisper": _whispered,
}
