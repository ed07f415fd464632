"""The catalogue in force, made ready for use: what residents mean, and who answers for it."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from asyncpg import Record

from dialogs.catalogue import (
    Catalogue,
    Community,
    District,
    Enterprise,
    NameKind,
    PlaceName,
    SpecialArea,
    Street,
    Topic,
)
from dialogs.understanding.reader import Reader
from dialogs.words import Grade, UnitKind
from handlers.boundaries import boundaries_of
from handlers.dispatch import Jurisdiction, Responsibilities, Responsibility, UnitRef
from handlers.heirs import Handover, handover_of
from handlers.topic_model import ServedModel, read_topic_model
from store.catalogue.effect import put_into_force
from store.catalogue.read import CatalogueRows, current_version, mark_of, read_catalogue
from store.database import Connection
from store.units import ENTERPRISE_PREFIX


@dataclass(frozen=True, slots=True, repr=False)  # two megabytes that nobody reads
class CityCatalogue:
    """One version of the catalogue; building it takes a moment, so a process keeps it."""

    version: int
    catalogue: Catalogue
    reader: Reader
    responsibilities: Responsibilities
    units: Mapping[int, UnitRef]  # all in force, those that get no work included
    superiors: Mapping[int, int]  # the district government over a street or district department
    model_id: int | None = None  # the learnt model that the reader asks
    mark: str = ""  # which of its rows and units were in force on the day it was read for


async def read_city_catalogue(
    connection: Connection, today: date, *, outlined: bool = True
) -> CityCatalogue | None:
    """The catalogue in force on a day; None before the first `jiesu load`.

    Who hears of no shared locations spares the outlines, which take a quarter of a second.
    """
    version = await current_version(connection, today)
    if version is None:
        return None
    await put_into_force(connection, today)
    rows = await read_catalogue(connection, version, today)
    mark = await mark_of(connection, version, today)
    served = await read_topic_model(connection)
    # Half a second of work, which a running process does beside its turns.
    made = await asyncio.to_thread(_made, rows, served, today, outlined=outlined)
    return replace(made, mark=mark)


def _made(
    rows: CatalogueRows, served: ServedModel, today: date, *, outlined: bool
) -> CityCatalogue:
    catalogue = catalogue_of(rows)
    boundaries = boundaries_of(rows.boundaries, catalogue) if outlined else None
    return CityCatalogue(
        version=rows.version,
        catalogue=catalogue,
        reader=Reader(catalogue, served.model, boundaries=boundaries),
        responsibilities=responsibilities_of(rows, today),
        units={
            unit.id: UnitRef(unit.id, unit.code, unit.name, unit.short_name) for unit in rows.units
        },
        model_id=served.id,
        superiors=superiors_of(rows),
    )


def superiors_of(rows: CatalogueRows) -> dict[int, int]:
    """The unit above each unit that has one."""
    governments = {
        unit.district_code: unit.id for unit in rows.units if unit.kind is UnitKind.DISTRICT
    }
    below = (UnitKind.STREET, UnitKind.DISTRICT_DEPARTMENT)
    return {
        unit.id: governments[unit.district_code]
        for unit in rows.units
        if unit.kind in below and unit.district_code in governments
    }


def responsibilities_of(
    rows: CatalogueRows, today: date, planned: Sequence[Handover] = ()
) -> Responsibilities:
    """What decides on a day where tickets go, with successions that are only planned."""
    topics = {row["code"]: row for row in rows.topics}
    valid = [row for row in rows.responsibilities if _on(today, row)]
    special = [row for row in rows.jurisdictions if _on(today, row)]
    units = _dispatchable(rows)
    handovers = _in_use(units, (*map(handover_of, rows.successions), *planned))
    taken_over = {one.unit for one in handovers if one.whole}
    return Responsibilities(
        version=rows.version,
        topics={
            row["topic_code"]: _responsibility(row, topics[row["topic_code"]]) for row in valid
        },
        units=units,
        # The first row that names a topic and a place counts, and an area is a place of its own.
        jurisdictions={
            (row["topic_code"], row["area"] or row["place_code"]): Jurisdiction(
                row["lead_code"], tuple(row["assist_codes"]), row["source"]
            )
            for row in reversed(special)
        },
        areas=tuple(dict.fromkeys(row["area"] for row in special if row["area"])),
        handovers=handovers,
        ended={
            one.unit_code: UnitRef(one.unit_id, one.unit_code, one.unit, one.unit_short)
            for one in rows.successions
            if one.unit_code in taken_over
        },
    )


def _dispatchable(rows: CatalogueRows) -> dict[str, UnitRef]:
    return {
        unit.code: UnitRef(unit.id, unit.code, unit.name, unit.short_name)
        for unit in rows.units
        if unit.dispatchable
    }


def _in_use(units: Mapping[str, UnitRef], handovers: Sequence[Handover]) -> tuple[Handover, ...]:
    """Those in the end of which somebody gets the work."""
    known, before = set(units), 0
    while len(known) > before:
        before = len(known)
        known |= {one.unit for one in handovers if one.whole and one.successor in known}
    return tuple(one for one in handovers if one.successor in known)


def _responsibility(row: Record, topic: Record) -> Responsibility:
    minutes = topic["statutory_minutes"]
    return Responsibility(
        topic=row["topic_code"],
        name=topic["level3"],
        level=row["level"],
        department=row["lead_department"],
        enterprises=tuple(row["enterprises"]),
        assists=tuple(row["assist_departments"]),
        dual=row["dual"],
        green=row["green"],
        statutory=None if minutes is None else timedelta(minutes=minutes),
        statutory_working=topic["statutory_working"],
        statute=topic["statute"],
    )


def _on(today: date, row: Record) -> bool:
    """Whether a row is valid on a day; on its last day it is not any more."""
    begins, ends = row["valid_from"], row["valid_to"]
    return (begins is None or begins <= today) and (ends is None or ends > today)


def catalogue_of(rows: CatalogueRows) -> Catalogue:
    """The same as the dialogs know it."""
    duties = {row["topic_code"]: row for row in rows.responsibilities}
    levels: dict[str, list[Record]] = {"district": [], "street": [], "community": []}
    for place in rows.places:
        levels[place["level"]].append(place)
    return Catalogue(
        version=rows.version,
        districts=tuple(
            District(row["code"], row["name"], row["short_name"], tuple(row["aliases"]))
            for row in levels["district"]
        ),
        streets=tuple(_street(row) for row in levels["street"]),
        communities=tuple(
            Community(row["code"], row["name"], row["short_name"], row["parent_code"])
            for row in levels["community"]
        ),
        topics=tuple(_topic(row, duties[row["code"]]) for row in rows.topics),
        enterprises=tuple(
            Enterprise(
                unit.code.removeprefix(ENTERPRISE_PREFIX), unit.name, unit.aliases, unit.short_name
            )
            for unit in rows.units
            if unit.kind is UnitKind.ENTERPRISE
        ),
        special_areas=tuple(
            SpecialArea(row["area"], row["street_code"]) for row in rows.special_areas
        ),
        names=tuple(
            PlaceName(
                row["name"],
                NameKind(row["kind"]),
                row["street_code"],
                row["community_code"],
                tuple(row["aliases"]),
            )
            for row in rows.names
        ),
    )


def _street(row: Record) -> Street:
    return Street(
        code=row["code"],
        name=row["name"],
        short_name=row["short_name"],
        district_code=row["parent_code"],
        aliases=tuple(row["aliases"]),
    )


def _topic(row: Record, duty: Record) -> Topic:
    return Topic(
        code=row["code"],
        level1=row["level1"],
        level2=row["level2"],
        level3=row["level3"],
        keywords=tuple(row["keywords"]),
        weak_keywords=tuple(row["weak_keywords"]),
        grade=Grade(row["grade"]),
        enterprises=tuple(duty["enterprises"]),
        direct=duty["level"] == "enterprise",
        green=duty["green"],
    )
