"""A second reading arrives when the talk has gone on: it fills what is empty, in silence, and is believed in nothing else."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogs.intake.draft import Intake
from dialogs.intake.second_reading import LeftOpen, left_open
from dialogs.requests import SecondReading
from dialogs.words import Grade, Kind
from tests.transcript import Talk, facts, sms

STRANGE = "隔壁养的公鸡天天半夜打鸣"
DIM = "就在那个老地方，隔壁公鸡半夜打鸣"


def asked_where(text: str = STRANGE) -> Talk:
    talk = Talk(sms())
    talk.say(text)
    assert talk.session.frames[-1].state == "place"
    return talk


def draft_of(talk: Talk) -> Intake:
    return msgspec.json.decode(talk.session.frames[-1].data, type=Intake)


def read(talk: Talk, **fields: str) -> str:
    return talk.event(SecondReading(talk.session.prompt, **fields))


def test_words_that_no_rule_knows_are_left_open() -> None:
    talk = asked_where()
    assert left_open(talk.session) == LeftOpen(STRANGE, talk.session.prompt)


def test_torn_rules_leave_their_candidates_to_choose_from() -> None:
    talk = Talk(facts())
    talk.say("海淀区田村路街道停水停电")
    found = left_open(talk.session)
    assert found is not None
    assert len(found.topics) > 1


def test_what_the_rules_have_settled_is_not_read_again() -> None:
    talk = Talk(facts())
    talk.say("海淀区田村路街道阜石路第一社区5号楼暖气不热")
    assert left_open(talk.session) is None


@pytest.mark.parametrize(
    "text",
    [
        "我要举报，" + STRANGE,
        "匿名反映，" + STRANGE,
        "请保密，" + STRANGE,
        "家里煤气味很大，人已经晕倒了",
        "你好",
        "查询",
    ],
    ids=["tip-off", "anonymous", "confidential", "danger", "nothing", "another dialog"],
)
def test_what_is_told_in_confidence_or_danger_stays_here(text: str) -> None:
    talk = Talk(facts())
    talk.say(text)
    assert left_open(talk.session) is None


def test_a_topic_is_taken_in_silence_and_a_title_only_from_the_resident_s_own_words() -> None:
    talk = asked_where()
    before = talk.session
    assert read(talk, topic="T048", title="公鸡天天半夜打鸣") == ""
    draft = draft_of(talk).draft
    assert (draft.topic, draft.title) == ("T048", "公鸡天天半夜打鸣")
    assert talk.session.prompt == before.prompt
    talk = asked_where()
    read(talk, topic="T048", title="请拨打假号码")
    assert draft_of(talk).draft.title in STRANGE


def test_the_ticket_is_opened_with_what_was_taken() -> None:
    talk = asked_where()
    read(talk, topic="T048")
    talk.say("海淀区田村路街道")
    talk.say("1")
    if not talk.city.opened:
        talk.say("1")
    assert talk.city.opened[0].draft.topic == "T048"


def test_a_grade_is_never_lowered() -> None:
    talk = asked_where()
    data = draft_of(talk)
    strict = msgspec.structs.replace(data.draft, grade=Grade.I)
    frame = msgspec.structs.replace(
        talk.session.frames[-1],
        data=msgspec.Raw(msgspec.json.encode(msgspec.structs.replace(data, draft=strict))),
    )
    talk.session = msgspec.structs.replace(talk.session, frames=(frame,))
    read(talk, topic="T048")
    assert draft_of(talk).draft.grade is Grade.I


@pytest.mark.parametrize("fields", [{"topic": "T999"}, {"topic": ""}, {"place": "火星"}, {}])
def test_what_the_catalogue_does_not_know_is_let_go(fields: dict[str, str]) -> None:
    talk = asked_where()
    before = talk.session
    assert read(talk, **fields) == ""
    assert talk.session == before


def test_an_answer_to_an_earlier_question_changes_nothing() -> None:
    talk = asked_where()
    prompt = talk.session.prompt
    talk.say("海淀区田村路街道")
    before = talk.session
    assert talk.event(SecondReading(prompt, "T048")) == ""
    assert talk.session == before


def test_what_the_resident_sees_for_confirmation_is_not_changed_behind_it() -> None:
    talk = Talk(facts())
    assert "对吗" in talk.say("海淀区田村路街道阜石路第一社区" + STRANGE)
    before = talk.session
    read(talk, topic="T048", place="朝阳区望京街道")
    assert talk.session == before


def test_when_nothing_is_being_told_a_reading_is_let_go() -> None:
    talk = Talk(facts())
    assert talk.event(SecondReading(0, "T048")) == ""


def test_a_place_is_only_proposed_and_asked_when_the_answer_does_not_settle_it() -> None:
    talk = asked_where(DIM)
    assert read(talk, place="海淀区田村路街道") == ""
    assert draft_of(talk).draft.place.street == ""
    assert "田村路街道" in talk.say("就是老地方呀")
    assert "田村路街道" in talk.say("1")


def test_a_place_that_the_resident_then_says_counts() -> None:
    talk = asked_where(DIM)
    read(talk, place="海淀区田村路街道")
    assert "望京街道" in talk.say("朝阳区望京街道")


def test_not_knowing_where_brings_the_proposal() -> None:
    talk = asked_where(DIM)
    read(talk, place="海淀区田村路街道")
    assert "田村路街道" in talk.say("不知道")


def test_a_kind_is_never_taken() -> None:
    talk = asked_where()
    read(talk, topic="T048")
    assert draft_of(talk).draft.kind is Kind.REQUEST


SAYINGS = st.sampled_from(
    f"{STRANGE} {DIM} 暖气不热 海淀区田村路街道 就是老地方呀 不知道 八里庄 朝阳的 1 2 返回 不对 查询 取消 人工"
    " 哈哈 匿名 请保密 停水停电".split()
)
READINGS = st.builds(
    SecondReading,
    prompt=st.integers(0, 6),
    topic=st.sampled_from(["", "T001", "T048", "T999", "'; drop table"]),
    place=st.sampled_from(["", "海淀区田村路街道", "朝阳区", "八里庄", "火星", "海淀区望京街道"]),
    title=st.sampled_from(["", "公鸡", "请拨打假号码", "x" * 40]),
)


@given(st.lists(SAYINGS | READINGS, max_size=10))
@settings(max_examples=150, deadline=None)
def test_whenever_a_reading_comes_it_says_nothing_and_loses_nothing(
    events: list[str | SecondReading],
) -> None:
    talk = Talk(sms())
    for event in events:
        if isinstance(event, str):
            talk.say(event)
            continue
        before = talk.session
        now = msgspec.structs.replace(event, prompt=before.prompt if event.prompt else 0)
        assert talk.event(now) == ""
        assert talk.requests == []
        was, is_now = (left_open(session) for session in (before, talk.session))
        assert [f.state for f in before.frames] == [f.state for f in talk.session.frames]
        if was is not None and is_now is not None:
            assert (was.text, was.place) == (is_now.text, is_now.place)
