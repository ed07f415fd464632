"""All spellings of places: what districts, streets and communities are called, and what each name can mean."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from dialogs.catalogue import Catalogue, Community, PlaceName
from dialogs.understanding.place import Firmness, Place
from dialogs.understanding.text import fold

_ENDS_AS_LANDMARK = re.compile(
    r"(?:公园|体育场|体育馆|医院|学校|大学|学院|市场|广场|机场|车站|工厂|电力机|科技园|软件园|产业园)$"
)
# Names that are everyday words: alone they say nothing about where.
_EVERYDAY_WORDS = (
    "新村 光明 胜利 东风 向阳 迎风 平房 曙光 安定 温泉 旧县 果园 天桥 新华 仁和 清水 城北 城南 城关 新镇 滨河 渤海 四海 宝山 古城"
    " 鼓楼 前门 空港 高岭 河北 荣华 清源 德胜 龙山 石城 永定 永顺 永宁 山东 河南 东升 和义 石门 幸福 和平 团结 友谊 新生 立新"
    " 石头 三环 四环 空间 软件 航天 化工 机场 总院 大院 进口 校内 新鲜 花园 春风 门楼 民安 内务 绿地 石槽 水文 广源 朝西 大江 中心 阳光 绿地 新建 新房"
    " 公主坟 定福庄"  # villages far away have the names of places that everybody knows
)
_EVERYDAY = frozenset(_EVERYDAY_WORDS.split())
# A name made of nothing but directions, numbers and common nouns needs its suffix.
_GENERIC = re.compile(
    r"[东西南北中上下前后新老大小一二三四五六七八九十0-9第]*"
    r"(?:区|里|街|路|院|楼|庄|村|园|条|口|门|小区|花园|家园|市场街|水厂路|车站路|飞机场|飞机|公园[东西南北]|花园[楼闸村])"
    r"(?:第?[东西南北一二三四五六七八九十]+)?区?"
    r"|[东西南北中一二三四五六七八九十]+"
)
# … and is only offered when it may be any road, gate or building there.
_ANYWHERE = re.compile(r".*[街路口门楼院条机]|[东西南北中一二三四五六七八九十]+")
_ROAD = re.compile(r"(?:路|街|胡同)$")
_NUMERAL = "一二三四五六七八九十"
_NUMERALS = frozenset(_NUMERAL)
_TAIL = re.compile(
    rf"(?:第[{_NUMERAL}]+|[{_NUMERAL}0-9]+[区里院街条队]?|[东西南北中]{{1,2}}[区里院街苑][东西南北]?|[南北东西内外])$"
)
_NUMBERED = re.compile(rf"第?([{_NUMERAL}])(?=[区里院条队]|社区|村|$)")
_TURNED = re.compile(rf"(.{{2,4}})([东西南北中])([苑园里])第([{_NUMERAL}])")
_ORDINAL = re.compile(rf"第(?=[{_NUMERAL}]+)")
HOUSING = re.compile(r"小区|社区|村|居委会|家属院|新村|地区|街道|镇|乡")
_SORTS = ("街道", "地区", "镇", "乡")
_HOUSING_OF_A_LANDMARK = ("小区", "家属院", "家属区", "家属楼", "宿舍")
_RIVAL_NAMES = 3
_RIVAL_PREFIXES = 5
_COMMUNITY = 3
_SHORTEST = 2
_SHORTEST_ALONE = 3


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a name can mean: `rivals` only where no option fits what stands beside it."""

    options: tuple[Place, ...]
    firmness: Firmness
    rivals: tuple[Place, ...]
    stem: bool  # less than a whole name
    is_road: bool  # a community that is called after a road, which runs on through others


class _Name:
    """One spelling and everything it can mean."""

    __slots__ = ("is_village", "rivals", "sites", "stem")

    def __init__(self) -> None:
        self.sites: dict[Place, Firmness] = {}
        self.rivals: dict[Place, None] = {}
        self.stem = False
        self.is_village = False


class Spellings:
    """Gathers the spellings of one catalogue, folded."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._names: defaultdict[str, _Name] = defaultdict(_Name)
        self._homes = {
            street.code: Place(street.district_code, street.code) for street in catalogue.streets
        }
        self._district_names = {fold(district.short_name) for district in catalogue.districts}
        self._add_districts(catalogue)
        self._add_streets(catalogue)
        self._add_communities(catalogue.communities)
        self._add_areas(catalogue)
        self._add_stems(catalogue)
        self._add_names(catalogue.names)

    def meanings(self) -> dict[str, Meaning]:
        """Return every spelling with what it can mean."""
        return {spelling: _meaning(spelling, name) for spelling, name in self._names.items()}

    def _add_districts(self, catalogue: Catalogue) -> None:
        for district in catalogue.districts:
            place = Place(district.code)
            self._add(district.name, place, Firmness.FULL)
            self._add(district.short_name, place, Firmness.SHORT)
            for alias in district.aliases:
                self._add(alias, place, Firmness.SHORT)

    def _add_streets(self, catalogue: Catalogue) -> None:
        near = _namesakes(catalogue)
        self._add_doublets(catalogue)
        for street in catalogue.streets:
            place = self._homes[street.code]
            self._add(street.name, place, Firmness.FULL)
            for name in street.aliases:
                is_bare = not HOUSING.search(name)  # 建国门外大街 is a road
                self._add(name, place, Firmness.SHORT if is_bare else Firmness.FULL)
            short = fold(street.short_name)
            if short in self._district_names:
                continue
            rivals = near.get(street.code, [])
            self._add(short, place, _alone(short, is_sure=not rivals))
            for rival in rivals:
                self._names[short].rivals[self._homes[rival.street_code]] = None

    def _add_doublets(self, catalogue: Catalogue) -> None:
        """Streets were towns and towns were townships: 田村路地区 is 田村路街道, unless another is called so."""
        official = {n for street in catalogue.streets for n in (street.name, *street.aliases)}
        for street in catalogue.streets:
            names = [street.short_name + sort for sort in _SORTS]
            if street.short_name[-1] == "路":
                names.append(street.short_name.removesuffix("路") + "街道")  # 田村街道
            for name in names:
                if name not in official:
                    self._add(name, self._homes[street.code], Firmness.FULL)

    def _add_communities(self, communities: Iterable[Community]) -> None:
        streets = {name for name, meaning in self._names.items() if meaning.sites}
        for community in communities:
            home = self._homes[community.street_code]
            place = Place(home.district, home.street, community.code)
            display, short = fold(community.name), fold(community.short_name)
            is_long = len(display) >= _SHORTEST_ALONE
            full = Firmness.FULL if is_long else _alone(display, is_sure=False)
            for name in {display, *_spoken(display)}:
                self._add(name, place, full)
            self._names[display].is_village = display.endswith("村")
            if short not in self._district_names:
                self._add_short(short, place, streets)

    def _add_short(self, short: str, place: Place, streets: set[str]) -> None:
        if _ENDS_AS_LANDMARK.search(short):  # who lives there says so
            for housing in _HOUSING_OF_A_LANDMARK:
                self._add(short + housing, place, Firmness.SHORT)
            return
        if short in streets:
            self._names[short].rivals[place] = None
            for site in (place, *self._names[short].sites):  # an estate may be either's
                self._add(f"{short}小区", site, Firmness.SHORT)
            return
        is_sure = len(short) >= _SHORTEST_ALONE and not _ROAD.search(short)
        for name in set(filter(_is_told_apart, (short, *_spoken(short)))) - streets:
            is_generic = _GENERIC.fullmatch(name) is not None
            self._add(name, place, Firmness.WORD if is_generic else _alone(short, is_sure=is_sure))
        if len(short) >= _SHORTEST_ALONE and (short[-1] == "村" or _GENERIC.fullmatch(short)):
            self._add(f"{short}小区", place, Firmness.SHORT)

    def _add_areas(self, catalogue: Catalogue) -> None:
        for area in catalogue.special_areas:
            for name in {area.area, area.area.removesuffix("地区")}:
                meaning = self._names[fold(name)]
                meaning.sites = {self._homes[area.street_code]: Firmness.FULL}
                meaning.rivals.clear()
                meaning.stem = True

    def _add_names(self, names: Iterable[PlaceName]) -> None:
        """An operator knows what is called so: the name is firm, and stays in the detail of the address."""
        for one in names:
            home = self._homes[one.street_code]
            place = Place(home.district, home.street, one.community_code)
            for name in (one.name, *one.aliases):
                is_firm = len(name) >= _SHORTEST_ALONE and not is_everyday(fold(name))
                self._add(name, place, Firmness.FULL if is_firm else Firmness.SHORT)
                self._names[fold(name)].stem = True

    def _add_stems(self, catalogue: Catalogue) -> None:
        """Let 芳城园 mean the streets of 芳城园一区第一社区 and its neighbours."""
        stems: defaultdict[str, dict[Place, None]] = defaultdict(dict)
        units = [(street.short_name, street.code) for street in catalogue.streets]
        units += [(one.short_name, one.street_code) for one in catalogue.communities]
        for short_name, street_code in units:
            for stem in _stems(fold(short_name)):
                stems[stem][self._homes[street_code]] = None
        for stem, homes in stems.items():
            if stem in self._names or stem in self._district_names:
                continue
            if _GENERIC.fullmatch(stem) or _ENDS_AS_LANDMARK.search(stem):
                continue
            for home in homes:
                self._add(stem, home, Firmness.SHORT)
            self._names[stem].stem = True

    def _add(self, name: str, place: Place, firmness: Firmness) -> None:
        if len(name) >= _SHORTEST:
            sites = self._names[fold(name)].sites
            sites[place] = max(firmness, sites.get(place, firmness))


def is_generic(name: str) -> bool:
    """Tell whether a name is made of directions, numbers and common nouns: 东路, 南里二区."""
    return _GENERIC.fullmatch(name) is not None


def is_everyday(name: str) -> bool:
    """Tell whether a name is a common word as well."""
    return name in _EVERYDAY


def _alone(short: str, *, is_sure: bool) -> Firmness:
    if short in _EVERYDAY:
        return Firmness.WORD
    return Firmness.SHORT if is_sure else Firmness.VAGUE


def _meaning(spelling: str, name: _Name) -> Meaning:
    """Let the firmest meanings be the options, all others their rivals."""
    if len(name.sites) == 1 and not name.rivals:  # nearly all
        ((place, firmness),) = name.sites.items()
        options: tuple[Place, ...] = (place,)
        return Meaning(options, firmness, (), name.stem, _is_road(spelling, options, firmness))
    firmness = max(name.sites.values(), default=Firmness.WORD)
    options = tuple(place for place, firm in name.sites.items() if firm == firmness)
    weaker = tuple(place for place, firm in name.sites.items() if firm != firmness)
    if weaker and firmness == Firmness.SHORT:  # 八里庄: two streets, one of them with namesakes
        options, weaker, firmness = (*options, *weaker), (), Firmness.VAGUE
    if firmness == Firmness.FULL and name.is_village:  # 田村 is a village, and short for 田村社区
        options, weaker = (*options, *weaker), ()
    rivals = tuple(
        rival
        for rival in (*name.rivals, *weaker)
        if not any(option.holds(rival) for option in options)
    )
    return Meaning(options, firmness, rivals, name.stem, _is_road(spelling, options, firmness))


def _is_road(spelling: str, options: Sequence[Place], firmness: Firmness) -> bool:
    """A community called 海淀路 or 北门 is not meant by everybody who names that road or gate."""
    if firmness >= Firmness.SHORT or any(place.depth < _COMMUNITY for place in options):
        return False
    return bool(_ROAD.search(spelling) or _ANYWHERE.fullmatch(spelling))


def _namesakes(catalogue: Catalogue) -> dict[str, list[Community]]:
    """Return, by street code, the communities elsewhere that its short name alone may mean."""
    by_prefix: defaultdict[str, list[Community]] = defaultdict(list)
    for community in catalogue.communities:
        for length in range(2, len(community.short_name) + 1):
            by_prefix[community.short_name[:length]].append(community)
    districts = {street.code: street.district_code for street in catalogue.streets}
    found: dict[str, list[Community]] = {}
    for street in catalogue.streets:
        others = [
            community
            for community in by_prefix.get(street.short_name, ())
            if districts[community.street_code] != street.district_code
        ]
        same = [
            c for c in by_prefix.get(street.short_name, ()) if c.short_name == street.short_name
        ]
        elsewhere = [c for c in same if c.street_code != street.code]
        if len(others) >= _RIVAL_PREFIXES or len(elsewhere) >= _RIVAL_NAMES:
            found[street.code] = list(dict.fromkeys((*elsewhere, *others)))
        elif len({c.street_code for c in same}) > 1 and any(c in others for c in same):
            found[street.code] = elsewhere
    return found


def _spoken(name: str) -> Iterator[str]:
    """Yield 慧忠里一社区 and 慧忠里1社区 for 慧忠里第一社区, 天通苑东一区 for 天通东苑第一社区."""
    if _NUMERALS.isdisjoint(name):
        return
    if turned := _TURNED.match(name):
        base, side, sort, number = turned.groups()
        yield f"{base}{sort}{side}{number}区"
        yield f"{base}{sort}{side}{_NUMERAL.index(number) + 1}区"
    plain = _ORDINAL.sub("", name)
    if plain != name:
        yield plain
    figure = _NUMBERED.sub(lambda found: str(_NUMERAL.index(found[1]) + 1), plain)
    if figure != plain:
        yield figure


def _is_told_apart(spoken: str) -> bool:
    """十八里店一 may go on 一个商场; 十八里店第一 may not."""
    return spoken[-2:-1] == "第" or not (spoken[-1] in _NUMERALS or spoken[-1].isdigit())


def _stems(short: str) -> Iterator[str]:
    for _ in range(2):
        stem = _TAIL.sub("", short)
        if stem == short or len(stem) < _SHORTEST_ALONE:
            return
        yield stem
        yield from _spoken(stem)
        short = stem
