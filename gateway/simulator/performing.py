"""What the verbs do that are between the gateway and one phone: speak, listen, record, go elsewhere, hang up."""

from urllib.parse import urljoin

from gateway import clock
from gateway.simulator.acts import Keyed, Silent, Spoken
from gateway.simulator.calls import Form
from gateway.simulator.gathering import Gathering
from gateway.simulator.leg import HungUpError, Leg, Step, spoken_seconds, where
from gateway.simulator.twiml import Verb

PLAY_SECONDS = 4.0
LEAST_SECONDS = 1
ALL_KEYS = "1234567890*#"


async def say(leg: Leg, verb: Verb, here: str) -> None:
    """https://www.twilio.com/docs/voice/twiml/say."""
    del here
    await _utter(leg, verb, "")


async def play(leg: Leg, verb: Verb, here: str) -> None:
    """https://www.twilio.com/docs/voice/twiml/play; in a queue it is what time passes by."""
    del here
    leg.note("play", verb.text or verb.attributes.get("digits", ""))
    await leg.pause(PLAY_SECONDS)


async def pause(leg: Leg, verb: Verb, here: str) -> None:
    """https://www.twilio.com/docs/voice/twiml/pause."""
    del here
    await leg.pause(verb.whole("length", 1))


async def _utter(leg: Leg, verb: Verb, waits: str) -> Keyed | Spoken | None:
    """Speak, play or pause; returns what interrupted it."""
    match verb.name:
        case "Say":
            leg.note("say", verb.text, verb.attributes.get("language", "en-US"))
            seconds = spoken_seconds(verb.text)
        case "Play":
            leg.note("play", verb.text or verb.attributes.get("digits", ""))
            seconds = PLAY_SECONDS
        case _:
            seconds = float(verb.whole("length", 1))
    act = await leg.sound(seconds * max(verb.whole("loop", 1), 1), waits=waits)
    return act if isinstance(act, Keyed | Spoken) else None


async def gather(leg: Leg, verb: Verb, here: str) -> Step | None:
    """https://www.twilio.com/docs/voice/twiml/gather: no input falls through, unless it is asked for."""
    gathering = Gathering(verb)
    form = await _gathered(leg, gathering)
    if not form and not verb.says("actionOnEmptyResult", default=False):
        return None
    if not form and gathering.listens == "keys":
        form = [("Digits", "")]
    return Step(where(verb, "action", here) or here, tuple(form))


async def _gathered(leg: Leg, gathering: Gathering) -> Form:
    barge_in = gathering.listens if gathering.verb.says("bargeIn", default=True) else ""
    waits = f"queue+{gathering.listens}" if leg.queue else gathering.listens
    act: Keyed | Spoken | Silent | None = None
    for child in gathering.verb.children:
        act = await _utter(leg, child, waits if barge_in else "")
        if act is not None:
            break
    while True:
        form = None if act is None else gathering.take(act)
        if form is not None:
            return form
        if isinstance(act, Spoken):
            leg.note("note", "nobody listens to words here")
        heard = await leg.next_act(gathering.seconds, waits)
        act = heard if isinstance(heard, Keyed | Spoken | Silent) else None


async def record(leg: Leg, verb: Verb, here: str) -> Step | None:
    """https://www.twilio.com/docs/voice/twiml/record: an empty recording falls through."""
    if verb.says("playBeep", default=True):
        leg.note("beep", "")
    begun_at = clock.monotonic()
    words: list[str] = []
    status_url = where(verb, "recordingStatusCallback", here)
    action = where(verb, "action", here)
    try:
        key = await _message(leg, verb, words)
    except HungUpError:
        leg.call.status = "completed"
        form = await _kept(leg, words, begun_at, status_url)
        if action:
            await leg.request(action, (*form, ("Digits", "hangup")))
        raise
    if not words:
        return None
    form = await _kept(leg, words, begun_at, status_url)
    return Step(action or here, (*form, ("Digits", key)) if key else tuple(form))


async def _message(leg: Leg, verb: Verb, words: list[str]) -> str:
    """Take what is said until a key, silence or the longest time; returns the key."""
    ends = verb.attributes.get("finishOnKey", ALL_KEYS)
    ends_at = clock.monotonic() + verb.whole("maxLength", 3600)
    while (left := ends_at - clock.monotonic()) > 0:
        act = await leg.next_act(min(left, verb.whole("timeout", 5) or left), "message")
        match act:
            case Spoken(text):
                words.append(text)
                if not leg.timed:
                    return ""
            case Keyed(keys) if set(keys) & set(ends):
                return next(key for key in keys if key in ends)
            case Silent():
                return ""
            case _:
                pass
    return ""


async def _kept(leg: Leg, words: list[str], begun_at: float, status_url: str) -> Form:
    passed = clock.monotonic() - begun_at if leg.timed else spoken_seconds("".join(words))
    seconds = max(round(passed), LEAST_SECONDS)
    return await leg.network.recorded(leg.call, seconds, "RecordVerb", status_url)


async def start(leg: Leg, verb: Verb, here: str) -> None:
    """https://www.twilio.com/docs/voice/twiml/recording: the call is recorded from here to its end."""
    for recording in verb.children:
        status_url = where(recording, "recordingStatusCallback", here)
        leg.recordings.append((clock.monotonic(), status_url))
        leg.note("note", "recording")


async def redirect(leg: Leg, verb: Verb, here: str) -> Step:
    """https://www.twilio.com/docs/voice/twiml/redirect."""
    del leg
    return Step(urljoin(here, verb.text))


async def hang_up(leg: Leg, verb: Verb, here: str) -> None:
    """https://www.twilio.com/docs/voice/twiml/hangup."""
    del leg, verb, here
    raise HungUpError


async def reject(leg: Leg, verb: Verb, here: str) -> None:
    """https://www.twilio.com/docs/voice/twiml/reject."""
    del leg, here
    raise HungUpError("busy" if verb.attributes.get("reason") == "busy" else "no-answer")
