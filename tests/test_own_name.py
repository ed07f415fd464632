"""Who says their name is not named to a unit by message; what only looks like a name stays."""

import pytest

from dialogs.understanding.own_name import nameless

NAMED = [
    ("我叫王小明，暖气不热", "我叫王**，暖气不热"),
    ("我是李强，暖气不热", "我是李**，暖气不热"),
    ("您好我是刘小芳 13800138000", "您好我是刘** 13800138000"),
    ("暖气不热，联系人：赵敏", "暖气不热，联系人：赵**"),
    ("业主叫孙丽丽，不在家", "业主叫孙**，不在家"),
]
STAYS = [
    "我是业主，暖气不热",
    "我是田村路的，暖气不热",
    "我是田村路街道阜石路第一社区的",
    "我是刘家窑，路灯不亮",
    "我是周边居民，夜里施工",
    "我是他孙子，老人摔了",
    "我是王府井大街商户",
    "我是张家长，学校门口堵车",
    "打电话叫徐师傅来没来",
    "我是高中生，操场太吵",
    "快帮我叫车",
    "楼上叫了陈年老酒",
]


@pytest.mark.parametrize(("said", "told"), NAMED)
def test_a_name_that_somebody_says_is_hidden(said: str, told: str) -> None:
    assert nameless(said) == told


@pytest.mark.parametrize("said", STAYS)
def test_a_matter_a_place_and_a_trade_stay(said: str) -> None:
    assert nameless(said) == said
