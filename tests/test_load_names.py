"""An operator's own names: a file beside the catalogue's, checked as the others are, and known to the reader."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from dialogs.understanding.reader import Reader
from handlers.catalogue import catalogue_of
from store.catalogue.checks import read_folder
from store.catalogue.files import CatalogueError
from store.catalogue.load import load
from store.catalogue.read import read_catalogue
from store.database import Connection, Pool
from tests.city import no_catalogue, write

DAY = date(2026, 11, 1)
NOW = datetime(2026, 11, 1, 4, tzinfo=UTC)
HEAD = "name,kind,street_code,community_code,aliases\n"
NAMES = (
    "玉海园,compound,110108021,110108021001,玉海园小区\n"
    "阜石路,road,110108021,,\n"
    "阜石路,road,110101001,,\n"
    "创新园,zone,110101001,,东华创新园|创新产业园\n"
)


@pytest.fixture
async def connection(pool: Pool) -> AsyncIterator[Connection]:
    async with no_catalogue(pool) as connection:
        yield connection


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("玉,compound,110108021,,", "gazetteer.csv:6:name: shorter than 2 characters"),
        ("玉泉,estate,110108021,,",
         "gazetteer.csv:6:kind: “estate” is none of compound, road, landmark, zone"),
        ("玉泉,zone,110108,,", "gazetteer.csv:6:street_code: “110108” is not 9 digits"),
        ("玉泉,zone,110108099,,", "gazetteer.csv:6:street_code: “110108099” is in no other file"),
        ("玉泉,zone,110108021,110108021099,",
         "gazetteer.csv:6:community_code: “110108021099” is in no other file"),
        ("玉泉,zone,110101001,110108021001,",
         "gazetteer.csv:6:community_code: “110108021001” is not in this street"),
        ("玉泉,zone,110108021,,甲|", "gazetteer.csv:6:aliases: an empty part beside |"),
        ("阜石路,road,110108021,,",
         "gazetteer.csv:6:name: “阜石路” stands for this place in row 3"),
    ],
)  # fmt: skip
def test_a_fault_in_a_name_is_told(tmp_path: Path, row: str, fault: str) -> None:
    (write(tmp_path) / "gazetteer.csv").write_text(f"{HEAD}{NAMES}{row}\n", "utf-8")
    with pytest.raises(CatalogueError) as raised:
        read_folder(tmp_path)
    assert fault in raised.value.faults


async def reader_of(connection: Connection, folder: Path) -> Reader:
    report = await load(connection, read_folder(folder), DAY, NOW)
    return Reader(catalogue_of(await read_catalogue(connection, report.version, DAY)))


async def test_the_reader_knows_the_names_that_were_loaded(
    connection: Connection, tmp_path: Path
) -> None:
    (write(tmp_path) / "gazetteer.csv").write_text(HEAD + NAMES, "utf-8")
    reader = await reader_of(connection, tmp_path)
    label = reader.candidates_label
    found = reader.understand("玉海园小区3号楼停水了").place
    assert label(found.place) == "海淀区 田村路街道 阜石路第一社区"
    assert found.place.detail == "玉海园小区3号楼"
    assert label(reader.understand("创新产业园门口乱停车").place.place) == "东城区 东华门街道"


async def test_a_road_through_many_streets_is_asked_about(
    connection: Connection, tmp_path: Path
) -> None:
    (write(tmp_path) / "gazetteer.csv").write_text(HEAD + NAMES, "utf-8")
    reader = await reader_of(connection, tmp_path)
    found = reader.understand("阜石路路灯不亮").place
    assert {place.street for place in found.candidates} == {"110101001", "110108021"}
    assert reader.place("海淀的", within=found.candidates).place.street == "110108021"


async def test_without_the_file_nothing_is_missing(connection: Connection, tmp_path: Path) -> None:
    reader = await reader_of(connection, write(tmp_path))
    assert reader.understand("田村路街道停水").place.place.street == "110108021"
