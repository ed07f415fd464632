import pytest

from tests.transcript import City, card, facts, play


@pytest.mark.parametrize("word", ["帮助", "菜单", "?", "？", "help", "MENU"])
def test_the_menu_is_numbered_and_every_line_works(word: str) -> None:
    play(
        f"""
        > {word}
        < 12345可以帮您：
        < 1 反映问题
        < 2 查进度
        < 3 补充工单
        < 4 催办
        < 5 撤单
        < 6 转人工
        < 7 中文 / English
        > 2
        < “路灯不亮”
        """,
        facts(),
        City([card()]),
    )


def test_what_is_no_line_of_the_menu_is_heard_as_a_matter() -> None:
    play("> 帮助\n> 海淀区田村路街道停水了\n< 请核对：", facts())


def test_the_menu_does_not_come_back_after_what_was_picked() -> None:
    talk = play("> 帮助\n> 6\n< 正在为您转人工\n<! 12345可以帮您", facts())
    assert not talk.session.frames
