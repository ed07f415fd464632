"""When it began is read from a resident's words, by the day they are said on."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.understanding.since import since, since_words
from dialogs.understanding.text import fold

MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "began", "words"),
    [
        ("上周三晚上开始停水", date(2026, 11, 18), "上周三晚上"),
        ("上上周五就报修了", date(2026, 11, 13), "上上周五"),
        ("周五晚上停的电", date(2026, 11, 20), "周五晚上"),
        ("这周一发现的", date(2026, 11, 23), "这周一"),
        ("上个星期就坏了", date(2026, 11, 16), "上个星期"),
        ("暖气不热半个月了", date(2026, 11, 8), "半个月"),
        ("已经两个多月没人管", date(2026, 9, 23), "两个多月"),
        ("三个半月了", date(2026, 8, 8), "三个半月"),
        ("停水三天了", date(2026, 11, 20), "三天"),
        ("暖气坏了三天", date(2026, 11, 20), "三天"),
        ("两三天没水", date(2026, 11, 20), "两三天"),
        ("连续四天半夜施工", date(2026, 11, 19), "四天半"),
        ("半年没修", date(2026, 5, 23), "半年"),
        ("一年多了", date(2025, 11, 23), "一年多"),
        ("昨天停电", date(2026, 11, 22), "昨天"),
        ("前天夜里有人砸窗", date(2026, 11, 21), "前天夜里"),
        ("今早发现的", MONDAY, "今早"),
        ("從10月起就沒熱水", date(2026, 10, 1), "10月起"),
        ("11月5号开始的", date(2026, 11, 5), "11月5号开始"),
        ("十二月三号就报了", date(2025, 12, 3), "十二月三号"),
        ("去年十月交的房", date(2025, 10, 1), "去年十月"),
        ("２０２５年8月交房", date(2025, 8, 1), "2025年8月"),
        ("一五年拆的", date(2015, 1, 1), "一五年"),
        ("从5号开始停水", date(2026, 11, 5), "从5号"),
        ("上个月就报修了", date(2026, 10, 1), "上个月"),
        ("国庆节后就没人扫", date(2026, 10, 1), "国庆节后"),
        ("春节后停工的", date(2026, 2, 17), "春节后"),
        ("去年冬天就这样", date(2025, 12, 1), "去年冬天"),
        ("no heat for two weeks", date(2026, 11, 9), "for two weeks"),
        ("broken since Monday", MONDAY, "since monday"),
        ("since last Wednesday", date(2026, 11, 18), "since last wednesday"),
        ("since October 5th", date(2026, 10, 5), "since october 5th"),
        ("it began yesterday", date(2026, 11, 22), "yesterday"),
    ],
)
def test_the_day_it_began_is_heard(text: str, began: date, words: str) -> None:
    assert since(text, MONDAY) == began
    assert fold(since_words(text, fold(text))) == words
    assert since(words, MONDAY) == began


@pytest.mark.parametrize(
    "text",
    [
        "5号楼停水",
        "请三天内回复",
        "三天后再来",
        "每周三收垃圾",
        "下周一来修",
        "明天停水",
        "周一到周五堵车",
        "以前天天吵",
        "三天两头停电",
        "二十年的老房子",
        "三年级的孩子",
        "退休三十年的老人",
        "一天到晚吵",
        "好几天了",
        "12月31号前答复",
        "2月30号",
        "一万万万年了",
        "",
    ],
)
def test_what_names_no_day_gone_by_is_none(text: str) -> None:
    assert since(text, MONDAY) is None


@given(st.text(alphabet="上前昨今周三天个半月年号日了从第0159十一二 since monday", max_size=20))
def test_no_day_is_to_come(text: str) -> None:
    began = since(text, MONDAY)
    assert began is None or began <= MONDAY
