"""Talks as residents had them when the hotline was played: what went wrong once stays right."""

import pytest

from channels.length import measure
from dialogs.answers import left_phone, thanks
from dialogs.requests import RelatedFound
from dialogs.said import Said
from dialogs.understanding.reader import Understood
from dialogs.words import AlertKind, TicketState
from tests.catalogue import reader
from tests.test_dispatch import CITY as RESPONSIBILITIES
from tests.test_dispatch import HAIDIAN, TIANCUN
from tests.transcript import City, Talk, card, facts, play, sms


def understood(text: str) -> Understood:
    return reader().understand(text)


def test_a_place_said_for_the_matter_leaves_the_matter() -> None:
    play(
        """
        > 路灯坏了
        < 在什么地方？请说区、街道或小区、楼号。
        > 返回
        < 请重新说一下遇到什么事。
        > 丰台区方庄街道
        < 已改好。
        < 求助“路灯坏了”，丰台区方庄街道，7天内答复。对吗？
        """,
        sms(),
    )


@pytest.mark.parametrize("when", ["好几天了", "都半个月了", "很久了"])
def test_how_long_it_has_lasted_is_no_place_and_is_kept(when: str) -> None:
    talk = play(f"> 路灯不亮\n> {when}\n< 已加上。\n< 在什么地方？\n> 田村路街道\n> 1", sms())
    assert when in talk.city.opened[0].draft.matter


def test_who_only_says_that_there_is_something_is_asked_what() -> None:
    play("> 有个事想反映\n< 请说在什么地方、遇到什么事。", facts())


@pytest.mark.parametrize("words", ["谢谢你啊", "谢谢啊", "麻烦您了", "好的，谢谢你们"])
def test_thanks_are_heard_in_words_of_ones_own(words: str) -> None:
    assert thanks(Said(words))
    assert not thanks(Said("谢谢，路灯又坏了"))


def test_politeness_at_a_question_never_begins_the_pause() -> None:
    thanked = "> 谢谢\n" * 6
    play(f"> 路灯坏了\n{thanked}> 谢谢\n< 工作人员", sms())


@pytest.mark.parametrize(
    ("text", "on_behalf", "left"),
    [
        ("替我妈反映，家里暖气不热，她电话13900139000", True, ("13900139000", "")),
        ("我叫王芳，电话13800138000，暖气不热", False, ("13800138000", "王芳")),
        ("他的电话13800138000", False, ("", "")),
        ("骚扰电话13812345678天天打", False, ("", "")),
        ("老板电话13800138000，欠薪", False, ("", "")),
    ],
)
def test_only_a_number_that_is_left_to_be_called_is_called(
    text: str, left: tuple[str, str], *, on_behalf: bool
) -> None:
    assert left_phone(text, on_behalf=on_behalf) == left


def test_a_number_told_with_the_matter_is_not_asked_for_again() -> None:
    play(
        """
        > 替我妈反映，她住东城区景山街道，家里暖气不热，她电话13900139000
        < 替别人反映
        < 电话：13900139000
        <! 发那个电话
        """,
        facts(),
    )


def test_secrecy_said_in_passing_is_not_asked_about() -> None:
    play(
        """
        > 举报朝阳区三里屯街道一家饭店用地沟油，不要透露我的信息
        < 请核对
        < 对被反映的单位保密
        """,
        facts(),
    )


@pytest.mark.parametrize("said", ["我想问问我家电梯坏了的事怎么样了", "上次那件事有结果了吗"])
def test_how_a_matter_stands_is_no_new_question(said: str) -> None:
    play(f"> {said}\n< “路灯不亮”（261122-000001-4）", facts(), City([card()]))


def test_what_is_counted_as_the_first_is_no_place() -> None:
    told = understood("第一，电梯三天两头坏；第二，楼道里堆满杂物")
    assert not told.place.place.district
    assert not told.place.candidates
    assert told.parts == ("电梯三天两头坏", "楼道里堆满杂物")


@pytest.mark.parametrize("text", ["新生儿户口怎么上", "绿地被人圈起来种菜"])
def test_everyday_words_are_no_villages(text: str) -> None:
    found = understood(text).place
    assert (found.place.district, found.candidates) == ("", ())


def test_three_clauses_of_three_topics_are_three_matters() -> None:
    told = understood("海淀区永定路街道：路灯坏了，井盖丢了，还有人半夜施工")
    assert told.parts == (
        "海淀区永定路街道：路灯坏了",
        "海淀区永定路街道井盖丢了",
        "海淀区永定路街道有人半夜施工",
    )


def test_where_a_crowd_stands_is_no_traffic() -> None:
    told = understood("我们小区三百多号人现在堵在物业门口，要出大事了")
    assert (told.alert, told.topic) == (AlertKind.CROWD, "")
    assert understood("业主堵在小区门口，因为停水三天").topic == "T002"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("工地老板欠我们三十个人工资，我们明天去区政府门口堵门讨薪", "拖欠工资"),
        ("老板拖欠我工资三个月", "拖欠工资"),
        ("感谢朝阳区望京街道，路修好了", "路修好了"),
        ("我要表扬海淀区田村路街道的王大姐，帮我妈买药送上门", "大姐"),
    ],
)
def test_a_title_is_whole_and_names_no_command(text: str, title: str) -> None:
    assert understood(text).title == title


def test_praise_that_no_topic_claims_goes_to_the_street() -> None:
    lead = RESPONSIBILITIES.praised("", TIANCUN, "").lead
    assert lead is not None
    assert lead.code == "110108021"
    lead = RESPONSIBILITIES.praised("", HAIDIAN, "").lead
    assert lead is not None
    assert lead.code == "110108"
    lead = RESPONSIBILITIES.praised("T006", TIANCUN, "").lead
    assert lead is not None
    assert lead.code == "ent-gas"


def test_a_survey_that_comes_due_takes_no_card_away_that_lies_over_a_draft() -> None:
    play(
        """
        > 田村路街道广场舞太吵
        < 请核对
        < 地点：海淀区田村路街道
        > 查询
        < 1 补充
        ! survey due
        > 1
        < 要补充什么
        """,
        facts(),
        City([card()]),
    )


def test_dancing_on_a_square_is_no_square() -> None:
    assert understood("田村路街道阜石路第四社区广场舞太吵").place.place.detail == ""


@pytest.mark.parametrize("state", [TicketState.DISPATCHED, TicketState.HANDLING])
def test_how_a_ticket_stands_fits_one_part_of_an_sms(state: TicketState) -> None:
    told = card(title="暖气不热", state=state, unit="田村路街道")
    reply = Talk(sms(), City([told])).say("查询")
    assert measure(f"【12345】{reply}").segments == 1


def test_more_of_the_same_without_a_place_is_compared_before_the_place_is_asked() -> None:
    city = City([card()])
    talk = play("> 田村路街道暖气不热\n> 1\n< 已受理", sms(), city)
    city.related = RelatedFound(own=(card(title="暖气不热"),))
    assert "补充进去" in talk.say("家里暖气才15度")
    assert "在什么地方" in talk.say("3")
    city.related = RelatedFound()
    assert "对吗" in talk.say("永定路街道")


def test_a_question_put_right_into_a_complaint_is_one() -> None:
    play(
        """
        > 今年暖气什么时候开始供
        > 不是，我家暖气不热，我要投诉
        > 朝阳区望京街道南湖西里
        < 要保密吗
        > 不用
        < 类型：投诉
        """,
        facts(),
    )


def test_who_wished_to_be_hidden_stays_so_when_a_number_is_left() -> None:
    talk = play(
        """
        > 匿名举报东城区交道口街道一家黑诊所
        < 匿名反映
        > 我还是留个电话吧，13700137000
        < 电话：13700137000
        < 对被反映的单位保密
        > 1
        """,
        facts(),
    )
    assert talk.city.opened[0].draft.confidential


def test_abuse_at_a_confirmation_asks_for_nothing_that_was_told() -> None:
    play(
        """
        > 海淀区学院路街道停水了
        > 你们都是傻逼
        < 没什么不对就提交
        <! 请说说具体情况
        """,
        sms(),
    )


def test_a_nod_before_anything_was_told_is_not_thanked_for() -> None:
    play("> 您好\n> 嗯\n< 请说在什么地方、遇到什么事。\n<! 不客气", facts())


def test_despair_names_no_other_topic_but_what_drives_to_it() -> None:
    assert understood("我活不下去了，想从楼上跳下去").topic == "T084"
    assert understood("不给工资我就从楼上跳下去").topic == "T063"


def test_what_was_called_new_is_not_asked_about_again_before_its_place_is_told() -> None:
    city = City([card()])
    talk = play("> 田村路街道路灯不亮\n> 1\n< 已受理", sms(), city)
    city.related = RelatedFound(own=(card(title="路灯不亮"),))
    assert "补充到" in talk.say("又不亮了")
    assert "在什么地方" in talk.say("2")
