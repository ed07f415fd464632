"""A place that was misheard, or is named by part, comes out by one question."""

from tests.transcript import facts, play


def test_one_guess_is_asked_as_yes_or_no() -> None:
    play(
        """
        > 海淀区羊房店街道3号楼暖气不热
        < 您说的是海淀区羊坊店街道吗？
        < 1 是这里
        < 2 都不是
        > 是的
        < 地点：海淀区羊坊店街道3号楼
        """,
        facts(),
    )


def test_a_wrong_guess_is_asked_for_anew_in_the_district_that_was_told() -> None:
    play(
        """
        > 海淀区羊房店街道暖气不热
        < 您说的是海淀区羊坊店街道吗？
        > 不是
        < 海淀区哪个街道或小区？
        > 田村路
        < 地点：海淀区田村路街道
        """,
        facts(),
    )


def test_a_guess_may_be_put_right_at_once() -> None:
    play(
        """
        > 羊房店停水了
        < 您说的是海淀区羊坊店街道吗？
        > 不是，是八里庄，朝阳的
        < 地点：朝阳区八里庄街道
        """,
        facts(),
    )


def test_agreeing_may_tell_the_building_too() -> None:
    play(
        """
        > 羊房店停水了
        < 您说的是海淀区羊坊店街道吗？
        > 对，5号楼
        < 地点：海淀区羊坊店街道5号楼
        """,
        facts(),
    )


def test_the_rest_of_a_name_answers_which_of_its_streets() -> None:
    play(
        """
        > 天通苑停电了
        < 是哪一个？
        < 昌平区 天通苑北街道
        > 东一区3号楼
        < 地点：昌平区天通苑南街道天通苑东一区3号楼
        """,
        facts(),
    )


def test_of_home_and_work_the_one_with_the_trouble_is_taken() -> None:
    play(
        """
        > 我住回龙观，在望京上班，公司楼下的路灯坏了
        < 地点：朝阳区望京街道
        """,
        facts(),
    )
