from datetime import UTC, datetime

import msgspec
import pytest

from dialogs.ticket_number import format_number
from dialogs.words import Course, TicketState
from tests.transcript import City, card, facts, play, sms

LAMP = 261122_000001
NUMBER = format_number(LAMP)


def test_ones_own_single_ticket_is_shown_at_once_with_what_can_be_done() -> None:
    play(
        f"""
        > 查询
        < “路灯不亮”（{NUMBER}）
        < 八角街道正在办理。
        < 11月29日10:00前答复您。
        < 1 补充
        < 2 催办
        < 3 撤单
        < 4 返回
        > 2
        < 已为您催办“路灯不亮”
        = UrgeTicket
        """,
        facts(),
        City([card()]),
    )


def test_one_of_several_tickets_is_chosen_by_its_number_in_the_list() -> None:
    other = card(261121_000002, "电梯故障", TicketState.CLOSED, "田村路街道")
    play(
        """
        > 查进度
        < 是哪一件？
        < 1 路灯不亮 · 办理中
        < 2 电梯故障 · 已办结
        < 3 查别的编号
        > 第二个
        < “电梯故障”
        < 已办结，由田村路街道办理。
        <! 催办
        > 返回
        < 好的。
        """,
        facts(),
        City([card(), other]),
    )


def test_somebody_elses_ticket_needs_the_last_digits_of_the_phone() -> None:
    play(
        f"""
        > {NUMBER}
        < 查{NUMBER}，请说登记时手机号的后4位。
        <! 路灯
        > 一二三四
        < “路灯不亮”
        """,
        facts(),
        City(foreign=[card()]),
    )


def test_a_wrong_proof_is_refused_and_shows_nothing() -> None:
    play(
        f"> {NUMBER}\n> 9999\n< 编号和手机号对不上\n<! 路灯",
        facts(),
        City(foreign=[card()]),
    )


def test_a_wrong_check_digit_is_said_to_be_a_slip() -> None:
    wrong = NUMBER[:-1] + str((int(NUMBER[-1]) + 1) % 10)
    play(f"> {wrong}\n< 这个编号好像输错了\n> {NUMBER}\n< “路灯不亮”", facts(), City([card()]))


def test_without_any_ticket_the_number_is_asked_and_can_be_left_out() -> None:
    play(
        """
        > status
        < 这里没有查到您的工单。
        < 请发工单编号
        > 不知道
        < 没有编号也可以请人工帮您找
        """,
        facts(),
    )


def test_a_new_matter_told_at_the_card_begins_an_intake() -> None:
    play("> 查询\n> 海淀区田村路街道停水了\n< 请核对：\n< 停水", facts(), City([card()]))


@pytest.mark.parametrize("state", list(TicketState))
def test_no_office_word_is_ever_heard(state: TicketState) -> None:
    made = msgspec.structs.replace(card(state=state), last_reply="已派人。")
    talk = play("> 查询", facts(), City([made]))
    text = talk.reply.text if talk.reply else ""
    assert not any(word in text for word in ("挂账", "退单", "提级", "吹哨", "triage"))
    assert "最近答复：已派人。" in text


def test_a_late_ticket_says_so() -> None:
    late = msgspec.structs.replace(card(), due_at=card().opened_at)
    play("> 查询\n< 应于11月22日10:00前答复，已超时", facts(), City([late]))


def test_the_open_question_below_still_hears_its_answer() -> None:
    play(
        """
        ! survey due
        > 查询
        < 请发工单编号
        > 没联系过
        < 问题解决了吗？
        """,
        sms(),
    )


COURSES = {
    Course.HELD: "眼下还办不了：规划还没有批下来。",
    Course.SETTLING: "八角街道先跟您协商，谈不成再往下办。",
    Course.ABOVE: "八角街道在办，上级也在帮着解决。",
    Course.WHOSE: "正在确定归谁办，眼下由八角街道负责。",
    Course.TALKED_OVER: "八角街道正在请大家一起商量。",
    Course.TOGETHER: "八角街道正和几家单位一起办。",
    Course.JOINED: "八角街道把它和大家反映的一起办。",
    Course.ANSWERED: "八角街道给了答复，我们会向您核实。",
    Course.DECLINED: "这件事已有结论。",
    Course.INVALID: "12345核对后没有接着办。有新情况请告诉我们。",
    Course.FIXED: "您当场就办好了，谢谢您。",
}


@pytest.mark.parametrize("course", list(Course))
def test_what_a_ticket_waits_for_is_said_in_plain_words(course: Course) -> None:
    made = msgspec.structs.replace(card(), course=course, reason="the plans are not approved yet")
    play(f"> 查询\n< “路灯不亮”\n< {COURSES[course]}", sms(), City([made]))


def test_a_day_of_another_year_is_told_with_its_year() -> None:
    until = datetime(2027, 3, 15, 2, tzinfo=UTC)
    held = msgspec.structs.replace(
        card(), course=Course.HELD, reason="the money is not there yet", due_at=until
    )
    play("> 查询\n< 资金还没有到位。\n< 2027年3月15日10:00前答复", sms(), City([held]))
