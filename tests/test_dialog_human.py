import pytest

from tests.transcript import facts, play


@pytest.mark.parametrize("word", ["人工", "转人工", "0", "human", "０"])
def test_whoever_asks_for_a_person_joins_the_queue(word: str) -> None:
    play(f"> {word}\n< 正在为您转人工，前面有2位\n= JoinQueue(reason='asked', about='')", facts())


def test_the_talk_below_goes_on_with_what_was_said_kept() -> None:
    play(
        """
        > 暖气不热
        > 人工
        < 正在为您转人工
        < 在什么地方？
        = JoinQueue(reason='asked', about='暖气不热')
        > 海淀区田村路街道
        < 内容：暖气不热
        """,
        facts(),
    )
