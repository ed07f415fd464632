"""Residents' sentences made from the catalogue: every way to name a place, with the place that is meant."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import cycle

import opencc
from pypinyin import lazy_pinyin

from dialogs.catalogue import Catalogue, Community, Street

MATTERS = (
    "的路灯坏了三天没人修",
    "暖气不热",
    "停水了",
    "有人烧垃圾",
    "楼道堆满杂物",
    "半夜施工太吵",
)
BEFORE = (
    "我住在{}，",
    "我家在{}，",
    "{}这边",
    "我是{}的居民，",
    "你好，我想反映一下，{}，",
    "{}，",
)
AFTER = ("暖气一直不热，我在{}", "停水了，地址是{}", "路灯坏了好几天，就在{}这儿", "垃圾没人收，{}")
CHATTY = (
    "喂你好是12345吗，我打了好几次都占线，是这样的，我妈一个人住在{}，她腿脚不好，这几天家里暖气摸着都是凉的",
    "嗯那个我想问一下啊，就是我们{}，晚上总有人跳广场舞，声音特别大，孩子要写作业，能不能管一管",
)
# A character of the same sound for one in a name, as speech recognition writes it.
SOUNDS_LIKE = {
    "坊": "房", "庄": "装", "苑": "院", "园": "圆", "门": "们", "营": "迎", "桥": "乔", "店": "电", "村": "存",
    "山": "衫", "河": "和", "田": "甜", "里": "理", "坝": "霸", "泉": "全", "旺": "望", "各": "个", "镇": "阵",
    "井": "景", "石": "时", "路": "陆", "沟": "勾", "城": "成", "辛": "新", "北": "被", "南": "难", "西": "息",
    "东": "冬", "永": "勇", "方": "芳", "楼": "娄", "公": "工", "口": "扣", "家": "佳", "屯": "吞", "寺": "四",
    "台": "抬", "花": "华", "堡": "宝", "道": "到", "广": "逛", "清": "青", "青": "清", "龙": "隆", "安": "按",
}  # fmt: skip
LANDMARKS = (
    "软件园门口堵车", "公园有人钓鱼", "医院挂不上号", "地铁站扶梯坏了", "东路堵车", "小学门口没有红绿灯", "大厦楼下乱停车",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and the street and community it means; `among` are all streets that its name may mean."""

    sort: str
    text: str
    street: str
    community: str = ""
    among: frozenset[str] = frozenset()


@cache
def _simplified_to_traditional() -> Callable[[str], str]:
    converter = opencc.OpenCC("s2t")
    return cache(lambda text: str(converter.convert(text)))


class Namesakes:
    """Which streets a bare name may mean, by the data alone."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.streets = {street.code: street for street in catalogue.streets}
        self.districts = {district.code: district for district in catalogue.districts}
        self._homes: defaultdict[str, set[str]] = defaultdict(set)
        for street in catalogue.streets:
            for name in (street.name, street.short_name, *street.aliases):
                self._homes[name].add(street.code)
        self._sounding: defaultdict[str, set[str]] = defaultdict(set)
        for street in catalogue.streets:
            self._sounding["".join(lazy_pinyin(street.short_name))].add(street.code)
        for community in catalogue.communities:
            for name in (community.name, community.short_name):
                self._homes[name].add(community.street_code)

    def homes(self, name: str, district: str = "") -> frozenset[str]:
        """Return the codes of all streets that `name` may mean, in one district or anywhere."""
        homes = self._homes[name]
        return frozenset(c for c in homes if not district or c.startswith(district))

    def sounding(self, short_name: str) -> frozenset[str]:
        """Return the codes of all streets whose short name sounds like this one."""
        return frozenset(self._sounding["".join(lazy_pinyin(short_name))])

    def district_of(self, street: Street) -> tuple[str, str]:
        """Return the name and the short name of its district."""
        district = self.districts[street.district_code]
        return district.name, district.short_name


def sentences(catalogue: Catalogue, step: int = 1) -> Iterator[Sentence]:
    """Yield sentences on every street and on every `step`-th community."""
    names = Namesakes(catalogue)
    for street in catalogue.streets:
        yield from _of_street(names, street)
    for community in catalogue.communities[::step]:
        yield from _of_community(names, community)


_matters, _before, _after, _chatty = map(cycle, (MATTERS, BEFORE, AFTER, CHATTY))


def _in_sentence(name: str) -> str:
    return next(_before).format(name) + next(_matters)


def _of_street(names: Namesakes, street: Street) -> Iterator[Sentence]:
    full, short = names.district_of(street)
    code, own = street.code, street.district_code

    def one(sort: str, said: str, among: str = "", district: str = "", text: str = "") -> Sentence:
        homes = names.homes(among, district) if among else frozenset({code})
        return Sentence(sort, text or _in_sentence(said), code, "", homes | {code})

    yield one("district and street", f"{full}{street.name}")
    yield one("district and street", f"北京市{full}{street.name}")
    yield one("street", street.name, street.name)
    yield one("short district and street", f"{short}{street.name}")
    yield one(
        "short district and short street", f"{short}{street.short_name}", street.short_name, own
    )
    yield one("district and short street", f"{full}{street.short_name}", street.short_name, own)
    yield one("short street", street.short_name, street.short_name)
    yield one("after the matter", "", street.name, text=next(_after).format(street.name))
    yield one(
        "short, after the matter",
        "",
        street.short_name,
        text=next(_after).format(street.short_name),
    )
    yield one("chatty", "", street.name, text=next(_chatty).format(street.name))
    yield one("short, chatty", "", street.short_name, text=next(_chatty).format(street.short_name))
    for alias in street.aliases:
        yield one("other spelling", alias, alias)
        yield one("district and other spelling", f"{short}{alias}", alias, own)
    yield one(
        "traditional", "", text=_simplified_to_traditional()(_in_sentence(full + street.name))
    )
    yield from _english(names, street)
    yield from _misheard(names, street)
    if len(street.short_name) > 2 and street.short_name != street.name:
        for landmark in LANDMARKS[:3]:
            yield Sentence("landmark", street.short_name + landmark, "", "", frozenset({code}))


def _english(names: Namesakes, street: Street) -> Iterator[Sentence]:
    syllables = lazy_pinyin(street.short_name)
    joined = "".join(syllables).capitalize()
    district = "".join(lazy_pinyin(names.district_of(street)[1])).capitalize()
    sounding = names.sounding(street.short_name)
    sort = "Town" if street.name.endswith(("镇", "乡", "地区")) else "Subdistrict"
    yield Sentence(
        "English", f"The heating is cold in {joined} {sort}, please help", street.code, "", sounding
    )
    yield Sentence(
        "English", f"No water since yesterday at {' '.join(syllables)}", street.code, "", sounding
    )
    yield Sentence(
        "English with district",
        f"Street light broken, {joined} Subdistrict, {district} District",
        street.code, "", frozenset({street.code}),
    )  # fmt: skip
    if street.short_name.endswith("路"):
        road = "".join(syllables[:-1]).capitalize()
        yield Sentence(
            "English road", f"noise at {road} Road subdistrict", street.code, "", sounding
        )


def _misheard(names: Namesakes, street: Street) -> Iterator[Sentence]:
    short = street.short_name
    at = next((n for n, character in enumerate(short) if character in SOUNDS_LIKE), None)
    if at is None:
        return
    wrong = short[:at] + SOUNDS_LIKE[short[at]] + short[at + 1 :]
    if names.homes(wrong):
        return
    sounding = names.sounding(short)
    suffix = street.name.removeprefix(short)
    sort = "misheard" if len(short) > 2 else "misheard, two characters"
    yield Sentence(sort, _in_sentence(wrong + suffix), street.code, "", sounding)
    yield Sentence(f"{sort}, bare", _in_sentence(wrong), street.code, "", sounding)
    if len(short) > 2:
        for matter in ("电梯坏了", "有人私搭乱建", "施工扰民"):
            yield Sentence(f"{sort}, at the beginning", wrong + matter, street.code, "", sounding)
    yield Sentence(f"{sort}, at the end", f"停水两天了，在{wrong}", street.code, "", sounding)
    full = names.district_of(street)[0]
    yield Sentence(
        f"{sort}, with district", f"{full}{wrong}" + next(_matters), street.code, "", sounding
    )


def _of_community(names: Namesakes, community: Community) -> Iterator[Sentence]:
    street = names.streets[community.street_code]
    full, short = names.district_of(street)
    name, code = community.name, community.code

    def one(sort: str, said: str, among: str = "", district: str = "", text: str = "") -> Sentence:
        homes = names.homes(among, district) if among else frozenset()
        return Sentence(sort, text or _in_sentence(said), street.code, code, homes | {street.code})

    yield one("street and community", f"{full}{street.name}{name}")
    yield one("short street and community", f"{street.short_name}{name}")
    yield one("district and community", f"{short}{name}", name, street.district_code)
    yield one("community", name, name)
    yield one("community, after the matter", "", name, text=next(_after).format(name))
    yield one("community, chatty", "", name, text=next(_chatty).format(name))
    yield one(
        "community, traditional", "", name, text=_simplified_to_traditional()(_in_sentence(name))
    )
    if community.short_name != name and len(community.short_name) > 2:
        core = community.short_name
        yield one("short community", core, core)
        yield one("short community and 小区", f"{core}小区", core)
        yield one("district and short community", f"{short}{core}", core, street.district_code)
