import pytest

from tests.transcript import facts, play


@pytest.mark.parametrize("word", ["人工", "转人工", "0", "human", "０"])
def test_whoever_asks_for_a_person_is_put_on_the_list(word: str) -> None:
    play(
        f"> {word}\n< 已登记，工作人员会在工作时间联系您。\n= CallHuman(reason='asked', about='')",
        facts(),
    )


def test_the_talk_below_goes_on_with_what_was_said_kept() -> None:
    play(
        """
        > 暖气不热
        > 人工
        < 已登记
        < 在什么地方？
        = CallHuman(reason='asked', about='暖气不热')
        > 海淀区田村路街道
        < 内容：暖气不热
        """,
        facts(),
    )
