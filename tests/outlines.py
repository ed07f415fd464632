"""Outlines for tests: a small city on a grid, and those of the installed extra."""

from functools import cache

from dialogs.catalogue import Catalogue, District, Street
from dialogs.understanding.pins import Outline


@cache
def small_city() -> Catalogue:
    """West and East side by side; West has a street in the south and one in the north."""
    return Catalogue(
        version=1,
        districts=(District("110101", "西边区", "西边"), District("110102", "东边区", "东边")),
        streets=(
            Street("110101001", "南街街道", "南街", "110101"),
            Street("110101002", "北街街道", "北街", "110101"),
        ),
        communities=(),
        topics=(),
        enterprises=(),
    )


def west(slack: float = 0.0) -> Outline:
    return box("110101", 116.0, 40.0, 116.1, 40.1, slack)


def east(slack: float = 0.0) -> Outline:
    return box("110102", 116.1, 40.0, 116.2, 40.1, slack)


def south() -> Outline:
    return box("110101001", 116.0, 40.0, 116.1, 40.05)


def north() -> Outline:
    return box("110101002", 116.0, 40.05, 116.1, 40.1)


def box(
    code: str, left: float, bottom: float, right: float, top: float, slack: float = 0.0
) -> Outline:
    corners = [[left, bottom], [right, bottom], [right, top], [left, top], [left, bottom]]
    return Outline(code, f'{{"type": "Polygon", "coordinates": [{corners}]}}', slack)
