"""Dispatch by the catalogue: direct, dual, backstop, triage."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from dialogs.understanding.place import Place
from handlers.catalogue import read_city_catalogue
from handlers.dispatch import Responsibilities, Responsibility, UnitRef
from store.catalogue.checks import read_folder
from store.catalogue.load import load
from store.database import Connection, Pool
from tests.city import no_catalogue, write

TIANCUN = Place("110108", "110108021")
HAIDIAN = Place("110108")
DONGHUAMEN = Place("110101", "110101001")
NOWHERE = Place()

CODES = (
    "110108", "110108-cgw", "110108-swj", "110108021", "110101", "110101-cgw", "110101001",
    "city-cgw", "city-swj", "city-gjj", "ent-gas", "ent-metro", "ent-mtr",
)  # fmt: skip
SAID = {
    "T001": ("both", "cgw", ()),
    "T006": ("enterprise", "cgw", ("gas",)),
    "T007": ("both", "swj", ()),
    "T010": ("enterprise", "cgw", ("metro", "mtr")),
    "T025": ("department", "gjj", ()),
    "T031": ("street", "cgw", ()),
    "T039": ("department", "swj", ()),
    "T082": ("department", "jwjc", ()),
    "T083": ("both", "jwjc", ()),
}
CITY = Responsibilities(
    version=3,
    topics={code: Responsibility(code, "名称", *said) for code, said in SAID.items()},
    units={code: UnitRef(number, code, code, code) for number, code in enumerate(CODES)},
)

# Topic, place, enterprise named; the lead and who assists.
RULES = [
    ("T031", TIANCUN, "", "110108021", ()),
    ("T031", HAIDIAN, "", "110108", ()),
    ("T001", TIANCUN, "", "110108021", ("110108-cgw",)),
    ("T001", HAIDIAN, "", "110108-cgw", ()),
    ("T007", TIANCUN, "", "110108021", ("110108-swj",)),
    ("T007", DONGHUAMEN, "", "110101001", ("city-swj",)),
    ("T083", TIANCUN, "", "110108021", ()),
    ("T083", HAIDIAN, "", "110108", ()),
    ("T039", TIANCUN, "", "110108-swj", ()),
    ("T039", DONGHUAMEN, "", "city-swj", ()),
    ("T025", HAIDIAN, "", "city-gjj", ()),
    ("T082", TIANCUN, "", "110108", ()),
    ("T006", NOWHERE, "", "ent-gas", ()),
    ("T006", TIANCUN, "metro", "ent-gas", ()),
    ("T010", NOWHERE, "mtr", "ent-mtr", ()),
    ("T010", HAIDIAN, "", "110108-cgw", ()),
    ("T010", HAIDIAN, "gas", "110108-cgw", ()),
    ("T999", TIANCUN, "", "110108", ()),
    ("", TIANCUN, "", "110108", ()),
]
TRIAGED = [
    ("T001", NOWHERE, ""),
    ("T025", NOWHERE, ""),
    ("T010", NOWHERE, ""),
    ("T010", NOWHERE, "gas"),
    ("", NOWHERE, ""),
    ("T031", Place("999999"), ""),
]


@pytest.mark.parametrize(("topic", "place", "enterprise", "lead", "assist"), RULES)
def test_the_catalogue_decides_who_answers(
    topic: str, place: Place, enterprise: str, lead: str, assist: tuple[str, ...]
) -> None:
    decision = CITY.decide(topic, place, enterprise)
    assert decision.lead is not None
    assert decision.lead.code == lead
    assert tuple(unit.code for unit in decision.assist) == assist


@pytest.mark.parametrize(("topic", "place", "enterprise"), TRIAGED)
def test_without_a_place_a_person_decides(topic: str, place: Place, enterprise: str) -> None:
    decision = CITY.decide(topic, place, enterprise)
    assert decision.lead is None
    assert decision.why.endswith("待人工派单")


def test_staff_can_read_why() -> None:
    assert CITY.decide("T001", TIANCUN, "").why == (
        "派单目录第3版：T001 名称，双派：110108021主办、110108-cgw协办"
    )
    assert CITY.decide("T082", TIANCUN, "").why == (
        "派单目录第3版：T082 名称，无可派部门，由110108兜底"
    )


@pytest.fixture
async def connection(pool: Pool) -> AsyncIterator[Connection]:
    async with no_catalogue(pool) as connection:
        yield connection


async def test_before_the_first_load_there_is_no_catalogue(connection: Connection) -> None:
    assert await read_city_catalogue(connection, date(2026, 11, 1)) is None


async def test_what_an_operator_loads_decides(connection: Connection, tmp_path: Path) -> None:
    day = date(2026, 11, 1)
    await load(connection, read_folder(write(tmp_path)), day, datetime(2026, 11, 1, tzinfo=UTC))
    city = await read_city_catalogue(connection, day)
    assert city is not None
    dual = city.responsibilities.decide("T001", TIANCUN, "")
    assert dual.lead is not None
    assert dual.lead.short_name == "田村路街道"
    assert [unit.short_name for unit in dual.assist] == ["海淀区城管委"]
    assert city.units[dual.lead.id] == dual.lead
    guided = city.responsibilities.decide("T082", TIANCUN, "")
    assert guided.lead is not None
    assert guided.lead.short_name == "海淀区政府"


async def test_the_dialogs_get_what_was_loaded(connection: Connection, tmp_path: Path) -> None:
    day = date(2026, 11, 1)
    await load(connection, read_folder(write(tmp_path)), day, datetime(2026, 11, 1, tzinfo=UTC))
    city = await read_city_catalogue(connection, day)
    assert city is not None
    catalogue = city.catalogue
    assert [street.aliases for street in catalogue.streets] == [(), ("田村",)]
    assert catalogue.communities[0].street_code == "110108021"
    assert {one.code: one.short_names for one in catalogue.enterprises}["gas"] == ("燃气公司",)
    assert catalogue.topics[3].enterprises == ("metro", "mtr")
