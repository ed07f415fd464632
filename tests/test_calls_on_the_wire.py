"""Calls in the city's hands as the provider sees them: each document leads to the next, until nobody is on the line."""

import re
from urllib.parse import urlencode

import pytest

from channels.base import CallEvent, Message, Wire
from channels.twilio import FORM, signature
from channels.voice import PATH
from gateway.signs import Signs
from store.database import Pool
from tests.exchange import OWN_NUMBER, Exchange, open_exchange
from tests.world import ACCOUNT, PHONE

_URLS = re.compile(r'(?:action|url)="[^"?]*(\?[^"]*)"|<Redirect[^>]*>[^<?]*(\?[^<]*)</Redirect>')


class Line:
    """One call at the provider: asks for documents, signed, and shows where they lead."""

    def __init__(
        self, exchange: Exchange, call: str, phone: str = PHONE, *, ours: bool = False
    ) -> None:
        self._exchange = exchange
        self._webhook = exchange.office.world.channels["voice"].webhooks[0]
        direction = "outbound-api" if ours else "inbound"
        parties = (OWN_NUMBER, phone) if ours else (phone, OWN_NUMBER)
        self._form = {"CallSid": call, "From": parties[0], "To": parties[1], "Direction": direction}
        self.call = call
        self.document = ""

    @property
    def leads_to(self) -> list[str]:
        """The queries of the addresses in the document, in its order."""
        found = [first or second for first, second in _URLS.findall(self.document)]
        return [one.replace("&amp;", "&") for one in found]

    async def ask(self, query: str, **fields: str) -> str:
        """Ask for a document; returns it."""
        url = ACCOUNT.public_url + PATH + query
        form = self._form | fields
        headers = {
            "content-type": FORM,
            "x-twilio-signature": signature(ACCOUNT.auth_token, url, form.items()),
        }
        office = self._exchange.office
        heard = self._webhook.read(Wire(url, headers, urlencode(form).encode()), office.at)
        signs = Signs(office.pool, office.world, lambda: office.at)
        messages: list[Message] = []
        for one in heard:
            assert isinstance(one, CallEvent)
            messages += await signs.call(one)
        self.document = self._webhook.answer(heard, messages).body.decode()
        return self.document


@pytest.fixture
async def exchange(pool: Pool) -> Exchange:
    return await open_exchange(pool)


async def test_caller_and_staff_are_led_into_one_room_and_out_of_it(exchange: Exchange) -> None:
    caller = Line(exchange, await exchange.waits())
    await caller.ask("?wait=1", QueuePosition="1")
    assert caller.leads_to == ["?waitkey=1&n=1", "?wait=1&n=1"]
    await exchange.take()
    order, call, number = await exchange.rings()
    staff = Line(exchange, call, number, ours=True)
    assert "市民来电" in await staff.ask(f"?order={order}", AnsweredBy="human")
    await staff.ask(staff.leads_to[0], Digits="1")
    room = re.search(r"<Conference[^>]*>([^<]+)<", staff.document)
    await exchange.drain()
    ((fetched, query),) = exchange.provider.fetched
    assert fetched == caller.call
    await caller.ask(f"?{query}")
    assert room is not None
    assert f">{room[1]}</Conference>" in caller.document
    (out,) = caller.leads_to
    await caller.ask(out, DialCallStatus="completed")
    assert caller.leads_to == ["?step=1&m=talked"]
    assert "<Hangup/>" in await staff.ask(staff.leads_to[0], DialCallStatus="completed")
    assert await exchange.state(fetched) == "ended"


async def test_staff_who_press_nothing_are_asked_no_further(exchange: Exchange) -> None:
    caller = await exchange.waits()
    await exchange.take()
    order, call, number = await exchange.rings()
    staff = Line(exchange, call, number, ours=True)
    await staff.ask(f"?order={order}", AnsweredBy="human")
    assert "<Hangup/>" in await staff.ask(staff.leads_to[0], Digits="")
    assert await exchange.state(caller) == "waiting"


async def test_one_leads_out_of_the_queue_and_back_to_the_dialog(exchange: Exchange) -> None:
    caller = Line(exchange, await exchange.waits())
    await caller.ask("?wait=1")
    assert "<Leave/>" in await caller.ask(caller.leads_to[0], Digits="1")
    await caller.ask("?queued=1", QueueResult="leave")
    assert caller.leads_to == ["?step=1&m=waited"]


async def test_a_desk_that_is_called_hears_who_comes_and_is_asked_nothing(
    exchange: Exchange,
) -> None:
    call = await exchange.calls_up()
    desk = Line(exchange, "CAdesk1", "+861065550000", ours=True)
    assert "转来市民来电" in await desk.ask(f"?whisper={call}")
    assert desk.leads_to == []
    assert "<Gather" not in desk.document
    assert "<Hangup" not in desk.document


async def test_a_fetched_caller_whom_nobody_has_any_more_goes_back_to_the_dialog(
    exchange: Exchange,
) -> None:
    caller = Line(exchange, await exchange.waits())
    await caller.ask("?queued=1")
    assert caller.leads_to == ["?step=1&m=waited"]
