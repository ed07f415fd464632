import pytest
from msgspec.structs import replace

from dialogs.requests import AddToTicket
from dialogs.words import TicketState
from tests.transcript import City, card, facts, play, sms

TWO = [card(), card(261121_000002, "电梯故障", TicketState.DISPATCHED, "田村路街道")]


def test_words_and_photos_are_added_to_the_open_ticket() -> None:
    play(
        """
        > 补充
        < “路灯不亮”要补充什么？
        > 一共三盏 {photo}
        < 已补充到工单261122-000001-
        = AddToTicket(ticket_id=261122000001, text='一共三盏', attachments=(Attachment(
        """,
        facts(),
        City([card()]),
    )


@pytest.mark.parametrize("said", ["补充一下，一共三盏都不亮", "补充：一共三盏都不亮"])
def test_what_is_to_be_added_may_be_said_at_once(said: str) -> None:
    play(f"> {said}\n< 已补充\n= text='一共三盏都不亮'", facts(), City([card()]))


def test_of_several_open_tickets_one_is_chosen() -> None:
    play(
        """
        > 催单
        < 是哪一件？
        < 1 路灯不亮 · 办理中
        < 2 电梯故障 · 已转办
        > 2
        < 已为您催办“电梯故障”
        = UrgeTicket(ticket_id=261121000002)
        """,
        facts(),
        City(list(TWO)),
    )


def test_withdrawing_asks_once_whether_it_is_meant() -> None:
    play(
        """
        > 撤单
        < 要撤掉“路灯不亮”吗？
        < 1 撤单
        < 2 不撤了
        > 撤单
        < “路灯不亮”已撤单
        = WithdrawTicket(ticket_id=261122000001
        > 撤单
        < 您现在没有正在办理的工单。
        """,
        facts(),
        City([card()]),
    )


@pytest.mark.parametrize("word", ["不撤了", "2", "不", "返回"])
def test_whoever_does_not_want_it_after_all_keeps_the_ticket(word: str) -> None:
    play(f"> 撤单\n> {word}\n< 好的，没有改动。", facts(), City([card()]))


def test_without_an_open_ticket_a_new_one_is_offered() -> None:
    closed = card(state=TicketState.CLOSED)
    play("> 催单\n< 您现在没有正在办理的工单。有新的问题，直接说", facts(), City([closed]))


def test_a_danger_told_as_an_addition_gets_the_emergency_numbers_first() -> None:
    play(
        "> 补充\n> 现在有人触电昏迷了\n< 请马上拨打110、119或120\n< 已补充\n= AddToTicket",
        facts(),
        City([card()]),
    )


def test_a_new_matter_instead_of_a_choice_begins_an_intake() -> None:
    play("> 撤单\n> 海淀区田村路街道停水了\n< 请核对：", facts(), City([card()]))


@pytest.mark.parametrize("said", ["怎么还没人来", "都三天了还没人管", "还没来呢？"])
def test_who_asks_why_nobody_comes_presses_for_it(said: str) -> None:
    play(f"> {said}\n< 已为您催办“路灯不亮”", facts(), City([card()]))


def test_not_solved_after_the_end_opens_it_again_and_says_so() -> None:
    closed = replace(card(state=TicketState.CLOSED), may_reopen=True)
    for said in ("还是没解决", "没修好", "补充 又不亮了"):
        talk = play(f"> {said}\n< “路灯不亮”重新办理\n= AddToTicket", facts(), City([closed]))
        assert [one.text for one in talk.requests if isinstance(one, AddToTicket)] == [
            said.removeprefix("补充 ")
        ]
    play("> 查询\n> 1\n> 又不亮了\n< “路灯不亮”重新办理", sms(), City([closed]))


def test_who_presses_while_nobody_has_it_hears_that_it_is_being_found_out() -> None:
    waiting = card(state=TicketState.TRIAGE, unit="")
    play("> 催单\n< 已为您催办“路灯不亮”，12345正在确定由谁办。\n<! 单位", sms(), City([waiting]))
    play(
        "> 催单\n<! 负责人",
        sms(),
        City([replace(waiting, head_hears=True)]),
    )


def test_who_speaks_english_presses_and_opens_again_in_a_sentence_too() -> None:
    play("> Nobody came\n< chased up", facts(), City([card()]))
    play("> still not fixed\n< Added to ticket", facts(), City([card()]))
