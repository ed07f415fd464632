"""Places are understood as residents name them, and never guessed in silence."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogs.understanding.place import Place, PlaceFound
from dialogs.words import Language
from tests.catalogue import beijing, reader


def label(found: PlaceFound) -> str:
    return reader().candidates_label(found.place)


def choices(found: PlaceFound) -> list[str]:
    return [reader().candidates_label(place) for place in found.candidates]


def named(name: str) -> Place:
    """Return the place whose label is `name`."""
    found = reader().place(name)
    assert label(found) == name
    return found.place


@pytest.mark.parametrize(
    ("text", "where", "detail"),
    [
        (
            "海淀区田村路街道阜石路第一社区5号楼暖气不热",
            "海淀区 田村路街道 阜石路第一社区",
            "5号楼",
        ),
        ("豐臺方莊芳城園一區电梯坏了两天了，老人下不了楼", "丰台区 方庄街道", "芳城園一區"),
        ("朝阳区望京西园三区302楼下水道堵了", "朝阳区 望京街道 望京西园三区社区", "302楼"),
        ("北京市海淀区上地街道暖气不热", "海淀区 上地街道", ""),
        ("我在望京，停水了", "朝阳区 望京街道", ""),
        ("投诉望京物业", "朝阳区 望京街道", ""),
        ("朝阳八里庄停水", "朝阳区 八里庄街道", ""),
        ("海淀的八里庄停水", "海淀区 八里庄街道", ""),
        ("大兴区黄村镇焚烧垃圾", "大兴区 黄村地区", ""),
        ("大兴黄村地区焚烧垃圾", "大兴区 黄村地区", ""),
        ("朝阳区常营回族乡路灯不亮", "朝阳区 常营地区", ""),
        ("常营乡路灯不亮", "朝阳区 常营地区", ""),
        ("平谷镇垃圾没人清", "平谷区 渔阳地区", ""),
        ("朝阳门外噪音", "朝阳区 朝外街道", ""),
        ("丰台街道垃圾", "丰台区 丰台街道", ""),
        ("海淀街道垃圾", "海淀区 海淀街道", ""),
        ("海淀黄庄停水", "海淀区 中关村街道 黄庄社区", ""),
        ("怀柔桥梓停水", "怀柔区 桥梓镇", ""),
        ("山东庄镇垃圾", "平谷区 山东庄镇", ""),
        ("房山河北镇山上着火", "房山区 河北镇", ""),
        ("慧忠里1社区停水", "朝阳区 大屯街道 慧忠里第一社区", ""),
        ("慧忠里一社区停水", "朝阳区 大屯街道 慧忠里第一社区", ""),
        ("王府井有人发小广告", "东城区 东华门街道", "王府井"),
        ("天坛公园里垃圾多", "东城区 天坛街道", "天坛公园"),
        ("密云区古北口镇停电", "密云区 古北口镇", ""),
        ("海淀路灯不亮", "海淀区", ""),
        ("朝阳区停水", "朝阳区", ""),
        ("顺义停水", "顺义区", ""),
        ("永定路28号停水", "海淀区 永定路街道", "永定路28号"),
        ("朝阳区平房乡停水", "朝阳区 平房地区", ""),
        ("no heating in Haidian District", "海淀区", ""),
        ("noise near Sanlitun", "朝阳区 三里屯街道", ""),
        ("不是田村路，是永定路", "海淀区 永定路街道", ""),
    ],
)
def test_a_named_place_is_understood(text: str, where: str, detail: str) -> None:
    found = reader().understand(text).place
    assert (label(found), found.place.detail, choices(found)) == (where, detail, [])


@pytest.mark.parametrize(
    "text",
    [
        "朝阳公园有人跳广场舞",
        "中关村软件园班车太少",
        "宣武医院看病难",
        "朝阳医院挂号难",
        "回龙观东大街堵车",
        "望京地铁站扶梯坏了",
        "海淀医院看病贵",
        "我家平房漏雨",
        "我是河北人，孩子上学怎么办",
        "山东老家的社保怎么转",
        "面朝阳光的房子漏水",
        "昌平线太挤",
        "幸福里小区停水",
        "新生入学",
        "阳光都被新建的楼挡住了",
        "绿地被人圈起来了",
        "德胜门公交站站牌看不清",
        "",
    ],
)
def test_a_landmark_a_road_or_an_everyday_word_is_no_street(text: str) -> None:
    found = reader().understand(text).place
    assert (label(found), choices(found)) == ("", [])


@pytest.mark.parametrize(
    ("text", "known", "among"),
    [
        ("八里庄停水", "", ["朝阳区 八里庄街道", "海淀区 八里庄街道"]),
        ("东风街道停水", "", ["朝阳区 东风地区", "房山区 东风街道"]),
        ("天通苑停电", "昌平区", ["昌平区 天通苑北街道", "昌平区 天通苑南街道"]),
        ("北苑停水", "", ["朝阳区 来广营地区", "通州区 北苑街道"]),
        ("朝阳区方庄停水", "", ["朝阳区", "丰台区 方庄街道"]),
        ("从海淀到朝阳的公交", "", ["朝阳区", "海淀区"]),
    ],
)
def test_an_ambiguous_name_is_asked_about(text: str, known: str, among: list[str]) -> None:
    found = reader().understand(text).place
    assert label(found) == known
    assert choices(found) == among


def test_a_village_name_with_many_homes_offers_them_all() -> None:
    assert len(reader().understand("辛庄路灯不亮").place.candidates) > 4


def test_the_answer_chooses_among_the_candidates() -> None:
    asked = reader().place("八里庄")
    chosen = reader().place("朝阳的", within=asked.candidates)
    assert (label(chosen), choices(chosen)) == ("朝阳区 八里庄街道", [])


@pytest.mark.parametrize(
    ("known", "said", "where", "detail"),
    [
        ("海淀区", "田村路", "海淀区 田村路街道", ""),
        ("海淀区", "八里庄", "海淀区 八里庄街道", ""),
        ("丰台区", "方庄", "丰台区 方庄街道", ""),
        ("海淀区 田村路街道", "阜石路第一社区", "海淀区 田村路街道 阜石路第一社区", ""),
        ("海淀区 田村路街道", "5号楼3单元", "海淀区 田村路街道", "5号楼3单元"),
        ("海淀区 田村路街道", "海淀区", "海淀区 田村路街道", ""),
        ("海淀区 田村路街道", "不知道", "海淀区 田村路街道", ""),
        ("海淀区 田村路街道", "不是田村路，是永定路", "海淀区 永定路街道", ""),
        ("海淀区 田村路街道", "不是田村路", "海淀区", ""),
        ("海淀区", "不对，是朝阳区", "朝阳区", ""),
        ("海淀区", "光明", "海淀区", ""),
        ("东城区", "前门", "东城区 前门街道", ""),
        ("朝阳区", "幸福村小区3号楼", "朝阳区", "幸福村小区3号楼"),
    ],
)
def test_what_is_said_later_joins_what_was_said_before(
    known: str, said: str, where: str, detail: str
) -> None:
    found = reader().place(said, named(known))
    assert (label(found), found.place.detail, choices(found)) == (where, detail, [])


def test_a_door_joins_the_building_and_a_new_place_drops_it() -> None:
    known = Place("110108", "110108021", detail="5号楼")
    assert reader().place("3单元201", known).place.detail == "5号楼3单元201"
    assert reader().place("不对，是朝阳区望京街道", known).place.detail == ""


@pytest.mark.parametrize(
    ("said", "where"),
    [
        ("平房", "朝阳区 平房地区"),
        ("我在前门", "东城区 前门街道"),
        ("就在望京这边", "朝阳区 望京街道"),
        ("银闸", "东城区 东华门街道 银闸社区"),
    ],
)
def test_asked_where_a_bare_name_is_enough(said: str, where: str) -> None:
    assert label(reader().place(said)) == where


def test_every_street_and_community_is_found_by_its_full_name() -> None:
    for street in beijing().streets:
        district = reader().district(street.district_code)
        assert district
        found = reader().understand(f"{district.name}{street.name}停水了").place
        assert (found.place.street, found.candidates) == (street.code, ())
    for community in beijing().communities[::7]:
        home = reader().street(community.street_code)
        assert home
        district = reader().district(home.district_code)
        assert district
        found = reader().understand(f"{district.name}{home.name}{community.name}停水了").place
        assert found.place.street == home.code
        assert found.place.community in (community.code, "")


def test_a_place_is_written_out_in_both_languages() -> None:
    place = reader().understand("海淀区田村路街道阜石路第一社区5号楼暖气不热").place.place
    assert reader().full_name(place, Language.CHINESE) == "海淀区田村路街道阜石路第一社区5号楼"
    assert (
        reader().full_name(place, Language.ENGLISH)
        == "Haidian District, 田村路街道, 阜石路第一社区, 5号楼"
    )


def test_a_district_knows_its_streets() -> None:
    assert "田村路街道" in {street.name for street in reader().streets_of("110108")}
    assert len(reader().districts) == 16


@settings(deadline=None)  # the first text with letters makes the English names
@given(st.text(), st.sampled_from([Place(), Place("110108"), Place("110105", "110105026")]))
def test_no_answer_is_too_strange(text: str, known: Place) -> None:
    found = reader().place(text, known, within=(Place("110105"), Place("110106")))
    assert found.place not in found.candidates


NAMES = [street.short_name for street in beijing().streets[::5]] + [
    "朝阳",
    "海淀区",
    "不是",
    "5号楼",
    "，",
    "路",
]


@given(st.lists(st.sampled_from(NAMES), max_size=6).map("".join))
def test_no_jumble_of_names_is_too_strange(text: str) -> None:
    found = reader().understand(text).place
    assert len(set(found.candidates)) == len(found.candidates)
    assert all(found.place.holds(place) or found.place.detail for place in found.candidates)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("西城牛街，哦不对，是白纸坊街道，下水道堵了", "西城区 白纸坊街道"),
        ("在古城街道，不对不对，是老山街道，有人躺在路上", "石景山区 老山街道"),
        ("望京这边，说错了，是酒仙桥，停水", "朝阳区 酒仙桥街道"),
        ("牛街，不对，是路灯坏了", "西城区 牛街街道"),  # it is the matter that is put right
    ],
)
def test_a_name_that_is_taken_back_in_the_same_breath_is_none(text: str, where: str) -> None:
    assert label(reader().understand(text).place) == where
