"""The messages that the stand-in has taken and received, and how they look in Twilio's API."""

import asyncio
from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from channels.length import measure

API_VERSION = "2010-04-01"
MOST_KEPT = 10_000


@dataclass(slots=True)
class Text:
    """One message. `number` counts them in the order they came; `version` is that of its last change."""

    sid: str
    sender: str
    receiver: str
    body: str
    direction: str
    status: str
    created_at: datetime
    callback_url: str = ""
    pictures: int = 0
    error_code: int | None = None
    choices: tuple[tuple[str, str], ...] = ()  # buttons of WhatsApp: label, payload
    is_list: bool = False
    fails_with: int | None = None  # the code that it will fail with, though it was taken
    fields: tuple[tuple[str, str], ...] = ()  # of the webhook, besides those of every message
    number: int = 0
    version: int = 0

    @property
    def phone(self) -> str:
        """The resident's end of it."""
        return self.sender if self.direction == "inbound" else self.receiver


class Texts:
    """The newest messages, and a wake-up for whoever watches them."""

    def __init__(self) -> None:
        self._texts: OrderedDict[str, Text] = OrderedDict()
        self._change = asyncio.Event()
        self.count = 0
        self.version = 0

    def add(self, text: Text) -> Text:
        """Keep a new message; the one that has lain longest unchanged makes room."""
        self.count += 1
        text.number = self.count
        self._texts[text.sid] = text
        if len(self._texts) > MOST_KEPT:
            self._texts.popitem(last=False)
        self._note(text)
        return text

    def change(self, text: Text, status: str, error_code: int | None = None) -> None:
        """Move a message on."""
        text.status = status
        text.error_code = error_code
        if text.sid in self._texts:
            self._note(text)

    def get(self, sid: str) -> Text | None:
        """The message of that id, while it is kept."""
        return self._texts.get(sid)

    def matching(self, *, sender: str = "", receiver: str = "") -> list[Text]:
        """Newest first, as Twilio lists them; an empty condition is none."""
        found = [
            text
            for text in self._texts.values()
            if sender in {"", text.sender} and receiver in {"", text.receiver}
        ]
        return sorted(found, key=lambda text: -text.number)

    def since(self, version: int, phones: Collection[str] = ()) -> list[Text]:
        """What changed after `version`, oldest first; no phones means all."""
        changed = []
        for text in reversed(self._texts.values()):
            if text.version <= version:
                break
            if not phones or text.phone in phones:
                changed.append(text)
        return sorted(changed, key=lambda text: text.number)

    async def changed(self, version: int, wait_seconds: float) -> None:
        """Return when `version` is not the last one, or after the wait; one not reached yet is from before a restart."""
        if self.version != version:
            return
        try:
            async with asyncio.timeout(wait_seconds):
                await self._change.wait()
        except TimeoutError:
            return

    def wake(self) -> None:
        """Let every watcher go on."""
        self._change.set()
        self._change = asyncio.Event()

    def _note(self, text: Text) -> None:
        self.version += 1
        text.version = self.version
        self._texts.move_to_end(text.sid)
        self.wake()


def resource(text: Text, account_sid: str) -> dict[str, object]:
    """A message as Twilio's API gives it: https://www.twilio.com/docs/messaging/api/message-resource."""
    uri = f"/{API_VERSION}/Accounts/{account_sid}/Messages/{text.sid}"
    made = format_datetime(text.created_at)
    return {
        "sid": text.sid,
        "account_sid": account_sid,
        "api_version": API_VERSION,
        "messaging_service_sid": None,
        "from": text.sender,
        "to": text.receiver,
        "body": text.body,
        "direction": text.direction,
        "status": text.status,
        "error_code": text.error_code,
        "error_message": None,
        "num_segments": str(measure(text.body).segments),
        "num_media": str(text.pictures),
        "price": None,
        "price_unit": "USD",
        "date_created": made,
        "date_updated": made,
        "date_sent": None if text.status in {"queued", "accepted"} else made,
        "uri": f"{uri}.json",
        "subresource_uris": {"media": f"{uri}/Media.json"},
    }
