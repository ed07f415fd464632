"""Of several places in one message the one that the matter is about is taken; where that is open, it is asked."""

import pytest

from tests.catalogue import told


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("我住回龙观，在望京上班，公司楼下天天有人施工", "朝阳区 望京街道"),
        ("我住在望京，在回龙观上班，家里暖气不热", "朝阳区 望京街道"),
        ("我是海淀的居民，在朝阳区三里屯酒吧街被宰了", "朝阳区 三里屯街道"),
        ("我住石景山八角，孩子在海淀上学，学校门口没有红绿灯", "海淀区"),
        ("原来住西城牛街，现在搬到大兴黄村了，黄村这边垃圾没人收", "大兴区 黄村地区"),
        ("以前住西城，现在住昌平沙河，暖气不热", "昌平区 沙河地区"),
        ("人在海淀，家在大兴旧宫，旧宫那边楼道灯坏了", "大兴区 旧宫地区"),
        ("我住大兴黄村，单位在亦庄开发区，单位食堂卫生差", "大兴区 北京经济技术开发区"),
        ("我家住海淀，海淀上地这边停水了", "海淀区 上地街道"),
        ("我住回龙观，单位在国贸，家里楼上漏水", "昌平区 回龙观街道"),
        ("我住望京，在工地打工，公司不给工资", "朝阳区 望京街道"),
        ("我住回龙观，单位在国贸，公司楼下天天施工", ""),
        ("我住望京，在国贸上班，公司楼下天天施工", ""),  # which the data does not know
    ],
)
def test_the_place_of_the_matter_is_taken(text: str, where: str) -> None:
    assert told(text) == (where, [])


@pytest.mark.parametrize(
    ("text", "among"),
    [
        ("我妈住丰台方庄，我住海淀上地，我妈家暖气不热", ["丰台区 方庄街道", "海淀区 上地街道"]),
        ("望京和酒仙桥交界的那条路没路灯", ["朝阳区 酒仙桥街道", "朝阳区 望京街道"]),
        ("大兴区和丰台区交界处有人倾倒垃圾", ["丰台区", "大兴区"]),
        ("我在东城区建国门上班，住在通州，地铁太挤", ["东城区 建国门街道", "通州区"]),
    ],
)
def test_where_it_stays_open_it_is_asked(text: str, among: list[str]) -> None:
    assert told(text)[1] == among
