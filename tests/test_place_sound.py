"""A name that was misheard is offered, never taken, and only where a place is told."""

import pytest

from tests.catalogue import reader, told


@pytest.mark.parametrize(
    ("text", "known", "guess"),
    [
        ("海淀区羊房店街道暖气不热", "海淀区", "海淀区 羊坊店街道"),
        ("羊房店停水了", "", "海淀区 羊坊店街道"),
        ("丰台长辛甸马路上一个大坑", "丰台区", "丰台区 长辛店街道"),
        ("回笼观小区垃圾桶满了没人收", "", "昌平区 回龙观街道"),
        ("我住在旺京，暖气不热", "", "朝阳区 望京街道"),
        ("通州宋装镇垃圾没人收", "通州区", "通州区 宋庄镇"),
        ("怀柔燕栖镇路灯坏了", "怀柔区", "怀柔区 雁栖地区"),
        ("太平乔街道这边停水了", "", "丰台区 太平桥街道"),
        ("白纸房街道，暖气不热", "", "西城区 白纸坊街道"),
        ("石景山苹果圆红绿灯坏了", "石景山区", "石景山区 苹果园街道"),
        ("我家在方装，停水了", "", "丰台区 方庄街道"),
        ("南莫房乡停水了", "", "朝阳区 南磨房地区"),
        # at the beginning, with the matter right behind
        ("羊房店暖器不热", "", "海淀区 羊坊店街道"),
        ("甘加口的电体坏了好几天", "", "海淀区 甘家口街道"),
        ("三里吞酒吧太吵", "", "朝阳区 三里屯街道"),
        ("西红们脱欠工资，三个月没发", "", "大兴区 西红门地区"),
        ("白纸方有人私达乱建", "", "西城区 白纸坊街道"),
        ("望经电梯坏了", "", "朝阳区 望京街道"),
        # at the end, and in the middle
        ("没气泄漏了，我头疼得厉害，在望经", "", "朝阳区 望京街道"),
        ("昨天停水了，我家双景", "", "朝阳区 双井街道"),
        ("我想反映一下白纸房路灯不亮", "", "西城区 白纸坊街道"),
        ("嗯那个望经那边停水了", "", "朝阳区 望京街道"),
        ("朝阳的望经暖气不热", "朝阳区", "朝阳区 望京街道"),
        ("东城区崇文们外有人烧垃圾", "东城区", "东城区 崇文门外街道"),
        # with its suffix
        ("通州郭县镇养老院收费问题", "通州区", "通州区 漷县镇"),
        ("雁西镇民俗户乱收费", "", "怀柔区 雁栖地区"),
        ("密云太师囤镇路面有大坑", "密云区", "密云区 太师屯镇"),
        ("叭宝山街道路面有大坑", "", "石景山区 八宝山街道"),
        # nearly so, where the district or the suffix leaves few
        ("海淀甘夹狗垃圾没人收", "海淀区", "海淀区 甘家口街道"),
        ("密云太斯吞镇停水", "密云区", "密云区 太师屯镇"),
        ("延庆四害镇停水", "延庆区", "延庆区 四海镇"),
        # a character with another reading
        ("长家湾镇停水了", "", "通州区 张家湾镇"),
    ],
)
def test_a_misheard_name_is_offered(text: str, known: str, guess: str) -> None:
    assert told(text) == (known, [guess])


@pytest.mark.parametrize(
    "text",
    [
        "国家电网的电表不准",
        "今天早上停水了，一直没来",
        "幸福里小区停水",
        "物业不管，楼道里全是杂物",
        "想问一下新生儿落户要什么材料",
        "中关村软件园班车太少",
        "你好，我要投诉",
        "老板拖欠工资不给",
        "屋里电暖气坏了",
        "精装修质量太差",
        "进站排了半小时队",
        "广场音响声音太大",
        "老人装电梯的事",
        "昨天公园里有人打架",
        "我们镇上没有公交",
        "我们小区的树该剪了",
        "请问街道办事处几点上班",
        "社区医院拒诊",
        "燃气灶漏气关不上，嘶嘶响，怎么办",
        "从小孩子就在这里上学",
        "延期交房怎么办",
    ],
)
def test_what_only_happens_to_sound_like_a_name_is_no_place(text: str) -> None:
    assert told(text) == ("", [])


def test_what_its_characters_say_goes_before_what_it_sounds_like() -> None:
    assert told("我家在辛庄，停水了")[1][0] == "朝阳区 东风地区 辛庄村"
    assert told("朝阳区望京街道停水") == ("朝阳区 望京街道", [])


def test_a_name_its_characters_say_keeps_what_only_sounds_like_the_next_word() -> None:
    assert told("大兴装修噪音太大") == ("大兴区", [])
    assert "平谷区 大兴庄镇" in told("大兴装那边停水了")[1]
    assert told("永乐电梯坏了")[1][0] != "通州区 永乐店镇"


def test_with_the_district_told_its_own_names_are_heard_first() -> None:
    assert told("通州区永顺真停水") == ("通州区 永顺镇", [])
    assert told("门头沟用定路边全是垃圾") == ("门头沟区", ["门头沟区 永定地区"])
    assert told("海淀用定路停水") == ("海淀区", ["海淀区 永定路街道"])


def test_the_building_stays_in_the_address_without_the_misheard_name() -> None:
    place = reader().understand("海淀区羊房店街道3号楼暖气不热").place.place
    assert place.detail == "3号楼"


def test_what_was_offered_is_taken_when_its_district_is_confirmed() -> None:
    asked = reader().place("羊房店")
    assert reader().candidates_label(asked.candidates[0]) == "海淀区 羊坊店街道"
    assert reader().place("海淀的", within=asked.candidates).place.street == "110108003"
