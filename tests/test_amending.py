"""Edited messages: the draft is put right by them, a ticket gets a correction, and what was used already is told so."""

import pytest

from dialogs.requests import AddToTicket
from dialogs.said import UNSEEN_FILE, UNSEEN_STICKER, Said
from dialogs.words import Kind
from tests.transcript import Talk, facts, sms

HEATING = "海淀区田村路街道阜石路第一社区5号楼暖气不热"


def edit(talk: Talk, before: str, text: str) -> str:
    return talk.event(Said(text=text, edits="700-17-0", before=before))


def test_an_edit_puts_the_matter_right_and_tells_what_is_noted_now() -> None:
    talk = Talk(facts())
    talk.say(HEATING)
    told = edit(talk, HEATING, HEATING.replace("暖气不热", "电梯坏了"))
    assert told.startswith("已改好。")
    assert "内容：海淀区田村路街道阜石路第一社区5号楼电梯坏了" in told
    assert "对吗？" in told
    talk.say("[对，提交]")
    draft = talk.city.opened[0].draft
    assert "暖气" not in draft.matter + draft.title
    assert draft.place.community


def test_an_edit_puts_the_place_right() -> None:
    talk = Talk(facts())
    talk.say("海淀区田村路街道路灯不亮")
    told = edit(talk, "海淀区田村路街道路灯不亮", "海淀区永定路街道路灯不亮")
    assert "永定路街道" in told
    assert "田村路" not in told


def test_an_edit_of_one_message_of_several_leaves_the_others() -> None:
    talk = Talk(facts())
    talk.say("路灯不亮")
    talk.say("海淀区田村路街道")
    told = edit(talk, "路灯不亮", "路灯和监控都不亮")
    assert "路灯和监控都不亮" in told
    assert "田村路街道" in told


def test_an_edit_under_another_question_is_noted_and_the_question_asked_again() -> None:
    talk = Talk(facts())
    talk.say(HEATING)
    talk.say("语言")
    told = edit(talk, HEATING, HEATING + "三天了")
    assert told.startswith("已改好。")
    assert "中文" in told
    talk.say("[中文]")
    talk.say("[对，提交]")
    assert talk.city.opened[0].draft.matter.endswith("三天了")


def test_an_edit_after_the_ticket_is_a_correction_of_it() -> None:
    talk = Talk(facts())
    talk.say(HEATING)
    talk.say("1")
    told = edit(talk, HEATING, HEATING.replace("5号楼", "6号楼"))
    assert told == "更正已经记到工单261123-000123-4里了。"
    note = f"更正：{HEATING.replace('5号楼', '6号楼')}"
    assert talk.requests == [AddToTicket(261123_000123, note)]


def test_an_edit_of_an_answer_that_has_been_used_is_told_so() -> None:
    talk = Talk(facts())
    talk.say(HEATING)
    talk.say("要改")
    told = edit(talk, "要改", "不改")
    assert told.startswith("这条已经按原来的办了，要改请直接告诉我。")
    assert "要改哪一项" in told


def test_an_edit_of_the_place_that_was_answered_is_heard_as_a_place() -> None:
    talk = Talk(facts())
    talk.say("路灯不亮")
    talk.say("海淀区田村路街道")
    assert "永定路街道" in edit(talk, "海淀区田村路街道", "海淀区永定路街道")


def test_an_edit_that_changes_no_word_gets_no_reply() -> None:
    talk = Talk(facts())
    talk.say(HEATING)
    before = talk.session
    assert edit(talk, HEATING, HEATING + " ") == ""
    assert talk.session == before


def test_an_edit_of_what_was_never_heard_is_heard_as_new() -> None:
    assert "对吗？" in edit(Talk(facts()), "", HEATING)


def test_danger_told_by_an_edit_is_danger() -> None:
    talk = Talk(facts())
    talk.say(HEATING)
    told = edit(talk, HEATING, "海淀区田村路街道阜石路第一社区5号楼着火了，有人困在里面")
    assert "119" in told
    assert talk.city.opened[0].draft.emergency


def test_kind_and_grade_are_read_anew() -> None:
    talk = Talk(facts())
    talk.say("海淀区田村路街道路灯不亮")
    edit(talk, "海淀区田村路街道路灯不亮", "表扬海淀区田村路街道的师傅，路灯修得很快")
    talk.say("[对，提交]")
    assert talk.city.opened[0].draft.kind is Kind.PRAISE


@pytest.mark.parametrize(("what", "words"), [(UNSEEN_STICKER, "贴纸"), (UNSEEN_FILE, "20MB")])
def test_what_tells_nothing_is_said_so_and_the_question_asked_again(what: str, words: str) -> None:
    talk = Talk(facts())
    assert words in talk.event(Said(text=what))
    talk.say(HEATING)
    told = talk.event(Said(text=what))
    assert words in told
    assert "对吗？" in told
    assert talk.session.misses == 0


def test_a_number_that_a_button_of_an_earlier_question_carried_answers_nothing() -> None:
    talk = Talk(sms())
    talk.say(HEATING)
    old = talk.session.prompt
    talk.say("2")
    told = talk.event(Said(text="1", prompt=old))
    assert "按钮" in told
    assert not talk.city.opened
