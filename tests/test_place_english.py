"""English speakers write names in pinyin, joined or not, and translate their ends."""

import pytest

from tests.catalogue import told


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("no heating in Haidian District", "海淀区"),
        ("noise near Sanlitun", "朝阳区 三里屯街道"),
        ("no water at Yongdinglu", "海淀区 永定路街道"),
        ("no water at Yongding Lu", "海淀区 永定路街道"),
        ("No water at YONG DING ROAD", "海淀区 永定路街道"),
        ("Tiancun Road subdistrict, street light broken", "海淀区 田村路街道"),
        ("Building 5, Tiancun road, Haidian", "海淀区 田村路街道"),
        ("garbage near Tiantongyuan North Subdistrict", "昌平区 天通苑北街道"),
        ("the lift in Fangzhuang is broken", "丰台区 方庄街道"),
        ("I live in Balizhuang, Chaoyang district", "朝阳区 八里庄街道"),
        ("Da'an Shan township has no bus", "房山区 大安山乡"),
        ("Huangcun Town, Daxing", "大兴区 黄村地区"),
        ("trash in Dayu subdistrict", "门头沟区 大峪街道"),
        ("power cut in Changxindian", "丰台区 长辛店街道"),
        ("taxi queue at Daxing Airport", "大兴区 大兴国际机场"),
        ("我住在Wangjing，停水了", "朝阳区 望京街道"),
    ],
)
def test_a_name_in_pinyin_is_understood(text: str, where: str) -> None:
    assert told(text) == (where, [])


@pytest.mark.parametrize(
    "text",
    [
        "dogs off leash in Chaoyang Park",
        "the queue at Chaoyang Hospital is endless",
        "escalator broken at Wangjing station",
        "no buses on Wangjing East Road",
        "Peking University canteen",
        "the manager is dating my neighbour and he is hanging around",
        "Shanghai is better",
    ],
)
def test_a_landmark_or_another_word_is_no_street(text: str) -> None:
    assert told(text) == ("", [])


@pytest.mark.parametrize(
    ("text", "among"),
    [
        ("no water in Balizhuang", {"朝阳区 八里庄街道", "海淀区 八里庄街道"}),
        ("lamps out in Tiantongyuan subdistrict", set()),
        ("streetlight out in Yizhuang", {"大兴区 亦庄地区"}),
        ("noise on Wangjing Street", {"朝阳区 望京街道"}),
    ],
)
def test_an_ambiguous_spelling_is_asked_about(text: str, among: set[str]) -> None:
    place, choices = told(text)
    assert "街道" not in place
    assert among <= set(choices)
