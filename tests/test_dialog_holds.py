"""A conversation that holds: corrections at any question, steps back, several matters, secrecy, other people's matters."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dialogs.said import Attachment, Said
from dialogs.words import Kind
from tests.transcript import City, card, facts, play, sms
from tests.wanderer import Wanderer

HEATING = "海淀区田村路街道阜石路第一社区5号楼暖气不热"
YONGDING = "110108002"


def at(*texts: str) -> Wanderer:
    """A talk in which these have been said."""
    talk = Wanderer(facts(), City([card()]))
    for text in texts:
        talk.say(text)
    return talk


@pytest.mark.parametrize(
    "said",
    ["不是田村路，是永定路", "不对，是永定路", "说错了，是永定路", "是永定路不是田村路", "应该是永定路，不是田村路"],
)  # fmt: skip
@pytest.mark.parametrize("before", ["田村路暖气不热", "投诉田村路一家饭店油烟扰民", "海淀区田村路"])
def test_a_place_is_put_right_in_one_sentence_at_any_question(before: str, said: str) -> None:
    intake = at(before, said).intake
    assert intake is not None
    assert intake.draft.place.street == YONGDING


def test_the_building_stays_when_the_street_is_put_right() -> None:
    intake = at("田村路5号楼暖气不热", "不是田村路，是永定路").intake
    assert intake is not None
    assert intake.draft.place.detail == "5号楼"


def test_what_is_meant_is_asked_where_the_right_place_may_be_several() -> None:
    play("> 昌平区停电了\n> 不是昌平，是八里庄\n< 已改好。\n< 朝阳区 八里庄街道", facts())


@pytest.mark.parametrize("said", ["不是停水，是停电", "不对，是停电"])
def test_a_matter_is_put_right_while_its_place_is_asked(said: str) -> None:
    talk = at("停水了", said)
    assert talk.intake is not None
    assert "停电" in talk.intake.draft.title
    assert talk.state == ("intake", "place")


def test_a_number_is_put_right_at_any_question() -> None:
    intake = at("停水了", "我的电话说错了").intake
    assert intake is not None
    intake = at("投诉田村路一家饭店油烟扰民", "电话错了", "13811112222").intake
    assert intake is not None
    assert intake.draft.contact == "13811112222"


@pytest.mark.parametrize("back", ["返回", "上一步"])
@pytest.mark.parametrize(
    ("texts", "question"),
    [
        (("停水了",), "请重新说一下遇到什么事"),
        (("海淀区停水了",), "在什么地方？"),
        (("八里庄停水了",), "在什么地方？"),
        (("投诉田村路一家饭店油烟扰民",), "在什么地方？"),
        ((HEATING,), "要改哪一项？"),
        ((HEATING, "要改"), "请核对"),
        ((HEATING, "要改", "内容"), "要改哪一项？"),
        (("海淀区",), "在什么地方？"),
    ],
)
def test_there_is_a_way_back_from_every_question(
    texts: tuple[str, ...], question: str, back: str
) -> None:
    assert question in at(*texts).say(back)


@pytest.mark.parametrize(
    "texts",
    [
        ("停水了",),
        ("海淀区停水了",),
        ("八里庄停水了",),
        ("村里路灯坏了", "辛庄"),
        ("投诉田村路一家饭店油烟扰民",),
        (HEATING, "要改"),
        (HEATING, "要改", "类型"),
        (HEATING, "要改", "期望"),
        (HEATING, "要改", "电话"),
        (HEATING, "要改", "内容"),
    ],
)
def test_who_does_not_know_gets_on_from_every_question(texts: tuple[str, ...]) -> None:
    talk = at(*texts)
    for _ in range(4):
        talk.say("不知道")
        if talk.state == ("intake", "confirm"):
            break
    assert talk.state == ("intake", "confirm")


def test_progress_asked_about_in_the_middle_is_shown_and_the_talk_goes_on() -> None:
    play(
        """
        > 停水了
        < 在什么地方？
        > 我上次反映的路灯怎么样了
        < 八角街道正在办理。
        > 返回
        < 在什么地方？
        > 海淀区田村路街道
        < 内容：停水了
        """,
        facts(),
        City([card()]),
    )


def test_who_changes_their_mind_in_a_sentence_is_let_go() -> None:
    for said in ("算了，不反映了", "不用了，已经修好了", "不投诉了", "已经来水了"):
        talk = at(HEATING)
        assert talk.say(said).startswith("好的，没有提交。"), said
    assert "没有提交" not in at(HEATING).say("修好了又坏了")


def test_a_number_sent_to_the_confirmation_is_kept_and_submits_it() -> None:
    talk = play(
        f"> {HEATING}\n< 想接电话，发手机号就提交。\n> 我叫王芳，电话13811112222\n< 已受理", facts()
    )
    draft = talk.city.opened[0].draft
    assert (draft.contact, draft.contact_name) == ("13811112222", "王芳")


def test_other_peoples_matters_ask_whom_to_call_in_the_same_question() -> None:
    talk = at(HEATING)
    intake = talk.intake
    assert intake is not None
    for known, said in ((facts(), "办理时联系您还是本人？"), (sms(), "要联系本人，请发他的电话。")):
        talk = Wanderer(known, City())
        reply = talk.say(f"替我妈反映，{HEATING}")
        assert said in reply
        talk.say("13811112222")
        if not talk.city.opened:
            talk.say("对")
        assert talk.city.opened[0].draft.contact == "13811112222"
        assert talk.city.opened[0].draft.on_behalf


@pytest.mark.parametrize(
    ("answer", "confidential", "anonymous"),
    [("不用", False, False), ("保密", True, False), ("匿名", False, True), ("2", True, False), ("不知道", True, False)],
)  # fmt: skip
def test_secrecy_has_three_answers(answer: str, confidential: bool, anonymous: bool) -> None:  # noqa: FBT001 - a table
    for known in (facts(), sms()):
        talk = play(
            f"> 投诉田村路一家饭店油烟扰民\n< 要保密吗？\n< 保密：\n< 匿名：\n> {answer}\n> 对",
            known,
        )
        draft = talk.city.opened[0].draft
        assert (draft.confidential, draft.anonymous) == (confidential, anonymous)


def test_secrecy_said_by_the_way_is_not_asked_again() -> None:
    play("> 投诉田村路一家饭店油烟扰民，别告诉他们是我说的\n<! 要保密吗\n< 请核对", facts())
    play("> 投诉油烟扰民\n> 匿名\n< 不留您的姓名和号码\n> 田村路\n<! 要保密吗\n< 匿名反映", facts())


def test_a_recording_is_kept_and_words_are_asked_for() -> None:
    talk = Wanderer(facts(), City())
    reply = talk.event(Said(attachments=(Attachment("one", "audio/amr"),)))
    assert "语音我听不了" in reply
    assert "照片" not in reply
    talk.say(HEATING)
    talk.say("对")
    assert [one.id for one in talk.city.opened[0].draft.attachments] == ["one"]


def test_a_link_alone_is_kept_but_is_no_matter() -> None:
    talk = play("> https://mp.weixin.qq.com/s/x\n< 链接我打不开\n> 田村路停水\n> 对", facts())
    assert talk.city.opened[0].draft.matter == "田村路停水\nhttps://mp.weixin.qq.com/s/x"


def test_a_long_forwarded_text_is_taken_whole_and_shown_short() -> None:
    page = (
        "【转发】各位邻居："
        + "我们小区海淀区田村路街道阜石路第一社区的暖气已经很多天不热了，老人孩子都受不了。" * 70
    )
    talk = Wanderer(facts(), City())
    assert len(talk.say(page)) < 400
    talk.say("对")
    draft = talk.city.opened[0].draft
    assert draft.matter == page
    assert len(draft.title) <= 8


def test_photos_sent_in_the_middle_of_another_question_are_kept() -> None:
    photo = Said(attachments=(Attachment("one", "image/jpeg"),))
    talk = at(HEATING, "查询")
    assert "照片收到了" in talk.event(photo)
    assert talk.intake is not None
    assert [one.id for one in talk.intake.draft.attachments] == ["one"]


def test_a_photo_sent_with_a_survey_goes_to_its_ticket() -> None:
    talk = play("! survey due\n< 联系过您吗", facts())
    talk.event(Said(attachments=(Attachment("one", "image/jpeg"),)))
    assert "AddToTicket(ticket_id=261123000123" in repr(talk.requests)


def test_who_despairs_is_listened_to_and_given_no_form() -> None:
    talk = play(
        """
        > 我不想活了
        < 12356
        <! 编号
        <! 答复您
        < 我已经告诉值班同事
        < 告诉我您在哪里
        > 没人在乎我
        < 我在听
        = AddToTicket
        > 我在海淀区田村路街道
        < 谢谢您告诉我
        = AddToTicket
        > 谢谢
        < 您保重
        """,
        facts(),
    )
    assert talk.city.opened[0].draft.emergency
    assert not talk.session.frames


def test_another_persons_danger_is_asked_where_at_once() -> None:
    play("> 有人要跳楼\n< 110\n< 在什么地方？", facts())


def test_the_second_matter_keeps_the_place_of_the_first() -> None:
    talk = at(HEATING, "另外路灯也不亮")
    assert talk.state == ("intake", "another")
    talk.say("好")
    talk.say("对")
    first, second = (opened.draft for opened in talk.city.opened)
    assert second.place.street == first.place.street
    assert "路灯" in second.title


def test_a_kind_is_put_right_at_the_secrecy_question() -> None:
    talk = at("投诉田村路一家饭店油烟扰民", "不是投诉，是举报")
    assert talk.intake is not None
    assert talk.intake.draft.kind is Kind.TIP_OFF


def test_commands_are_no_commands_below_a_photo() -> None:
    talk = at(HEATING)
    talk.event(Said("new", attachments=(Attachment("one", "image/jpeg"),)))
    assert talk.intake is not None
    assert talk.intake.draft.attachments


def test_an_answer_to_a_notice_of_long_ago_finds_its_ticket() -> None:
    talk = at(HEATING, "对")
    talk.facts = replace(facts(), now=talk.facts.now)
    assert "补充到工单" in talk.say("师傅来过了，还是不热")
    talk = Wanderer(sms(), City([card()]))
    talk.say(HEATING)
    talk.say("对")
    assert talk.say("好的谢谢").startswith("不客气")


def test_several_matters_in_one_message_become_a_ticket_each_with_the_shared_place() -> None:
    talk = play(
        """
        > 海淀区田村路街道路灯不亮，还有垃圾没人清
        < 您说了两件事：“路灯不亮”、“垃圾没人清”。要分开办吗？
        < 1 分开办
        < 2 就一件
        > 1
        < 内容：海淀区田村路街道路灯不亮
        > 对
        < “路灯不亮”已受理
        < 地点：海淀区田村路街道
        > 对
        < “垃圾没人清”已受理
        """,
        facts(),
    )
    streets = [opened.draft.place.street for opened in talk.city.opened]
    assert streets == ["110108021", "110108021"]


@pytest.mark.parametrize("answer", ["就一件", "2", "不用"])
def test_several_matters_may_be_one(answer: str) -> None:
    told = "望京街道路灯不亮，还有垃圾没人清"
    talk = play(f"> {told}\n> {answer}\n> 对", sms())
    assert [opened.draft.matter for opened in talk.city.opened] == [told]


def test_silence_after_several_matters_opens_them_as_one() -> None:
    talk = play("> 望京街道路灯不亮，还有垃圾没人清\n! silence\n! silence\n< 已受理", sms())
    assert len(talk.city.opened) == 1


def test_more_than_four_matters_lose_no_word() -> None:
    told = "望京街道：1、路灯不亮 2、垃圾没人清 3、停车乱收费 4、停水 5、暖气不热"
    talk = at(told, "分开办")
    for _ in range(12):
        if not talk.session.frames:
            break
        talk.say({"confidential": "不用", "confirm": "对"}.get(talk.state[1], "不用"))
    handed_in = "".join(opened.draft.matter for opened in talk.city.opened)
    for word in ("路灯", "垃圾", "收费", "停水", "暖气"):
        assert word in handed_in
    assert len(talk.city.opened) <= 4


def test_what_belongs_to_none_of_several_matters_goes_with_the_first() -> None:
    talk = at("望京街道路灯不亮，还有垃圾没人清，我爸八十多了腿脚不好", "分开办", "对", "对")
    first, second = (opened.draft.matter for opened in talk.city.opened)
    assert "腿脚不好" in first + second


CROWD = "再不发工资我们三十个人就去区政府门口拉横幅堵路"


@pytest.mark.parametrize(
    "before",
    [(), ("停水了",), (HEATING,), (HEATING, "要改"), ("查询",), ("补充",), ("帮助",), ("撤单",)],
)
def test_words_of_alarm_reach_the_duty_leader_in_whatever_dialog_they_fall(
    before: tuple[str, ...],
) -> None:
    talk = at(*before)
    assert "值班领导" in talk.say(CROWD)
    assert "RaiseAlert" in repr(talk.requests)


def test_words_of_alarm_in_a_survey_are_heard_too() -> None:
    talk = play("! survey due\n< 联系过您吗", facts())
    talk.say(CROWD)
    assert "RaiseAlert" in repr(talk.requests)


def test_the_same_alarm_soon_after_is_marked_as_a_repeat_and_not_spoken_of_again() -> None:
    talk = at(CROWD)
    assert "值班领导" not in talk.say(f"真的，{CROWD}")
    assert "again=True" in repr(talk.requests)
    talk.facts = replace(talk.facts, now=talk.facts.now + timedelta(minutes=31))
    talk.say(CROWD)
    assert "again=False" in repr(talk.requests)


def test_despair_goes_to_the_duty_leader() -> None:
    assert "SELF_HARM" in repr(at("我不想活了").city.requests)
    assert "SELF_HARM" in repr(at(HEATING, "活着没意思，我想跳楼").city.requests)


def test_a_key_pressed_once_too_often_is_taken_kindly() -> None:
    assert "查询" in at(HEATING, "1").say("1")


def test_no_to_the_phone_call_is_no_change_of_the_draft() -> None:
    play(f"> {HEATING}\n> 不用\n< 对吗？\n<! 手机号\n> 对\n< 已受理", facts())


def test_thanks_are_no_place() -> None:
    talk = at("停水了", "好的谢谢")
    assert talk.state == ("intake", "place")
    assert talk.intake is not None
    assert talk.intake.draft.place.detail == ""


@pytest.mark.parametrize("said", ["听得到吗", "在不在", "有人没"])
def test_who_asks_whether_somebody_is_there_is_greeted(said: str) -> None:
    play(f"> {said}\n< 您好，这里是12345。", sms())


def test_a_number_left_after_the_ticket_is_the_one_to_call() -> None:
    play(
        f"""
        > {HEATING}
        > 对
        > 我叫王芳，13811112222
        < 办理人员会打这个电话
        = AddToTicket(ticket_id=261123000123, text='', attachments=(), place=Place(
        = contact='13811112222', contact_name='王芳'
        """,
        facts(),
    )
