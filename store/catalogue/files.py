"""A catalogue as a folder of CSV files: every cell read and checked, every fault told at once."""

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import orjson

from store.catalogue.columns import FILES, OPTIONAL, Column
from store.database import StoreError

SHIPPED = Path(__file__).parent / "beijing"


class CatalogueError(StoreError):
    """The files are not a catalogue; `faults` says where and why, as `file:row:column: what`."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(faults))


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a file; `number` is the one that a spreadsheet shows, the heading being 1."""

    file: str
    number: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def listed(self, column: str) -> list[str]:
        """The parts of a cell that holds several, divided by `|`."""
        return [part for part in self.cells[column].split("|") if part]

    def fault(self, column: str, what: str) -> str:
        """The message for a wrong cell."""
        return f"{self.file}:{self.number}:{column}: {what}"


@dataclass(frozen=True, slots=True)
class CatalogueFiles:
    """All rows by the name of their file; the same content has the same digest."""

    tables: Mapping[str, tuple[Row, ...]]

    def __getitem__(self, table: str) -> tuple[Row, ...]:
        return self.tables[table]

    def column(self, table: str, column: str) -> list[str]:
        """One column of one file from top to bottom."""
        return [row[column] for row in self.tables[table]]

    @property
    def digest(self) -> str:
        """A hash of every cell that matters, whatever the files' columns, quotes and line ends."""
        content = {name: [dict(row.cells) for row in rows] for name, rows in self.tables.items()}
        return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()


def read_files(folder: Path, faults: list[str]) -> CatalogueFiles:
    """Read every file of a catalogue and add what is wrong with single cells to `faults`."""
    tables: dict[str, tuple[Row, ...]] = {}
    for name, columns in FILES.items():
        path = folder / f"{name}.csv"
        is_left_out = name in OPTIONAL and not path.exists()
        tables[name] = () if is_left_out else tuple(_read_rows(path, columns, faults))
    return CatalogueFiles(MappingProxyType(tables))


def _read_rows(path: Path, columns: tuple[Column, ...], faults: list[str]) -> Iterator[Row]:
    text = _read_text(path, faults)
    if text is None:
        return
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    heading = next(reader, [])
    missing = [c.name for c in columns if c.needed and c.name not in heading]
    faults += [f"{path.name}:1:{name}: this column is missing" for name in missing]
    if missing:
        return
    wanted = {c.name: heading.index(c.name) if c.name in heading else None for c in columns}
    try:
        for number, cells in enumerate(reader, start=2):
            if not cells:
                continue
            if len(cells) != len(heading):
                faults.append(
                    f"{path.name}:{number}:: {len(cells)} cells under {len(heading)} headings"
                )
                continue
            values = {name: "" if at is None else cells[at].strip() for name, at in wanted.items()}
            row = Row(path.name, number, values)
            faults += _wrong_cells(row, columns)
            yield row
    except csv.Error as error:
        faults.append(f"{path.name}:{reader.line_num}:: not CSV: {error}")


def _read_text(path: Path, faults: list[str]) -> str | None:
    try:
        raw = path.read_bytes()
    except OSError:
        faults.append(f"{path.name}:1:: this file is missing")
        return None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        number = raw.count(b"\n", 0, error.start) + 1
        faults.append(f"{path.name}:{number}:: not UTF-8; save it as “CSV UTF-8”")
        return None


def _wrong_cells(row: Row, columns: tuple[Column, ...]) -> list[str]:
    checked = ((column.name, column.check(row[column.name])) for column in columns)
    return [row.fault(name, what) for name, what in checked if what]
