"""Somebody who says anything at all, for the property tests: what may be said, on which channels, to which city."""

from dataclasses import replace
from datetime import timedelta

import msgspec
from hypothesis import strategies as st
from typing_extensions import override

from dialogs.dialog import Facts
from dialogs.engine import Step, step
from dialogs.intake.draft import Intake
from dialogs.known import KnownAnswer, Nearby
from dialogs.repertoire import REPERTOIRE
from dialogs.requests import AddToTicket, Event, RateAnswer, RelatedFound, Request, SurveyDue
from dialogs.said import UNSEEN_PHOTO, Attachment, Pin, Said
from dialogs.session import Session
from dialogs.understanding.place import Place
from dialogs.words import Language, TicketState
from tests.transcript import BEIJING, NOW, City, Talk, card, facts

TEXTS = (
    # matters, whole and in pieces
    "海淀区田村路街道阜石路第一社区5号楼暖气不热", "暖气", "不热", "停水了", "八里庄暖气不热", "豐臺方莊電梯壞了",
    "路灯不亮，还有垃圾没人清", "举报邻居违建，通州区永顺镇", "投诉望京街道一家饭店油烟大", "表扬德胜街道的小王",
    "建议10号线早高峰加车", "居住证怎么办", "替我妈反映，她家漏水", "隔壁总在屋顶养鸽子", "My heating is broken",
    "no water in Haidian since Monday", "匿名举报有人聚赌", "他妈的暖气不热", "村里路灯坏了" * 40,
    # places
    "田村路", "八里庄", "朝阳的", "辛庄", "房山", "海淀区", "东头磨盘底下", "5号楼", "河北省涿州市", "Haidian",
    # corrections and second thoughts
    "不对，是永定路", "不是田村路，是永定路", "不是停水，是停电", "5号楼应该是6号楼", "地址错了", "内容不对", "说错了，是八角",
    "not Tiancun, it's Yongding Road", "要改", "地点", "内容", "类型", "电话", "投诉", "算了", "已经修好了",
    # answers
    "对", "不对", "不", "要", "不用", "没有", "不知道", "不清楚哪个区", "随便", "保密", "匿名", "1", "2", "3", "4", "7", "99", "第二个",
    "13800138000", "我叫王芳，电话13800138000", "1234", "261122-000001-4", "261122-000001-9", "分开办", "就一件", "两件都要",
    "没解决", "都满意", "有", "谢谢", "好的", "更多", "还是要反映",
    # commands, wishes, asides
    "取消", "返回", "上一步", "查询", "补充", "催单", "撤单", "帮助", "？", "重来", "English", "中文", "TD", "START", "语言",
    "我上次反映的路灯怎么样了", "你们几点下班", "你是机器人吗", "帮我催一下", "补充一下，家里有老人", "new", "hello", "你好", "在吗",
    # danger, anger, abuse, nonsense
    "煤气泄漏有人晕倒了", "我不想活了", "有人要跳楼", "再不解决我就去堵路", "气死我了！！！", "滚", "傻逼", "哈哈", "😀😀", "。。。",
    "asdfgh", "", " ", "\n", "https://mp.weixin.qq.com/s/x", "000000", UNSEEN_PHOTO, "北京" * 800,
)  # fmt: skip
CHOICES = (
    "submit", "fix", "yes", "no", "anonymous", "back", "skip", "other", "0", "1", "elsewhere", "nowhere", "both", "mend", "apart",
    "one", "add", "new", "urge", "join", "alone", "more", "place", "fix_matter", "110105", "command:new", "command:human",
    "command:gone", "command:status", "zh-CN", "en", "261122000001",
)  # fmt: skip
ENCLOSED = st.builds(
    Attachment,
    st.integers(0, 9999).map(lambda number: f"media-{number}"),
    st.sampled_from(["image/jpeg", "image/webp", "audio/amr", "video/mp4"]),
)
PIN = Pin(39.92, 116.26)
DUE = SurveyDue(7, 261122_000001, "停水", "海淀区政府", "已修好")
WAIT = timedelta(minutes=11)

HEARD = st.one_of(
    st.sampled_from(TEXTS).map(Said),
    st.sampled_from(TEXTS).map(Said),
    st.sampled_from(TEXTS).map(Said),
    st.text(max_size=30).map(Said),
    st.sampled_from(CHOICES),  # pressed if it is offered, a button of long ago if not
    st.just("first"),  # the first choice there is
    ENCLOSED.map(lambda one: Said(attachments=(one,))),
    st.builds(Said, st.sampled_from(TEXTS), attachments=st.tuples(ENCLOSED)),
    st.just(Said(pin=PIN)),
    st.builds(Said, st.sampled_from(TEXTS), pin=st.just(PIN)),
)
EVENTS = st.one_of(HEARD, HEARD, HEARD, st.just("silence"), st.just("later"), st.just(DUE))

ANSWER = KnownAnswer(1, "居住证怎么办", "到派出所办理，带身份证。" * 12, "公安局")
KNOWN = st.builds(
    RelatedFound,
    st.sampled_from([(), (ANSWER,), (ANSWER, msgspec.structs.replace(ANSWER, article_id=2, fit=99))]),
    st.sampled_from(
        [
            (),
            (card(),),
            (card(state=TicketState.CLOSED),),
            (msgspec.structs.replace(card(state=TicketState.CLOSED), may_reopen=True),),
            (card(261121_000007, "停水", TicketState.TRIAGE, ""), card()),
        ]
    ),
    st.sampled_from(
        [None, Nearby(261121_000009, Place("110108", "110108021"), 37, "田村路街道"), Nearby(1, Place(), 1)]
    ),
)  # fmt: skip


@st.composite
def channels(draw: st.DrawFn) -> Facts:
    """A channel's facts: chat, SMS, and what a phone call may be like."""
    languages = st.sampled_from([tuple(Language), (Language.CHINESE,), (Language.ENGLISH,)])
    return replace(
        facts(),
        timezone=BEIJING,
        buttons=draw(st.booleans()),
        brief=draw(st.booleans()),
        reachable=draw(st.booleans()),
        opt_out=draw(st.booleans()),
        languages=draw(languages),
    )


class Wanderer(Talk):
    """A talk that also runs without ever being written down, and that keeps what each turn asked of the city."""

    def __init__(self, facts: Facts, city: City) -> None:
        super().__init__(facts, city)
        self.unbroken = Session()
        self.asked: tuple[Request, ...] = ()

    def meet(self, event: Event | str) -> str:
        """Let one thing happen; returns what is replied."""
        if event == "silence":
            return self.silence()
        if event == "later":
            self.facts = replace(self.facts, now=self.facts.now + WAIT)
            return "later"
        if isinstance(event, str):
            offered = self.session.choices
            pressed = (offered or (event,))[0] if event == "first" else event
            prompt = self.session.prompt if pressed in offered else max(self.session.prompt - 1, 1)
            return self.event(Said(choice=pressed, prompt=prompt))
        return self.event(event)

    @override
    def _step(self, event: Event) -> Step:
        whole = step(self.unbroken, event, self.facts, REPERTOIRE)
        self.unbroken = whole.session
        made = super()._step(event)
        assert made.replies == whole.replies
        assert made.requests == whole.requests
        assert _meant(made.session) == _meant(whole.session)
        return made

    @property
    def intake(self) -> Intake | None:
        """What the intake keeps, None when none is open."""
        for frame in self.session.frames:
            if frame.dialog == "intake":
                return msgspec.json.decode(frame.data, type=Intake)
        return None

    @property
    def state(self) -> tuple[str, str]:
        """The dialog and state whose question is open; empty when idle."""
        frame = self.session.frames[-1] if self.session.frames else None
        return (frame.dialog, frame.state) if frame else ("", "")

    def kept(self) -> str:
        """All words that the open intake keeps, and those that were ever handed in."""
        drafts = [self.intake] if self.intake else []
        words = [
            part
            for one in drafts
            for part in (one.draft.matter, one.pending, one.another, one.kept, *one.others)
        ]
        words += [opened.draft.matter for opened in self.city.opened]
        words += [one.text for one in self.city.requests if isinstance(one, AddToTicket)]
        return "\n".join(words)

    def enclosed(self) -> set[str]:
        """The photos and recordings that the open intake keeps or that were ever handed in."""
        drafts = [opened.draft for opened in self.city.opened]
        drafts += [self.intake.draft] if self.intake else []
        added = [one for one in self.city.requests if isinstance(one, AddToTicket)]
        enclosed = [one.attachments for one in drafts] + [one.attachments for one in added]
        return {one.id for attachments in enclosed for one in attachments}

    def let_go(self) -> bool:
        """Tell whether the last turn ended a draft on purpose: an answer that helped, or nothing to be taken down."""
        return any(isinstance(request, RateAnswer) for request in self.requests)


def _meant(session: Session) -> list[object]:
    """A session with the data of its dialogs read: how it is written down may differ."""
    frames = [
        (f.dialog, f.state, f.read(REPERTOIRE.dialogs[f.dialog].data)) for f in session.frames
    ]
    return [*frames, msgspec.structs.replace(session, frames=())]


__all__ = ["EVENTS", "KNOWN", "NOW", "City", "Wanderer", "card", "channels"]
