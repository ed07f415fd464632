"""Danger is heard in words that nobody wrote down before: by who and what befalls them, by sound, by letters."""

from pathlib import Path

import pytest

from dialogs.understanding.danger_letters import is_danger, telling
from dialogs.understanding.danger_sounds import put_dangers_right
from dialogs.understanding.dangers import Danger
from dialogs.understanding.emergency import Dangers
from dialogs.understanding.nearness import Nearness
from dialogs.understanding.reader import Reader
from dialogs.understanding.text import fold
from dialogs.understanding.unreal import Unreal
from tests.catalogue import beijing

DANGERS = Dangers()
READER = Reader(beijing())
LISTS = Path(__file__).parent / "corpus" / "dangers"


def listed(name: str) -> list[str]:
    return [line for line in (LISTS / name).read_text(encoding="utf-8").splitlines() if line]


def test_nearly_all_that_was_written_in_danger_is_heard_and_little_else() -> None:
    dangers, others = listed("emergencies.txt"), listed("near_misses.txt")
    unheard = [text for text in dangers if not READER.understand(text).emergency]
    false = [text for text in others if READER.understand(text).emergency]
    assert len(dangers) >= 700
    assert len(others) >= 700
    assert len(unheard) <= 0.02 * len(dangers), unheard
    assert len(false) <= 0.02 * len(others), false


@pytest.mark.parametrize(
    "text",
    [
        "着了！",
        "烟越来越大了，我们用湿毛巾捂着嘴",
        "阀门冻裂了，气往外呲，快派人来关总闸",
        "洗澡的时候热水器倒烟，我媳妇晕在卫生间了",
        "积水里有电，师傅麻了一下就倒了",
        "游泳池有个孩子沉底了，救生员不在",
        "车熄火在桥底下了，水都到车窗了",
        "舞台垮了，演员和观众摔了一地",
        "工友让传送带把胳膊带进去了",
        "老人摔到施工的深沟里，爬不上来",
        "电梯门打不开，里面有人在拍门喊",
        "三岁孩子反锁在家里，灶上还炖着汤",
        "娃把一瓶降压药当糖吃了",
        "小朋友惊厥了，嘴唇青紫，怎么弄啊",
        "爷爷坐着坐着就歪一边去了，嘴斜眼歪",
        "割草机割到腿了，血喷出来止不住",
        "食堂吃完饭二十多个人上吐下泻",
        "外面零下十五度，有个老人穿着睡衣坐在路边，冻得不会动了",
        "藏獒挣脱链子，正撕一个老太太",
        "我要生了，家里没人，下不了楼",
        "有小偷在我屋里，我藏在衣柜里",
        "他掐着我脖子，说要弄死我",
        "有人把我关在屋里，不让我走，说不给钱就剁手",
        "我想解脱，药都准备好了",
        "这辈子就这样了，我现在就从这跳下去",
        "公交车冲进人群了",
        "氨气泄漏，冷库里有人没跑出来",
        "锅炉压力表打到头了，压不下来",
        "工地挖出来个炮弹，工人在拿锤子敲",
        "旗杆倒了砸了一个保安的头",
        "車禍，機車騎士倒在地上沒反應",
        "The boiler is about to blow",
        "My waters broke and the baby is coming, we're in a taxi",
        "There's a suspicious bag ticking in the station",
        "A worker fell down the elevator shaft",
    ],
)
def test_who_and_what_befalls_them_are_enough(text: str) -> None:
    assert READER.understand(text).emergency


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("触电了怎么急救，社区有培训吗", Unreal.ASKED),
        ("希望在山区装信号塔，驴友被困能打电话", Unreal.PROPOSED),
        ("谢谢民警救了跳河的姑娘", Unreal.PRAISED),
        ("拍爆炸戏没通知居民", Unreal.STAGED),
        ("路边大树断了砸着人行道，没伤着人，快清走吧", Unreal.SPARED),
        ("电梯老卡着不走，困人好几回", Unreal.PAST),
        ("有人站在窗台上擦玻璃", Unreal.THING),
        ("气球卡在树上", Unreal.THING),
        ("电梯坏了三天，十八楼的老太太下不来", Unreal.STRANDED),
        ("The ceiling might collapse, can somebody inspect it", Unreal.FEARED),
    ],
)
def test_what_the_whole_message_is_takes_danger_back(text: str, why: Unreal) -> None:
    alarm = DANGERS.read(fold(text))
    assert alarm.danger is None
    assert why in {one.unreal for one in alarm.readings}


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("家里着货了快来", "家里着火了快来"),
        ("老人昏米了叫不醒", "老人昏迷了叫不醒"),
        ("有人被帮架了", "有人被绑架了"),
        ("公交车番了", "公交车翻了"),
    ],
)
def test_danger_written_by_its_sound_is_put_right(heard: str, meant: str) -> None:
    assert put_dangers_right(heard) == meant


@pytest.mark.parametrize("text", ["到他家找活了", "声音太大请轻声", "抽出了号", "腿脚不行"])
def test_everyday_words_of_the_same_sound_stay(text: str) -> None:
    assert put_dangers_right(text) == text


def test_letters_alone_tell_danger_and_where() -> None:
    text = "旗杆倒了砸了一个保安的头"
    assert is_danger(text)
    start, end = telling(text)
    assert 0 <= start < end <= len(text)
    assert not is_danger("暖气不热，屋里才十五度")


def test_letters_do_not_assert_what_the_words_took_back() -> None:
    assert not READER.understand("去年我们楼着过一次火，到现在楼道的线还没换").emergency


def test_words_far_apart_mean_nothing_together() -> None:
    near = Nearness()
    near.add("人/老人+倒", Danger.INJURED)
    sides = near.sides_of(["人", "倒"])
    assert [
        (one.start, one.last, one.end) for one in near.together([(0, 0, 1), (1, 5, 6)], sides)
    ] == [(0, 5, 6)]
    assert list(near.together([(0, 0, 1), (1, 20, 21)], sides)) == []
    assert list(near.together([(0, 0, 1), (0, 2, 3)], sides)) == []


def test_a_flood_of_such_words_is_read_in_part() -> None:
    alarm = DANGERS.read("人困" * 700)
    assert len(alarm.readings) <= 33
