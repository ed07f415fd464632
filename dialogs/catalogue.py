"""The catalogue as a dialog knows it: places, topics and enterprises in force, values only."""

from dataclasses import dataclass
from enum import StrEnum

from dialogs.words import Grade


@dataclass(frozen=True, slots=True)
class District:
    """A district (区); `code` has 6 digits."""

    code: str
    name: str
    short_name: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Street:
    """A street, town or functional zone (街道/镇/地区); `code` has 9 digits."""

    code: str
    name: str
    short_name: str
    district_code: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Community:
    """A community or village (社区/村); `code` has 12 digits, `name` is the display name."""

    code: str
    name: str
    short_name: str
    street_code: str


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic (问题分类) of three levels with the keywords that speak for it.

    `weak_keywords` count only when nothing else hits.
    """

    code: str
    level1: str
    level2: str
    level3: str
    keywords: tuple[str, ...]
    weak_keywords: tuple[str, ...]
    grade: Grade
    enterprises: tuple[str, ...] = ()
    direct: bool = False  # an enterprise answers for it by itself
    green: bool = False  # a consumer dispute, which its enterprise may reconcile first


@dataclass(frozen=True, slots=True)
class Enterprise:
    """A public-service enterprise that a resident may name."""

    code: str
    name: str
    short_names: tuple[str, ...] = ()
    label: str = ""  # what a question calls it, at most 12 characters


@dataclass(frozen=True, slots=True)
class SpecialArea:
    """A named area that belongs to a street whatever its address says (特殊管辖)."""

    area: str
    street_code: str


class NameKind(StrEnum):
    """What an operator's name is the name of."""

    COMPOUND = "compound"  # 小区
    ROAD = "road"  # 道路
    LANDMARK = "landmark"  # 地标
    ZONE = "zone"  # 园区


@dataclass(frozen=True, slots=True)
class PlaceName:
    """A name that an operator has added; one that stands several times is ambiguous. `community_code` may be empty."""

    name: str
    kind: NameKind
    street_code: str
    community_code: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything in force on one day; `version` is the store's id of it."""

    version: int
    districts: tuple[District, ...]
    streets: tuple[Street, ...]
    communities: tuple[Community, ...]
    topics: tuple[Topic, ...]
    enterprises: tuple[Enterprise, ...]
    special_areas: tuple[SpecialArea, ...] = ()
    names: tuple[PlaceName, ...] = ()
