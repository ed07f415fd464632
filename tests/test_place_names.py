"""Former names, zones and other spellings are known; roads, gates and landmarks are kept apart from streets."""

from functools import cache

import pytest

from dialogs.understanding.places import Places
from dialogs.understanding.text import fold
from tests.catalogue import beijing, told


@cache
def places() -> Places:
    return Places(beijing())


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("经济技术开发区噪音", "大兴区 北京经济技术开发区"),
        ("亦庄开发区停水", "大兴区 北京经济技术开发区"),
        ("亦庄镇停水", "大兴区 亦庄地区"),
        ("大兴机场打车难", "大兴区 大兴国际机场"),
        ("首都国际机场黑车", "朝阳区 首都机场街道"),
        ("宣武区牛街停水", "西城区 牛街街道"),
        ("崇文停水", "东城区"),
        ("宣武门路口堵", "西城区"),
        ("密云县停水", "密云区"),
        ("通县宋庄停水", "通州区 宋庄镇"),
        ("长辛店镇垃圾", "丰台区 北宫镇"),
        ("方庄地区停水", "丰台区 方庄街道"),
        ("望京地区停水", "朝阳区 望京街道"),
        ("田村街道停水", "海淀区 田村路街道"),
        ("广外停水", "西城区 广安门外街道"),
        ("北新桥街道办不作为", "东城区 北新桥街道"),
        ("我住在德胜，停水了", "西城区 德胜街道"),
        ("永定冯村这边路灯坏了", "门头沟区 永定地区 冯村"),
        ("我是王村的居民，暖气不热", "门头沟区 永定地区 王村"),
        ("中关村小区里丢了车", "海淀区 中关村街道"),
        ("天通苑西三区12号楼停水", "昌平区 天通苑北街道 天通西苑第三社区"),
        ("昨晚良乡停水", "房山区 良乡地区"),
        ("回龙观龙腾苑三区停水", "昌平区 龙泽园街道 龙腾苑三区社区"),
        ("丰台镇国寺停水", "丰台区 马家堡街道 镇国寺社区"),
        ("北京市/海淀区/田村路街道/5号楼", "海淀区 田村路街道"),
        ("海淀镇六郎庄村拆迁补偿款没到位", "海淀区 万柳地区"),  # another 六郎庄村 lies in 通州
        ("海淀学院路早高峰堵", "海淀区 学院路街道"),
        ("学院路29号院停水", "海淀区 学院路街道"),
        (
            "单位说要找医保中心，医保中心电话打不通，材料怎么交，我们是大兴区兴丰街道的",
            "大兴区 兴丰街道",
        ),
    ],
)
def test_a_name_is_known_however_it_was_called(text: str, where: str) -> None:
    assert told(text) == (where, [])


@pytest.mark.parametrize(
    ("text", "among"),
    [
        ("学院路早高峰堵得走不动", ["海淀区 学院路街道"]),
        ("我在亦庄，停电了", ["大兴区 亦庄地区", "大兴区 北京经济技术开发区"]),
        ("北京西站黑车多", ["丰台区 太平桥街道", "海淀区 羊坊店街道"]),
        ("天安门地区有人发传单", ["东城区 东华门街道", "西城区 西长安街街道"]),
        ("昌平镇路灯坏了", ["昌平区 城北街道", "昌平区 城南街道"]),
        ("潘家园停水", ["朝阳区 潘家园街道", "怀柔区 泉河街道"]),
        ("海淀路堵车", ["海淀区 海淀街道 海淀路社区"]),
        ("朝阳区青年路停车乱", ["朝阳区 平房地区 青年路社区"]),
        ("平房这边停水", ["朝阳区 平房地区"]),
        ("六里屯小区停水", ["朝阳区 六里屯街道", "朝阳区 东风地区 六里屯村", "海淀区 西北旺地区"]),
        ("顺义区后沙峪镇裕祥花园停水", ["顺义区 后沙峪地区", "顺义区 空港街道 裕祥花园社区"]),
    ],
)
def test_what_may_be_several_or_may_be_a_road_is_asked_about(text: str, among: list[str]) -> None:
    assert set(among) <= set(told(text)[1])


@pytest.mark.parametrize(
    "text",
    [
        "亦庄线太挤",
        "宣武医院看病难",
        "酒仙桥路4号停电",
        "望京东路堵车",
        "东直门外斜街停水",
        "安贞门这边停水",
        "南苑机场停水",
        "良乡大学城公交少",
        "苹果园交通枢纽混乱",
        "西红门一小门口堵车",
        "雍和宫里烧香的太多",
        "有个大台阶坏了",
        "路上双井盖坏了",
        "北房间漏水",
        "面朝阳台漏水",
        "我住在河北，在这里打工",
    ],
)
def test_what_only_carries_a_name_is_no_street(text: str) -> None:
    assert told(text) == ("", [])


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("安贞西里四区12号楼停电", "四区12号楼"),
        ("北京市/海淀区/田村路街道/5号楼", "5号楼"),
        ("Heating is off at Building 5, Unit 3, Yongding Road Subdistrict", "Building 5, Unit 3"),
    ],
)
def test_the_building_is_kept_as_it_was_written(text: str, detail: str) -> None:
    folded = fold(text)
    start, end = places().read(folded).detail(folded, len(text))
    assert text[start:end] == detail


@pytest.mark.parametrize(
    ("known", "said", "detail"),
    [
        ("田村路街道5号楼", "不是5号楼，是6号楼2单元", "6号楼2单元"),
        ("田村路街道5号楼", "3单元201", "5号楼3单元201"),
        ("田村路街道", "6号楼", "6号楼"),
    ],
)
def test_a_building_that_was_wrong_is_put_right(known: str, said: str, detail: str) -> None:
    before = places().answer(known, fold(known), None, ()).place
    assert places().answer(said, fold(said), before, ()).place.detail == detail


def test_the_rest_of_a_name_is_read_with_what_was_asked_about() -> None:
    asked = places().answer("天通苑", fold("天通苑"), None, ())
    within = tuple(
        type(place)(place.district, place.street, detail=asked.place.detail)
        for place in asked.candidates
    )
    chosen = places().answer("东三区3号楼", fold("东三区3号楼"), asked.place, within)
    assert places().label(chosen.place) == "昌平区 天通苑北街道"
    assert chosen.place.detail == "天通苑东三区3号楼"
    street = places().answer("望京", fold("望京"), None, ()).place
    deeper = places().answer("西园三区", fold("西园三区"), street, ()).place
    assert places().label(deeper) == "朝阳区 望京街道 望京西园三区社区"


def test_a_village_is_heard_before_what_happens_in_it() -> None:
    villages = places().read(fold("太平庄村里旱厕臭得不行")).found.candidates
    assert len(villages) == 8
    assert told("太平庄村北里停水")[1] == []
