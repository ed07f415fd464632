"""Merged hotlines: the numbers that lead here, read whole from a table, and what a dialog may know of each."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from channels import phone
from dialogs.dialog import Line
from dialogs.words import Language
from store import hotlines
from store.database import Connection, StoreError
from store.hotlines import HotlineRow

COLUMNS = HotlineRow._fields[:-1]
NEEDED = ("number", "name")
RECORDING = ("told", "asked", "none")
LONGEST_NAME = 30
LONGEST_GREETING = 60  # characters of Chinese that are said in twelve seconds, roughly
LONGEST_GREETING_EN = 180
_SHORT_NUMBER = re.compile(r"\d{3,6}", re.ASCII)


class LinesError(StoreError):
    """The table cannot be loaded; `faults` says where and why, as `row:column: what`."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(faults))


@dataclass(frozen=True, slots=True)
class _Checks:
    """What a cell is held against."""

    region: str
    topics: frozenset[str]


async def load_lines(connection: Connection, text: str, region: str, now: datetime) -> int:
    """Let a CSV table be all the numbers that there are; returns how many. Raises `LinesError`, and changes nothing."""
    rows = read_lines(text, region, await hotlines.known_topics(connection), now)
    async with connection.transaction():
        await hotlines.replace(connection, rows)
    return len(rows)


async def lines(connection: Connection) -> Mapping[str, Line]:
    """All numbers as dialogs know them, by their E.164 spelling."""
    return MappingProxyType({row.number: line(row) for row in await hotlines.all_lines(connection)})


def line(row: HotlineRow) -> Line:
    """A number as dialogs know it."""
    said = {Language.CHINESE: row.greeting_zh, Language.ENGLISH: row.greeting_en}
    return Line(
        number=row.number,
        name=row.name,
        greeting={language: text for language, text in said.items() if text},
        topic=row.topic,
        emergency=row.emergency,
        second_line=row.second_line,
        recording=row.recording,
    )


def read_lines(text: str, region: str, topics: frozenset[str], now: datetime) -> list[HotlineRow]:
    """The rows of a CSV table; raises `LinesError` with every fault."""
    table = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), strict=True)
    faults = list(_heading_faults(table.fieldnames or ()))
    if faults:
        raise LinesError(faults)
    checks, rows, seen = _Checks(region, topics), [], dict[str, int]()
    try:
        for number, cells in enumerate(table, start=2):
            rows.append(_row(cells, number, checks, seen, faults, now))
    except csv.Error as error:
        faults.append(f"{table.line_num}: {error}")
    if not rows and not faults:
        faults.append("1: no number is in the table")
    if faults:
        raise LinesError(faults)
    return rows


def _heading_faults(names: object) -> Iterator[str]:
    given = [str(name).strip() for name in names] if isinstance(names, list | tuple) else []
    for name in NEEDED:
        if name not in given:
            yield f"1:{name}: this column is missing"
    for name in given:
        if name not in COLUMNS:
            yield f"1:{name}: nobody knows this column; those known are {', '.join(COLUMNS)}"


def _row(
    cells: Mapping[str | None, object],
    number: int,
    checks: _Checks,
    seen: dict[str, int],
    faults: list[str],
    now: datetime,
) -> HotlineRow:
    if None in cells or None in cells.values():
        faults.append(f"{number}: this row has not as many cells as the heading")
    read = {}
    for name in COLUMNS:
        cell = cells.get(name) or ""
        given = " ".join(cell.split()) if isinstance(cell, str) else ""
        try:
            read[name] = _CELLS[name](given, checks)
        except ValueError as error:
            faults.append(f"{number}:{name}: {error}")
            read[name] = given
    called = read["number"]
    if called and seen.setdefault(called, number) != number:
        faults.append(f"{number}:number: row {seen[called]} has the same number")
    return HotlineRow(**read, changed_at=now)


def _called(cell: str, checks: _Checks) -> str:
    number = phone.normalise(cell, checks.region)
    if number is None:
        raise ValueError("it should be a whole phone number, like +861012345678")
    return number


def _handed_to(cell: str, checks: _Checks) -> str:
    """A number that calls are handed to; as short as 119."""
    if not cell or _SHORT_NUMBER.fullmatch(cell):
        return cell
    return _called(cell, checks)


def _topic(cell: str, checks: _Checks) -> str:
    if cell and cell not in checks.topics:
        raise ValueError(f"no topic of the catalogue has the code {cell}")
    return cell


def _one_of_recording(cell: str, checks: _Checks) -> str:
    del checks
    if cell and cell not in RECORDING:
        raise ValueError(f"it should be one of {', '.join(RECORDING)}")
    return cell or RECORDING[0]


def _text(longest: int, *, needed: bool = False) -> Callable[[str, _Checks], str]:
    def read(cell: str, checks: _Checks) -> str:
        del checks
        if needed and not cell:
            raise ValueError("it may not be empty")
        if len(cell) > longest:
            raise ValueError(f"it is {len(cell)} characters long; {longest} are the most")
        return cell

    return read


_CELLS: Mapping[str, Callable[[str, _Checks], str]] = {
    "number": _called,
    "name": _text(LONGEST_NAME, needed=True),
    "greeting_zh": _text(LONGEST_GREETING),
    "greeting_en": _text(LONGEST_GREETING_EN),
    "topic": _topic,
    "emergency": _handed_to,
    "second_line": _handed_to,
    "recording": _one_of_recording,
}
