"""Several matters told in one message are parted; one matter told at length stays one."""

import pytest

from tests.catalogue import reader


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("路灯不亮，还有垃圾没人清", ("路灯不亮", "垃圾没人清")),
        ("路燈不亮，還有垃圾沒人清", ("路燈不亮", "垃圾沒人清")),
        (
            "1、电梯坏了三天 2、楼道堆满杂物 3、物业费乱涨",
            ("电梯坏了三天", "楼道堆满杂物", "物业费乱涨"),
        ),
        ("一是路灯不亮，二是垃圾没人清", ("路灯不亮", "垃圾没人清")),
        ("①广场舞太吵②共享单车乱停", ("广场舞太吵", "共享单车乱停")),
        ("暖气不热，电梯也坏了", ("暖气不热", "电梯也坏了")),
        ("老板欠我工资，另外社保也没给交", ("老板欠我工资", "社保也没给交")),
        ("下水道堵了三天，顺便问一下医保怎么报销", ("下水道堵了三天", "医保怎么报销")),
        (
            "The street light is broken, also the garbage is not collected",
            ("The street light is broken", "the garbage is not collected"),
        ),
    ],
)
def test_matters_of_different_topics_are_parted(text: str, parts: tuple[str, ...]) -> None:
    assert reader().understand(text).parts == parts


def test_the_place_of_the_first_is_put_before_the_others() -> None:
    parts = reader().understand("海淀区田村路街道路灯不亮，还有垃圾没人清").parts
    assert parts == ("海淀区田村路街道路灯不亮", "海淀区田村路街道垃圾没人清")


def test_each_keeps_the_place_it_names_itself() -> None:
    parts = reader().understand("海淀区田村路街道路灯不亮，还有大兴区黄村镇垃圾没人清").parts
    assert parts == ("海淀区田村路街道路灯不亮", "大兴区黄村镇垃圾没人清")


@pytest.mark.parametrize(
    "text",
    [
        "暖气不热，物业不管",
        "电梯坏了，老人下不了楼，希望快点修",
        "停水了，给自来水公司打了三次电话都没人接",
        "楼上漏水，把我家墙皮都泡掉了",
        "垃圾桶满了，臭味很大，苍蝇乱飞",
        "公交车太少，等车半小时",
        "停水了，还有多久来水",
        "电梯坏了，里面还有人",
        "小区没有路灯，还没有垃圾桶",
        "停车费从5.5元涨到10.5元",
        "感谢社区，暖气修好了，路灯也亮了",
        "理发店老板跑路了，电话也打不通",
        "",
    ],
)
def test_one_matter_stays_one(text: str) -> None:
    assert reader().understand(text).parts == ()
