from tests.transcript import facts, play, sms


def test_starting_over_drops_everything_under_way() -> None:
    talk = play("> 海淀区暖气不热\n> 重来\n< 重新开始。请说在什么地方、遇到什么事。", facts())
    assert not talk.session.frames


def test_a_survey_dropped_on_the_way_keeps_its_answers() -> None:
    play("! survey due\n> 有\n> 重新开始\n= FinishSurvey(survey_id=7, expired=True)", sms())
