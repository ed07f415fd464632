"""A wrong place taken in silence is told from a question, and a question that helps from one that does not."""

from dataclasses import replace

import pytest

from dialogs.understanding.reading import Ask, Reading
from dialogs.words import Kind
from tests.corpus.messages import Message
from tests.corpus.scoring import Where, judged, where

NAMED = Message(
    id="m000",
    text="望京停水",
    language="zh-Hans",
    tags=frozenset(),
    kinds=("request",),
    topics=("T002",),
    level1=("公共服务",),
    grades=("II",),
    district="朝阳区",
    street="望京街道",
    community="",
    ask="",
    must_ask=True,
    choices=(),
    means="朝阳区望京街道",
    emergency=False,
)
BOTH = ("朝阳区八里庄街道", "海淀区八里庄街道")
SEVERAL = replace(NAMED, district="", street="", ask="street", choices=BOTH, means=BOTH[0])
MISHEARD = replace(SEVERAL, choices=(BOTH[0],))
MANY = replace(SEVERAL, ask="district", choices=())
NOWHERE = replace(NAMED, district="", street="", ask="place", means="")
LANDMARK = replace(NOWHERE, ask="any", means="海淀区西北旺地区")
WANGJING = Reading(district="朝阳区", street="望京街道")
BALIZHUANG = Reading(district="朝阳区", street="八里庄街道")


@pytest.mark.parametrize(
    ("message", "got", "judgement"),
    [
        (NAMED, WANGJING, Where.RIGHT),
        (NAMED, Reading(district="朝阳区", street="东湖街道"), Where.WRONG),
        (NAMED, Reading(district="海淀区"), Where.WRONG),
        (NAMED, Reading(district="朝阳区", ask=Ask("street")), Where.OPEN),
        (NAMED, Reading(ask=Ask("street", ("朝阳区望京街道",))), Where.ASKED),
        (NAMED, Reading(district="朝阳区", street="望京街道", community="方舟苑社区"), Where.WRONG),
        (SEVERAL, Reading(ask=Ask("street", BOTH)), Where.ASKED),
        (SEVERAL, Reading(ask=Ask("street", BOTH[1:])), Where.OPEN),
        (SEVERAL, Reading(ask=Ask("district")), Where.DISTRICT),
        (SEVERAL, BALIZHUANG, Where.WRONG),
        (MISHEARD, BALIZHUANG, Where.RIGHT),
        (MISHEARD, WANGJING, Where.WRONG),
        (MANY, Reading(ask=Ask("district")), Where.RIGHT),
        (MANY, BALIZHUANG, Where.WRONG),
        (NOWHERE, Reading(ask=Ask("place")), Where.RIGHT),
        (NOWHERE, Reading(), Where.OPEN),
        (replace(NOWHERE, must_ask=False), Reading(), Where.RIGHT),
        (NOWHERE, WANGJING, Where.WRONG),
        (LANDMARK, Reading(ask=Ask("place")), Where.RIGHT),
        (LANDMARK, Reading(district="海淀区", street="西北旺地区"), Where.RIGHT),
        (LANDMARK, Reading(district="海淀区", street="中关村街道"), Where.WRONG),
    ],
)
def test_the_place_is_judged(message: Message, got: Reading, judgement: Where) -> None:
    assert where(message, got) is judgement


def test_any_right_answer_will_do_and_what_misses_is_named() -> None:
    message = replace(NAMED, kinds=("request", "complaint"), topics=("T002", "T003"))
    got = Reading(Kind.COMPLAINT, "T004", "公共服务", None, "朝阳区", "望京街道", emergency=True)
    score = judged(message, got)
    assert (score.level1, score.topic, score.kind, score.grade) == (True, False, True, False)
    assert score.missed == ("topic", "grade", "emergency")


def test_two_matters_may_leave_the_topic_open() -> None:
    message = replace(NAMED, tags=frozenset({"two_matters"}))
    assert judged(message, Reading()).topic
    assert not judged(message, Reading(topic="T031")).topic
