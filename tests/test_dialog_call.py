"""Calls: greeting, keys, silence, half-heard words, the way back, hanging up, a person, danger."""

from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogs.call.length import MOST_SECONDS, seconds
from dialogs.dialog import Facts, Line
from dialogs.requests import FindRelated, SendText, SurveyDue, Told
from dialogs.words import CallAct, Language
from tests.caller import LINE, Caller, hidden, land_line, phone, play_call
from tests.transcript import City, card, sms

TOLD_AT_ONCE = "海淀区田村路街道5号楼暖气不热"


def test_a_matter_that_is_told_in_one_sentence_becomes_a_ticket_and_its_number_is_heard_twice() -> (
    None
):
    caller = play_call(
        f"""
        > call
        < 您好，这里是12345。通话有录音。
        < 请说在什么地方、遇到什么事。
        > {TOLD_AT_ONCE}
        < 我听到的是：田村路街道5号楼，暖气不热
        < 对，请按1
        > #1
        < 编号是261123-000123-4
        < 再说一遍，261123-000123-4
        < 还有别的事请说，没有请挂机。
        = SendText
        > ...
        < 再见
        @ hang_up
        """
    )
    assert len(caller.city.opened) == 1


def test_nothing_is_texted_to_a_land_line() -> None:
    caller = play_call(f"> call\n> {TOLD_AT_ONCE}\n> #1\n< 编号是", land_line())
    assert not [one for one in caller.city.requests if isinstance(one, SendText)]


def test_a_hidden_number_is_asked_for_one_by_keys() -> None:
    caller = play_call(f"> call\n> {TOLD_AT_ONCE}\n> #1\n", hidden())
    assert caller.reply is not None
    assert caller.reply.digits >= 11
    caller.does("13800138000")
    assert caller.city.opened[0].draft.contact == "13800138000"


def test_who_says_nothing_is_asked_thrice_then_may_leave_a_message_and_the_call_ends() -> None:
    play_call(
        """
        > call
        > ...
        < 没有听到您说话
        > ...
        < 比如
        > ...
        < 请用按键
        > ...
        < 嘀声
        @ record
        > ...
        @ hang_up
        """
    )


def marked() -> Caller:
    """A call from a number that two of the centre have marked for abuse."""
    caller = Caller(phone())
    until = caller.facts.now + timedelta(days=1)
    caller.session = msgspec.structs.replace(caller.session, marked_until=until)
    caller.does("call")
    return caller


@pytest.mark.parametrize("empty", ["...", "傻逼"])
def test_an_empty_call_from_a_marked_number_is_asked_once_more_then_ends_with_the_reason(
    empty: str,
) -> None:
    caller = marked()
    assert "挂断" not in caller.does(empty)
    told = caller.does(empty)
    assert "没有听到要反映的事" in told
    assert "110、119或120" in told
    assert caller.act is CallAct.HANG_UP
    assert seconds(told, Language.CHINESE) <= MOST_SECONDS


def test_whoever_calls_from_a_marked_number_is_heard_all_the_same() -> None:
    caller = marked()
    caller.does("...")
    assert "暖气不热" in caller.does(TOLD_AT_ONCE)
    caller = marked()
    caller.does("...")
    assert "120" in caller.does("有人触电了救命，海淀区田村路街道阜石路第一社区")
    assert caller.act is not CallAct.HANG_UP


def test_a_message_is_kept_for_a_person() -> None:
    play_call(
        "> call\n> ...\n> ...\n> ...\n> #2\n@ record\n> message\n< 留言收到了\n= CallHuman\n@ hang_up"
    )


def test_all_can_be_told_by_keys() -> None:
    caller = play_call(
        """
        > call
        > ...
        > ...
        > ...
        > #1
        < 其他，请按井号
        > ##
        > #*
        > ##
        > #1
        < 是哪一种
        > #1
        < 在哪个区
        < 海淀，请按6
        > #6
        < 在哪个街道
        > #1
        < 我听到的是
        > #1
        < 编号是
        """
    )
    assert caller.city.opened[0].draft.place.district == "110108"


def test_the_language_is_asked_in_both_and_may_be_shown_by_telling_the_matter() -> None:
    both = phone(languages=tuple(Language))
    play_call("> call\n< 普通话请按1\n< English\n> #2\n< Hello\n< recorded", both)
    caller = play_call(f"> call\n> {TOLD_AT_ONCE}\n< 通话有录音\n< 我听到的是", both)
    caller.does("hang up")
    assert "普通话" not in caller.does("call")


def test_recording_begins_once_it_is_told_or_agreed_to() -> None:
    assert _records("call")
    both = phone(languages=tuple(Language))
    assert not _records("call", call=both)
    assert _records("call", "#1", call=both)
    asked = phone(replace(LINE, recording="asked"))
    assert not _records("call", call=asked)
    assert _records("call", "#1", call=asked)
    assert not _records("call", "#2", call=asked)
    assert not _records("call", "...", call=asked)
    assert not _records("call", call=phone(replace(LINE, recording="none")))


def _records(*lines: str, call: Facts | None = None) -> bool:
    caller = Caller(call or phone())
    for line in lines:
        caller.does(line)
    return bool(caller.reply and caller.reply.record)


def test_who_hangs_up_in_the_middle_gets_one_text_and_goes_on_in_the_next_call() -> None:
    play_call(
        """
        > call
        > 暖气不热
        > hang up
        < 刚才电话断了，您说的“暖气不热”已记下
        < 在什么地方
        > call
        < “暖气不热”还没说完
        > #1
        < 在什么地方
        > #9
        < “暖气不热”还没说完
        > #2
        < 请说在什么地方、遇到什么事
        """,
        home=sms(),
    )


def test_who_has_said_nothing_gets_no_text() -> None:
    play_call("> call\n> hang up\n<", home=sms())


def test_the_way_back_leads_question_by_question_and_never_behind_a_ticket() -> None:
    play_call(
        """
        > call
        > 暖气不热
        < 在什么地方
        > 海淀区田村路街道
        < 我听到的是
        > #9
        < 在什么地方
        > 返回
        < 遇到什么事
        > #9
        < 这里就是开头
        """
    )
    play_call(f"> call\n> {TOLD_AT_ONCE}\n> #1\n> #9\n< 已经办了")


def test_star_says_all_of_it_again() -> None:
    play_call(
        f"> call\n> {TOLD_AT_ONCE}\n> #1\n> #*\n< 261123-000123-4\n> 再说一遍\n< 261123-000123-4"
    )


def test_half_heard_words_are_read_back_and_asked_by_keys_the_second_time() -> None:
    play_call(
        """
        > call
        > ~暖气不热
        < 您说的是：暖气不热。对请按1
        > #1
        < 在什么地方
        > ~海淀区田村路街道
        < 您说的是
        > ~海淀区田村路
        < 在哪个区
        """
    )


def test_danger_is_put_through_by_one_key_and_the_ticket_is_open() -> None:
    caller = play_call(
        """
        > call
        > 着火了，有人困在里面
        < 转119请按1
        > #1
        < 转119
        @ dial
        > waited
        < 在什么地方
        """,
        phone(Line("+861012345", emergency="119")),
    )
    assert caller.city.opened[0].draft.emergency


def test_a_person_is_waited_for_and_the_matter_goes_on_afterwards() -> None:
    play_call(
        """
        > call
        > 暖气不热
        > #0
        < 前面有2位，大约3分钟
        @ queue
        > talked
        < “暖气不热”还没说完
        """
    )
    play_call("> call\n> #0\n> waited\n< 给您回电\n= LeaveQueue(call_back=True)\n> #1\n@ record")


def test_the_topic_of_the_line_is_that_of_words_that_tell_none() -> None:
    heating = phone(replace(LINE, topic="T001"))
    caller = play_call("> call\n> 海淀区田村路街道5号楼的事你们管不管\n", heating)
    assert caller.session.frames


def test_a_survey_is_answered_by_keys_in_a_call_of_ours() -> None:
    caller = Caller(phone())
    caller.event(SurveyDue(7, 261123_000123, "暖气不热", "田村路街道", "已更换阀门"))
    asked = caller.reply.text if caller.reply else ""
    caller.event(Told((asked,)))
    heard = caller.heard()
    assert "暖气不热" in heard
    assert "请按1" in heard
    caller.does("#1")
    assert any("RecordAnswer" in repr(one) for one in caller.requests)


def test_the_progress_is_told_to_the_callers_own_number() -> None:
    play_call("> call\n> 查进度\n< “路灯不亮”\n< 催办，请按2", city=City([card()]))


LINES = (
    "call", "hang up", "...", "waited", "talked", "message", "#0", "#1", "#2", "#3", "#6", "#9", "#*", "##",
    "暖气不热", "~暖气不热", TOLD_AT_ONCE, "海淀区田村路街道", "着火了", "人工", "查进度", "不对", "对", "没有了",
    "再说一遍", "返回", "English", "13800138000",
)  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.sampled_from(LINES), max_size=16),
    st.sampled_from([phone(), land_line(), hidden(), phone(languages=tuple(Language))]),
)
def test_whatever_happens_in_a_call_something_is_asked_or_done_and_silence_ends_it(
    lines: list[str], call: Facts
) -> None:
    caller = Caller(call, City([card()]))
    caller.does("call")
    for line in lines:
        heard = caller.does(line)
        if line != "hang up":
            assert heard or caller.act is not None, line
        else:
            caller.does("call")
    for _ in range(12):
        if caller.act is CallAct.HANG_UP:
            break
        caller.does("waited" if caller.act is CallAct.QUEUE else "...")
    assert caller.act is CallAct.HANG_UP


@pytest.mark.parametrize("recording", ["told", "asked", "none"])
def test_nothing_is_looked_for_before_anything_is_said(recording: str) -> None:
    caller = Caller(phone(replace(LINE, recording=recording)))
    caller.does("call")
    assert not any(isinstance(one, FindRelated) for one in caller.requests)
