"""The fields that Twilio sends of a call: https://www.twilio.com/docs/voice/twiml#request-parameters."""

from email.utils import format_datetime

from gateway import clock
from gateway.simulator.calls import Call, Form, Recording
from gateway.simulator.texts import API_VERSION

CHINA = "CN"


def call_form(call: Call, account_sid: str) -> Form:
    """What every request of a call carries."""
    form = [
        ("AccountSid", account_sid),
        ("ApiVersion", API_VERSION),
        ("CallSid", call.sid),
        ("CallStatus", call.status),
        ("Direction", call.direction),
        ("From", call.sender),
        ("To", call.receiver),
        ("Caller", call.sender),
        ("Called", call.receiver),
    ]
    for end, number in (("From", call.sender), ("To", call.receiver)):
        form += _where(end, number)
    for end, number in (("Caller", call.sender), ("Called", call.receiver)):
        form += _where(end, number)
    if call.parent_sid:
        form.append(("ParentCallSid", call.parent_sid))
    if call.answered_by:
        form.append(("AnsweredBy", call.answered_by))
    return form


def _where(end: str, number: str) -> Form:
    country = CHINA if number.startswith("+86") else ""
    return [(f"{end}City", ""), (f"{end}State", ""), (f"{end}Zip", ""), (f"{end}Country", country)]


def status_form(call: Call, account_sid: str, status: str) -> Form:
    """What became of a call: https://www.twilio.com/docs/voice/api/call-resource#statuscallback."""
    now = clock.now()
    form = [(name, value) for name, value in call_form(call, account_sid) if name != "CallStatus"]
    form += [
        ("CallStatus", status),
        ("Timestamp", format_datetime(now)),
        ("CallbackSource", "call-progress-events"),
        ("SequenceNumber", str(call.reports)),
    ]
    if status == "completed":
        seconds = call.seconds
        form += [("CallDuration", str(seconds)), ("Duration", str(seconds // 60 + 1))]
    return form


def recording_form(recording: Recording, account_sid: str, url: str) -> Form:
    """A recording is ready: https://www.twilio.com/docs/voice/api/recording#recordingstatuscallback."""
    return [
        ("AccountSid", account_sid),
        ("CallSid", recording.call_sid),
        ("RecordingSid", recording.sid),
        ("RecordingUrl", url),
        ("RecordingStatus", "completed"),
        ("RecordingDuration", str(recording.seconds)),
        ("RecordingChannels", "1"),
        ("RecordingStartTime", format_datetime(recording.begun_at)),
        ("RecordingSource", recording.source),
        ("RecordingTrack", "both"),
        ("ErrorCode", "0"),
    ]


def queue_form(queue_sid: str, position: int, size: int, seconds: int, average: int) -> Form:
    """What a queue's document is told: https://www.twilio.com/docs/voice/twiml/enqueue#waiturl-request-parameters."""
    return [
        ("QueueSid", queue_sid),
        ("QueuePosition", str(position)),
        ("QueueTime", str(seconds)),
        ("AvgQueueTime", str(average)),
        ("CurrentQueueSize", str(size)),
    ]
