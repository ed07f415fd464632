"""`jiesu telegram register`, `jiesu telegram info` and what doctor says of the bot."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp.test_utils import unused_port

from channels.telegram import PATH
from store.database import Pool
from tests.operator import Operator
from tests.telegram_gateway import DEMO, Pair, connected
from tests.world import town


@pytest.fixture
async def pair() -> AsyncIterator[Pair]:
    async with connected() as both:
        both.standin.state.set_webhook({})
        yield both
        assert both.standin.state.complaints == []


@pytest.fixture
def operator(pair: Pair, database_url: str, redis_url: str, tmp_path: Path) -> Operator:
    operator = Operator(database_url, redis_url, tmp_path)
    operator.env |= {
        "PUBLIC_URL": "https://1.1.1.1",  # public without asking a name server
        "TELEGRAM_BOT_TOKEN": DEMO.token,
        "TELEGRAM_WEBHOOK_SECRET": DEMO.secret,
        "TELEGRAM_API_URL": pair.api_url,
    }
    return operator


async def test_registering_sets_all_that_telegram_has_to_know(
    operator: Operator, pair: Pair
) -> None:
    outcome = await operator.run_beside("telegram", "register")
    assert (outcome.exit_code, outcome.output) == (
        0,
        f"@{DEMO.username}: updates go to https://1.1.1.1{PATH}.\n",
    )
    state = pair.standin.state
    assert (state.hook.url, state.hook.secret) == (f"https://1.1.1.1{PATH}", DEMO.secret)
    assert set(state.hook.allowed) == {
        *("message", "edited_message", "callback_query", "my_chat_member")
    }
    assert set(state.commands) == {"", "zh", "en"}
    assert [one["command"] for one in state.commands[""]] == [
        *("new", "status", "human", "language", "help")
    ]
    assert state.descriptions["zh"].startswith("12345热线")
    told = await operator.run_beside("telegram", "info")
    assert told.exit_code == 0
    assert f"webhook   https://1.1.1.1{PATH}" in told.output


async def test_a_bot_that_is_not_registered_is_told_so(operator: Operator) -> None:
    told = await operator.run_beside("telegram", "info")
    assert told.exit_code == 1
    assert "updates go to nobody: run `jiesu telegram register`" in told.output


async def test_without_a_bot_there_is_nothing_to_register(operator: Operator) -> None:
    del operator.env["TELEGRAM_BOT_TOKEN"], operator.env["TELEGRAM_WEBHOOK_SECRET"]
    told = await operator.run_beside("telegram", "register")
    assert told.exit_code == 1
    assert "TELEGRAM_BOT_TOKEN and TELEGRAM_WEBHOOK_SECRET are not set" in told.output


async def test_a_wrong_token_and_an_api_that_is_away_are_named(operator: Operator) -> None:
    operator.env["TELEGRAM_BOT_TOKEN"] = "1:" + "x" * 35
    told = await operator.run_beside("telegram", "register")
    assert "TELEGRAM_BOT_TOKEN is refused" in told.output
    operator.env["TELEGRAM_API_URL"] = f"http://127.0.0.1:{unused_port()}"
    told = await operator.run_beside("telegram", "info")
    assert (told.exit_code, told.output) == (1, "jiesu: Telegram cannot be reached\n")


async def test_doctor_looks_at_the_bot(operator: Operator, pair: Pair, pool: Pool) -> None:
    await town(pool)
    before = await operator.run_beside("doctor")
    assert before.exit_code == 1
    assert f"✗ Telegram: @{DEMO.username}: updates go to nobody" in before.output
    await operator.run_beside("telegram", "register")
    after = await operator.run_beside("doctor")
    assert f"✓ Telegram: @{DEMO.username} posts here, 0 updates wait" in after.output
    pair.standin.state.hook.pending = 3
    pair.standin.state.hook.last_error = "Wrong response from the webhook: 503"
    pair.standin.state.hook.last_error_at = 1795400000
    stuck = await operator.run_beside("doctor")
    assert "! Telegram" in stuck.output
    assert "3 wait, Wrong response from the webhook: 503" in stuck.output
