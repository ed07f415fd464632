"""Rules that hold for all dialogs together."""

from collections.abc import Callable
from pathlib import Path

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogs.dialog import Facts
from dialogs.repertoire import REPERTOIRE
from dialogs.requests import JoinQueue, OpenTicket, Silence, SurveyDue
from dialogs.said import Attachment, Pin, Said
from dialogs.session import dump, load
from tests.transcript import City, Talk, card, facts, sms

PHRASES = [
    "你好",
    "暖气不热",
    "海淀区田村路街道阜石路第一社区5号楼暖气不热",
    "八里庄",
    "朝阳的",
    "不知道",
    "对",
    "不对",
    "要改",
    "地点",
    "内容",
    "取消",
    "返回",
    "查询",
    "补充",
    "催单",
    "撤单",
    "人工",
    "0",
    "帮助",
    "？",
    "重来",
    "English",
    "中文",
    "语言",
    "TD",
    "START",
    "1",
    "2",
    "3",
    "4",
    "5",
    "有",
    "没有",
    "没解决",
    "都满意",
    "谢谢",
    "哈哈",
    "261122-000001-8",
    "261122-000001-9",
    "1234",
    "13800138000",
    "煤气泄漏有人晕倒了",
    "匿名举报有人无照摆摊",
    "辛庄",
    "房山",
    "hello",
    "不对，是永定路",
]

MESSAGES = st.one_of(
    st.sampled_from(PHRASES).map(Said),
    st.text(max_size=40).map(Said),
    st.builds(
        Said,
        choice=st.sampled_from(["submit", "fix", "0", "yes", "back", "command:new", "command:?"]),
    ),
    st.just(Said(attachments=(Attachment("photo", "image/png"),))),
    st.builds(Said, st.sampled_from(PHRASES), pin=st.just(Pin(39.9, 116.3))),
)
EVENTS = st.one_of(
    MESSAGES,
    MESSAGES,
    st.just("silence"),
    st.just(SurveyDue(7, 261123_000123, "停水", "海淀区政府")),
)


@settings(max_examples=120, deadline=None)
@given(st.lists(EVENTS, max_size=14), st.sampled_from([facts, sms]))
def test_whatever_is_said_is_answered_and_a_way_to_a_ticket_or_a_person_is_left(
    events: list[Said | SurveyDue | str], channel: Callable[[], Facts]
) -> None:
    talk = Talk(channel(), City([card()]))
    for event in events:
        if isinstance(event, str):
            talk.event(Silence(talk.session.silence))
            continue
        reply = talk.event(event)
        assert reply or isinstance(event, SurveyDue) or talk.silent == "paused"
        assert load(dump(talk.session)) == talk.session
        assert len(talk.session.frames) <= len(REPERTOIRE.dialogs)
        assert not talk.session.frames or talk.wake_seconds is not None or talk.session.silence
    _ends_in_a_ticket(talk)
    talk.say("人工")
    assert any(isinstance(request, JoinQueue) for request in talk.requests)


def _ends_in_a_ticket(talk: Talk) -> None:
    """From anywhere, starting over and telling a complete matter leads to a ticket."""
    before = len(talk.city.opened)
    talk.say("重来")
    while talk.session.frames:  # surveys that had to wait
        talk.say("取消")
    for said in ("海淀区田村路街道停水了", "submit", "skip"):
        text = Said(said) if said[0] > "z" else Said(choice=said)
        if len(talk.city.opened) == before:
            talk.event(text)
    assert len(talk.city.opened) == before + 1
    assert isinstance(talk.city.opened[-1], OpenTicket)


def test_every_dialog_has_a_test_of_its_own() -> None:
    here = Path(__file__).parent
    missing = [
        name for name in REPERTOIRE.dialogs if not (here / f"test_dialog_{name}.py").exists()
    ]
    assert not missing


def test_every_dialog_ends_some_day_when_nothing_is_said() -> None:
    for dialog in REPERTOIRE.dialogs.values():
        assert dialog.patience, dialog.name
        assert all(seconds > 0 for seconds in dialog.patience)


def test_every_command_leads_to_a_state_and_every_dialogs_data_can_be_empty() -> None:
    for dialog in REPERTOIRE.dialogs.values():
        assert set(dialog.commands.values()) <= set(dialog.states), dialog.name
        assert msgspec.json.decode(b"{}", type=dialog.data) == dialog.data()
