"""The spool holds what it took: through kill -9, full disks, damaged files and the deaths of other processes."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from channels.base import Inbound
from dialogs.said import Pin, Said
from gateway.spool import Spool
from store.keys import Keys

KEYS = Keys(b"1" * 32, b"2" * 32)
AT = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
PROJECT = Path(__file__).parent.parent

Open = Callable[[str], Spool]


def message(number: int, text: str = "暖气不热") -> Inbound:
    return Inbound("sms", f"SM{number}", "+8613812345678", Said(text=text), AT, inline=True)


class Turns:
    """Takes what is replayed; `away_after` messages the database goes away."""

    def __init__(self, away_after: int = sys.maxsize) -> None:
        self.taken: list[Inbound] = []
        self.batches: list[int] = []
        self.away_after = away_after

    async def __call__(self, inbound: Sequence[Inbound]) -> None:
        if len(self.taken) + len(inbound) > self.away_after:
            raise ConnectionError("away")
        self.taken += inbound
        self.batches.append(len(inbound))

    @property
    def keys(self) -> list[str]:
        return [one.key for one in self.taken]


def keys(numbers: Sequence[int]) -> list[str]:
    return [f"SM{number}" for number in numbers]


@pytest.fixture
def open_spool(tmp_path: Path) -> Iterator[Open]:
    """Opens spools over one folder, each as a process of that name would."""
    opened = []

    def begin(name: str) -> Spool:
        spool = Spool(tmp_path, KEYS.seal, KEYS.open, name)
        opened.append(spool)
        return spool

    yield begin
    for spool in opened:
        spool.close()


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def test_what_is_kept_comes_back_in_order_and_the_spool_is_empty(open_spool: Open) -> None:
    spool, turns = open_spool("web"), Turns()
    for number in range(10):
        await spool.keep([message(number)])
    assert spool.active
    assert await spool.replay(turns, batch=4) == 10
    assert turns.keys == keys(range(10))
    assert turns.batches == [4, 4, 2]
    assert not spool.active


async def test_a_message_comes_back_whole_but_its_provider_no_longer_waits(
    open_spool: Open,
) -> None:
    spool, turns = open_spool("web"), Turns()
    said = Said(text="路灯不亮", choice="kind:1", prompt=3, pin=Pin(39.9, 116.3))
    await spool.keep([Inbound("webchat", "k", "browser", said, AT, inline=True)])
    await spool.replay(turns)
    assert turns.taken == [Inbound("webchat", "k", "browser", said, AT, inline=False)]


async def test_nothing_personal_lies_open_in_the_file(open_spool: Open, tmp_path: Path) -> None:
    await open_spool("web").keep([message(1)])
    path = tmp_path / "web.0.spool"
    assert b"138" not in path.read_bytes()
    assert "暖气".encode() not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0


async def test_while_the_database_stays_away_everything_stays(open_spool: Open) -> None:
    spool, away = open_spool("web"), Turns(away_after=4)
    await spool.keep([message(number) for number in range(10)])
    with pytest.raises(ConnectionError):
        await spool.replay(away, batch=2)
    assert spool.active
    await spool.keep([message(10)])
    back = Turns()
    await spool.replay(back)
    assert away.keys + back.keys == keys(range(11))
    assert not spool.active


async def test_what_is_kept_during_the_replay_is_replayed_too(open_spool: Open) -> None:
    spool, turns, late = open_spool("web"), Turns(), iter(range(10, 15))
    await spool.keep([message(number) for number in range(10)])

    async def turn(inbound: Sequence[Inbound]) -> None:
        await turns(inbound)
        for number in late:
            assert spool.active
            await spool.keep([message(number)])
            return

    await spool.replay(turn, batch=3)
    assert turns.keys == keys(range(15))
    assert not spool.active


async def test_many_at_once_share_a_flush_and_none_is_lost(open_spool: Open) -> None:
    spool, turns = open_spool("web"), Turns()
    async with asyncio.TaskGroup() as group:
        for number in range(300):
            group.create_task(spool.keep([message(number)]))
    await spool.replay(turns)
    assert sorted(turns.keys) == sorted(keys(range(300)))


async def test_a_caller_that_gives_up_harms_no_other(open_spool: Open) -> None:
    spool, turns = open_spool("web"), Turns()
    tasks = [asyncio.ensure_future(spool.keep([message(number)])) for number in range(5)]
    await asyncio.sleep(0)
    tasks[2].cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await spool.replay(turns)
    assert set(keys([0, 1, 3, 4])) <= set(turns.keys)
    assert not spool.active


@pytest.mark.parametrize("cut_bytes", [1, 30, 150])
async def test_a_torn_tail_is_cut_off(open_spool: Open, tmp_path: Path, cut_bytes: int) -> None:
    spool, turns = open_spool("web"), Turns()
    await spool.keep([message(1)])
    await spool.keep([message(2)])
    spool.close()
    path = tmp_path / "web.0.spool"
    path.write_bytes(path.read_bytes()[:-cut_bytes])
    await open_spool("web").replay(turns)
    assert turns.keys == keys([1])
    assert files(tmp_path) == []


@pytest.mark.parametrize("part", ["mark", "length", "checksum", "payload"])
async def test_a_damaged_record_is_set_aside_and_the_rest_goes_on(
    open_spool: Open, tmp_path: Path, part: str
) -> None:
    spool, turns = open_spool("web"), Turns()
    await spool.keep([message(1)])
    path = tmp_path / "web.0.spool"
    second = path.stat().st_size
    await spool.keep([message(2)])
    third = path.stat().st_size
    await spool.keep([message(3)])
    spool.close()
    data = bytearray(path.read_bytes())
    at = second + {"mark": 0, "length": 4, "checksum": 8, "payload": 12}[part]
    data[at] ^= 0xFF
    path.write_bytes(data)
    await open_spool("web").replay(turns)
    assert turns.keys == keys([1, 3])
    assert files(tmp_path) == ["web.0.bad"]
    assert (tmp_path / "web.0.bad").read_bytes() == data[second:third]


async def test_what_other_keys_sealed_is_set_aside(open_spool: Open, tmp_path: Path) -> None:
    others, turns = Keys(b"3" * 32, b"4" * 32), Turns()
    stranger = Spool(tmp_path, others.seal, others.open, "stranger")
    await stranger.keep([message(1)])
    stranger.close()
    await open_spool("web").keep([message(2)])
    await open_spool("web2").replay(turns)
    assert turns.keys == []
    assert (tmp_path / "stranger.0.bad").stat().st_size > 0


async def test_a_file_of_a_living_process_is_left_alone(open_spool: Open) -> None:
    first, second, turns = open_spool("first"), open_spool("second"), Turns()
    await first.keep([message(1)])
    await second.keep([message(2)])
    assert await second.replay(turns) == 1
    assert turns.keys == keys([2])
    assert first.active


async def test_a_file_of_a_dead_process_comes_first_and_is_removed(
    open_spool: Open, tmp_path: Path
) -> None:
    dead = open_spool("dead")
    await dead.keep([message(1)])
    dead.close()
    heir, turns = open_spool("heir"), Turns()
    await heir.keep([message(2)])
    await heir.replay(turns)
    assert turns.keys == keys([1, 2])
    assert not heir.active
    assert files(tmp_path) == ["heir.0.spool"]


async def test_a_dead_process_s_file_stays_while_the_database_is_away(open_spool: Open) -> None:
    dead = open_spool("dead")
    await dead.keep([message(1)])
    dead.close()
    heir, turns = open_spool("heir"), Turns()
    assert heir.active
    with pytest.raises(ConnectionError):
        await heir.replay(Turns(away_after=0))
    assert heir.active
    await heir.replay(turns)
    assert turns.keys == keys([1])


async def test_a_new_process_of_the_same_name_inherits_from_the_old(open_spool: Open) -> None:
    old = open_spool("web.1")
    await old.keep([message(1)])
    old.close()
    new, turns = open_spool("web.1"), Turns()
    await new.keep([message(2)])
    await new.replay(turns)
    assert turns.keys == keys([1, 2])


async def test_two_heirs_do_not_take_the_same_file(open_spool: Open) -> None:
    dead = open_spool("dead")
    await dead.keep([message(number) for number in range(50)])
    dead.close()
    first, second, turns = open_spool("first"), open_spool("second"), Turns()
    await asyncio.gather(first.replay(turns, batch=5), second.replay(turns, batch=5))
    assert turns.keys == keys(range(50))


BEGIN = """
import asyncio, resource, sys
from pathlib import Path
from gateway.spool import Spool, SpoolFullError
from tests.test_spool import KEYS, message

spool = Spool(Path(sys.argv[1]), KEYS.seal, KEYS.open, "child")

async def keep(number, text="暖气不热"):
    try:
        await spool.keep([message(number, text)])
    except SpoolFullError:
        print("refused", number, flush=True)
        return True
    print("kept", number, flush=True)

async def keep_until_refused():
    for first in range(0, 100_000, 8):
        if any(await asyncio.gather(*map(keep, range(first, first + 8)))):
            return

async def keep_a_long_one_between_two_short_ones():
    await keep(1)
    await keep(2, "长" * 4_000)
    await keep(3)

def allow(most_bytes):
    resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))
"""
FOREVER = BEGIN + "asyncio.run(keep_until_refused())"
UNTIL_FULL = BEGIN + "allow(20_000); asyncio.run(keep_until_refused())"
SHORT_LONG_SHORT = BEGIN + "allow(4_000); asyncio.run(keep_a_long_one_between_two_short_ones())"


def start_child(code: str, folder: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", code, str(folder)],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def numbers(said: str, word: str) -> list[int]:
    """The messages that a child has said `word` of, whole lines only."""
    lines = [line.split() for line in said.splitlines(keepends=True) if line.endswith("\n")]
    return [int(line[1]) for line in lines if line[:1] == [word]]  # logs have blank lines


async def test_what_a_killed_process_acknowledged_is_replayed(
    open_spool: Open, tmp_path: Path
) -> None:
    child = start_child(FOREVER, tmp_path)
    assert child.stdout is not None
    said = "".join(child.stdout.readline() for _ in range(200))
    child.send_signal(signal.SIGKILL)
    said += child.communicate()[0]
    turns = Turns()
    await open_spool("heir").replay(turns)
    assert set(keys(numbers(said, "kept"))) <= set(turns.keys)
    assert turns.keys == sorted(turns.keys, key=lambda key: int(key[2:]))


async def test_a_full_disk_refuses_and_keeps_all_that_was_acknowledged(
    open_spool: Open, tmp_path: Path
) -> None:
    said = start_child(UNTIL_FULL, tmp_path).communicate()[0]
    turns = Turns()
    await open_spool("heir").replay(turns)
    assert numbers(said, "refused")
    assert turns.keys == keys(numbers(said, "kept"))


async def test_after_a_refusal_there_is_room_for_what_is_smaller(
    open_spool: Open, tmp_path: Path
) -> None:
    said = start_child(SHORT_LONG_SHORT, tmp_path).communicate()[0]
    turns = Turns()
    await open_spool("heir").replay(turns)
    assert numbers(said, "refused") == [2]
    assert turns.keys == keys([1, 3])
