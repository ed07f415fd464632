"""Which verbs, attributes and values of TwiML for calls Twilio documents: https://www.twilio.com/docs/voice/twiml."""

import re
from collections.abc import Callable, Mapping
from typing import Final

Check = Callable[[str], bool]
MOST_SPOKEN = 4096
MOST_HINTS = 500
MOST_HINT = 100


def _like(pattern: str) -> Check:
    compiled = re.compile(pattern)
    return lambda value: compiled.fullmatch(value) is not None


def _of(*words: str) -> Check:
    return lambda value: value in words


def _words_of(*words: str) -> Check:
    return lambda value: bool(value) and set(value.split()) <= set(words)


def _within(least: int, most: int) -> Check:
    return lambda value: value.isascii() and value.isdecimal() and least <= int(value) <= most


def _hints(value: str) -> bool:
    hints = value.split(",")
    return len(hints) <= MOST_HINTS and all(len(hint.strip()) <= MOST_HINT for hint in hints)


URL = _like(r"\S+")
METHOD = _of("GET", "POST")
YES = _of("true", "false")
SECONDS = _within(1, 3600)
NUMBER = _like(r"\+?[0-9]{3,15}")
SPOKEN_IN = _like(r"(?:zh-(?:CN|HK|TW)|cmn-(?:CN|TW)|yue-(?:HK|CN)|[a-z]{2,3}-[A-Z]{2})")
HEARD_IN = _like(
    r"(?:cmn-Han[st]-(?:CN|HK|TW)|yue-Hant-HK|zh(?:-CN|-TW|-HK)?|(?!zh|cmn|yue)[a-z]{2,3}-[A-Z]{2}|multi)"
)
VOICE = _like(r"(?:man|woman|alice|(?:Polly|Google|ElevenLabs)\.[\w.-]+)")
SPEECH_MODEL = _like(
    r"(?:default|numbers_and_commands|phone_call|experimental_(?:conversations|utterances)"
    r"|googlev2_(?:long|short|telephony|telephony_short)|deepgram_nova-[23](?:-[\w-]+)?)"
)
RECORDED = _words_of("in-progress", "completed", "absent")
TRIM = _of("trim-silence", "do-not-trim")
_STATUS = {
    "recordingStatusCallback": URL,
    "recordingStatusCallbackMethod": METHOD,
    "recordingStatusCallbackEvent": RECORDED,
    "trim": TRIM,
}

ATTRIBUTES: Final[Mapping[str, Mapping[str, Check]]] = {
    "Say": {"voice": VOICE, "language": SPOKEN_IN, "loop": _within(0, 1000)},
    "Play": {"loop": _within(0, 1000), "digits": _like(r"[0-9*#wWA-D]+")},
    "Pause": {"length": SECONDS},
    "Gather": {
        "input": _of("dtmf", "speech", "dtmf speech", "speech dtmf"),
        "action": URL,
        "method": METHOD,
        "timeout": _within(1, 600),
        "speechTimeout": _like(r"auto|[1-9][0-9]*"),
        "maxSpeechTime": _within(1, 60),
        "finishOnKey": _like(r"[0-9*#]?"),
        "numDigits": _within(1, 1000),
        "partialResultCallback": URL,
        "partialResultCallbackMethod": METHOD,
        "language": HEARD_IN,
        "hints": _hints,
        "bargeIn": YES,
        "profanityFilter": YES,
        "actionOnEmptyResult": YES,
        "speechModel": SPEECH_MODEL,
        "enhanced": YES,
        "debug": YES,
    },
    "Record": {
        "action": URL,
        "method": METHOD,
        "timeout": _within(0, 3600),
        "finishOnKey": _like(r"[0-9*#]{1,12}"),
        "maxLength": _within(1, 14400),
        "playBeep": YES,
        "transcribe": YES,
        "transcribeCallback": URL,
        **_STATUS,
    },
    "Redirect": {"method": METHOD},
    "Hangup": {},
    "Reject": {"reason": _of("rejected", "busy")},
    "Enqueue": {
        "action": URL,
        "method": METHOD,
        "waitUrl": URL,
        "waitUrlMethod": METHOD,
        "workflowSid": _like(r"WW[0-9a-f]{32}"),
    },
    "Leave": {},
    "Dial": {
        "action": URL,
        "method": METHOD,
        "timeout": _within(1, 600),
        "hangupOnStar": YES,
        "timeLimit": _within(1, 86_400),
        "callerId": _like(r"\+?[0-9]{3,15}|client:\S+"),
        "callReason": _like(r".{1,50}"),
        "record": _of(
            "do-not-record",
            "record-from-answer",
            "record-from-ringing",
            "record-from-answer-dual",
            "record-from-ringing-dual",
            "true",
            "false",
        ),
        "recordingTrack": _of("inbound", "outbound", "both"),
        "answerOnBridge": YES,
        "ringTone": _like(r"[a-z]{2}(?:-old|-tel)?"),
        "sequential": YES,
        **_STATUS,
    },
    "Number": {
        "sendDigits": _like(r"[0-9*#wW]+"),
        "url": URL,
        "method": METHOD,
        "statusCallback": URL,
        "statusCallbackMethod": METHOD,
        "statusCallbackEvent": _words_of("initiated", "ringing", "answered", "completed"),
        "machineDetection": _of("Enable", "DetectMessageEnd"),
        "machineDetectionTimeout": _within(3, 59),
    },
    "Conference": {
        "muted": YES,
        "beep": _of("true", "false", "onEnter", "onExit"),
        "startConferenceOnEnter": YES,
        "endConferenceOnExit": YES,
        "participantLabel": _like(r".{1,128}"),
        "jitterBufferSize": _of("large", "medium", "small", "off"),
        "waitUrl": lambda value: value == "" or URL(value),
        "waitMethod": METHOD,
        "maxParticipants": _within(2, 250),
        "record": _of("do-not-record", "record-from-start"),
        "region": _like(r"[a-z]{2}[0-9]"),
        "coach": _like(r"CA[0-9a-f]{32}"),
        "statusCallback": URL,
        "statusCallbackMethod": METHOD,
        "statusCallbackEvent": _words_of(
            "start", "end", "join", "leave", "mute", "hold", "modify", "speaker", "announcement"
        ),
        "eventCallbackUrl": URL,
        **_STATUS,
    },
    "Queue": {
        "url": URL,
        "method": METHOD,
        "reservationSid": _like(r"WR[0-9a-f]{32}"),
        "postWorkActivitySid": _like(r"WA[0-9a-f]{32}"),
    },
    "Start": {},
    "Recording": {
        **_STATUS,
        "name": _like(r".{1,128}"),
        "track": _of("inbound", "outbound", "both"),
        "channels": _of("mono", "dual"),
    },
}

_SOUNDS = frozenset({"Say", "Play", "Pause"})
CHILDREN: Final[Mapping[str, frozenset[str]]] = {
    "Gather": _SOUNDS,
    "Dial": frozenset({"Number", "Conference", "Queue"}),
    "Start": frozenset({"Recording"}),
}
_VERBS = (
    _SOUNDS | {"Gather", "Record", "Redirect", "Hangup", "Reject"} | {"Enqueue", "Dial", "Start"}
)
# Which verbs a document may hold: https://www.twilio.com/docs/voice/twiml/enqueue#attributes-wait-url and
# https://www.twilio.com/docs/voice/twiml/number#attributes-url
DOCUMENTS: Final[Mapping[str, frozenset[str]]] = {
    "call": _VERBS,
    "wait": _SOUNDS | {"Gather", "Hangup", "Redirect", "Leave"},
    "whisper": _SOUNDS | {"Gather", "Record", "Hangup", "Redirect"},
}
WITH_TEXT = frozenset(
    {"Say", "Play", "Redirect", "Enqueue", "Dial", "Number", "Conference", "Queue"}
)
SSML: Final[Mapping[str, frozenset[str]]] = {
    "break": frozenset({"strength", "time"}),
    "emphasis": frozenset({"level"}),
    "lang": frozenset({"xml:lang"}),
    "p": frozenset(),
    "phoneme": frozenset({"alphabet", "ph"}),
    "prosody": frozenset({"volume", "rate", "pitch"}),
    "s": frozenset(),
    "say-as": frozenset({"interpret-as", "format", "role"}),
    "sub": frozenset({"alias"}),
    "w": frozenset({"role"}),
}


def check(verb: str, known: Mapping[str, Check], attribute: str, value: str) -> str:
    """What is wrong with an attribute; "" when it is documented so."""
    good = known.get(attribute)
    if good is None:
        return f"12200 <{verb}> has no attribute {attribute}"
    return (
        "" if good(value) else f"12200 <{verb} {attribute}={value[:60]!r}> is no documented value"
    )
