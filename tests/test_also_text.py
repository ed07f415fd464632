"""What was said on the phone is sent as a text too, to those whose number takes texts."""

import msgspec
import pytest

from channels.base import Inbound
from dialogs.dialog import Dialog, Goto, Move, State, Talk
from dialogs.engine import Repertoire
from dialogs.repertoire import REPERTOIRE
from dialogs.requests import SendText
from dialogs.said import Reply, Said
from handlers.turn import run_turns
from store.database import Pool
from tests.exchange import OWN_NUMBER, Exchange, open_exchange
from tests.world import GAPS, PHONE

LAND_LINE = "+861065551234"
NUMBER = "编号261123-000123-4"


class Nothing(msgspec.Struct, frozen=True):
    """Nothing is to be remembered."""


def _hear(talk: Talk, data: Nothing, said: Said) -> Move:
    del talk, said
    return Goto("told", data, do=(SendText(NUMBER), SendText("再见")))


def _ask(talk: Talk, data: Nothing) -> Reply:
    del talk, data
    return Reply("还有别的事吗？")


TEXTING = Dialog(
    name="texting",
    data=Nothing,
    states={"told": State(hear=_hear, ask=_ask)},
    first="told",
    patience=(60,),
)


@pytest.fixture
async def exchange(pool: Pool) -> Exchange:
    exchange = await open_exchange(pool)
    dialogs = {**REPERTOIRE.dialogs, "texting": TEXTING}
    exchange.office.world.repertoire = Repertoire(dialogs, fallback="texting", survey="survey")
    return exchange


async def say(exchange: Exchange, phone: str, key: str = "CA1-1") -> None:
    world, at = exchange.office.world, exchange.office.at
    said = Inbound(
        "voice", key, phone, Said("暖气不热"), at, inline=True, live=True, line=OWN_NUMBER
    )
    async with exchange.office.pool.acquire() as connection, connection.transaction():
        await run_turns(connection, world, [said], at)


async def sent(exchange: Exchange) -> list[tuple[int, str, str, str]]:
    rows = await exchange.office.rows(
        "select seq, channel, state, parts::text from outbox order by seq"
    )
    return [tuple(row) for row in rows]


async def test_texts_follow_what_was_said_in_the_same_transaction_and_in_order(
    exchange: Exchange,
) -> None:
    await say(exchange, PHONE)
    rows = await sent(exchange)
    assert [(seq, channel, state) for seq, channel, state, _ in rows] == [
        (2, "voice", "sent"),
        (3, "sms", "pending"),
        (4, "sms", "pending"),
    ]
    assert NUMBER in rows[1][3]
    assert await exchange.office.rows(GAPS) == []


async def test_a_repeat_sends_no_second_text(exchange: Exchange) -> None:
    await say(exchange, PHONE)
    await say(exchange, PHONE)
    assert len(await sent(exchange)) == 3


async def test_a_land_line_is_sent_none(exchange: Exchange) -> None:
    await say(exchange, LAND_LINE)
    assert [channel for _, channel, _, _ in await sent(exchange)] == ["voice"]


async def test_who_has_said_stop_is_sent_none(exchange: Exchange) -> None:
    await say(exchange, PHONE)
    await exchange.office.value("update addresses set opted_out_at = now() returning 1")
    await say(exchange, PHONE, "CA1-2")
    assert [state for _, channel, state, _ in await sent(exchange) if channel == "sms"] == [
        "pending",
        "pending",
        "cancelled",
        "cancelled",
    ]
