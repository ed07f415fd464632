"""Which enterprise is it: asked once, where several answer by themselves and none is named."""

import pytest

from tests.transcript import City, play, sms

MATTER = "海淀区田村路街道地铁站扶梯坏了"


@pytest.mark.parametrize(
    ("answer", "enterprise"),
    [("2", "mtr"), ("京港地铁", "mtr"), ("不清楚", ""), ("都不是", ""), ("是六号线那个", "")],
)
def test_the_answer_is_the_enterprise_or_the_department_finds_out(
    answer: str, enterprise: str
) -> None:
    city = City()
    asked = "是哪家公司的？不清楚也没关系。\n< 1 北京地铁公司\n< 2 京港地铁公司"
    play(f"> {MATTER}\n< {asked}\n> {answer}\n> 1", sms(), city)
    assert [one.draft.enterprise for one in city.opened] == [enterprise]


def test_who_has_named_it_is_not_asked() -> None:
    city = City()
    play(f"> {MATTER}，京港地铁的\n> 1", sms(), city)
    assert [one.draft.enterprise for one in city.opened] == ["mtr"]


def test_a_proposal_is_for_all_of_them() -> None:
    play("> 地铁早高峰太挤了，建议加车\n<! 是哪家公司的？", sms())
