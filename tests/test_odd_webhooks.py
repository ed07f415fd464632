"""Odd payloads, signed as the real ones are: whatever a provider posts is read or refused, and breaks nothing later."""

import json
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlencode

from aiohttp import ClientSession

from channels.telegram import PATH as TELEGRAM
from channels.telegram import SECRET_HEADER
from channels.twilio import form_pairs, signature
from gateway.bootstrap import open_core
from gateway.config import Settings
from gateway.web import application
from store.database import Pool
from tests.office import open_office
from tests.webchat.small_city import served

SID, TOKEN, SECRET = "AC" + "1" * 32, "t" * 32, "hook-secret"
PUBLIC = "https://jiesu.example"
SMS, VOICE, STATUS = (f"/webhooks/twilio/{name}" for name in ("sms", "voice", "status"))
HUGE = "9" * 5000
NUL = "a\x00b"
ENDS = {"From": "+8613812345678", "To": "+861012345"}
MESSAGE = ENDS | {"Body": "暖气不热", "NumMedia": "1", "MediaUrl0": "https://api.twilio.com/x"}
CALL = ENDS | {"Direction": "inbound", "CallStatus": "completed"}
RECORDED = CALL | {"RecordingSid": "RE1", "RecordingUrl": "https://api.twilio.com/r"}
POSTS: tuple[tuple[str, Mapping[str, str]], ...] = (
    (SMS, MESSAGE | {"MessageSid": NUL}),
    (SMS, MESSAGE | {"MessageSid": HUGE}),
    (SMS, MESSAGE | {"MessageSid": "SM1", "MediaContentType0": NUL}),
    (SMS, MESSAGE | {"MessageSid": "SM2", "MediaContentType0": HUGE, "ProfileName": NUL}),
    (VOICE, CALL | {"CallSid": HUGE}),
    (VOICE, CALL | {"CallSid": "٣"}),
    (f"{VOICE}?step=1", CALL | {"CallSid": "CA1", "SpeechResult": NUL, "Confidence": "1e999"}),
    (f"{VOICE}?step=999999999999999", CALL | {"CallSid": "CA2", "Digits": HUGE}),
    (f"{VOICE}?wait=1&n=1", CALL | {"CallSid": "CA3", "QueueTime": HUGE}),
    (f"{VOICE}?dialed=1", CALL | {"CallSid": "CA4", "DialCallDuration": "9" * 15}),
    (f"{VOICE}?whisper={HUGE}", CALL | {"CallSid": "CA5"}),
    (f"{VOICE}?say=%00", CALL | {"CallSid": "CA6"}),
    (STATUS, CALL | {"CallSid": "CA7", "CallDuration": "9" * 15}),
    (STATUS, RECORDED | {"CallSid": "CA8", "RecordingDuration": "9" * 15}),
    (f"{STATUS}?purpose=%00", RECORDED | {"CallSid": "CA9"}),
    (f"{STATUS}?ref=1-1-0", {"MessageStatus": "failed", "ErrorCode": HUGE}),
)
SENDER = {"id": 5, "first_name": NUL}
BESIDES = {"message_id": 7, "chat": {"id": 5, "type": "private"}, "from": SENDER}
FILE = {"file_id": NUL, "mime_type": NUL, "file_name": NUL}
UPDATES: tuple[Mapping[str, object], ...] = (
    {"message": BESIDES | {"document": FILE}},
    {"message": BESIDES | {"message_id": 8, "photo": [FILE], "caption": NUL}},
    {"edited_message": BESIDES | {"message_id": 8, "edit_date": 9, "text": "漏水"}},
    {"callback_query": {"id": NUL, "from": SENDER, "message": BESIDES, "data": "1:yes"}},
    {"callback_query": {"id": "4", "from": SENDER, "message": BESIDES, "data": f"1:{NUL}"}},
    {"message": BESIDES | {"message_id": 10**40, "text": "暖气不热"}},
)


async def test_whatever_is_posted_is_read_or_refused_and_breaks_no_later_turn(
    pool: Pool, database_url: str, redis_url: str, tmp_path: Path
) -> None:
    office = await open_office(pool)
    answers: list[tuple[int, object]] = []
    settings = _settings(database_url, redis_url, tmp_path)
    async with open_core(settings, city=office.world.city) as core:
        app = await application(core)
        async with served(lambda: app) as (url, _), ClientSession() as client:
            for path, form in POSTS:
                body = urlencode(form).encode()
                signed = signature(TOKEN, PUBLIC + path, form_pairs(body))
                headers = {
                    "X-Twilio-Signature": signed,
                    "Content-Type": "application/x-www-form-urlencoded",
                }
                async with client.post(url + path, data=body, headers=headers) as answer:
                    answers.append((answer.status, (path, form)))
            for number, update in enumerate(UPDATES):
                body = json.dumps({"update_id": number} | dict(update)).encode()
                headers = {SECRET_HEADER: SECRET}
                async with client.post(url + TELEGRAM, data=body, headers=headers) as answer:
                    answers.append((answer.status, update))
    assert [one for one in answers if one[0] not in {200, 204, 400}] == []
    assert await pool.fetch("select note from human_tasks where kind = 'failed_turn'") == []


def _settings(database_url: str, redis_url: str, folder: Path) -> Settings:
    return Settings.from_env(
        {
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "DATA_DIR": str(folder),
            "SECRET_KEY": "s" * 40,
            "PUBLIC_URL": PUBLIC,
            "TWILIO_ACCOUNT_SID": SID,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "TWILIO_PHONE_NUMBER": "+861012345",
            "TWILIO_API_URL": "http://127.0.0.1:9",
            "WHATSAPP_NUMBER": "+861012345",
            "TELEGRAM_BOT_TOKEN": "1:" + "a" * 35,
            "TELEGRAM_WEBHOOK_SECRET": SECRET,
            "TELEGRAM_API_URL": "http://127.0.0.1:9",
        },
        production=False,
    )
