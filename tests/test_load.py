"""`jiesu load`: a catalogue is checked whole, and comes into force whole or not at all."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from store.catalogue.checks import read_folder
from store.catalogue.columns import optional_hours
from store.catalogue.effect import put_into_force
from store.catalogue.files import SHIPPED, CatalogueError
from store.catalogue.load import Loading, LoadReport, load
from store.catalogue.read import current_version, read_catalogue
from store.catalogue.versions import add_draft
from store.database import Connection, Pool
from store.staff import NewStaff, add_staff
from store.units import UnitRow, read_units
from tests.city import FILES, no_catalogue, write

DAY = date(2026, 11, 1)
LATER = date(2026, 12, 1)
NOW = datetime(2026, 11, 1, 4, tzinfo=UTC)

# What is wrong: the file, the text that is replaced, by what, and the fault that is told.
WRONG: list[tuple[str, str, str, str]] = [
    ("districts", "110108,", "11010,", "districts.csv:2:code: “11010” is not 6 digits"),
    ("districts", "110101,", "110108,", "districts.csv:3:code: “110108” stands in row 2 already"),
    ("districts", "short_name", "short", "districts.csv:1:short_name: this column is missing"),
    ("districts", ",海淀\n", "\n", "districts.csv:2:: 2 cells under 3 headings"),
    ("districts", "海淀区,海淀", '"海淀区,海淀', "districts.csv:3:: not CSV: unexpected end of data"),
    ("streets", "田村路街道,田村路,110108", "田村路街道,田村路,110109",
     "streets.csv:2:district_code: “110109” is in no other file"),
    ("streets", ",田村\n", ",田村|\n", "streets.csv:2:aliases: an empty part beside |"),
    ("communities", "阜石路第一社区", " ", "communities.csv:2:display_name: must not be empty"),
    ("communities", ",110108021,", ",110108022,",
     "communities.csv:2:street_code: “110108022” is in no other file"),
    ("special_jurisdictions", "110101001", "110101002",
     "special_jurisdictions.csv:2:street_code: “110101002” is in no other file"),
    ("departments", "guide", "no", "departments.csv:5:dispatch: “no” is none of yes, guide"),
    ("departments", "市水务局,yes", "北京市水务局及其所属的单位,yes",
     "departments.csv:3:short_name: longer than 12 characters"),
    ("district_units", "{district}水务局", "水务局",
     "district_units.csv:4:name_pattern: lacks {district} or {short}"),
    ("district_units", "swj,", "cgw,", "district_units.csv:4:department: row 3 covers 110108 already"),
    ("district_units", "gov,{district}人民政府,{district}政府,,", "gov,{district}人民政府,,110108,",
     "district_units.csv:1:department: no “gov” for 110101"),
    ("enterprises", "gas,", "煤气,", "enterprises.csv:2:code: “煤气” is not letters, digits, _ and -"),
    ("topics", "暖气不热|供暖,", ",", "topics.csv:2:keywords: must not be empty"),
    ("topics", "both,cgw", "all,cgw",
     "topics.csv:2:responsible_level: “all” is none of street, department, both, enterprise"),
    ("topics", "both,cgw", "both,", "topics.csv:2:lead_department: must not be empty for level both"),
    ("topics", "cgw,swj", "cgw,nyj", "topics.csv:2:co_departments: “nyj” is in no other file"),
    ("topics", ",gas,", ",oil,", "topics.csv:3:enterprises: “oil” is in no other file"),
    ("topics", ",gas,", ",,", "topics.csv:3:enterprises: must not be empty for level enterprise"),
    ("topics", ",II,", ",2,", "topics.csv:2:default_grade: “2” is none of I, II, III, IV"),
    ("topics", FILES["topics"].split("\n", 1)[1], "", "topics.csv:1:: there is no row"),
]  # fmt: skip


JURISDICTIONS = [
    ("T031,110108,,110108-xyz,,", "jurisdictions.csv:2:lead_code: “110108-xyz” is no unit's code"),
    ("T999,110108,,110108,,", "jurisdictions.csv:2:topic_code: “T999” is in no other file"),
    (",,,110108,,", "jurisdictions.csv:2:topic_code: neither a topic nor a place"),
    ("T031,1101,,110108,,", "jurisdictions.csv:2:place_code: “1101” is in no other file"),
    ("T031,110108,王府井地区,110108,,", "jurisdictions.csv:2:area: beside a place_code"),
    ("T031,,天坛,110108,,", "jurisdictions.csv:2:area: “天坛” is in no other file"),
    ("T031,110108,,110108,110108,", "jurisdictions.csv:2:assist_codes: names the lead"),
    ("T031,110108,,110108,,2026-13-01",
     "jurisdictions.csv:2:valid_from: “2026-13-01” is no day like 2026-12-31"),
]  # fmt: skip


@pytest.mark.parametrize(("row", "fault"), JURISDICTIONS)
def test_a_wrong_jurisdiction_is_named(tmp_path: Path, row: str, fault: str) -> None:
    heading = "topic_code,place_code,area,lead_code,assist_codes,valid_from"
    (write(tmp_path) / "jurisdictions.csv").write_text(f"{heading}\n{row}\n", "utf-8")
    with pytest.raises(CatalogueError) as raised:
        read_folder(tmp_path)
    assert fault in raised.value.faults


@pytest.mark.parametrize("cell", ["0", "-1", "1.5", "两天", "８", "99999"])
def test_a_statutory_time_is_whole_hours(cell: str) -> None:
    assert optional_hours(cell)
    assert not optional_hours("")
    assert not optional_hours("48")


@pytest.fixture
async def connection(pool: Pool) -> AsyncIterator[Connection]:
    async with no_catalogue(pool) as connection:
        yield connection


async def take(
    connection: Connection, folder: Path, valid_from: date = DAY, **changes: tuple[str, str]
) -> LoadReport:
    return await load(connection, read_folder(write(folder, changes)), valid_from, NOW)


async def units(connection: Connection, today: date = DAY) -> dict[str, UnitRow]:
    return {unit.code: unit for unit in await read_units(connection, today)}


@pytest.mark.parametrize(("file", "old", "new", "fault"), WRONG)
def test_a_fault_is_named_by_file_row_and_column(
    tmp_path: Path, file: str, old: str, new: str, fault: str
) -> None:
    assert old in FILES[file]
    with pytest.raises(CatalogueError) as raised:
        read_folder(write(tmp_path, {file: (old, new)}))
    assert fault in raised.value.faults


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    changes = {"districts": ("110108,", "1,"), "topics": (",II,", ",2,")}
    with pytest.raises(CatalogueError) as raised:
        read_folder(write(tmp_path, changes))
    files = {fault.split(":", 1)[0] for fault in raised.value.faults}
    assert {"districts.csv", "topics.csv"} <= files


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    (write(tmp_path) / "streets.csv").unlink()
    with pytest.raises(CatalogueError) as raised:
        read_folder(tmp_path)
    assert "streets.csv:1:: this file is missing" in raised.value.faults


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "districts.csv").write_bytes(FILES["districts"].encode("gb18030"))
    with pytest.raises(CatalogueError) as raised:
        read_folder(tmp_path)
    assert raised.value.faults[0].startswith("districts.csv:2:: not UTF-8")


def test_what_a_spreadsheet_writes_is_the_same_catalogue(tmp_path: Path) -> None:
    plain = read_folder(write(tmp_path)).digest
    for path in tmp_path.glob("*.csv"):
        path.write_text("\ufeff" + path.read_text("utf-8").replace("\n", "\r\n"), "utf-8")
    assert read_folder(tmp_path).digest == plain


async def test_the_shipped_catalogue_loads_whole(connection: Connection) -> None:
    report = await load(connection, read_folder(SHIPPED), DAY, NOW)
    assert (report.places, report.topics) == (16 + 349 + 7535, 98)
    stored = await units(connection)
    assert report.units.added == len(stored) == 349 + 77 + 48 + 26 * 16 - 5
    assert max(len(unit.short_name) for unit in stored.values()) <= 12
    assert stored["110108-cgw"].name == "海淀区城市管理委员会"
    assert stored["110101-zjw"].name == "东城区住房和城市建设委员会"


async def test_every_kind_of_unit_is_made(connection: Connection, tmp_path: Path) -> None:
    await take(connection, tmp_path)
    named = {code: (unit.kind, unit.short_name) for code, unit in (await units(connection)).items()}
    assert named.pop("city-jwjc") == ("department", "市纪委市监委")
    assert named == {
        "110108": ("district", "海淀区政府"),
        "110101": ("district", "东城区政府"),
        "110108-cgw": ("district_department", "海淀区城管委"),
        "110101-cgw": ("district_department", "东城区城管委"),
        "110108-swj": ("district_department", "海淀区水务局"),
        "110108021": ("street", "田村路街道"),
        "110101001": ("street", "东华门街道"),
        "city-cgw": ("department", "市城市管理委"),
        "city-swj": ("department", "市水务局"),
        "city-gjj": ("department", "北京公积金中心"),
        "ent-gas": ("enterprise", "北京市燃气集团"),
        "ent-metro": ("enterprise", "北京地铁公司"),
        "ent-mtr": ("enterprise", "京港地铁公司"),
    }


async def test_units_stand_below_their_district(connection: Connection, tmp_path: Path) -> None:
    await take(connection, tmp_path)
    below = await connection.fetch(
        "select u.code from units u join units p on p.id = u.parent_id where p.code = '110108'"
        " order by 1"
    )
    assert [row["code"] for row in below] == ["110108-cgw", "110108-swj", "110108021"]


async def test_the_same_content_again_changes_nothing(
    connection: Connection, tmp_path: Path
) -> None:
    first = await take(connection, tmp_path)
    again = await take(connection, tmp_path, LATER)
    assert again.unchanged
    assert again.version == first.version


async def test_a_later_version_waits_for_its_day(connection: Connection, tmp_path: Path) -> None:
    first = await take(connection, tmp_path)
    second = await take(connection, tmp_path, LATER, topics=("暖气不热|供暖", "暖气不热"))
    assert await current_version(connection, date(2026, 10, 31)) is None
    assert await current_version(connection, date(2026, 11, 30)) == first.version
    assert await current_version(connection, LATER) == second.version


async def test_a_unit_keeps_its_id_when_it_is_renamed(
    connection: Connection, tmp_path: Path
) -> None:
    await take(connection, tmp_path)
    before = (await units(connection))["110108021"].id
    report = await take(connection, tmp_path, streets=("田村路街道", "田村街道"))
    after = (await units(connection))["110108021"]
    assert (after.id, after.name, report.units.renamed) == (before, "田村街道", 1)


async def test_a_name_stays_until_its_version_s_day(connection: Connection, tmp_path: Path) -> None:
    await take(connection, tmp_path)
    report = await take(connection, tmp_path, LATER, streets=("田村路街道", "田村街道"))
    assert report.units.renamed == 1
    assert (await units(connection))["110108021"].name == "田村路街道"
    await put_into_force(connection, LATER)
    assert (await units(connection, LATER))["110108021"].name == "田村街道"


async def test_a_unit_that_is_gone_ends_on_the_day_and_may_come_back(
    connection: Connection, tmp_path: Path
) -> None:
    await take(connection, tmp_path)
    row = "swj,{district}水务局,,,110101\n"
    report = await take(connection, tmp_path, LATER, district_units=(row, ""))
    assert report.units.closed == 1
    assert "110108-swj" in await units(connection, LATER)
    await put_into_force(connection, LATER)
    assert "110108-swj" in await units(connection, DAY)
    assert "110108-swj" not in await units(connection, LATER)
    again = await take(connection, tmp_path, LATER)
    assert again.units.added == 1
    await put_into_force(connection, LATER)
    assert "110108-swj" in await units(connection, LATER)


async def test_what_was_loaded_is_read_back(connection: Connection, tmp_path: Path) -> None:
    report = await take(connection, tmp_path)
    rows = await read_catalogue(connection, report.version, DAY)
    assert [row["code"] for row in rows.places if row["level"] == "street"] == [
        "110101001",
        "110108021",
    ]
    assert rows.topics[0]["keywords"] == ["暖气不热", "供暖"]
    assert {row["topic_code"]: row["enterprises"] for row in rows.responsibilities}["T010"] == [
        "metro",
        "mtr",
    ]
    assert dict(rows.special_areas[0]) == {"area": "王府井地区", "street_code": "110101001"}


async def test_what_was_approved_in_the_console_is_taken_back_by_a_draft_alone(
    connection: Connection, tmp_path: Path
) -> None:
    first = await take(connection, tmp_path)
    await add_staff(connection, [NewStaff("admin", "admin", "", ())], NOW)
    by = await connection.fetchval("select id from staff")
    made = await add_draft(connection, first.version, DAY, "供暖改由街道", (by, NOW))
    files = read_folder(write(tmp_path, {"topics": ("II", "III")}))
    left = await load(connection, files, DAY, NOW, how=Loading(draft=True))
    assert (first.notes, left.notes) == ((), ())
    approve = "update catalogue_versions set state = 'approved', approved_at = $2 where id = $1"
    await connection.execute(approve, made, NOW)
    with pytest.raises(CatalogueError, match=f"version {made} .+供暖改由街道.+ --draft"):
        await load(connection, files, DAY, NOW)
    again = await load(connection, files, DAY, NOW, how=Loading(draft=True))
    (note,) = again.notes
    assert note.startswith(f"Draft {left.version} ")
    assert note.endswith("cannot be approved any more: draft it anew.")


async def test_a_load_says_which_units_end_and_what_will_take_its_place(
    connection: Connection, tmp_path: Path
) -> None:
    await take(connection, tmp_path)
    coming = await take(
        connection, tmp_path, LATER, enterprises=("mtr,北京京港地铁有限公司,京港地铁公司,\n", ""),
        topics=("metro|mtr", "metro"),
    )  # fmt: skip
    assert coming.notes == ("These units end: 北京京港地铁有限公司 (ent-mtr).",)
    now = await take(connection, tmp_path, topics=("II", "III"))
    assert now.notes == (
        f"From {LATER} version {coming.version} (“”) is in force instead, without what is new in these files.",
    )
