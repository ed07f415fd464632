"""What the duty leader must hear of is told apart from what only sounds like it."""

import pytest

from dialogs.words import AlertKind
from tests.catalogue import reader


@pytest.mark.parametrize(
    ("text", "alert"),
    [
        ("不想活了", AlertKind.SELF_HARM),
        ("拿不到工资我就跳楼", AlertKind.SELF_HARM),
        ("有人要跳河，快来", AlertKind.SELF_HARM),
        ("I want to kill myself", AlertKind.SELF_HARM),
        ("老板不给工资，我们三十个工人准备去堵路", AlertKind.WAGES),
        ("欠农民工工资，我们拉横幅了", AlertKind.WAGES),
        ("工人爬上塔吊讨薪", AlertKind.WAGES),
        ("there are 50 workers blocking the gate for unpaid wages", AlertKind.WAGES),
        ("业主聚集在售楼处要说法", AlertKind.CROWD),
        ("村民要去堵高速", AlertKind.CROWD),
        ("一百多人围在街道办门口维权", AlertKind.CROWD),
        ("家長們準備去教委門口靜坐", AlertKind.CROWD),
        ("出租车司机要罢运", AlertKind.CROWD),
        ("residents are protesting and blocking the road", AlertKind.CROWD),
        ("不给解决我就跟他们同归于尽", AlertKind.THREAT),
        ("扬言要炸了居委会", AlertKind.THREAT),
        ("他说要杀了我全家", AlertKind.THREAT),
        ("再不管我就一把火烧了这楼", AlertKind.THREAT),
        ("幼儿园老师虐待孩子", AlertKind.CHILD),
        ("邻居天天打孩子，身上都是伤", AlertKind.CHILD),
        ("孩子走丢了，五岁", AlertKind.CHILD),
        ("人贩子抱走孩子了", AlertKind.CHILD),
    ],
)
def test_the_duty_leader_hears_of_it(text: str, alert: AlertKind) -> None:
    assert reader().understand(text).alert is alert


@pytest.mark.parametrize(
    "text",
    [
        "工资没发",
        "拖欠工资三个月，帮我要回来",
        "早高峰堵车",
        "乱停车堵路",
        "大货车把路堵死了，我们出不去",
        "广场上聚集很多人跳舞",
        "国庆游行交通管制",
        "横幅广告太多",
        "空调罢工了",
        "信访局在哪",
        "跳楼价",
        "蟑螂怎么杀光",
        "气得我想炸了",
        "爆竹炸街",
        "防拐卖儿童讲座在哪",
        "孩子入学",
        "traffic jam blocks the road",
        "",
    ],
)
def test_what_only_sounds_like_it_does_not_wake_the_duty_leader(text: str) -> None:
    assert reader().understand(text).alert is None


@pytest.mark.parametrize(
    "text",
    [
        "替我妈反映一下，她家暖气不热",
        "帮邻居问问居住证怎么办",
        "我父亲家停水了",
        "我妈家楼道灯不亮",
        "邻居大爷让我帮他打电话",
        "老人不会用手机，让我帮着反映",
        "on behalf of my neighbor",
        "My mother's flat has no heating",
    ],
)
def test_who_speaks_for_another_is_heard(text: str) -> None:
    assert reader().understand(text).on_behalf


@pytest.mark.parametrize(
    "text",
    [
        "我家暖气不热",
        "邻居家装修太吵",
        "我妈晕倒了",
        "我爸被公司欠工资",
        "代办营业执照要多少钱",
        "物业帮我们修了灯",
        "帮我问问",
        "代表全体业主反映物业问题",
        "我们家长反映食堂",
        "my neighbor is noisy",
    ],
)
def test_ones_own_matter_is_ones_own(text: str) -> None:
    assert not reader().understand(text).on_behalf
