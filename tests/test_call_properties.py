"""Whatever is said or keyed in a call: each prompt is short and can be followed by ear alone, and nothing told is lost by hanging up."""

import re
from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dialogs.call.length import MOST_SECONDS, seconds
from dialogs.dialog import Facts
from dialogs.requests import RelatedFound, SurveyDue
from dialogs.session import dump
from dialogs.words import CallAct, Language
from tests.caller import LINE, Caller, hidden, land_line, phone
from tests.test_phrases import FOR_THE_EYE
from tests.transcript import City, card, sms
from tests.wanderer import KNOWN, TEXTS

HOTLINE = replace(
    LINE,
    name="供热热线",
    topic="T001",
    emergency="119",
    second_line="+861062345678",
    recording="asked",
)
LINES: Mapping[str, Facts] = {
    "mobile": phone(),
    "land line": land_line(),
    "hidden": hidden(),
    "two languages": phone(languages=tuple(Language)),
    "hotline": phone(HOTLINE),
}
KEYS = tuple(f"#{key}" for key in "0123456789*#")
MOMENTS = ("...", "...", "waited", "talked", "message", "hang up", "call", "survey")
DONE = st.one_of(
    st.sampled_from(TEXTS),
    st.sampled_from(TEXTS).map(lambda text: f"~{text}"),
    st.sampled_from(KEYS),
    st.sampled_from(KEYS),
    st.sampled_from(MOMENTS),
)
DUE = SurveyDue(7, 261122_000001, "停水", "海淀区政府", "已修好")
MOST_SILENCES = 8
# What others have said is as long as it is; a draft's own words are short where they are read back.
QUOTED = ("居住证", "到派出所", "您说的是", "You said", "北京北京", "村里路灯坏了村里")
QUICK = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def does(caller: Caller, done: str) -> str:
    if done == "survey":
        caller.event(DUE)
        return ""
    return caller.does(done)


def unquoted(prompt: str) -> str:
    """Titles stand in quotes, which are but pauses."""
    return re.sub("(?<!回)“", "", prompt)


def prompts(caller: Caller) -> list[str]:
    """What is heard, a prompt a line; what somebody else has said is not ours to shorten."""
    lines = caller.heard().splitlines()
    return [line for line in lines if not any(words in line for words in QUOTED)]


@QUICK
@given(st.lists(DONE, max_size=14), st.sampled_from(sorted(LINES)), KNOWN)
def test_every_prompt_is_short_and_followed_by_ear(
    walk: list[str], line: str, known: RelatedFound
) -> None:
    caller = Caller(LINES[line], City([card()], related=known))
    caller.does("call")
    for done in walk:
        does(caller, done)
        language = caller.session.language
        for prompt in prompts(caller):
            assert seconds(prompt, language) <= MOST_SECONDS, (done, prompt)
            assert not FOR_THE_EYE[language].search(unquoted(prompt)), (done, prompt)


@QUICK
@given(st.lists(DONE, max_size=14), st.sampled_from(sorted(LINES)), KNOWN)
def test_silence_ends_any_call_before_long_and_the_memory_of_it_stays_small(
    walk: list[str], line: str, known: RelatedFound
) -> None:
    caller = Caller(LINES[line], City([card()], related=known))
    caller.does("call")
    for done in walk:
        does(caller, done)
    if walk and walk[-1] == "hang up":
        caller.does("call")
    silences = 0
    while caller.act is not CallAct.HANG_UP:
        caller.does("waited" if caller.act in {CallAct.QUEUE, CallAct.DIAL} else "...")
        silences += 1
        assert silences <= MOST_SILENCES, caller.heard()
    caller.does("hang up")
    assert caller.session.phone is None
    assert all(frame.dialog != "call" for frame in caller.session.frames)


WAY = ("暖气不热", "海淀区", "田村路街道", "#1")
ENDS = range(len(WAY) + 1)


@pytest.mark.parametrize("after", ENDS)
def test_who_hangs_up_after_any_answer_goes_on_in_the_next_call_to_one_ticket(after: int) -> None:
    caller = Caller(phone(), home=sms())
    caller.does("call")
    for said in WAY[:after]:
        caller.does(said)
    text = caller.does("hang up")
    is_open = 0 < after < len(WAY)
    assert ("刚才电话断了" in text) == is_open
    assert caller.does("hang up") == ""
    heard = caller.does("call")
    assert ("您上次说的“暖气不热”还没说完" in heard) == is_open
    if is_open:
        caller.does("#1")
    for said in WAY[after:]:
        caller.does(said)
    (opened,) = caller.city.opened
    assert opened.draft.place.street
    assert opened.draft.title == "暖气不热"


@pytest.mark.parametrize("after", range(1, len(WAY)))
def test_who_goes_back_after_any_answer_hears_the_question_before(after: int) -> None:
    caller = Caller(phone())
    asked = [caller.does("call").splitlines()[-1]]
    asked += [caller.does(said).splitlines()[-1] for said in WAY[:after]]
    for before in reversed(asked[:-1]):
        assert caller.does("#9").splitlines()[-1] == before
    assert "这里就是开头" in caller.does("#9")


@pytest.mark.parametrize("line", sorted(LINES))
def test_a_whole_complaint_is_made_without_a_word_on_any_line(line: str) -> None:
    caller = Caller(LINES[line])
    caller.does("call")
    for _ in range(30):
        if caller.city.opened:
            break
        by_speech = caller.session.frames[-1].state in {"listen", "matter", "place"}
        digits = caller.reply.digits if caller.reply else 0
        caller.does("..." if by_speech else "13800138000" if digits else "#1")
    assert caller.city.opened
    assert caller.city.opened[0].draft.topic


def test_a_call_under_way_takes_no_more_than_a_few_thousand_bytes() -> None:
    caller = Caller(phone())
    caller.does("call")
    for said in (*WAY[:2], "地址错了", "海淀区", "不对", "#2", "田村路街道"):
        caller.does(said)
    assert len(dump(caller.session)) < 6000
