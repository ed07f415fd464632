import pytest

from dialogs.requests import FinishSurvey, RecordAnswer
from dialogs.words import SurveyQuestion
from tests.transcript import City, Talk, facts, play, sms


def test_all_questions_are_asked_in_order_and_each_answer_is_kept_at_once() -> None:
    talk = play(
        """
        ! survey due
        < “暖气不热”，田村路街道答复：已更换阀门
        < 办理单位联系过您吗？
        < 1 有
        < 2 没有
        > 1
        < 问题解决了吗？
        = RecordAnswer(survey_id=7, question=<SurveyQuestion.CONTACTED: 'contacted'>, value='yes')
        > 解决了
        < 对办理结果满意吗？
        < 1 满意
        < 2 基本满意
        < 3 一般
        < 4 不满意
        > 2
        < 对工作人员态度满意吗？
        > 满意
        < 还有什么想说的吗？
        > 师傅很热情
        < 谢谢您，您的评价已经记下。
        = value='师傅很热情'
        = FinishSurvey(survey_id=7, expired=False)
        """,
        sms(),
    )
    assert _answers(talk) == {
        "contacted": "yes",
        "solved": "yes",
        "result": "basically",
        "attitude": "satisfied",
        "remark": "师傅很热情",
    }


def test_not_solved_is_told_to_be_reopened() -> None:
    play(
        """
        ! survey due
        > 有
        > 没解决
        > 不满意
        > 一般
        > 没有了
        < 您回复“没解决”，我们已要求田村路街道重新办理，您不用再打电话。
        """,
        sms(),
    )


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("没解决，根本没人来", {"contacted": "no", "solved": "no"}),
        (
            "联系了，已经解决，都满意",
            dict.fromkeys(("contacted", "solved"), "yes")
            | dict.fromkeys(("result", "attitude"), "satisfied"),
        ),
        (
            "师傅来了，修好了，态度很好",
            {"contacted": "yes", "solved": "yes", "attitude": "satisfied"},
        ),
        (
            "打过电话，但是还没解决，不满意",
            {"contacted": "yes", "solved": "no", "result": "dissatisfied"},
        ),
        ("They called, but it is still cold", {"contacted": "yes", "solved": "no"}),
    ],
)
def test_one_sentence_may_answer_several_questions(said: str, expected: dict[str, str]) -> None:
    talk = Talk(sms())
    play_due(talk)
    talk.say(said)
    assert _answers(talk) == expected


def play_due(talk: Talk) -> None:
    due = play("! survey due", sms())
    talk.session = due.session


def _answers(talk: Talk) -> dict[str, str]:
    kept = [request for request in talk.city.requests if isinstance(request, RecordAnswer)]
    return {SurveyQuestion(answer.question).value: answer.value for answer in kept}


def test_overdue_says_that_the_time_is_over_and_never_that_it_is_done() -> None:
    play("! survey overdue\n< 办理时间到了\n<! 已经办完\n< 办理单位联系过您吗？", facts())


def test_one_reminder_after_a_day_and_the_end_after_three() -> None:
    talk = play("! survey due", facts())
    assert talk.wake_seconds == 86_400
    assert "还有一个问题" in talk.silence()
    assert talk.wake_seconds == 2 * 86_400
    assert talk.silence() == ""
    assert talk.requests == [FinishSurvey(7, expired=True)]
    assert not talk.session.frames


def test_silence_after_the_last_question_ends_the_survey_as_answered() -> None:
    talk = play("! survey due\n> 有\n> 没解决\n> 不满意\n> 不满意\n< 还有什么想说的吗？", sms())
    assert talk.wake_seconds == 1800
    assert "重新办理" in talk.silence()
    assert talk.requests == [FinishSurvey(7)]


def test_a_survey_waits_until_the_talk_is_idle() -> None:
    play(
        """
        > 暖气不热
        < 在什么地方？
        ! survey due
        <
        > 海淀区田村路街道
        > 1
        < 已受理
        < 田村路街道答复：已更换阀门
        < 办理单位联系过您吗？
        """,
        sms(),
    )


def test_a_survey_can_be_interrupted_and_goes_on() -> None:
    play(
        """
        ! survey due
        > 有
        > 人工
        < 正在为您转人工
        < 问题解决了吗？
        > 3
        < 对办理结果满意吗？
        """,
        sms(),
    )


def test_a_new_complaint_in_the_middle_is_taken_first() -> None:
    play(
        """
        ! survey due
        > 有
        > 小区门口垃圾堆了好几天了，石景山区八角街道
        < “垃圾
        > 1
        < 已受理
        < 问题解决了吗？
        """,
        sms(),
        City(),
    )


def test_nobody_has_to_rate() -> None:
    play("! survey due\n> 取消\n< 不再问了\n= FinishSurvey(survey_id=7, expired=True)", sms())


def test_what_is_no_answer_gets_a_hint_of_its_own() -> None:
    play(
        "! survey due\n> 今天天气\n< 打电话、发消息、上门都算联系过。\n< 办理单位联系过您吗？",
        sms(),
    )


def test_an_answer_to_another_question_is_noted_and_said_so() -> None:
    play(
        """
        ! survey due
        > 挺满意的
        < 记下了。
        < 办理单位联系过您吗？
        > 有
        < 问题解决了吗？
        <! 记下了
        """,
        sms(),
    )


@pytest.mark.parametrize("words", ["别问了", "你们烦不烦", "谢谢你们", "不想说了", "stop asking"])
def test_who_has_enough_is_not_asked_on(words: str) -> None:
    play(
        f"! survey due\n> 有\n> {words}\n< 好的，不再问了，谢谢您。\n= FinishSurvey(survey_id=7, expired=True)",
        sms(),
    )


@pytest.mark.parametrize(
    ("words", "rating"),
    [
        ("挺客气的", "satisfied"),
        ("polite", "satisfied"),
        ("是的", "satisfied"),
        ("不耐烦", "dissatisfied"),
        ("no", "dissatisfied"),
    ],
)
def test_an_attitude_is_told_in_many_ways(words: str, rating: str) -> None:
    talk = play(f"! survey due\n> 1\n> 1\n> 1\n> {words}\n< 还有什么想说的吗？", sms())
    assert _answers(talk)["attitude"] == rating


def test_another_matter_after_the_last_question_is_taken_down() -> None:
    talk = play(
        """
        ! survey due
        > 1
        > 1
        > 1
        > 1
        > 我家门口路灯也坏了
        < 谢谢您，您的评价已经记下。
        < 在什么地方？
        = FinishSurvey(survey_id=7, expired=False)
        """,
        sms(),
    )
    assert "remark" not in _answers(talk)


def test_a_step_back_asks_the_question_before_anew() -> None:
    play(
        """
        ! survey due
        < 联系过您吗
        > 返回
        < 联系过您吗
        > 有
        < 解决了吗
        > 解决了
        < 对办理结果满意吗
        > 上一步
        < 解决了吗
        > 没解决
        = value='no'
        < 对办理结果满意吗
        > 返回
        < 解决了吗
        """,
        facts(),
    )


def test_who_does_not_know_is_asked_the_next_question() -> None:
    talk = play(
        """
        ! survey due
        < 联系过您吗
        > 不知道
        < 解决了吗
        > 说不清
        < 对办理结果满意吗
        > 满意
        < 态度满意吗
        > 不清楚
        < 还有什么想说的吗
        > 不知道
        < 谢谢您
        = FinishSurvey
        """,
        facts(),
    )
    assert "RecordAnswer" not in repr(talk.requests)
