from dataclasses import replace

import pytest

from dialogs.requests import AddToTicket, OpenTicket
from dialogs.ticket_number import format_number
from dialogs.understanding.place import Place
from dialogs.words import Grade, Kind, Language
from tests.transcript import PHOTO, PIN, City, card, facts, play, sms
from tests.transcript import Talk as Conversation

HEATING = "海淀区田村路街道阜石路第一社区5号楼暖气不热"
LAST = 261123_000123


def test_a_complete_message_goes_straight_to_a_confirmation_of_every_field() -> None:
    play(
        f"""
        > {HEATING}
        < 请核对：
        < 类型：求助
        < 内容：{HEATING}
        < 地点：海淀区田村路街道阜石路第一社区5号楼
        < 答复：24小时内
        < 对吗？想接电话，发手机号就提交。
        < 1 对，提交
        < 2 要改
        > 1
        < “暖气不热”已受理，编号261123-000123-4，已交田村路街道，24小时内答复您。想看进展，随时回“查询”。
        """,
        facts(),
    )


def test_what_is_missing_is_asked_one_thing_at_a_time() -> None:
    talk = play(
        """
        > 你好
        < 您好，这里是12345。
        < 请说在什么地方、遇到什么事。
        > 海淀区
        < 海淀区遇到什么事？
        > 停水了
        < 海淀区哪个街道或小区？
        > 永定路
        < 地点：海淀区永定路街道
        > 13800138000
        < 已交永定路街道
        """,
        facts(),
    )
    draft = talk.city.opened[0].draft
    assert draft.place == Place("110108", "110108002")
    assert (draft.topic, draft.grade, draft.contact) == ("T002", Grade.II, "13800138000")
    assert draft.confirmed
    assert talk.session.last_ticket == LAST


def test_an_ambiguous_place_is_asked_never_guessed() -> None:
    play(
        """
        > 八里庄暖气不热
        < 是哪一个？
        < 1 朝阳区 八里庄街道
        < 2 海淀区 八里庄街道
        < 3 都不是
        > 朝阳的
        < 地点：朝阳区八里庄街道
        """,
        facts(),
    )


def test_a_name_of_many_places_is_asked_by_district_first() -> None:
    talk = play(
        """
        > 村里路灯不亮
        > 辛庄
        < 同名的有好几处，是哪个区的？
        < 房山
        > 房山
        < 房山区哪个街道或小区？
        > 青龙湖镇
        < 地点：房山区青龙湖镇
        """,
        facts(),
    )
    assert "辛庄" in (talk.reply.text if talk.reply else "")


def test_somebody_who_does_not_know_the_street_goes_on_with_the_district() -> None:
    talk = play(
        """
        > 昌平区停电了
        < 昌平区哪个街道或小区？
        > 不知道
        < 地点：昌平区
        > 对
        < 已交昌平区政府
        """,
        facts(),
    )
    assert talk.city.opened[0].draft.place == Place("110114")


def test_a_place_that_nobody_finds_is_asked_twice_and_then_left_to_people() -> None:
    talk = play(
        """
        > 路灯不亮
        < 在什么地方？
        > 东头磨盘底下
        < 没找到这个地方
        > 老张家门口
        < 地点：东头磨盘底下 老张家门口
        > 对
        < 由中心转给负责单位
        """,
        facts(),
    )
    assert talk.city.opened[0].draft.place == Place(detail="东头磨盘底下 老张家门口")


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("不对，是永定路", "地点：海淀区永定路街道"),
        ("不对，是停水", "内容：海淀区田村路街道阜石路第一社区5号楼暖气不热；停水"),
        ("楼道里还漏水", "；楼道里还漏水"),
        ("石景山区八角街道", "地点：石景山区八角街道"),
    ],
)
def test_a_correction_typed_at_the_confirmation_is_understood(said: str, shown: str) -> None:
    play(f"> {HEATING}\n> {said}\n< {shown}\n< 对吗？", facts())


@pytest.mark.parametrize(
    ("field", "said", "shown"),
    [
        ("内容", "电梯坏了", "内容：电梯坏了"),
        ("地点", "石景山区八角街道", "地点：石景山区八角街道"),
        ("类型", "建议", "类型：建议"),
        ("期望", "今天修好", "期望：今天修好"),
        ("电话", "010-68123456", "电话：01068123456"),
        ("保密", "要保密", "对被反映的单位保密"),
        ("返回", "对", "“暖气不热”已受理"),
    ],
)
def test_every_field_can_be_corrected(field: str, said: str, shown: str) -> None:
    play(f"> {HEATING}\n> 要改\n< 要改哪一项？\n> [{field}]\n> {said}\n< {shown}", facts())


def test_a_danger_to_life_gets_the_numbers_first_and_is_recorded_at_once() -> None:
    talk = play(
        """
        > 家里煤气泄漏有人晕倒了
        < 有人受伤或有危险，请马上拨打110、119或120
        < 已受理，编号261123-000123-4
        < 在什么地方？
        = OpenTicket
        > 海淀区田村路街道
        < 谢谢，地点已经转告。
        = AddToTicket
        """,
        facts(),
    )
    first, added = talk.city.requests[0], talk.city.requests[-1]
    assert isinstance(first, OpenTicket)
    assert first.draft.emergency
    assert not first.draft.confirmed
    assert first.draft.grade is Grade.I
    assert isinstance(added, AddToTicket)
    assert added.place == Place("110108", "110108021")
    assert talk.session.last_ticket == LAST
    assert not talk.session.frames


def test_whoever_reports_a_danger_namelessly_is_hidden_but_can_be_asked_where() -> None:
    talk = play("> 匿名说一声，家里煤气泄漏有人晕倒了\n< 在什么地方？\n> 海淀区田村路街道", facts())
    draft = talk.city.opened[0].draft
    assert (draft.anonymous, draft.confidential) == (False, True)
    assert "text='地点：海淀区田村路街道'" in repr(talk.requests)


def test_a_danger_told_in_the_middle_of_an_intake_is_not_left_waiting() -> None:
    play(
        f"""
        > {HEATING}
        > 有人触电昏迷了
        < 请马上拨打110、119或120
        < 已受理
        = OpenTicket
        """,
        facts(),
    )


def test_a_tip_off_is_confidential_unless_the_resident_says_otherwise() -> None:
    talk = play(
        """
        > 我要举报有人无照摆摊，石景山区八角街道
        < 要保密吗？
        < 1 不用
        < 2 保密
        < 3 匿名
        > 要
        < 对被反映的单位保密
        > 对
        """,
        facts(),
    )
    assert talk.city.opened[0].draft.confidential
    assert talk.city.opened[0].draft.kind is Kind.TIP_OFF


def test_a_wish_to_stay_anonymous_is_respected_and_no_number_is_asked() -> None:
    talk = play(
        """
        > 匿名举报有人无照摆摊，朝阳区望京街道
        < 匿名反映
        > 对
        < 已匿名受理
        """,
        facts(),
    )
    assert talk.city.opened[0].draft.anonymous
    assert not talk.session.last_ticket


def test_nobody_who_talks_by_phone_number_is_asked_for_one() -> None:
    play(f"> {HEATING}\n> 1\n< 已受理，编号261123-000123-4", sms())


def test_photos_and_a_location_are_kept_in_whatever_order_they_come() -> None:
    talk = play(
        """
        > {photo}
        < 照片收到了。
        < 照片里是什么事？
        > 路灯不亮
        > {pin}
        < 位置收到了。
        < 那是哪个区、哪个街道或小区？
        > 石景山区八角街道 {photo}
        < 照片：2张
        > {photo}
        < 照片：3张
        > 嗯嗯嗯啊 {photo}
        > 对
        """,
        facts(),
    )
    draft = talk.city.opened[0].draft
    assert draft.attachments == (PHOTO,) * 4
    assert draft.pin == PIN


def test_a_question_of_the_city_needs_no_place() -> None:
    play("> 咨询居住证怎么办理\n< 1 与地点无关\n> 1\n< 类型：咨询\n< 地点：未说明", facts())


@pytest.mark.parametrize("word", ["谢谢", "好的", "再见", "收到"])
def test_thanks_to_an_idle_hotline_open_no_ticket(word: str) -> None:
    talk = play(f"> {word}\n< 不客气", facts())
    assert not talk.session.frames


def test_nonsense_is_answered_in_other_words_each_time_and_then_by_a_person() -> None:
    talk = Conversation(facts())
    replies = [talk.say(text).splitlines()[0] for text in ("哈哈", "呵呵", "嘿嘿")]
    assert len(set(replies)) == 3
    assert "CallHuman" in repr(talk.requests)


def test_cancelling_drops_the_draft_and_says_so() -> None:
    talk = play(f"> {HEATING}\n> 取消\n< 好的，没有提交。", facts())
    assert not talk.session.frames
    assert not talk.city.opened


def test_silence_is_broken_once_and_then_the_matter_is_opened_as_it_stands() -> None:
    talk = play(
        f"""
        > {HEATING}
        ! silence
        < 您还在吗？
        < 请核对：
        ! silence
        < 已受理，编号261123-000123-4
        """,
        facts(),
    )
    assert not talk.city.opened[0].draft.confirmed


def test_the_waits_are_half_an_hour_and_a_day_in_all() -> None:
    talk = Conversation(facts())
    talk.say(HEATING)
    first = talk.wake_seconds
    talk.silence()
    assert (first, talk.wake_seconds) == (1800, 86_400 - 1800)


def test_silence_after_a_greeting_ends_without_a_word() -> None:
    talk = play("> 你好\n! silence\n<", facts())
    assert not talk.session.frames


def test_a_photo_after_the_ticket_is_added_to_it_when_the_resident_says_so() -> None:
    play(
        f"""
        > {HEATING}
        > 1
        > {{photo}}
        < 这是要补充到工单261123-000123-4吗？
        > 1
        < 已补充到工单261123-000123-4。
        = AddToTicket(ticket_id=261123000123
        """,
        sms(),
    )


def test_vague_words_after_the_ticket_may_belong_to_it_or_be_new() -> None:
    play(
        f"""
        > {HEATING}
        > 1
        > 师傅来之前请先敲一下窗户
        < 这是要补充到工单261123-000123-4吗？
        > 是
        < 已补充
        = text='师傅来之前请先敲一下窗户'
        """,
        sms(),
    )


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("帮我催一下", "已为您催办“路灯不亮”"),
        ("我想查一下进度", "八角街道正在办理"),
        (format_number(261122_000001), "“路灯不亮”（261122-000001-"),
        ("我要撤单", "要撤掉“路灯不亮”吗？"),
    ],
)
def test_what_is_wanted_of_a_ticket_may_be_said_in_a_sentence(said: str, shown: str) -> None:
    play(f"> {said}\n< {shown}", facts(), City([card()]))


def test_an_interruption_loses_nothing_of_the_draft() -> None:
    play(
        """
        > 暖气不热
        < 在什么地方？
        > 查询
        < 路灯不亮
        > 返回
        < 在什么地方？
        > 帮助
        < 1 反映问题
        > 1
        < 先把这件说完吧。
        < 在什么地方？
        > 海淀区田村路街道
        < 内容：暖气不热
        """,
        facts(),
        City([card()]),
    )


def test_the_first_message_decides_the_language() -> None:
    talk = play(
        """
        > My heating is broken
        < Where is it?
        = SetLanguage
        > Haidian District
        < Which street or estate in Haidian District?
        > I don't know
        < Place: Haidian District
        < Answer: within 24 hours
        > yes
        < passed to 海淀区政府. You get an answer within 24 hours.
        """,
        facts(),
    )
    assert talk.session.language is Language.ENGLISH


def test_the_usual_sms_are_one_part_of_70_characters_signature_included() -> None:
    talk = Conversation(sms())
    signature = len("【12345】")
    for said in ("你好", "海淀区田村路街道暖气不热", "1"):
        talk.say(said)
        text = talk.reply.text if talk.reply else ""
        labels = (
            "".join(f"\n{n} {c.label}" for n, c in enumerate(talk.reply.choices, 1))
            if talk.reply
            else ""
        )
        assert len(text + labels) + signature <= 70, text


def test_a_matter_in_words_that_no_topic_knows_is_taken_all_the_same() -> None:
    play(
        "> 隔壁王大爷总在屋顶养鸽子，石景山区八角街道\n< 类型：\n< 养鸽子\n< 地点：石景山区八角街道",
        replace(facts(), reachable=True),
    )


def test_a_danger_added_to_a_draft_becomes_its_title_and_topic() -> None:
    talk = play("> 海淀区田村路街道停水\n> 有人触电昏迷了\n< 已受理", facts())
    draft = talk.city.opened[0].draft
    assert "触电" in draft.title
    assert draft.topic == "T084"
    assert draft.grade is Grade.I


def test_somebody_lost_is_helped_once_to_name_a_place() -> None:
    play(
        """
        > 停水
        > 我也不知道哪个区
        < 说个路名、小区名
        > 不知道
        < 未说明
        """,
        sms(),
    )
    play("> 停水\n> 不知道哪个区，田村路那边\n< 海淀区田村路街道", sms())


def test_the_same_again_is_asked_whether_it_belongs_to_the_last_ticket() -> None:
    play(
        f"""
        > {HEATING}
        > 1
        > 暖气还是不热
        < 这是要补充到工单261123-000123-4吗？
        > 1
        < 已补充
        """,
        sms(),
    )
