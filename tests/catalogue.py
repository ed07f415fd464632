"""The shipped catalogue of Beijing as values, and what is read by it, for the tests of dialogs."""

import csv
from functools import cache
from pathlib import Path

from dialogs.catalogue import (
    Catalogue,
    Community,
    District,
    Enterprise,
    SpecialArea,
    Street,
    Topic,
)
from dialogs.understanding.reader import Reader
from dialogs.words import Grade

_FOLDER = Path(__file__).parent.parent / "store" / "catalogue" / "beijing"


@cache
def beijing() -> Catalogue:
    """Read the CSV files once."""
    return Catalogue(
        version=1,
        districts=tuple(
            District(row["code"], row["name"], row["short_name"], _split(row["aliases"]))
            for row in _rows("districts")
        ),
        streets=tuple(_street(row) for row in _rows("streets")),
        communities=tuple(
            Community(row["code"], row["display_name"], row["short_name"], row["street_code"])
            for row in _rows("communities")
        ),
        topics=tuple(_topic(row) for row in _rows("topics")),
        enterprises=tuple(
            Enterprise(row["code"], row["name"], label=row["short_name"])
            for row in _rows("enterprises")
        ),
        special_areas=tuple(
            SpecialArea(row["area"], row["street_code"]) for row in _rows("special_jurisdictions")
        ),
    )


@cache
def reader() -> Reader:
    """What reads by the rules alone; made once."""
    return Reader(beijing())


def told(text: str) -> tuple[str, list[str]]:
    """The place that a message tells, and those it would be asked about, as they are shown."""
    found = reader().understand(text).place
    label = reader().candidates_label
    return label(found.place), [label(place) for place in found.candidates]


def _street(row: dict[str, str]) -> Street:
    aliases = [
        alias for alias in (row["mca_name"], *_split(row["aliases"])) if alias != row["name"]
    ]
    return Street(
        code=row["code"],
        name=row["name"],
        short_name=row["short_name"],
        district_code=row["district_code"],
        aliases=tuple(dict.fromkeys(alias for alias in aliases if alias)),
    )


def _topic(row: dict[str, str]) -> Topic:
    return Topic(
        code=row["code"],
        level1=row["level1"],
        level2=row["level2"],
        level3=row["level3"],
        keywords=_split(row["keywords"]),
        weak_keywords=_split(row["weak_keywords"]),
        grade=Grade(row["default_grade"]),
        enterprises=_split(row["enterprises"]),
        direct=row["responsible_level"] == "enterprise",
        green=row["green"] == "yes",
    )


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split("|") if part)


def _rows(name: str) -> list[dict[str, str]]:
    with (_FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
