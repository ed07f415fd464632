"""The same matter told before, by the same resident or by others close by, as residents hear of it."""

import msgspec

from dialogs.known import Nearby
from dialogs.requests import AddToTicket, FindRelated, RelatedFound, UrgeTicket
from dialogs.ticket_number import format_number
from dialogs.understanding.place import Place
from dialogs.words import TicketState
from tests.transcript import City, card, facts, play, sms

COMMUNITY = Place("110108", "110108021", "110108021011")
MATTER = "海淀区田村路街道阜石路第一社区5号楼暖气不热"
EARLIER = 261122_000001
OWN = card(EARLIER, "暖气不热", TicketState.HANDLING, "田村路街道")


def told(state: TicketState = TicketState.HANDLING, *, repeats: int = 0) -> City:
    """A city in which this resident has told the matter yesterday."""
    own = msgspec.structs.replace(
        OWN, state=state, repeats=repeats, may_reopen=state is TicketState.CLOSED
    )
    return City(related=RelatedFound(own=(own,)))


def others(residents: int = 37) -> City:
    """A city in which others nearby wait for the same."""
    nearby = Nearby(EARLIER, COMMUNITY, residents, "田村路街道")
    return City(related=RelatedFound(nearby=nearby))


def test_the_same_matter_is_added_to_the_ticket_that_there_is_in_two_messages() -> None:
    talk = play(
        f"""
        > {MATTER}
        < 您11月22日反映过“暖气不热”，田村路街道正在办。
        < 1 补充进去
        < 2 催办
        < 3 新问题
        <! 对吗
        > 1
        < 已补充到“暖气不热”
        = AddToTicket
        """,
        facts(),
        told(),
    )
    assert talk.requests == [AddToTicket(EARLIER, MATTER, again=True)]
    assert talk.city.opened == []
    assert talk.session.last_ticket == EARLIER


def test_urging_adds_the_new_words_too() -> None:
    for said in ("2", "催办", "催一下", "催"):
        talk = play(f"> {MATTER}\n> {said}\n< 已为您催办“暖气不热”", sms(), told())
        assert talk.requests == [AddToTicket(EARLIER, MATTER, again=True), UrgeTicket(EARLIER)]


def test_a_new_matter_becomes_a_ticket_that_knows_of_the_one_before() -> None:
    talk = play(
        f"> {MATTER}\n> 3\n< 海淀区田村路街道\n< 对吗\n> 1\n< 已受理", sms(), told(repeats=1)
    )
    draft = talk.city.opened[0].draft
    assert (draft.linked_ticket, draft.repeats) == (EARLIER, 2)


def test_a_closed_ticket_is_taken_up_again() -> None:
    play(
        f"""
        > {MATTER}
        < 田村路街道已办完。
        < 1 没解决，接着办
        < 2 新问题
        <! 催办
        > 没修好
        < “暖气不热”已重新交田村路街道接着办
        = AddToTicket
        """,
        sms(),
        told(TicketState.CLOSED),
    )


def test_a_ticket_that_can_take_no_more_words_is_not_named() -> None:
    city = City(related=RelatedFound(own=(msgspec.structs.replace(OWN, state=TicketState.CLOSED),)))
    play(f"> {MATTER}\n< 对吗\n<! 反映过", facts(), city)


def test_still_the_same_is_heard_as_an_addition() -> None:
    talk = play(f"> {MATTER}\n> 还是那个事，越来越冷了\n< 已补充到", facts(), told())
    assert "越来越冷" in repr(talk.requests)


def test_another_place_said_at_that_question_is_a_correction_and_looked_up_anew() -> None:
    talk = play(f"> {MATTER}\n> 不是田村路街道，是永定路街道\n< 已改好", facts(), told())
    (asked,) = talk.requests
    assert isinstance(asked, FindRelated)
    assert asked.draft.place.street == "110108002"


def test_silence_at_that_question_loses_nothing_and_makes_no_second_ticket() -> None:
    talk = play(f"> {MATTER}\n! silence\n< 还在吗\n! silence", facts(), told())
    assert talk.requests == [AddToTicket(EARLIER, MATTER, again=True)]


def test_of_two_matters_told_at_once_the_other_goes_on_when_one_was_told_before() -> None:
    talk = play(
        "> 海淀区田村路街道阜石路第一社区暖气不热，还有路灯也不亮\n> 1\n< 反映过\n> 1\n< 已补充到“暖气不热”",
        sms(),
        told(),
    )
    assert "路灯" in repr(talk.requests)


def test_joining_takes_two_messages_and_is_its_own_confirmation() -> None:
    talk = play(
        f"""
        > {MATTER}
        < 求助“暖气不热”，阜石路第一社区已有37人反映，田村路街道在办。
        < 1 一起办，有进展告诉我
        < 2 单独办
        > 1
        < 编号
        """,
        sms(),
        others(),
    )
    assert talk.city.opened[0].draft.joined_to == EARLIER
    assert talk.city.opened[0].draft.confirmed


def test_the_question_about_others_fits_into_one_part_of_an_sms() -> None:
    talk = play(f"> {MATTER}\n< 已有37人反映", sms(), others())
    assert talk.reply is not None
    choices = " ".join(f"{n} {c.label}" for n, c in enumerate(talk.reply.choices, 1))
    assert len(f"【12345】{talk.reply.text}\n回复：{choices}") <= 70
    talk = play(f"> {MATTER}\n< 反映过", sms(), told())
    assert talk.reply is not None
    choices = " ".join(f"{n} {c.label}" for n, c in enumerate(talk.reply.choices, 1))
    assert len(f"【12345】{talk.reply.text}\n回复：{choices}") <= 70


def test_alone_is_submitted_at_once() -> None:
    talk = play(f"> {MATTER}\n> 2\n< 已受理", sms(), others())
    assert talk.city.opened[0].draft.joined_to == 0
    assert talk.city.opened[0].draft.confirmed


def test_a_chat_shows_the_whole_address_and_needs_no_phone_to_join() -> None:
    talk = play(
        f"""
        > {MATTER}
        < 求助“暖气不热”，海淀区田村路街道阜石路第一社区5号楼。
        < 附近已有37人反映同样的问题，田村路街道正在处理。要并到一起办吗？
        > [并到一起，有进展通知我]
        < 编号
        """,
        facts(),
        others(),
    )
    assert talk.city.opened[0].draft.joined_to == EARLIER


def test_a_number_left_at_that_question_is_kept() -> None:
    talk = play(f"> {MATTER}\n> 13800138000\n< 已改好\n< 37人\n> 1\n< 编号", facts(), others())
    assert talk.city.opened[0].draft.contact == "13800138000"


def test_alone_in_a_chat_is_asked_for_a_phone() -> None:
    talk = play(f"> {MATTER}\n> 2\n< 电话\n> 13800138000\n< 编号", facts(), others())
    assert talk.city.opened[0].draft.joined_to == 0


def test_either_can_be_said_in_words() -> None:
    for said in ("一起办吧", "并进去", "好的，一起", "一样的问题", "嗯"):
        assert play(f"> {MATTER}\n> {said}", sms(), others()).city.opened[0].draft.joined_to
    for said in ("不想并", "单独提交", "不要", "别和他们一起"):
        assert not play(f"> {MATTER}\n> {said}", sms(), others()).city.opened[0].draft.joined_to
    for city in (others(), told()):
        assert city.opened == play(f"> {MATTER}\n> 要改\n< 要改哪一项", sms(), city).city.opened


def test_dont_know_is_told_what_either_means() -> None:
    play(f"> {MATTER}\n> 不知道\n< 单独办\n> 单独办\n< 已受理", sms(), others())
    play(f"> {MATTER}\n> 不知道\n< 新问题\n> 补充\n< 已补充", sms(), told())


def test_a_correction_at_the_question_about_others_looks_anew() -> None:
    talk = play(f"> {MATTER}\n> 不是5号楼，是6号楼\n< 6号楼", facts(), others())
    assert talk.city.opened == []


def test_nothing_of_others_but_their_number_is_shown() -> None:
    talk = play(f"> {MATTER}\n< 37人", facts(), others())
    assert format_number(EARLIER) not in repr(talk.reply)


def test_in_english_too() -> None:
    play(
        "> The heating is cold at Tiancun Road, Haidian\n< 37 told it",
        sms(),
        others(),
    )
