"""Record what this release writes while a small city is at work: `python -m tests.releases.record > tests/releases/0004.sql`.

The next release's tests let these statements run on its own tables, and bring a backup of these rows back.
"""

import asyncio
import re
import sys
import tempfile
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path

import asyncpg
import orjson

from gateway.embedded import running
from handlers.catalogue import read_city_catalogue
from handlers.reply import reply
from handlers.sign import sign
from store import migrate
from store.catalogue.checks import read_folder
from store.catalogue.load import load
from store.database import connect
from tests.city import write
from tests.office import Office, open_office
from tests.world import START

WRITES = re.compile(
    r"\b(?:insert\s+into|update\s+\w+\s+(?:\w+\s+)?set|delete\s+from)\b", re.IGNORECASE
)
PARAMETER = re.compile(r"\$(\d+)")
MATTERS = ("阜石路第一社区5号楼暖气不热", "阜石路第一社区8号楼下水道堵塞", "垃圾堆积没人清")
PHONES = [f"+8613800138{number:03}" for number in range(6)]


def literal(value: object) -> str:
    """A value as it may stand in SQL."""
    if value is None or isinstance(value, bool | int | float):
        return "null" if value is None else str(value).lower()
    if isinstance(value, Mapping):
        return quoted(orjson.dumps(value).decode())
    if isinstance(value, list | tuple):
        return quoted("{" + ",".join(map(element, value)) + "}")
    return quoted(spelt(value))


def element(value: object) -> str:
    """A value as it stands in an array."""
    if value is None:
        return "null"
    return '"' + spelt(value).replace("\\", "\\\\").replace('"', '\\"') + '"'


def spelt(value: object) -> str:
    """A value as text that PostgreSQL reads; bytes may be JSON that was encoded before."""
    match value:
        case bytes():
            return value.decode() if value[:1] in (b"[", b"{") else f"\\x{value.hex()}"
        case datetime() | date():
            return value.isoformat()
        case timedelta():
            return f"{value.total_seconds()} seconds"
        case _:
            return str(value)


def quoted(text: str) -> str:
    """A string as it stands in SQL."""
    return "'" + text.replace("'", "''") + "'"


def written(query: asyncpg.connection.LoggedQuery) -> str | None:
    """A statement that writes, with its values in it; None for one that only reads."""
    if not WRITES.search(query.query):
        return None
    values = [literal(value) for value in query.args]
    said = PARAMETER.sub(lambda found: values[int(found[1]) - 1], query.query).strip()
    return "\n".join(line for line in said.splitlines() if line.strip()) + ";"


async def work(office: Office) -> None:
    """One is asked how it went, one waits for its unit, one is half told, one wants a person, one looks up a ticket."""
    where = "海淀区田村路街道"
    for matter, phone in zip(MATTERS, PHONES, strict=False):
        await office.say(where + matter, "1", phone=phone)
    first: int = await office.value("select min(id) from tickets")
    await office.say("暖气还是不热", phone=PHONES[3])
    await office.say("人工", phone=PHONES[4])
    await office.say("查询", phone=PHONES[2])
    for doing, *rest in ((sign,), (reply, "师傅下午上门。")):
        office.at += timedelta(minutes=1)
        async with office.pool.acquire() as connection, connection.transaction():
            await doing(connection, office.world, office.by("tiancun"), first, *rest)
    await office.ring(timedelta(days=1, hours=1))
    await office.say("1", phone=PHONES[0])


async def record(url: str, folder: Path) -> list[str]:
    """All that is written, in order."""
    await asyncio.to_thread(migrate.upgrade, url)
    found: list[str] = []

    def hear(query: asyncpg.connection.LoggedQuery) -> None:
        said = written(query)
        if said is not None and query.exception is None:
            found.append(said)

    pool = await connect(url, size=1)
    async with pool.acquire() as connection:
        connection.add_query_logger(hear)
        await load(connection, read_folder(write(folder)), START.date(), START)
        city = await read_city_catalogue(connection, START.date())
    await work(await open_office(pool, city))
    await pool.close()
    return found


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "csv").mkdir()
        with running(folder, throwaway=True) as servers:
            statements = asyncio.run(record(servers.database_url, folder / "csv"))
    sys.stdout.write("\n".join(statements) + "\n")
