"""All names of places, in every form residents use, found in one pass over the text."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from ahocorasick_rs import AhoCorasick

from dialogs.catalogue import Catalogue, Community
from dialogs.understanding.english import DISTRICTS, STREETS
from dialogs.understanding.place import Firmness, Mention, Place
from dialogs.understanding.text import fold, is_whole_word

# A short name that goes on like this is a road or a landmark, which need not lie in the street of that name.
_LANDMARK = re.compile(
    r"[东西南北中内外]{0,2}(?:大街|路(?![口灯面边段上])|街(?![上边面道])|桥|胡同|站|高速|立交)"
    r"|地铁|线(?!路|[杆缆])|号线|[一二三四五六七八九十0-9]{1,2}[中小](?!区|组)"
    r"|(?:人民|中心|妇幼)?(?:软件园|科技园|产业园|创业园|公园|植物园|动物园|幼儿园|游乐园|陵园|庄园|花园|家园|嘉园|佳园"
    r"|医院|卫生院|门诊|中学|小学|大学|学校|学院|大厦|商场|商城|广场|市场|超市|购物中心|饭店|宾馆|酒店|大楼"
    r"|体育馆|体育场|博物馆|图书馆|剧院|影院|机场|派出所|法院|检察院|水库|银行|支行|营业厅|电厂|热力厂|火车站|土木|光(?!明)|省)"
)
_ENDS_AS_LANDMARK = re.compile(
    r"(?:公园|医院|学校|大学|学院|市场|广场|机场|车站|工厂|电力机|科技园|软件园|产业园)$"
)
# Names that are everyday words: alone they say nothing about where.
_EVERYDAY_WORDS = (
    "新村 光明 胜利 东风 向阳 迎风 平房 曙光 安定 温泉 旧县 果园 天桥 新华 仁和 清水 城北 城南 城关 新镇 滨河 渤海 四海 宝山 古城"
    " 鼓楼 前门 空港 高岭 河北 荣华 清源 德胜 龙山 石城 永定 永顺 永宁 山东 河南 东升 和义 石门 幸福 和平 团结 友谊 新生 立新"
    " 石头 三环 四环 空间 软件 航天 化工 机场 总院 大院 进口 校内 新鲜 花园 春风 门楼 民安 内务 石槽 水文 广源 朝西 大江"
)
_EVERYDAY = frozenset(_EVERYDAY_WORDS.split())
# A name made of nothing but directions, numbers and common nouns needs its suffix.
_GENERIC = re.compile(
    r"[东西南北中上下前后新老大小一二三四五六七八九十0-9第]*"
    r"(?:区|里|街|路|院|楼|庄|村|园|条|口|门|小区|花园|家园|市场街|水厂路|车站路|飞机场|飞机|公园[东西南北]|花园[楼闸村])"
    r"(?:第?[东西南北一二三四五六七八九十]+)?区?"
    r"|[东西南北中一二三四五六七八九十]+"
)
_NUMERAL = "一二三四五六七八九十"
_TAIL = re.compile(
    rf"(?:第[{_NUMERAL}]+|[{_NUMERAL}0-9]+[区里院街条队]?|[东西南北中]{{1,2}}[区里院街苑][东西南北]?|[南北东西内外])$"
)
_NUMBERED = re.compile(rf"第?([{_NUMERAL}])(?=[区里院条队]|社区|村|$)")
_ORDINAL = re.compile(rf"第(?=[{_NUMERAL}]+)")
_HOUSING = re.compile(r"小区|社区|村|居委会|家属院|新村|地区|街道|镇|乡")
_ESTATE = re.compile(r"小区|新区|家属院|[东西南北]?里(?!面|边|的|有)|街坊")
# What stands before the name of the place one is at; elsewhere two characters may be part of another word.
_BEFORE = frozenset(
    "在住到是我家的映诉报询议问助往离近靠市于去从来和跟这说叫区县镇道，。！？、；：,.!?;: \n()（）“”\"'"
)
_ROAD_THINGS = frozenset("灯面")
_RIVAL_NAMES = 3
_RIVAL_PREFIXES = 5
_SHORTEST = 2
_SHORTEST_ALONE = 3


class _Name:
    """One spelling and everything it can mean."""

    __slots__ = ("is_village", "rivals", "sites", "stem")

    def __init__(self) -> None:
        self.sites: dict[Place, Firmness] = {}
        self.rivals: dict[Place, None] = {}
        self.stem = False
        self.is_village = False


class Gazetteer:
    """Finds the names of districts, streets, communities and special areas in folded text."""

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
        self._patterns = list(self._names)
        self._meanings = [_meaning(self._names[pattern]) for pattern in self._patterns]
        self._automaton = AhoCorasick(self._patterns)
        self._names.clear()

    def mentions(self, text: str) -> list[Mention]:
        """Return the names in `text`, which is folded, from left to right and without overlap."""
        hits = self._automaton.find_matches_as_indexes(text, overlapping=True)
        if not hits:
            return []
        spans = {(start, end) for _, start, end in hits}
        hits.sort(key=lambda hit: hit[1] - hit[2])  # the longest first
        taken: list[tuple[int, int, int]] = []
        for hit in hits:
            is_free = all(hit[2] <= start or hit[1] >= end for _, start, end in taken)
            if (
                is_free
                and is_whole_word(text, hit[1], hit[2])
                and not _takes_too_much(text, hit, spans)
            ):
                taken.append(hit)
        taken.sort(key=lambda hit: hit[1])
        return list(self._as_mentions(text, taken))

    def _as_mentions(self, text: str, hits: Sequence[tuple[int, int, int]]) -> Iterator[Mention]:
        starts = {start for index, start, _ in hits if self._meanings[index][1] >= Firmness.SHORT}
        last_end = 0
        for index, start, end in hits:
            options, firmness, rivals, stem = self._meanings[index]
            may_go_on = firmness < Firmness.FULL or text[end - 1] == "村"
            if may_go_on and end not in starts and _goes_on(text, end):
                yield Mention(start, end, (), Firmness.WORD)
                continue
            at_edge = start in (0, last_end) or text[start - 1] in _BEFORE
            if firmness == Firmness.VAGUE and _HOUSING.match(text, end):
                firmness = Firmness.SHORT
            elif firmness == Firmness.SHORT and not at_edge and _may_be_chance(start, end, options):
                firmness = Firmness.WORD
            if firmness >= Firmness.SHORT or at_edge:
                last_end = end
                yield Mention(start, end, options, firmness, rivals, stem)

    def _add_districts(self, catalogue: Catalogue) -> None:
        for district in catalogue.districts:
            place = Place(district.code)
            self._add(district.name, place, Firmness.FULL)
            self._add(district.short_name, place, Firmness.SHORT)
            pinyin = DISTRICTS.get(district.short_name)
            if pinyin:
                self._add(pinyin, place, Firmness.FULL)
                self._add(f"{pinyin} district", place, Firmness.FULL)

    def _add_streets(self, catalogue: Catalogue) -> None:
        near = _namesakes(catalogue)
        for street in catalogue.streets:
            place = self._homes[street.code]
            for name in (street.name, *street.aliases):
                bare = len(name) < 4 and not _HOUSING.search(name)  # noqa: PLR2004 - an alias like 朝阳门外 is firm
                self._add(name, place, Firmness.SHORT if bare else Firmness.FULL)
            short = fold(street.short_name)
            if short in self._district_names:
                continue
            rivals = near.get(street.code, [])
            self._add(short, place, _alone(short, is_sure=not rivals))
            for rival in rivals:
                self._names[short].rivals[self._homes[rival.street_code]] = None
            if street.short_name in STREETS:
                self._add(STREETS[street.short_name], place, Firmness.FULL)

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
            if (
                short in self._district_names
                or _GENERIC.fullmatch(short)
                or _ENDS_AS_LANDMARK.search(short)
            ):
                continue
            if short in streets:
                self._names[short].rivals[place] = None
                continue
            firmness = _alone(short, is_sure=len(short) >= _SHORTEST_ALONE)
            for name in {short, *_spoken(short)} - streets:
                if not _GENERIC.fullmatch(name):
                    self._add(name, place, firmness)

    def _add_areas(self, catalogue: Catalogue) -> None:
        for area in catalogue.special_areas:
            for name in {area.area, area.area.removesuffix("地区")}:
                meaning = self._names[fold(name)]
                meaning.sites = {self._homes[area.street_code]: Firmness.FULL}
                meaning.rivals.clear()
                meaning.stem = True

    def _add_stems(self, catalogue: Catalogue) -> None:
        """Let 芳城园 mean the streets of 芳城园一区第一社区 and its neighbours."""
        stems: defaultdict[str, dict[Place, None]] = defaultdict(dict)
        units = [(street.short_name, street.code) for street in catalogue.streets]
        units += [(one.short_name, one.street_code) for one in catalogue.communities]
        for short_name, street_code in units:
            for stem in _stems(fold(short_name)):
                stems[stem][self._homes[street_code]] = None
        for stem, homes in stems.items():
            if stem in self._names or stem in self._district_names or _GENERIC.fullmatch(stem):
                continue
            for home in homes:
                self._add(stem, home, Firmness.SHORT)
            self._names[stem].stem = True

    def _add(self, name: str, place: Place, firmness: Firmness) -> None:
        if len(name) >= _SHORTEST:
            sites = self._names[fold(name)].sites
            sites[place] = max(firmness, sites.get(place, firmness))


def _takes_too_much(text: str, hit: tuple[int, int, int], spans: set[tuple[int, int]]) -> bool:
    """海淀路灯 is a lamp in 海淀, not a lamp of 海淀路."""
    _, start, end = hit
    return (
        text[end - 1] == "路" and text[end : end + 1] in _ROAD_THINGS and (start, end - 1) in spans
    )


def _goes_on(text: str, end: int) -> bool:
    """Tell whether a name ending here is the beginning of a landmark's, a road's or an estate's."""
    if text[end - 1] == "村" and _ESTATE.match(text, end):
        return True
    return _LANDMARK.match(text, end) is not None


def _may_be_chance(start: int, end: int, options: tuple[Place, ...]) -> bool:
    """Two characters in the middle of a clause may be part of other words, unless a district's."""
    return end - start < _SHORTEST_ALONE and options[0].depth > 1


def _alone(short: str, *, is_sure: bool) -> Firmness:
    if short in _EVERYDAY:
        return Firmness.WORD
    return Firmness.SHORT if is_sure else Firmness.VAGUE


def _meaning(name: _Name) -> tuple[tuple[Place, ...], Firmness, tuple[Place, ...], bool]:
    """Let the firmest meanings be the options, all others their rivals."""
    firmness = max(name.sites.values(), default=Firmness.WORD)
    options = tuple(place for place, firm in name.sites.items() if firm == firmness)
    weaker = tuple(place for place, firm in name.sites.items() if firm != firmness)
    if weaker and firmness == Firmness.SHORT:  # 八里庄: two streets, one of them with namesakes
        options, weaker, firmness = (*options, *weaker), (), Firmness.VAGUE
    if firmness == Firmness.FULL and name.is_village:  # 田村 is a village, and short for 田村社区
        options, weaker = (*options, *weaker), ()
    rivals = tuple(place for place in (*name.rivals, *weaker) if place not in options)
    return options, firmness, rivals, name.stem


def _namesakes(catalogue: Catalogue) -> dict[str, list[Community]]:
    """Return, by street code, the communities of other districts that its short name alone may mean."""
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
        same = sum(community.short_name == street.short_name for community in others)
        if same >= _RIVAL_NAMES or len(others) >= _RIVAL_PREFIXES:
            found[street.code] = others
    return found


def _spoken(name: str) -> Iterator[str]:
    """Yield 慧忠里一社区 and 慧忠里1社区 for 慧忠里第一社区."""
    if not any(numeral in name for numeral in _NUMERAL):
        return
    plain = _ORDINAL.sub("", name)
    if plain != name:
        yield plain
    figure = _NUMBERED.sub(lambda found: str(_NUMERAL.index(found[1]) + 1), plain)
    if figure != plain:
        yield figure


def _stems(short: str) -> Iterator[str]:
    for _ in range(2):
        stem = _TAIL.sub("", short)
        if stem == short or len(stem) < _SHORTEST_ALONE:
            return
        yield stem
        yield from _spoken(stem)
        short = stem
