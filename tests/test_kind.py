"""What kind of matter it is, by the way it is told."""

from functools import cache

import pytest

from dialogs.understanding.kind import accuses
from dialogs.understanding.reader import Reader
from dialogs.words import Kind
from tests.catalogue import beijing


@cache
def reader() -> Reader:
    return Reader(beijing())


def heard(text: str) -> Kind | None:
    return reader().understand(text).kind


@pytest.mark.parametrize(
    "text",
    [
        "给332路的司机点个赞，等我这个拄拐的上车",
        "多亏社区网格员，把我走丢的猫送回来了",
        "环卫工捡到我的手机还给我了",
        "街道派人修好了井盖，打电话来说声谢谢",
        "Hats off to the bus driver who waited for me",
    ],
)
def test_who_is_thanked_or_gave_something_back_is_praised(text: str) -> None:
    assert heard(text) is Kind.PRAISE


@pytest.mark.parametrize(
    "text", ["路灯坏了，希望尽快修，多亏你们了", "捡到我的手机，到现在也不还给我"]
)
def test_a_wish_behind_thanks_or_what_is_kept_is_no_praise(text: str) -> None:
    assert heard(text) is not Kind.PRAISE


@pytest.mark.parametrize(
    "text",
    [
        "能不能考虑在台湖建个图书馆",
        "是不是应该在路口加个减速带",
        "不如把废弃的厂房改成养老院",
        "想在楼前空地安几个凳子，您看行不行",
        "地铁口多开个门行不行",
        "It would be great to have more benches along the path",
    ],
)
def test_something_new_proposed_in_the_dress_of_a_question_is_a_suggestion(text: str) -> None:
    assert heard(text) is Kind.SUGGESTION


@pytest.mark.parametrize(
    "text",
    [
        "有家饭馆用地沟油，请保密",
        "麻将馆天天聚一帮人赌钱，别说是我说的",
        "I want to report a restaurant that sells spoiled meat, please keep my name secret",
    ],
)
def test_who_asks_for_secrecy_tips_off(text: str) -> None:
    assert heard(text) is Kind.TIP_OFF


@pytest.mark.parametrize(
    "text",
    [
        "个税退税为什么还没到",
        "进京证一年能办几次",
        "居民医保每年几月份交",
        "居住证丢了怎么办",
        "身份证丢了在哪补办",
        "怎么投诉物业",
        "断头路什么时候修通",
    ],
)
def test_a_plain_question_to_an_office_is_a_question(text: str) -> None:
    assert heard(text) is Kind.QUESTION


@pytest.mark.parametrize(
    "text",
    [
        "老房子线路老化，怕哪天着火",
        "我都不知道该怎么讲，幼儿园老师打孩子",
        "物业的账从来不公开，广告费都不知道去哪儿了",
    ],
)
def test_who_fears_or_wonders_asks_nothing(text: str) -> None:
    assert heard(text) is not Kind.QUESTION


@pytest.mark.parametrize(
    "text",
    ["楼下有人贴小广告", "楼道里堆满杂物", "公厕没人打扫", "灭火器过期三年了没人换", "菜场太远"],
)
def test_what_somebody_does_or_leaves_undone_is_a_complaint(text: str) -> None:
    assert heard(text) is Kind.COMPLAINT


@pytest.mark.parametrize("text", ["井盖丢了一个", "水管爆了", "我想给老人申请居家养老送餐"])
def test_what_is_broken_or_applied_for_is_a_request(text: str) -> None:
    assert heard(text) is Kind.REQUEST


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("房东不退押金", True),
        ("三间房东村楼道堆物", False),
        ("北营房东里社区到处是小广告", False),
    ],
)
def test_secrecy_is_worth_a_question_about_a_landlord_not_about_a_place_called_so(
    text: str, *, asked: bool
) -> None:
    assert accuses(text) is asked
