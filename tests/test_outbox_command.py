"""`jiesu outbox` as an operator uses it: what was given up is listed, masked, and can be sent again."""

from pathlib import Path

import pytest

from store.database import Pool
from tests.operator import Operator
from tests.world import START, Town, town

HEATING = "海淀区田村路街道阜石路第一社区5号楼暖气不热"


@pytest.fixture
def operator(database_url: str, redis_url: str, tmp_path: Path) -> Operator:
    return Operator(database_url, redis_url, tmp_path)


@pytest.fixture
async def city(pool: Pool) -> Town:
    """A city that has given up all that it said to one resident."""
    city = await town(pool)
    await city.say(HEATING, "1")
    await pool.execute(
        "update outbox set state = 'failed', part_states = replace(part_states, 'p', 'f'),"
        " attempts = 8, error = '30003'"
    )
    return city


async def states(city: Town) -> list[tuple[int, str, str]]:
    rows = await city.pool.fetch("select seq, state, part_states from outbox order by seq")
    return [tuple(row) for row in rows]


async def test_nothing_given_up_is_said_so(operator: Operator, pool: Pool) -> None:
    del pool  # empties the tables
    outcome = await operator.run_beside("outbox")
    assert (outcome.exit_code, outcome.output) == (0, "No message was given up.\n")


async def test_what_was_given_up_is_listed_without_full_numbers(
    operator: Operator, city: Town
) -> None:
    lines = (await operator.run_beside("outbox")).output.splitlines()
    seqs = [seq for seq, _, _ in await states(city)]
    heads = ["message", "made", "channel", "to", "ticket", "tries", "moved", "why"]
    assert lines[0].split() == heads
    assert len(lines) == 1 + len(seqs)
    local = START.astimezone(city.world.timezone)
    assert f"{local:%Y-%m-%d %H:%M}  sms" in lines[1]
    assert "+86138****" in lines[1]
    assert lines[1].endswith("8      -      30003")
    assert "13800138000" not in "".join(lines)


async def test_one_message_is_sent_again(operator: Operator, city: Town) -> None:
    newest = (await operator.run_beside("outbox", "--limit", "1")).output.splitlines()[1]
    key = newest.split()[0]
    outcome = await operator.run_beside("outbox", "--retry", key)
    assert (outcome.exit_code, outcome.output) == (0, "1 will be sent again.\n")
    again = [
        seq for seq, state, parts in await states(city) if state == "pending" and "f" not in parts
    ]
    assert again == [int(key.split("-")[1])]


async def test_all_messages_are_sent_again(operator: Operator, city: Town) -> None:
    before = await states(city)
    outcome = await operator.run_beside("outbox", "--retry-all")
    assert outcome.output == f"{len(before)} will be sent again.\n"
    assert {state for _, state, _ in await states(city)} == {"pending"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--retry", "999-1"), "jiesu: 999-1 is no message that was given up\n"),
        (("--retry", "x"), "jiesu: x is not the name of a message: they look like 12-3\n"),
        (("--retry", "1-2", "--retry-all"), "jiesu: --retry and --retry-all exclude each other\n"),
    ],
    ids=["unknown", "unreadable", "both"],
)
async def test_what_cannot_be_retried_is_refused(
    operator: Operator, city: Town, words: tuple[str, ...], said: str
) -> None:
    before = await states(city)
    outcome = await operator.run_beside("outbox", *words)
    assert (outcome.exit_code, outcome.output) == (1, said)
    assert await states(city) == before
