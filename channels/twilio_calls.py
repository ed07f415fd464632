"""Twilio's REST API for calls: place one, send one on elsewhere, see whether one is under way."""

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING, Final

from channels.base import Sent
from channels.twilio import TwilioAccount
from channels.twilio_errors import LATER_SECONDS
from channels.twilio_rest import SEND_SECONDS, RefusedError, TwilioRest, retry_rules
from dialogs.words import Delivery

if TYPE_CHECKING:
    from twilio.rest.api.v2010.account.call import CallInstance

# https://www.twilio.com/docs/api/errors
CALL_LATER_SECONDS: Final = {
    **LATER_SECONDS,
    10004: 30.0,  # as many calls at a time as the account may have
    # Ours to mend: our number, or countries that we may not call.
    **dict.fromkeys((21210, 21212, 21213, 21215), 300.0),
}
NO_SUCH_CALL: Final = frozenset({20404, 21220})  # it is over
UNDER_WAY: Final = frozenset({"queued", "initiated", "ringing", "in-progress"})
# Wait for the beep of a machine, so that it takes down the whole notice.
# https://www.twilio.com/docs/voice/answering-machine-detection
DETECT: Final = "DetectMessageEnd"
DETECT_SECONDS = 30
MOST_LISTED = 20


class TwilioCalls:
    """Calls of one account."""

    def __init__(self, account: TwilioAccount) -> None:
        self._rest = TwilioRest(account)

    async def create(
        self,
        to: str,
        from_: str,
        url: str,
        *,
        status_url: str,
        ring_seconds: int = 30,
        detect_machine: bool = False,
    ) -> Sent:
        """Ring `to`; whoever picks up hears the document at `url`, and how it ended comes to `status_url`.

        With `detect_machine` that document is asked for only once it is known who has picked up, and a machine has
        beeped (`AnsweredBy`). Raises `SendError`.
        """
        detection = {"machine_detection": DETECT, "machine_detection_timeout": DETECT_SECONDS}
        client = await self._rest.opened()
        with retry_rules(CALL_LATER_SECONDS):
            async with asyncio.timeout(SEND_SECONDS):
                call = await client.calls.create_async(
                    to=to,
                    from_=from_,
                    url=url,
                    method="POST",
                    status_callback=status_url,
                    status_callback_method="POST",
                    status_callback_event=["completed"],
                    timeout=ring_seconds,
                    **(detection if detect_machine else {}),
                )
        return Sent(str(call.sid))

    async def redirect(self, call_id: str, url: str) -> bool:
        """Send a running call on to the document at `url`; False when it is over. Raises `SendError`."""
        client = await self._rest.opened()
        try:
            with retry_rules(CALL_LATER_SECONDS):
                async with asyncio.timeout(SEND_SECONDS):
                    await client.calls(call_id).update_async(url=url, method="POST")
        except RefusedError as error:
            if error.code in NO_SUCH_CALL:
                return False
            raise
        return True

    async def hang_up(self, call_id: str) -> bool:
        """End a call, or stop it ringing; False when it is over. Raises `SendError`."""
        client = await self._rest.opened()
        try:
            with retry_rules(CALL_LATER_SECONDS):
                async with asyncio.timeout(SEND_SECONDS):
                    await client.calls(call_id).update_async(status="completed")
        except RefusedError as error:
            if error.code in NO_SUCH_CALL:
                return False
            raise
        return True

    async def under_way(self, to: str, from_: str, since: datetime) -> Sent | None:
        """A call from us to `to`, made at `since` or later, that rings or is being talked on; raises `SendError`.

        Twilio's list does not say what a call was for. One that is over may have been for something else, so it is
        not taken for this one: a notice told twice is better than one never told, and its own report still comes.
        """
        client = await self._rest.opened()
        with retry_rules(CALL_LATER_SECONDS):
            async with asyncio.timeout(SEND_SECONDS):
                listed = await client.calls.list_async(
                    to=to, from_=from_, limit=MOST_LISTED, page_size=MOST_LISTED
                )
        whole_second = since.replace(microsecond=0)
        return next((_sent(call) for call in listed if _is_ours(call, whole_second)), None)

    async def close(self) -> None:
        """Close the HTTP session, if there is one."""
        await self._rest.close()


def _sent(call: "CallInstance") -> Sent:
    return Sent(str(call.sid), Delivery.SENT)


def _is_ours(call: "CallInstance", since: datetime) -> bool:
    return (
        str(call.direction).startswith("outbound")
        and str(call.status) in UNDER_WAY
        and call.date_created is not None
        and call.date_created >= since
    )
