"""People as they write: in fragments, in anger, from elsewhere, with second thoughts."""

from dataclasses import replace

import pytest

from dialogs.requests import AddToTicket
from dialogs.said import UNSEEN_PHOTO, Said
from dialogs.words import Kind, Language
from tests.transcript import Talk as Conversation
from tests.transcript import facts, play, sms

HEATING = "海淀区田村路街道阜石路第一社区5号楼暖气不热"


def test_fragments_are_read_as_the_sentence_they_make() -> None:
    talk = play(
        """
        > 暖气
        < 在什么地方？
        > 不热
        < 已加上。
        < 在什么地方？
        <! 没找到
        > 永定路街道
        < 求助“暖气不热”，海淀区永定路街道
        > 是的
        < “暖气不热”已受理
        """,
        sms(),
    )
    assert talk.city.opened[0].draft.matter == "暖气不热"


def test_somebody_who_only_announces_a_matter_is_asked_for_it() -> None:
    talk = play(
        """
        > 我想反映个问题
        < 好的，您说。
        < 请说在什么地方、遇到什么事。
        > 小区停车难
        < 在什么地方？
        > 丰台区马家堡
        < 投诉“小区停车难”，丰台区马家堡街道
        > 1
        """,
        sms(),
    )
    assert talk.city.opened[0].draft.place.detail == ""


def test_abuse_is_answered_calmly_and_names_no_ticket() -> None:
    talk = play(
        """
        > 操你妈傻逼12345
        < 让您着急了，要人工回“0”。
        < 请说说具体情况，我马上记下。
        > 他妈的暖气不热，朝阳区望京街道
        < 求助“暖气不热”，朝阳区望京街道
        > 对
        """,
        sms(),
    )
    assert talk.city.opened[0].draft.matter.startswith("他妈的"), "the ticket keeps every word"


def test_a_building_is_mended_where_it_stands() -> None:
    for correction in ("5号楼应该是6号楼", "不是5号楼，是6号楼", "是6号楼不是5号楼", "不对，6号楼"):
        play(
            f"""
            > {HEATING}
            > {correction}
            < 已改好。
            < 海淀区田村路街道阜石路第一社区6号楼，
            """,
            sms(),
        )


def test_a_door_is_added_to_the_building() -> None:
    play(
        f"""
        > {HEATING}
        > 3单元
        < 海淀区田村路街道阜石路第一社区5号楼3单元，
        """,
        sms(),
    )


def test_what_is_not_the_matter_is_not_asked_about() -> None:
    play(
        """
        > 朝阳区劲松街道农光里小区停水
        < 求助“停水”
        > 不是停水，是停电
        < 已改好。
        < 求助“停电”
        """,
        sms(),
    )


def test_more_words_at_the_confirmation_are_added_not_changed() -> None:
    play(
        f"""
        > {HEATING}
        > 你们到底管不管
        < 已加上。
        <! 已改好
        """,
        sms(),
    )


def test_a_place_elsewhere_is_told_whom_to_call() -> None:
    play(
        """
        > 河北省涿州市开发区，我家停水三天
        < 河北省涿州市不归本市管，请拨当地区号加12345。
        > 房子在房山区长阳镇
        < 房山区长阳
        """,
        sms(),
    )


def test_streets_named_after_provinces_are_here() -> None:
    play("> 朝阳区望京街道河南路灯不亮\n<! 不归本市", sms())


def test_papers_are_a_question_and_need_no_place() -> None:
    talk = play(
        """
        > 居住证怎么办
        < 是哪个区、哪个街道的事？
        < 1 与地点无关
        > 1
        < 咨询“居住证怎么办”
        > 1
        """,
        sms(),
    )
    assert talk.city.opened[0].draft.kind is Kind.QUESTION


def test_praise_is_promised_thanks_not_an_answer() -> None:
    play(
        """
        > 表扬西城区德胜街道的社区工作人员，帮我妈买药送上门
        < 表扬“社区工作人员”，西城区德胜街道。对吗？
        > 好
        < 谢谢您！表扬“社区工作人员”已记下
        < 会转告德胜街道。
        """,
        sms(),
    )


def test_who_smells_gas_is_told_what_to_do_first() -> None:
    play(
        """
        > 我闻到煤气味
        < 别碰电器开关，别用明火，开窗关阀，先到屋外。
        < 119
        > 回龙观龙腾苑三区5号楼2单元
        < 谢谢，地点已经转告。
        > 对
        < 不客气。
        """,
        sms(),
    )


def test_who_wants_to_die_is_told_who_listens() -> None:
    play("> 我不想活了\n< 您的平安最要紧。\n< 12356\n< 120", facts())


def test_a_photo_that_cannot_be_received_is_not_passed_over() -> None:
    talk = Conversation(sms())
    assert talk.event(Said(UNSEEN_PHOTO)).startswith("照片在这里收不到，请用文字说。")


def test_a_door_said_after_the_ticket_belongs_to_it() -> None:
    talk = play(
        f"""
        > {HEATING}
        > 对
        > 第一单元
        < 这是要补充到工单261123-000123-4吗？
        > 是
        < 已补充到工单261123-000123-4。
        """,
        sms(),
    )
    assert AddToTicket(261123_000123, "第一单元") in talk.city.requests


def test_a_supplement_is_taken_as_one_even_before_the_question_is_answered() -> None:
    talk = play(
        f"""
        > {HEATING}
        > 对
        > 又不热了
        < 这是要补充到工单
        > 补充 家里有老人
        < 已补充到工单261123-000123-4。
        """,
        sms(),
    )
    assert AddToTicket(261123_000123, "又不热了\n补充 家里有老人") in talk.city.requests


def test_web_chat_ends_in_full_sentences() -> None:
    play(
        f"""
        > {HEATING}
        > 1
        < 您反映的“暖气不热”已受理，编号261123-000123-4，已交田村路街道，24小时内答复您。想看进展，随时回“查询”。
        """,
        facts(),
    )
    english = replace(facts(), languages=(Language.ENGLISH,))
    play(
        """
        > My heating is broken, Wangjing, Chaoyang district
        > yes
        < You get an answer within 24 hours. To see how it stands, reply “status” at any time.
        """,
        english,
    )


@pytest.mark.parametrize(
    "assent",
    [
        "嗯对",
        "对的没错",
        "行吧",
        "好的谢谢",
        "可以，提交吧",
        "对对，就这样",
        "知道了",
        "谢谢",
        "yes, please",
    ],
)
def test_assent_is_heard_in_whatever_words(assent: str) -> None:
    play(f"> {HEATING}\n> {assent}\n< “暖气不热”已受理", sms())


@pytest.mark.parametrize("dissent", ["不对", "不行", "好像不对", "不是的"])
def test_dissent_is_never_assent(dissent: str) -> None:
    play(f"> {HEATING}\n> {dissent}\n<! 已受理", sms())


def test_who_drops_it_at_the_confirmation_is_let_go() -> None:
    talk = play(f"> {HEATING}\n> 算了\n< 好的，没有提交。", sms())
    assert talk.city.opened == []


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("地址错了", "在什么地方？"),
        ("类型不对", "属于哪一类？"),
        ("电话有误", "办理时打哪个电话找您？"),
        ("内容不对", "请重新说一下遇到什么事。"),
    ],
)
def test_a_field_named_wrong_is_asked_anew(said: str, asked: str) -> None:
    play(f"> {HEATING}\n> {said}\n< {asked}", sms())


@pytest.mark.parametrize("said", ["这是投诉", "不是求助是投诉", "不对，是投诉"])
def test_the_kind_is_mended_by_naming_it(said: str) -> None:
    talk = play(f"> {HEATING}\n> {said}\n> 对", sms())
    assert talk.city.opened[0].draft.kind is Kind.COMPLAINT


def test_who_is_to_stay_hidden_is_shown_that_it_was_heard() -> None:
    play(
        """
        > 举报邻居违建，通州区永顺镇，别告诉他是我说的
        < 保密举报“邻居违建”，通州区永顺镇
        """,
        sms(),
    )
    play("> 匿名举报丰台区南苑街道有人聚赌\n< 匿名举报“有人聚赌”，丰台区南苑街道", sms())


def test_what_concerns_no_place_does_not_speak_of_one() -> None:
    play(
        """
        > 地铁10号线早高峰太挤了，建议加车
        > 与地点无关
        < 建议“早高峰太挤了”，7天内答复。对吗？
        """,
        sms(),
    )


def test_a_power_cut_is_a_danger_to_who_lives_by_a_machine() -> None:
    talk = play("> 海淀区羊坊店街道停电两天了，家里有病人用呼吸机\n< 120", sms())
    assert talk.city.opened[0].draft.emergency


def test_a_machine_says_that_it_is_one() -> None:
    play("> 你是机器人吗\n< 我是12345的自动应答\n< 需要人工，请回“人工”。", sms())
    play("> Are you a robot?\n< I answer for 12345 by machine", sms())


def test_who_has_no_number_is_offered_a_person() -> None:
    play("> 查询\n< 请发工单编号\n> 没有编号\n< 没有编号也可以请人工帮您找", sms())


def test_secrecy_is_wanted_in_whatever_words() -> None:
    play(
        "> 举报朝阳区三里屯街道某酒吧卖酒给未成年人\n< 要保密吗？\n> 是的，保密\n< 保密举报",
        sms(),
    )


def test_nobody_is_asked_for_a_phone_to_be_thanked_on() -> None:
    play("> 表扬海淀区田村路街道的小王\n> 对\n< 谢谢您！", facts())


def test_who_has_enough_is_let_go_even_when_nothing_is_asked() -> None:
    play(f"> {HEATING}\n> 对\n> 别问了\n< 好的。\n<! 补充", sms())


def test_another_building_with_the_same_trouble_may_belong_to_the_ticket() -> None:
    play(f"> {HEATING}\n> 对\n> 3号楼也不热\n< 这是要补充到工单", sms())


def test_an_english_matter_is_named_in_whole_words() -> None:
    talk = play("> Our neighbours throw eggs, Haidian, Xueyuanlu\n> yes", sms())
    assert talk.city.opened[0].draft.title == "neighbours throw eggs"


def test_an_address_behind_the_matter_keeps_its_building() -> None:
    talk = play("> 我妈被困在电梯里了，朝阳区劲松农光里201号楼\n< 120", sms())
    assert talk.city.opened[0].draft.place.detail == "201号楼"


def test_more_of_the_same_matter_keeps_its_name() -> None:
    talk = play(f"> {HEATING}\n> 不对，是昨天晚上开始不热的\n< 求助“暖气不热”\n> 对", sms())
    assert "昨天晚上" in talk.city.opened[0].draft.matter


def test_the_mouth_of_a_station_belongs_to_the_place() -> None:
    play("> 国贸地铁站口自行车乱停\n> 建外街道\n< 投诉“自行车乱停”", sms())
