"""Danger to life now is told from danger that is denied, feared, past, settled, likened, named, claimed for, or of a thing."""

import pytest

from dialogs.understanding.dangers import Danger
from dialogs.understanding.emergency import Dangers
from dialogs.understanding.text import fold
from dialogs.understanding.unreal import Unreal

DANGERS = Dangers()


@pytest.mark.parametrize(
    ("text", "danger"),
    [
        ("居委会楼下着火了", Danger.FIRE),
        ("电线短路导致着火了", Danger.FIRE),
        ("消防通道里着火了", Danger.FIRE),
        ("三楼往外冒烟，火都窜出来了", Danger.FIRE),
        ("着货了快来", Danger.FIRE),
        ("煤汽泄露了，味道很冲", Danger.GAS),
        ("施工把天然气管道挖断了往外喷", Danger.GAS),
        ("怀疑漏煤气", Danger.GAS),
        ("烧煤取暖家里人都头晕恶心站不起来", Danger.GAS),
        ("路灯杆漏电，孩子碰上被电倒了", Danger.SHOCK),
        ("电线掉路上冒火花", Danger.SHOCK),
        ("井盖没了孩子掉下去了", Danger.TRAPPED),
        ("电梯关着人了，喊救命", Danger.INJURED),
        ("还没救出来，两个人压在下面", Danger.TRAPPED),
        ("我妈晕倒了叫不醒", Danger.INJURED),
        ("老头噎住了脸都紫了", Danger.INJURED),
        ("车祸有人受伤，交警还没到", Danger.INJURED),
        ("未成年人受伤昏迷", Danger.INJURED),
        ("围墙塌了砸到两个路过的", Danger.COLLAPSE),
        ("孩子不会游泳掉河里了", Danger.WATER),
        ("没人救落水的人，快点", Danger.WATER),
        ("对门两口子打架，男的拿菜刀", Danger.VIOLENCE),
        ("家暴正在打，快来人", Danger.VIOLENCE),
        ("奶奶有老年痴呆走丢了，外面零下十度", Danger.MISSING),
        ("有人要跳河，就在通惠河边上", Danger.SELF_HARM),
        ("樓下失火了，請快派人來", Danger.FIRE),
        ("The building is full of smoke", Danger.FIRE),
        ("a car hit an old man, he is bleeding badly", Danger.INJURED),
        ("my husband is beating me right now", Danger.VIOLENCE),
    ],
)
def test_danger_now_is_heard(text: str, danger: Danger) -> None:
    alarm = DANGERS.read(fold(text))
    assert alarm.danger is not None
    assert danger in {one.danger for one in alarm.readings if one.unreal is None}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("没有着火，是烟感误报", Unreal.DENIED),
        ("怕着火，楼道堆东西", Unreal.FEARED),
        ("非等着火了你们才来吗", Unreal.FEARED),
        ("随时可能爆炸", Unreal.FEARED),
        ("着火过的楼没人修", Unreal.PAST),
        ("上个月电梯困人，物业到现在也没换", Unreal.PAST),
        ("前年这里淹死过人，落水，请装护栏", Unreal.PAST),
        ("楼下着火已经扑灭了，电表烧坏了没电", Unreal.SETTLED),
        ("爆竹放了一夜跟爆炸一样", Unreal.LIKENED),
        ("垃圾臭得让人晕倒", Unreal.LIKENED),
        ("坍塌事故的处理结果什么时候公布", Unreal.NAMED),
        ("自杀干预热线是多少", Unreal.NAMED),
        ("被电动车撞伤，对方逃逸，交警还没处理完赔偿", Unreal.CLAIMED),
        ("老公家暴，我想申请离婚法律援助", Unreal.CLAIMED),
        ("手机掉井里了能帮忙捞吗", Unreal.THING),
        ("老人被困在六楼下不来，电梯停运一个月", Unreal.STRANDED),
        ("The elevator was stuck last week, people trapped for an hour", Unreal.FEARED),
    ],
)
def test_it_is_known_why_words_of_danger_tell_none(text: str, why: Unreal) -> None:
    alarm = DANGERS.read(fold(text))
    assert alarm.danger is None
    assert why in {one.unreal for one in alarm.readings}


@pytest.mark.parametrize(
    "text",
    [
        "物业把我气炸了",
        "急死我了，居住证办不下来",
        "冻死了，暖气不热",
        "火锅店油烟大",
        "跳楼价甩卖是骗人的",
        "这是我的救命稻草，求你们管管",
        "老板欠我的救命钱",
        "灶台打不着火",
        "气得我直冒火",
        "这价格简直是抢劫",
        "资金被困在预售平台",
        "没气了，燃气表没电了",
        "燃气报警器多久换一次",
        "消防演练几点开始",
        "落水管坏了",
        "人口爆炸",
        "被捆绑消费",
        "地库出口被堵，车出不来了",
        "fire lane blocked again",
        "my boss fired me without pay",
        "the noise is killing me",
    ],
)
def test_what_only_sounds_like_danger_is_none(text: str) -> None:
    assert DANGERS.read(fold(text)).danger is None
