import pytest

from tests.transcript import facts, play, sms


@pytest.mark.parametrize("word", ["STOP", "退订", "TD", "td", "ＴＤ", "unsubscribe"])
def test_opting_out_is_confirmed_once_and_asks_nothing(word: str) -> None:
    play(f"> 暖气不热\n> {word}\n< 已退订\n<! 在什么地方\n= SetOptOut(opted_out=True)", sms())


@pytest.mark.parametrize("word", ["START", "恢复", "KT"])
def test_opting_in_again(word: str) -> None:
    play(f"> {word}\n< 已恢复\n= SetOptOut(opted_out=False)", sms())


def test_where_the_words_mean_nothing_they_are_heard_like_any_others() -> None:
    play("> 退订\n<! 已退订", facts())


def test_what_was_under_way_is_still_there_afterwards() -> None:
    play("> 暖气不热\n> TD\n> 海淀区田村路街道\n< “暖气不热”，海淀区田村路街道", sms())
