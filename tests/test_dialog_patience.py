"""Patience with nonsense, regard for anger, and questions asked of the hotline itself in the middle of something else."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dialogs.patience import offends
from tests.transcript import NOW, City, Talk, card, facts, play, sms

HEATING = "海淀区田村路街道阜石路第一社区5号楼暖气不热"


def test_the_fourth_nonsense_in_a_row_is_told_once_that_we_are_here_and_more_is_left_unanswered() -> (
    None
):
    talk = Talk(facts())
    first = [talk.say(text) for text in ("哈哈", "滚", "😀😀", "asdfg")]
    assert all(first)
    assert first[-1] == "需要反映事情时，随时在这里说，我都在。"
    assert [talk.say(text) for text in ("傻逼", "呵呵", "。。。")] == ["", "", ""]
    assert talk.silent == "paused"


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("海淀区田村路街道停水了", "请核对"),
        ("查询", "路灯不亮"),
        ("家里着火了", "119"),
        ("人工", "转人工"),
    ],
)
def test_whatever_is_meant_is_heard_at_once_even_in_the_pause(said: str, heard: str) -> None:
    talk = Talk(facts(), City([card()]))
    for text in ("哈哈", "呵呵", "嘿嘿", "滚", "傻逼"):
        talk.say(text)
    assert heard in talk.say(said)
    assert talk.say("哈哈"), "patience begins anew"


@pytest.mark.parametrize(
    "noise",
    ["fjdksla", "askdjhaskdj", "dsahdkj sadhk", "mnbvcxz", "poiu", "阿斯顿发", "你大爷", "sb"],
)
def test_a_hand_on_the_keyboard_tells_no_matter_and_ends_no_pause(noise: str) -> None:
    talk = Talk(facts())
    for text in ("傻逼", "滚", "傻逼", "去你妈的吧你们这帮废物"):
        talk.say(text)
    assert talk.say(noise) == ""
    assert talk.silent == "paused"


@pytest.mark.parametrize(
    "meant",
    [
        "property management shouts",
        "Qianmen",
        "power is out",
        "Zhongguancun Dongzhimen",
        "street lengths",
    ],
)
def test_words_of_english_and_pinyin_are_no_noise(meant: str) -> None:
    assert not offends(meant)


def test_the_pause_ends_by_itself() -> None:
    talk = Talk(facts())
    for text in ("哈哈", "呵呵", "嘿嘿", "滚", "滚"):
        talk.say(text)
    talk.facts = replace(facts(), now=NOW + timedelta(minutes=11))
    assert talk.say("哈哈")


def test_one_word_in_between_starts_the_count_again() -> None:
    talk = Talk(facts())
    for text in ("哈哈", "呵呵", "嘿嘿", "暖气不热", "哈哈", "呵呵", "嘿嘿"):
        assert talk.say(text)


@pytest.mark.parametrize("text", ["田村", "老张家门口", "no water", "不知道"])
def test_what_may_be_meant_is_no_offence(text: str) -> None:
    assert not offends(text)


def test_anger_is_met_with_one_sentence_and_a_way_to_a_person_once_a_talk() -> None:
    play(
        """
        > 气死我了，八里庄暖气不热，你们到底管不管
        < 让您着急了。要找人工，回“人工”。
        < 是哪一个？
        > 气死我了，朝阳的
        <! 让您着急了
        < 请核对
        """,
        facts(),
    )


def test_mere_abuse_a_second_time_is_asked_in_other_words() -> None:
    play("> 傻逼\n< 让您着急了\n> 滚\n<! 让您着急了\n< 人工", facts())


def test_danger_goes_before_regard() -> None:
    talk = Talk(facts())
    assert talk.say("气死我了，家里着火了").startswith("有人受伤或有危险")


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("你们几点下班", "12345全天24小时都在"),
        ("你是机器人吗", "我是12345的自动应答"),
        ("要钱吗", "不收费"),
        ("多久能处理", "最长15天"),
        ("物业会知道是我说的吗", "回“保密”"),
        ("你们是骗子吗", "市民热线"),
    ],
)
def test_a_question_to_the_hotline_is_answered_and_the_talk_goes_on_where_it_was(
    asked: str, answer: str
) -> None:
    play(f"> 暖气不热\n< 在什么地方？\n> {asked}\n< {answer}\n< 在什么地方？", facts())
    play(f"> {asked}\n< {answer}\n< 请说在什么地方", sms())


@pytest.mark.parametrize(
    "told", ["物业几点下班没人管，夜里停水", "社区医院周末不上班", "停车场乱收费，多少钱一次都不说"]
)
def test_a_matter_is_no_question_to_the_hotline(told: str) -> None:
    play(f"> {told}\n<! 24小时\n<! 不收费", facts())
