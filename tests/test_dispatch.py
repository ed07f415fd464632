"""Dispatch by the catalogue: direct, dual, backstop, triage."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from dialogs.understanding.place import Place
from handlers.catalogue import read_city_catalogue
from handlers.dispatch import Jurisdiction, Responsibilities, Responsibility, UnitRef
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


AREA = Place("110101", "110101001", detail="王府井地区")
SPECIAL = replace(
    CITY,
    jurisdictions={
        ("T031", "110108"): Jurisdiction("110108-cgw", (), ""),
        ("T031", "110108021"): Jurisdiction("city-cgw", ("110108021",), "市政府批复"),
        ("", "110108021"): Jurisdiction("110108-swj", (), ""),
        ("T039", ""): Jurisdiction("city-gjj", (), ""),
        ("T031", "王府井地区"): Jurisdiction("110101", (), ""),
        ("T006", "110108"): Jurisdiction("110108", (), ""),
        ("T025", "110101"): Jurisdiction("110101-gone", (), ""),
    },
    areas=("王府井地区",),
)


@pytest.mark.parametrize(
    ("topic", "place", "lead"),
    [
        ("T031", TIANCUN, "city-cgw"),  # the street before the district
        ("T031", HAIDIAN, "110108-cgw"),
        ("T001", TIANCUN, "110108-swj"),  # all topics of a place
        ("T039", TIANCUN, "110108-swj"),  # the narrower place before the topic
        ("T039", HAIDIAN, "city-gjj"),  # a topic everywhere
        ("T031", AREA, "110101"),  # an area before its street
        ("T031", DONGHUAMEN, "110101001"),
        ("T010", TIANCUN, "110108-cgw"),  # all topics, but not what goes to enterprises
        ("T006", TIANCUN, "110108"),  # unless it is named
        ("T025", DONGHUAMEN, "city-gjj"),  # its unit is gone
    ],
)
def test_a_jurisdiction_comes_before_the_rule_of_the_level(
    topic: str, place: Place, lead: str
) -> None:
    decision = SPECIAL.decide(topic, place, "")
    assert decision.lead is not None
    assert decision.lead.code == lead


def test_a_jurisdiction_s_assisting_units_and_source_are_said() -> None:
    decision = SPECIAL.decide("T031", TIANCUN, "")
    assert [unit.code for unit in decision.assist] == ["110108021"]
    assert decision.why == (
        "派单目录第3版：T031 名称，按特别管辖（市政府批复）city-cgw主办、110108021协办"
    )


def test_a_row_may_want_an_assisting_unit_whatever_its_level() -> None:
    topics = {
        "T031": replace(CITY.topics["T031"], dual=True),
        "T039": replace(CITY.topics["T039"], dual=True, assists=("jwjc", "cgw")),
        "T006": replace(CITY.topics["T006"], dual=True),
    }
    city = replace(CITY, topics=topics)
    assisting = [[unit.code for unit in city.decide(one, TIANCUN, "").assist] for one in topics]
    assert assisting == [["110108-cgw"], ["110108-cgw"], ["110108-cgw"]]


def test_a_tip_off_about_an_enterprise_goes_to_the_department_over_it() -> None:
    decision = CITY.accused("T006", TIANCUN, "gas")
    assert decision.lead == CITY.units["110108-cgw"]
    assert "举报不交被举报的企业" in decision.why
    assert CITY.accused("T006", NOWHERE, "gas").lead is None
    assert CITY.accused("T006", TIANCUN, "").lead == CITY.units["ent-gas"]  # told of somebody else


def test_an_enterprise_that_is_named_may_reconcile_a_consumer_s_dispute_first() -> None:
    consumer = replace(CITY.topics["T039"], green=True)
    city = replace(CITY, topics={"T039": consumer})
    decision = city.decide("T039", TIANCUN, "metro")
    assert (decision.lead, decision.green) == (
        CITY.units["110108-swj"],
        CITY.units["ent-metro"],
    )
    assert city.decide("T039", TIANCUN, "").green is None
    listed = replace(consumer, enterprises=("mtr",))
    assert replace(city, topics={"T039": listed}).decide("T039", TIANCUN, "metro").green is None
    assert CITY.decide("T010", NOWHERE, "mtr").green is None


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


async def test_dates_of_rows_count_day_by_day(connection: Connection, tmp_path: Path) -> None:
    day, later = date(2026, 11, 1), date(2026, 12, 1)
    folder = write(tmp_path)
    (folder / "jurisdictions.csv").write_text(
        "topic_code,place_code,lead_code,valid_from,source\n"
        "T031,110108,110108-cgw,2026-12-01,区政府文件\n",
        "utf-8",
    )
    await load(connection, read_folder(folder), day, datetime(2026, 11, 1, tzinfo=UTC))
    now, then = [await read_city_catalogue(connection, one) for one in (day, later)]
    assert now is not None
    assert then is not None
    assert now.mark != then.mark
    leads = [one.responsibilities.decide("T031", TIANCUN, "").lead for one in (now, then)]
    assert [unit.code for unit in leads if unit] == ["110108021", "110108-cgw"]
