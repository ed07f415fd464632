"""Personal data in a text is found and masked; what is nobody's stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.understanding.personal import PersonalKind, masked, personal_data

FOUND = [
    ("我的电话13800138000", PersonalKind.PHONE, "我的电话138****8000"),
    ("１３８ ００１３ ８０００", PersonalKind.PHONE, "１３８ **** ８０００"),
    ("138-0013-8000请联系", PersonalKind.PHONE, "138-****-8000请联系"),
    ("+86 13900001111", PersonalKind.PHONE, "+86 139****1111"),
    ("一三八零零一三八零零零", PersonalKind.PHONE, "一三八****八零零零"),
    ("座机010-62345678", PersonalKind.PHONE, "座机010-****5678"),
    ("（010）8812 3456", PersonalKind.PHONE, "（010）**** 3456"),
    ("电话是 8812-3456", PersonalKind.PHONE, "电话是 ****-3456"),
    ("身份证11010519491231002X", PersonalKind.IDENTITY, "身份证110105********002X"),
    ("身份证号110105194912310021", PersonalKind.IDENTITY, "身份证号110105********0021"),
    ("11010519491231002x", PersonalKind.IDENTITY, "110105********002x"),
    ("110105491231002", PersonalKind.IDENTITY, "110105*****1002"),
    ("车牌京A12345", PersonalKind.PLATE, "车牌京A***45"),
    ("京AD12345挡路", PersonalKind.PLATE, "京A****45挡路"),
    ("京A·D1234", PersonalKind.PLATE, "京A·***34"),
    ("卡号6222 0200 0000 0000 000", PersonalKind.CARD, "卡号**** **** **** ***0 000"),
    ("4111111111111111", PersonalKind.CARD, "************1111"),
    ("写信到zhang@example.com", PersonalKind.EMAIL, "写信到z****@example.com"),
    ("微信号zhang_3abc", PersonalKind.WECHAT, "微信号z****_****"),
    ("QQ号123456789", PersonalKind.WECHAT, "QQ号1********"),
    ("护照E12345678", PersonalKind.PASSPORT, "护照E******78"),
]
NOBODYS = [
    "打12345没用，110来过，96777不接，010-12345",
    "400-818-9999",
    "工单261123-000123-4",
    "2611230001234",
    "花了13800元，欠我150000000元",
    "订单号2026112312345678",
    "身份证一直办不下来",
    "110105199912310021这个订单",
    "邮编100000，房号12-3-1801",
    "京东买的，京津冀",
    "微信群里说的",
    "",
]


@pytest.mark.parametrize(("text", "kind", "seen"), FOUND)
def test_personal_data_is_found_and_its_middle_hidden(
    text: str, kind: PersonalKind, seen: str
) -> None:
    assert [one.kind for one in personal_data(text)] == [kind]
    assert masked(text) == seen


@pytest.mark.parametrize("text", NOBODYS)
def test_what_is_nobodys_stays(text: str) -> None:
    assert personal_data(text) == ()
    assert masked(text) == text


def test_several_are_masked_each_in_its_way() -> None:
    text = "张三，13800138000，身份证11010519491231002X，车京A12345"
    assert masked(text) == "张三，138****8000，身份证110105********002X，车京A***45"


@given(st.text(alphabet="0123456789 -xX京A@.微信号电话", max_size=40))
def test_masking_keeps_the_length_and_is_done_once(text: str) -> None:
    once = masked(text)
    assert len(once) == len(text)
    assert len(masked(once)) == len(text)
