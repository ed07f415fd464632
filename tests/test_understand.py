"""`jiesu understand` as it is used: a real process in a pipe, on servers and a catalogue that it brings up itself."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

import msgspec
import pytest

from dialogs.understanding.reading import Ask, Reading, reading
from dialogs.words import Grade, Kind
from gateway.config import inherited_environment
from tests.catalogue import reader

NOTHING = b'{"kind":null,"topic":null,"level1":null,"grade":null,"district":null,"street":null,"community":null,"ask":null,"emergency":false}'
HAIDIAN = "海淀区田村路街道阜石路第一社区5号楼暖气不热"
HEATING = Reading(
    Kind.REQUEST, "T001", "公共服务", Grade.II, "海淀区", "田村路街道", "阜石路第一社区"
)


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    folder = Path(mkdtemp(prefix="jiesu-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def command(folder: Path) -> "Iterator[subprocess.Popen[bytes]]":
    with subprocess.Popen(
        [sys.executable, "-m", "gateway", "understand"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=inherited_environment() | {"DATA_DIR": str(folder)},
    ) as process:
        yield process


def answers(folder: Path, messages: bytes) -> list[bytes]:
    with command(folder) as process:
        out, error = process.communicate(messages, 60)
    assert (process.returncode, error) == (0, b"")
    return out.splitlines()


def test_every_line_gets_one_in_its_order_whatever_it_holds(folder: Path) -> None:
    given = [
        b"\xef\xbb\xbf" + HAIDIAN.encode() + b"\r",
        b"",
        b"  \t ",
        b"\xff\xfe\x00" + HAIDIAN.encode(),
        (HAIDIAN + "，谁来管管" * 100_000).encode(),
        "八里庄停水".encode(),
    ]
    lines = answers(folder, b"\n".join(given))
    assert len(lines) == len(given)
    assert lines[1:3] == [NOTHING, NOTHING]
    read = [msgspec.json.decode(line, type=Reading) for line in lines]
    assert [read[0], read[3]] == [HEATING, HEATING]
    assert (read[4].topic, read[4].community) == ("T001", "阜石路第一社区")
    assert "阜石路第一社区".encode() in lines[0]
    assert read[5].ask == Ask("street", ("朝阳区八里庄街道", "海淀区八里庄街道"))


def test_a_line_is_answered_before_the_next_is_written(folder: Path) -> None:
    with command(folder) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for message in (HAIDIAN, "停水了"):
            process.stdin.write(f"{message}\n".encode())
            process.stdin.flush()
            expected = reading(reader(), message)
            assert msgspec.json.decode(process.stdout.readline(), type=Reading) == expected
        process.stdin.close()


def test_a_pipe_that_is_closed_early_is_no_error(folder: Path) -> None:
    with command(folder) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write(f"{HAIDIAN}\n".encode())
        process.stdin.flush()
        process.stdout.readline()
        process.stdout.close()
        process.stdin.write(f"{HAIDIAN}\n".encode() * 10)
        process.stdin.close()
        assert (process.wait(30), process.stderr.read()) == (0, b"")
