"""Whatever is said, in any order, on any channel: it is answered, nothing told is lost, and there is a way out."""

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dialogs.dialog import Facts
from dialogs.repertoire import REPERTOIRE
from dialogs.requests import Event, JoinQueue, RelatedFound, Silence, SurveyDue
from dialogs.said import Said
from dialogs.session import Session, dump, load
from dialogs.wishes import wish
from tests.transcript import City, Talk, card, facts
from tests.wanderer import EVENTS, KNOWN, Wanderer, channels

WALKS = st.lists(EVENTS, max_size=14)
QUICK = settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
# After these the resident has taken words back, or told the matter anew.
TAKEN_BACK = (
    "取消",
    "重来",
    "算了",
    "已经修好了",
    "返回",
    "上一步",
    "没有",
    "不用",
    "不用了",
    "不",
    "不对",
    "谢谢",
    "好的",
)
RESTATED = ("several", "fix_matter", "elsewhere", "answered", "which_answer")


def walk(known: Facts, related: RelatedFound) -> Wanderer:
    return Wanderer(known, City([card()], related=related))


@QUICK
@given(WALKS, channels(), KNOWN)
def test_whatever_is_said_is_answered_or_left_for_a_named_reason(
    events: list[Event | str], known: Facts, related: RelatedFound
) -> None:
    """Each step is also made on a session that was never written down: both must be the same."""
    wanderer = walk(known, related)
    for event in events:
        reply = wanderer.meet(event)
        quiet_by_right = isinstance(event, SurveyDue) or event == "silence"
        assert reply or quiet_by_right or wanderer.silent == "paused", event
        assert len(wanderer.session.frames) <= len(REPERTOIRE.dialogs)
        waits = wanderer.wake_seconds is not None or wanderer.session.silence
        assert waits or not wanderer.session.frames


@QUICK
@given(WALKS, channels(), KNOWN)
def test_nothing_told_is_lost(
    events: list[Event | str], known: Facts, related: RelatedFound
) -> None:
    wanderer = walk(known, related)
    for event in events:
        before, state = wanderer.intake, wanderer.state
        sent = wanderer.enclosed()
        wanderer.meet(event)
        if before is None or event == "later" or _takes_back(event, state) or wanderer.let_go():
            continue
        after = wanderer.kept()
        words = (before.draft.matter, before.pending, before.another, before.kept)
        for line in (line for part in words for line in part.split("\n") if line.strip()):
            assert line.strip() in after or line in after.replace("\n", ""), (state, event, line)
        if isinstance(event, Said):
            sent |= {one.id for one in event.attachments}
            if _tells_a_matter(event) and not wanderer.session.misses:
                assert event.text in after, (state, event)
        assert sent <= wanderer.enclosed(), (state, event)


def _tells_a_matter(said: Said) -> bool:
    understood = facts().reader.understand(said.text)
    is_told = bool(understood.topic) and understood.has_matter and len(said.text) < 100
    is_wish = wish(said.text) is not None
    return is_told and not is_wish and not any(word in said.text for word in ("不是", "不对", "错"))


def _takes_back(event: Event | str, state: tuple[str, str]) -> bool:
    if state[1] in RESTATED:
        return True
    if isinstance(event, str):  # a button that ends it, or silence where nothing is to be handed in
        return event in {"no", "back", "first", "yes", "silence"} and state[1] in (
            *RESTATED,
            "another",
        )
    return isinstance(event, Said) and event.text.strip() in TAKEN_BACK


@QUICK
@given(WALKS, channels(), KNOWN)
def test_from_anywhere_a_person_can_be_called(
    events: list[Event | str], known: Facts, related: RelatedFound
) -> None:
    wanderer = walk(known, related)
    for event in events:
        wanderer.meet(event)
    assert wanderer.say("人工")
    assert any(isinstance(request, JoinQueue) for request in wanderer.requests)


@QUICK
@given(WALKS, channels(), KNOWN)
def test_from_anywhere_somebody_who_answers_what_is_asked_soon_has_a_ticket(
    events: list[Event | str], known: Facts, related: RelatedFound
) -> None:
    wanderer = walk(known, related)
    for event in events:
        wanderer.meet(event)
    before = len(wanderer.city.opened)
    said: list[object] = []
    while len(wanderer.city.opened) == before:
        if wanderer.state == ("intake", "caring"):
            return  # has a ticket, and is listened to
        said.append((wanderer.state, _cooperate(wanderer)))
        assert len(said) <= 8, said


ANSWERS = {
    "confirm": "submit",
    "confidential": "no",
    "contact": "skip",
    "topic": "other",
    "several": "one",
    "another": "both",
    "addition": "new",
    "repeated": "new",
    "nearby": "alone",
    "answered": "no",
    "which_answer": "none",
    "elsewhere": "yes",
    "fix": "back",
}
MATTER, PLACE = "海淀区田村路街道停水了", "海淀区田村路街道"


def _cooperate(wanderer: Wanderer) -> str:
    """Answer the open question, or begin with a matter."""
    dialog, state = wanderer.state
    choice = ANSWERS.get(state, "")
    if dialog == "intake" and choice in wanderer.session.choices:
        wanderer.press(choice)
        return choice
    text = MATTER
    if dialog == "intake" and state in {"place", "street", "which_place", "which_district"}:
        text = PLACE
    elif dialog == "intake" and state not in {"listen", "matter", "fix_matter"}:
        text = "不用"
    wanderer.say(text)
    return text


@QUICK
@given(st.lists(EVENTS, max_size=10), channels(), KNOWN, EVENTS, st.data())
def test_a_session_of_another_version_is_understood_as_far_as_it_can_be(
    events: list[Event | str],
    known: Facts,
    related: RelatedFound,
    next_event: Event | str,
    data: st.DataObject,
) -> None:
    wanderer = walk(known, related)
    for event in events:
        wanderer.meet(event)
    session = msgspec.json.decode(dump(wanderer.session))
    session["of_the_next_version"] = {"a": [1]}
    for frame in session.get("frames", []):
        if data.draw(st.booleans()):
            frame["data"] = {**frame["data"], "of_the_next_version": 1}
        if data.draw(st.booleans()):
            frame["state"] = "vanished"
        if data.draw(st.integers(0, 4)) == 0:
            frame["dialog"] = "vanished"
        if data.draw(st.integers(0, 4)) == 0:
            frame["data"] = {"draft": 7, "tickets": "no"}
    talk = Talk(known, wanderer.city)
    talk.session = load(msgspec.json.encode(session))
    if isinstance(next_event, Said | SurveyDue):
        talk.event(next_event)
    else:
        talk.event(Silence(talk.session.silence))
    assert talk.say("海淀区田村路街道停水了")


def test_a_session_of_the_version_before_is_read_with_what_is_new_left_empty() -> None:
    old = b'{"frames":[{"dialog":"intake","state":"confirm","data":{"draft":{"matter":"\xe5\x81\x9c\xe6\xb0\xb4"}}}],"prompt":3}'
    talk = Talk(facts(), City())
    talk.session = load(old)
    assert talk.session.offences == 0
    assert talk.session.alerted == {}
    assert "已受理" in talk.say("对")
    assert load(b"{}") == Session()
