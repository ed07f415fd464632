"""The units that a catalogue speaks of: districts, streets, departments of both levels, enterprises."""

import re
from collections.abc import Iterator

from dialogs.words import UnitKind
from store.catalogue.checks import GOVERNMENT, districts_of
from store.catalogue.columns import SHORT_NAME_LENGTH
from store.catalogue.files import CatalogueFiles, Row
from store.units import CITY_PREFIX, ENTERPRISE_PREFIX, Unit

COMPANY_FORM = re.compile(r"（.*?）|股份有限公司|有限责任公司|有限公司")


def units_of(files: CatalogueFiles) -> list[Unit]:
    """One unit each; codes: `110108`, `110108-cgw`, `110108012`, `city-cgw`, `ent-gas`."""
    return [
        *_of_districts(files),
        *(_street(row) for row in files["streets"]),
        *(_city_department(row) for row in files["departments"]),
        *(_enterprise(row) for row in files["enterprises"]),
    ]


def _of_districts(files: CatalogueFiles) -> Iterator[Unit]:
    districts = {row["code"]: row for row in files["districts"]}
    guides = {row["code"] for row in files["departments"] if row["dispatch"] == "guide"}
    for row in files["district_units"]:
        for code in districts_of(row, list(districts)):
            yield _district_unit(row, districts[code], guides)


def _district_unit(row: Row, district: Row, guides: set[str]) -> Unit:
    department, code = row["department"], district["code"]
    name = _fill(row["name_pattern"], district)
    own = department == GOVERNMENT
    return Unit(
        code=code if own else f"{code}-{department}",
        kind=UnitKind.DISTRICT if own else UnitKind.DISTRICT_DEPARTMENT,
        name=name,
        short_name=_short(_fill(row["short_pattern"], district), name),
        district_code=code,
        department=department,
        parent_code=None if own else code,
        dispatchable=department not in guides,
    )


def _street(row: Row) -> Unit:
    return Unit(
        code=row["code"],
        kind=UnitKind.STREET,
        name=row["name"],
        short_name=_short(row["name"], *sorted([row["short_name"], *row.listed("aliases")])),
        district_code=row["district_code"],
        parent_code=row["district_code"],
    )


def _city_department(row: Row) -> Unit:
    return Unit(
        code=CITY_PREFIX + row["code"],
        kind=UnitKind.DEPARTMENT,
        name=row["name"],
        short_name=row["short_name"],
        department=row["code"],
        dispatchable=row["dispatch"] == "yes",
    )


def _enterprise(row: Row) -> Unit:
    return Unit(
        code=ENTERPRISE_PREFIX + row["code"],
        kind=UnitKind.ENTERPRISE,
        name=row["name"],
        short_name=_short(row["short_name"], COMPANY_FORM.sub("", row["name"])),
        aliases=tuple(row.listed("aliases")),
    )


def _fill(pattern: str, district: Row) -> str:
    return pattern.replace("{district}", district["name"]).replace(
        "{short}", district["short_name"]
    )


def _short(*names: str) -> str:
    """The first name that an SMS can afford; else what fits of the last one."""
    fitting = (name for name in names if 0 < len(name) <= SHORT_NAME_LENGTH)
    return next(fitting, names[-1][:SHORT_NAME_LENGTH])
