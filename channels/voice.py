"""The phone through Twilio: prompts are spoken, answers are keys or speech, and every step of a call is one turn."""

from datetime import datetime
from functools import partial

from channels.base import Abilities, Answer, Channel, Parcel, Sent, Webhook, Wire
from channels.callers import VOICE, home, mask, normalise, number, prefix
from channels.twilio import STATUS_PATH, TwilioAccount
from channels.twilio_calls import TwilioCalls
from channels.twilio_media import TwilioMedia
from channels.twilio_status import status_webhook
from channels.voice_answer import answer, prompt, sorry
from channels.voice_read import query_of, read_call
from channels.voice_settings import TONGUES, Tongue, VoiceSettings
from channels.voice_verbs import Phone
from dialogs.said import Reply
from dialogs.words import Language

__all__ = ["NAME", "PATH", "TONGUES", "Tongue", "VoiceSettings", "channel", "render"]

NAME = VOICE
PATH = "/webhooks/twilio/voice"
DEFAULTS = VoiceSettings()


def channel(
    account: TwilioAccount, phone_number: str, region: str, settings: VoiceSettings = DEFAULTS
) -> Channel:
    """Calls to and from `phone_number`; `region` says how numbers without a country code are read."""
    own = normalise(phone_number, region) or phone_number
    phone = Phone(account.public_url + PATH, account.public_url + STATUS_PATH, own, settings)
    notices, media = _Notices(account, phone), TwilioMedia(account)
    return Channel(
        name=NAME,
        abilities=Abilities(
            inline=True, phone=True, voice=True, per_second=settings.calls_per_second
        ),
        normalise=partial(normalise, region=region),
        mask=mask,
        prefix=prefix,
        render=render,
        webhooks=(
            Webhook(
                PATH,
                partial(read_call, account, region, settings.least_confidence),
                partial(answer, phone),
                partial(_sorry, phone),
            ),
            status_webhook(account, region),
        ),
        send=notices.send,
        find=notices.find,
        home=home,
        number=number,
        fetch=media.fetch,
        discard=media.discard,
        close=media.closing(notices.close),
    )


def render(reply: Reply, language: Language) -> tuple[str, ...]:
    """One prompt, as it is spoken."""
    return (prompt(reply, language),)


def _sorry(phone: Phone, wire: Wire) -> Answer:
    return sorry(phone, query_of(wire.url))


class _Notices:
    """Tells notices by phone: to land lines, and to whoever cannot be texted."""

    def __init__(self, account: TwilioAccount, phone: Phone) -> None:
        self._account = account
        self._phone = phone
        self._calls = TwilioCalls(account)

    async def send(self, parcel: Parcel) -> Sent:
        """Ring; what is said is asked for when somebody picks up. Raises `SendError`."""
        return await self._calls.create(
            parcel.address,
            self._phone.own,
            self._phone.url(f"say={parcel.reference}"),
            status_url=self._account.status_url(parcel.reference),
            ring_seconds=self._phone.settings.ring_seconds,
            detect_machine=True,
        )

    async def find(self, address: str, text: str, since: datetime) -> Sent | None:
        """A call to `address` that is under way; raises `SendError`."""
        del text
        return await self._calls.under_way(address, self._phone.own, since)

    async def close(self) -> None:
        await self._calls.close()
