"""Twilio's REST API for messages: send one, find one, and the retry rule for each way of failing."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from functools import partial
from operator import eq
from typing import TYPE_CHECKING

from channels.base import Parcel, Sent
from channels.twilio import DELIVERIES, TwilioAccount
from channels.twilio_rest import SEND_SECONDS, TwilioRest, retry_rules
from dialogs.words import Delivery

if TYPE_CHECKING:
    from twilio.rest.api.v2010.account.message import MessageInstance

MOST_LISTED = 50


class TwilioMessages:
    """Sends messages from one number by REST, and finds those that were sent.

    `prefix` stands before both numbers where it is not SMS: `whatsapp:`.
    """

    def __init__(self, account: TwilioAccount, sender: str, prefix: str = "") -> None:
        self._account = account
        self._sender = prefix + sender
        self._prefix = prefix
        self._rest = TwilioRest(account)

    async def send(self, parcel: Parcel) -> Sent:
        """Send one part as text; raises `SendError`."""
        return await self.create(parcel, body=parcel.text)

    async def create(self, parcel: Parcel, **content: str) -> Sent:
        """Send one part with this content: `body`, or `content_sid` with `content_variables`; raises `SendError`."""
        client = await self._rest.opened()
        with retry_rules():
            async with asyncio.timeout(SEND_SECONDS):
                message = await client.messages.create_async(
                    to=self._prefix + parcel.address,
                    from_=self._sender,
                    status_callback=self._account.status_url(parcel.reference),
                    **content,
                )
        return _sent(message)

    async def find(self, address: str, text: str, since: datetime) -> Sent | None:
        """The newest message to `address` with this text, made at `since` or later; raises `SendError`.

        Twilio's own filter is by the date of sending, which a queued message has not got yet.
        """
        client = await self._rest.opened()
        with retry_rules():
            async with asyncio.timeout(SEND_SECONDS):
                listed = await client.messages.list_async(
                    to=self._prefix + address,
                    from_=self._sender,
                    limit=MOST_LISTED,
                    page_size=MOST_LISTED,
                )
        whole_second = since.replace(microsecond=0)
        wanted = _in_template(text) if self._prefix else partial(eq, text)
        ours = (m for m in listed if wanted(m.body) and _is_ours(m, whole_second))
        return next(map(_sent, ours), None)

    async def close(self) -> None:
        """Close the HTTP session, if there is one."""
        await self._rest.close()


def _sent(message: "MessageInstance") -> Sent:
    return Sent(str(message.sid), DELIVERIES.get(str(message.status), Delivery.SENT))


def _in_template(text: str) -> Callable[[str | None], bool]:
    """A template has words of its own around the text, and takes it on one line."""
    line = " ".join(text.split())
    return lambda body: line in " ".join((body or "").split())


def _is_ours(message: "MessageInstance", since: datetime) -> bool:
    return (
        str(message.direction).startswith("outbound")
        and message.date_created is not None
        and message.date_created >= since
    )
