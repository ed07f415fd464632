"""A person on the phone: there, not there, at another desk, or only a recorder; and the calls that nobody answers for long."""

from dataclasses import replace

from dialogs.dialog import Line
from dialogs.requests import CallHuman, JoinQueue, QueueJoined, SurveyDue
from dialogs.words import CallAct, Language
from tests.caller import LINE, Caller, hidden, phone, play_call
from tests.transcript import NOW, City, sms

DESK = replace(LINE, name="供热热线", second_line="+861062345678")


def closed() -> City:
    city = City()
    city.answers[JoinQueue] = QueueJoined(open=False, opens_at=NOW)
    return city


def test_out_of_hours_a_caller_chooses_between_a_message_and_a_call_back() -> None:
    play_call(
        """
        > call
        > 暖气不热
        > #0
        < 人工11月23日10:00才上班
        < 留言，请按1；等回电，请按2
        > #2
        < 我们会给您回电
        = CallHuman(reason='asked', about='暖气不热')
        < 在什么地方
        """,
        city=closed(),
    )


def test_a_message_is_kept_with_what_was_told_before_and_the_call_ends() -> None:
    play_call(
        """
        > call
        > 暖气不热
        > 转人工
        > 留言
        < 请在嘀声后
        @ record
        > message
        < 留言收到了
        = CallHuman(reason='message', about='暖气不热')
        @ hang_up
        """,
        city=closed(),
    )


def test_who_waited_in_vain_is_owed_one_call_back_however_long_the_message() -> None:
    caller = play_call("> call\n> #0\n> waited\n< 给您回电\n> #1\n@ record\n> message\n@ hang_up")
    assert not [one for one in caller.city.requests if isinstance(one, CallHuman)]


def test_nobody_can_call_a_hidden_number_back() -> None:
    play_call(
        """
        > call
        > #0
        @ queue
        > waited
        = LeaveQueue(call_back=False)
        @ record
        """,
        hidden(),
    )
    play_call("> call\n> #0\n< 请留下电话\n<! 回电", hidden(), closed())


def test_a_line_with_a_desk_of_its_own_hands_over_and_falls_back_to_the_hotline() -> None:
    caller = play_call(
        """
        > call
        > 暖气不热
        > 转供热热线
        < 正在为您转专线，请不要挂机
        @ dial
        > waited
        < 前面有2位
        = JoinQueue(reason='asked', about='暖气不热')
        @ queue
        """,
        phone(DESK),
    )
    assert caller.session.phone is not None


def test_who_is_not_understood_goes_to_the_hotlines_own_people() -> None:
    caller = Caller(phone(DESK))
    caller.does("call")
    caller.does("我不想活了")
    for _ in range(3):
        heard = caller.does("...")
        assert "没有听到" not in heard
        assert "听不清" not in heard
    assert caller.act is CallAct.QUEUE


def test_hanging_up_in_the_queue_leaves_it_and_nothing_is_texted_for_a_person_may_have_had_it() -> (
    None
):
    play_call(
        """
        > call
        > 暖气不热
        > #0
        > hang up
        <
        = LeaveQueue(call_back=False)
        > call
        < 您上次说的“暖气不热”还没说完
        """,
        home=sms(),
    )


def test_a_survey_that_is_open_is_offered_and_does_not_stand_in_the_way() -> None:
    caller = Caller(phone())
    caller.event(SurveyDue(7, 261123_000123, "暖气不热", "田村路街道", "已更换阀门"))
    assert "还有几个问题没问完。现在回答，请按1；以后再说，请按2" in caller.does("call")
    assert "海淀区哪个街道" in caller.does("海淀区的路灯坏了")
    assert caller.session.frames[0].dialog == "survey"
    caller.does("hang up")
    caller.does("call")
    caller.does("#1")
    assert caller.session.phone is not None


def test_in_danger_nothing_is_said_that_can_wait() -> None:
    line = Line("+861012345", emergency="119")
    heard = Caller(phone(line))
    heard.does("call")
    said = heard.does("海淀区田村路街道家里着火了")
    assert said == "您说的我已经记下。\n转119请按1。"
    assert "TicketOpened" not in said
    alone = Caller(phone())
    alone.does("call")
    assert "请马上挂断，拨打110、119或120" in alone.does("海淀区田村路街道家里着火了")


def test_an_english_caller_is_led_to_a_ticket() -> None:
    play_call(
        """
        > call
        < For English, press 2
        > #2
        < This call is recorded. Please say where it is
        > No water since Monday
        < Say the district
        > ...
        < I heard nothing
        > Haidian, Tiancun Road
        < I heard:
        < Yes, press 1; Something is wrong, press 2
        > #1
        < The number is 261123-000123-4
        < Once more
        < Anything else?
        > ...
        @ hang_up
        """.replace("recorded. Please", "recorded.\n        < Please"),
        phone(languages=tuple(Language)),
    )
