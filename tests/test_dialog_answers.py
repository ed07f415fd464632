"""A question is answered from the knowledge base; a ticket is opened only when that did not help."""

from collections.abc import Callable
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from dialogs.dialog import Facts
from dialogs.known import KnownAnswer
from dialogs.requests import OpenTicket, RateAnswer, RelatedFound
from dialogs.words import Kind
from tests.transcript import City, Talk, facts, play, sms

HEATING = KnownAnswer(
    1,
    "北京几号开始供暖？",
    "每年11月15日开始供暖，到第二年3月15日结束。",
    "市城市管理委",
    date(2027, 3, 31),
    100,
)
WARMTH = KnownAnswer(2, "供暖室温应该是多少度？", "一般不低于18℃。", "市城市管理委", None, 96)
PERMIT = KnownAnswer(3, "居住证怎么办理？", "到派出所办。" * 3, "市公安局", None, 80)
LONG = KnownAnswer(4, "低保怎么申请？", "先到街道申请，带好证件。" * 12, "市民政局")


def city(*answers: KnownAnswer) -> City:
    return City(related=RelatedFound(answers=answers))


def test_a_question_is_answered_at_once_and_is_done_when_that_helped() -> None:
    talk = play(
        """
        > 请问北京几号开始供暖
        < 每年11月15日开始供暖，到第二年3月15日结束。
        < （本市知识库，市城市管理委，2027年3月31日前有效）
        < 帮到您了吗？
        < 1 帮到了
        < 2 没有，请人答
        > 1
        < 能帮到您就好
        = RateAnswer(article_id=1, helped=True)
        """,
        facts(),
        city(HEATING),
    )
    assert not talk.city.opened
    assert not talk.session.frames


def test_thanks_say_that_it_helped() -> None:
    for said in ("谢谢", "好的，谢谢", "明白了", "知道了，谢谢你", "嗯"):
        talk = play("> 请问北京几号开始供暖", facts(), city(HEATING))
        talk.say(said)
        assert RateAnswer(1, helped=True) in talk.requests, said


def test_what_did_not_help_becomes_a_ticket_with_the_words_kept() -> None:
    talk = play(
        """
        > 请问海淀区田村路街道几号开始供暖
        < 帮到您了吗？
        > 没有
        = RateAnswer(article_id=1, helped=False)
        < 请工作人员答复您，您说过的不用再说
        < 请核对
        > 1
        < 编号261123-000123-4
        """,
        facts(),
        city(HEATING),
    )
    assert talk.city.opened[0].draft.kind is Kind.QUESTION
    assert talk.city.opened[0].draft.matter == "请问海淀区田村路街道几号开始供暖"


def test_a_sentence_that_it_did_not_help_is_understood() -> None:
    for said in ("没帮到我", "没用", "不是这个", "答非所问", "还是不明白", "2", "我问的不是这个"):
        talk = play("> 请问北京几号开始供暖", facts(), city(HEATING))
        talk.say(said)
        assert RateAnswer(1, helped=False) in talk.requests, said


def test_silence_after_an_answer_ends_the_talk_without_a_ticket() -> None:
    talk = play("> 请问北京几号开始供暖\n! silence\n<", facts(), city(HEATING))
    assert not talk.session.frames
    assert not talk.city.opened


def test_of_several_that_fit_about_as_well_the_resident_chooses() -> None:
    play(
        """
        > 请问供暖有什么规定
        < 您想问的是哪一个？
        < 1 北京几号开始供暖？
        < 2 供暖室温应该是多少度？
        < 3 都不是
        > 2
        < 一般不低于18℃。
        < 帮到您了吗？
        > 2
        = RateAnswer(article_id=2, helped=False)
        < 抱歉，没帮到您。
        < 1 北京几号开始供暖？
        > 都不是
        < 请工作人员答复您
        """,
        facts(),
        city(HEATING, WARMTH),
    )


def test_another_question_is_looked_up_and_the_same_answer_is_not_told_twice() -> None:
    talk = play("> 请问北京几号开始供暖\n< 每年11月15日", facts(), city(HEATING))
    talk.city.related = RelatedFound(answers=(HEATING, replace(PERMIT, fit=90)))
    reply = talk.say("请问居住证怎么办理")
    assert "到派出所办" in reply
    assert "11月15日" not in reply


def test_a_complaint_after_an_answer_is_a_complaint() -> None:
    talk = play(
        """
        > 请问北京几号开始供暖
        < 帮到您了吗？
        > 可是海淀区田村路街道阜石路第一社区5号楼暖气不热啊
        < 请核对
        < 暖气不热
        > 1
        """,
        facts(),
        city(HEATING),
    )
    assert talk.city.opened[0].draft.kind is not Kind.QUESTION
    assert "几号开始供暖" in talk.city.opened[0].draft.matter


def test_a_question_that_nothing_answers_becomes_a_ticket_as_before() -> None:
    talk = play("> 请问残疾证怎么办理", facts())
    assert "帮到" not in (talk.reply.text if talk.reply else "")
    assert talk.session.frames


def test_what_a_complaint_asks_by_the_way_is_told_once_with_the_confirmation() -> None:
    asked = "> 海淀区田村路街道阜石路第一社区5号楼暖气不热，供暖到几号？"
    talk = play(
        f"""
        {asked}
        < 11月15日
        < 请核对
        > 不对，是海淀区永定路街道
        <! 11月15日
        """,
        facts(),
        city(HEATING),
    )
    assert not talk.city.opened
    play(f"{asked}\n<! 11月15日", sms(), city(HEATING))


def test_an_sms_tells_a_long_answer_up_to_a_sentence_and_reads_on() -> None:
    talk = play("> 请问低保怎么申请\n< 帮到您了吗？\n< 3 看下文", sms(), city(LONG))
    assert talk.reply is not None
    assert len(talk.reply.text) < 134 - len("【12345】")
    told = talk.reply.text.split("\n", 1)[0]
    assert told.endswith("。")
    assert talk.say("看下文").startswith("先到街道申请")
    assert "帮到您了吗？" in talk.say("更多")


def test_after_a_digression_the_question_is_asked_again() -> None:
    play(
        """
        > 请问北京几号开始供暖
        > 催单
        < 帮到您了吗？
        > 1
        = RateAnswer
        """,
        facts(),
        city(HEATING),
    )


def test_danger_goes_before_the_answer() -> None:
    talk = play("> 请问北京几号开始供暖\n> 煤气泄漏有人晕倒了\n< 119", facts(), city(HEATING))
    assert any(isinstance(one, OpenTicket) for one in talk.city.opened)


def english(these: Facts) -> Talk:
    answer = KnownAnswer(
        5, "When does the heating start?", "From 15 November.", "", date(2027, 3, 31)
    )
    return Talk(these, city(answer))


def test_an_english_question_is_answered_in_english() -> None:
    talk = english(facts())
    reply = talk.say("May I ask when the heating starts?")
    assert "From 15 November." in reply
    assert "valid until 31 Mar 2027" in reply
    assert "Did this help you?" in reply


def test_what_sounds_like_a_request_is_a_question_where_an_article_answers_it() -> None:
    talk = play("> 北京几号供暖\n< 每年11月15日\n> 没有\n> 与地点无关", facts(), city(HEATING))
    talk.say("1")
    assert talk.city.opened[0].draft.kind is Kind.QUESTION


def test_a_cry_for_help_in_the_form_of_a_question_stays_a_request() -> None:
    talk = play("> 海淀区田村路街道暖气不热怎么办\n<! 帮到您了吗\n< 请核对", facts(), city())
    talk.say("1")
    assert talk.city.opened[0].draft.kind is Kind.REQUEST


def test_more_about_a_question_stays_with_it_and_trouble_does_not() -> None:
    for said, kind in (("我妈是外地户口", Kind.QUESTION), ("那我家暖气不热怎么办", Kind.REQUEST)):
        talk = play("> 请问老年卡怎么办", facts(), city(replace(PERMIT, fit=100)))
        talk.city.related = RelatedFound()
        for text in (said, "不知道", "与地点无关", "1"):
            if not talk.city.opened:
                talk.say(text)
        assert talk.city.opened[0].draft.kind is kind
        assert talk.city.opened[0].draft.matter == f"请问老年卡怎么办\n{said}"


def test_the_same_question_again_means_that_it_was_not_answered() -> None:
    asked = "请问居住证怎么办理"
    known = city(replace(PERMIT, fit=100), replace(WARMTH, fit=75))
    talk = play(f"> {asked}\n< 到派出所办\n> {asked}", facts(), known)
    assert talk.reply is not None
    assert "到派出所办" not in talk.reply.text
    assert "18℃" not in talk.reply.text


MESSAGES = st.sampled_from(
    [
        *(
            "请问居住证怎么办理",
            "没有",
            "帮到了",
            "谢谢",
            "更多",
            "都不是",
            "1",
            "2",
            "3",
            "不知道",
        ),
        *(
            "法院判决了不执行",
            "请记下",
            "知道了",
            "不是这个",
            "暖气不热",
            "海淀区田村路街道",
            "查询",
            "人工",
        ),
        *(
            "取消",
            "返回",
            "不对",
            "那狗证呢",
            "Where is the bin?",
            "{photo}",
            "{pin}",
            "煤气泄漏有人晕倒了",
        ),
    ]
)


@settings(max_examples=80, deadline=None)
@given(st.lists(MESSAGES, max_size=12), st.sampled_from([facts, sms]))
def test_whatever_follows_an_answer_is_answered(
    said: list[str], channel: Callable[[], Facts]
) -> None:
    talk = Talk(channel(), city(PERMIT, WARMTH, LONG))
    assert talk.say("请问居住证怎么办理")
    for text in said:
        assert talk.say(text), text
