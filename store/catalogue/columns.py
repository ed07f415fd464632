"""Which files and columns a catalogue has, and what a cell of each may hold by itself."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from dialogs.words import Grade

SHORT_NAME_LENGTH = 12  # an SMS must hold the unit's name beside everything else
SHORTEST_NAME = 2
MOST_HOURS = 24 * 366
LEVELS = ("street", "department", "both", "enterprise")
DISPATCH = ("yes", "guide")
NAMED = ("compound", "road", "landmark", "zone")
YES_NO = ("", "yes", "no")
OPTIONAL = frozenset(("gazetteer", "jurisdictions"))  # files that a catalogue may do without

Check = Callable[[str], str]  # says what is wrong with a cell; "" when nothing is


@dataclass(frozen=True, slots=True)
class Column:
    """A column; one that is not `needed` may be left out of the file and then is empty."""

    name: str
    check: Check
    needed: bool = True


def anything(_cell: str) -> str:
    """Every cell will do."""
    return ""


def filled(cell: str) -> str:
    """Something must stand there."""
    return "" if cell else "must not be empty"


def digits(count: int) -> Check:
    """A code of the statistics bureau."""
    form = re.compile(rf"[0-9]{{{count}}}")
    return lambda cell: "" if form.fullmatch(cell) else f"“{cell}” is not {count} digits"


def optional_digits(count: int) -> Check:
    """The same, or nothing."""
    check = digits(count)
    return lambda cell: check(cell) if cell else ""


def name(cell: str) -> str:
    """A name that a text can be searched for."""
    return "" if len(cell) >= SHORTEST_NAME else f"shorter than {SHORTEST_NAME} characters"


def code(cell: str) -> str:
    """A code that may become part of a unit's code."""
    well_formed = re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", cell)
    return "" if well_formed else f"“{cell}” is not letters, digits, _ and -"


def one_of(*words: str) -> Check:
    """One of a few words."""
    return lambda cell: "" if cell in words else f"“{cell}” is none of {', '.join(words)}"


def listed(cell: str) -> str:
    """Parts divided by `|`, none of them empty, none twice; no part at all is allowed."""
    parts = cell.split("|") if cell else []
    if "" in (part.strip() for part in parts):
        return "an empty part beside |"
    return "" if len(set(parts)) == len(parts) else "the same part twice"


def filled_list(cell: str) -> str:
    """Parts divided by `|`, at least one."""
    return filled(cell) or listed(cell)


def short(cell: str) -> str:
    """A name that an SMS can afford."""
    return "" if len(cell) <= SHORT_NAME_LENGTH else f"longer than {SHORT_NAME_LENGTH} characters"


def filled_short(cell: str) -> str:
    """The same, and not empty."""
    return filled(cell) or short(cell)


def pattern(cell: str) -> str:
    """A name with the district's name or short name left open."""
    return "" if re.search(r"\{(district|short)\}", cell) else "lacks {district} or {short}"


def optional_pattern(cell: str) -> str:
    """The same, or nothing."""
    return pattern(cell) if cell else ""


def optional_date(cell: str) -> str:
    """A day like 2026-12-31, or nothing."""
    try:
        date.fromisoformat(cell or "2026-01-01")
    except ValueError:
        return f"“{cell}” is no day like 2026-12-31"
    return ""


def optional_hours(cell: str) -> str:
    """A whole number of hours, or nothing."""
    right = not cell or (cell.isascii() and cell.isdigit() and 0 < int(cell) <= MOST_HOURS)
    return "" if right else f"“{cell}” is not between 1 and {MOST_HOURS} hours"


FILES: dict[str, tuple[Column, ...]] = {
    "districts": (
        Column("code", digits(6)),
        Column("name", filled),
        Column("short_name", filled),
        Column("aliases", listed, needed=False),
    ),
    "streets": (
        Column("code", digits(9)),
        Column("name", filled),
        Column("short_name", filled),
        Column("district_code", digits(6)),
        Column("kind", anything),
        Column("mca_name", anything),
        Column("aliases", listed),
    ),
    "communities": (
        Column("code", digits(12)),
        Column("display_name", filled),
        Column("short_name", filled),
        Column("street_code", digits(9)),
        Column("kind", anything),
    ),
    "special_jurisdictions": (
        Column("area", filled),
        Column("street_code", digits(9)),
    ),
    "gazetteer": (
        Column("name", name),
        Column("kind", one_of(*NAMED)),
        Column("street_code", digits(9)),
        Column("community_code", optional_digits(12), needed=False),
        Column("aliases", listed, needed=False),
    ),
    "departments": (
        Column("code", code),
        Column("name", filled),
        Column("short_name", filled_short),
        Column("dispatch", one_of(*DISPATCH)),
    ),
    "district_units": (
        Column("department", code),
        Column("name_pattern", pattern),
        Column("short_pattern", optional_pattern, needed=False),
        Column("only_in", listed, needed=False),
        Column("not_in", listed, needed=False),
    ),
    "enterprises": (
        Column("code", code),
        Column("name", filled),
        Column("short_name", short, needed=False),
        Column("aliases", listed, needed=False),
    ),
    "topics": (
        Column("code", code),
        Column("level1", filled),
        Column("level2", filled),
        Column("level3", filled),
        Column("keywords", filled_list),
        Column("weak_keywords", listed),
        Column("responsible_level", one_of(*LEVELS)),
        Column("lead_department", anything),
        Column("co_departments", listed),
        Column("enterprises", listed),
        Column("default_grade", one_of(*Grade)),
        Column("domain_7you5xing", anything),
        Column("dual", one_of(*YES_NO), needed=False),
        Column("green", one_of(*YES_NO), needed=False),
        Column("statutory_hours", optional_hours, needed=False),
        Column("statutory_working", one_of(*YES_NO), needed=False),
        Column("statute", anything, needed=False),
        Column("valid_from", optional_date, needed=False),
        Column("valid_to", optional_date, needed=False),
    ),
    "jurisdictions": (
        Column("topic_code", anything, needed=False),
        Column("place_code", anything, needed=False),
        Column("area", anything, needed=False),
        Column("lead_code", filled),
        Column("assist_codes", listed, needed=False),
        Column("source", anything, needed=False),
        Column("valid_from", optional_date, needed=False),
        Column("valid_to", optional_date, needed=False),
    ),
}
