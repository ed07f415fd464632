"""Slips of speech recognition are put right where the words cannot mean anything else."""

import pytest

from dialogs.understanding.slips import put_right


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("天燃气泻漏了", "天然气泄漏了"),
        ("点梯困仁", "电梯困人"),
        ("小区停谁两天了", "小区停水两天了"),
        ("红路灯坏了", "红绿灯坏了"),
        ("老板托欠公资", "老板拖欠工资"),
        ("楼到里堆满杂污", "楼道里堆满杂物"),
    ],
)
def test_a_slip_is_put_right_and_the_length_stays(heard: str, meant: str) -> None:
    assert put_right(heard) == meant
    assert len(heard) == len(meant)


@pytest.mark.parametrize(
    "text",
    [
        "天然气灶打不着火",
        "过马路等红灯",
        "尽快地处理",
        "无业主委员会",
        "下楼倒垃圾",
        "拉着货堵路",
        "制造音响",
        "家庭水费",
        "突然气味很大",
        "包围建筑",
    ],
)
def test_what_is_right_stays(text: str) -> None:
    assert put_right(text) == text
