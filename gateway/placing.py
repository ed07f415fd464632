"""Our calls through Twilio: which address of ours a call of an order asks for its documents, and tells its end."""

from channels.base import SendError
from channels.twilio import STATUS_PATH, TwilioAccount
from channels.twilio_calls import TwilioCalls
from channels.voice import PATH
from gateway.bootstrap import Core, twilio_account
from gateway.calling import CallMaker


class TwilioPlaces:
    """Places calls from `own`, or from the number that the resident had called."""

    def __init__(self, account: TwilioAccount, own: str) -> None:
        self._url = account.public_url
        self._own = own
        self._calls = TwilioCalls(account)

    async def call(
        self, order_id: int, to: str, line: str, ring_seconds: int, *, detect: bool
    ) -> str:
        """Call a number; returns the provider's id of the call."""
        sent = await self._calls.create(
            to,
            line or self._own,
            f"{self._url}{PATH}?order={order_id}",
            status_url=f"{self._url}{STATUS_PATH}?order={order_id}",
            ring_seconds=ring_seconds,
            detect_machine=detect,
        )
        return sent.provider_id

    async def fetch(self, call_id: str, query: str) -> None:
        """Let a running call go on with another document of ours."""
        if not await self._calls.redirect(call_id, f"{self._url}{PATH}?{query}"):
            raise SendError("the call is over", retry_seconds=None)

    async def close(self) -> None:
        """Close the HTTP session."""
        await self._calls.close()


def open_call_maker(core: Core) -> CallMaker | None:
    """What makes the calls that are due; None without an account for calls."""
    account, own = twilio_account(core.settings), core.settings.twilio_phone_number
    if account is None or own is None:
        return None
    return CallMaker(core.pool, core.world, TwilioPlaces(account, own))
