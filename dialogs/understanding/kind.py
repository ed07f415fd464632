"""What sort of matter it is (诉求类型): by what residents say they do, else by how they say it."""

import re
from dataclasses import dataclass

from ahocorasick_rs import AhoCorasick, MatchKind

from dialogs.words import Kind

# What is said of the city at large goes on without a place.
NEEDS_NO_PLACE = frozenset({Kind.QUESTION, Kind.SUGGESTION, Kind.PRAISE})
# Said outright: the first of these in the text decides.
_OUTRIGHT: dict[Kind, str] = {
    Kind.PRAISE: "表扬 锦旗 点赞 好人好事 致谢",
    Kind.SUGGESTION: "建议 提议 提个意见 提点意见",
    Kind.TIP_OFF: "举报 检举 揭发 告发",
    Kind.QUESTION: "咨询 请教 问一下 问问 请问 想问 打听 了解一下",
    Kind.COMPLAINT: "投诉 差评",
    Kind.REQUEST: "求助 求救 请帮 帮帮忙",
}
_OUTRIGHT_ENGLISH: dict[Kind, tuple[str, ...]] = {
    Kind.PRAISE: ("praise", "compliment", "commend"),
    Kind.SUGGESTION: ("suggest", "i propose"),
    Kind.TIP_OFF: ("report illegal", "report an illegal", "whistleblow", "tip-off", "tip off"),
    Kind.QUESTION: ("i want to ask", "could you tell me", "may i ask", "question about"),
    Kind.COMPLAINT: ("complain",),
    Kind.REQUEST: ("help me", "please help", "please fix", "please repair"),
}
# Only hinted at: the order of kinds below decides.
_HINTED: dict[Kind, str] = {
    Kind.PRAISE: "感谢 谢谢你们 好样的 太给力了 服务真好 态度特别好 态度很好",
    Kind.TIP_OFF: (
        "偷排 无证 无照经营 违法 非法 黑作坊 黑诊所 黑网吧 黑车 偷税 盗采 盗挖 偷挖 制假 售假 传销 聚赌 卖淫 偷倒"
        " 未经许可 没有营业执照 没有执照 没有许可证"
    ),
    Kind.QUESTION: (
        "怎么 什么时候 如何 是多少 怎么办理 怎么办手续 如何办理 如何申请 怎么申请 怎么报名 怎么查 怎么交 怎么缴 怎么领 怎么开通 怎么预约 如何预约"
        " 如何查询 几点 什么材料 哪些材料 带什么 什么手续 什么条件 哪些条件 在哪办 在哪里办 去哪办 去哪里办 在哪儿办 多少钱"
        " 什么时候能 什么时候来 什么时候开 什么时候恢复 什么时候供暖 能不能办 可以办 能报销吗 可以报销 怎么报销"
        " 怎么算 什么政策 有什么规定 是什么标准 电话是多少 电话多少 周末上班 上班吗 办公时间 需要什么 需要哪些"
        " 多长时间 是否可以"
    ),
    Kind.COMPLAINT: (
        "态度差 态度恶劣 态度不好 态度很差 态度特别差 态度太差 不满 推诿 踢皮球 不作为 乱收费 服务差 服务太差 拒载 骂人 骗人"
        " 欺负 敷衍 太差劲 不讲理 强制消费 霸王条款 不给退"
    ),
    Kind.SUGGESTION: "希望增设 希望增加 希望能增加 能否增设 能否增加 能不能增加 最好能 应该增加",
}
_HINTED_ENGLISH: dict[Kind, tuple[str, ...]] = {
    Kind.PRAISE: ("thank you for", "grateful"),
    Kind.TIP_OFF: ("illegal dumping", "unlicensed", "without a licence", "without a license", "gambling"),
    Kind.QUESTION: (
        "how do i", "how can i", "where can i", "what documents", "opening hours", "how much", "when will", "what time",
    ),
    Kind.COMPLAINT: ("rude", "unacceptable", "terrible service", "overcharged"),
    Kind.SUGGESTION: ("it would be better",),
}  # fmt: skip
# Longer words that hold one of the above and mean something else.
_FALSE_FRIENDS = (
    "违法停车 违法建设 非法小广告 感谢信 投诉电话 投诉无门 建议书 不感谢 违法处理 消费者投诉 怎么办理不了"
    " 怎么办 怎么没 怎么不 怎么还 怎么又 怎么回事 怎么这么 怎么能 怎么老 怎么样 怎么搞 怎么也 怎么都 怎么一直 怎么就 怎么总 不怎么"
)
_ORDER = (Kind.PRAISE, Kind.TIP_OFF, Kind.QUESTION, Kind.COMPLAINT, Kind.SUGGESTION)
_COURTESY = frozenset({"感谢", "谢谢你们"})
# 怎么办 is despair at the end of a clause, and a question before what is to be done: 怎么办居住证.
_WHAT_NOW = "怎么办"
_GOES_ON = re.compile(r"[\u4e00-\u9fff](?<![啊呢呀吧哪才好了])")
# Papers have an office to go to: 居住证怎么办 asks which, and despairs of nothing.
_PAPERS = re.compile(
    r"(?:证|照|卡|手续|公积金|社保|医保|养老金|补贴|低保|落户|户口|过户|签证|执照)(?:要|该|应该)?怎么办"
)
# A question about what is broken asks for it to be mended.
_BROKEN = re.compile(
    r"坏|漏|堵|没人|不热|没水|没电|停[水电气]|臭|脏|吵|不亮|塌|裂|断[水电气]|不通|倒了"
)


@dataclass(frozen=True, slots=True)
class KindCue:
    """Words that speak for a kind; said outright, they decide."""

    start: int
    end: int
    kind: Kind
    is_outright: bool


class Kinds:
    """Recognises the kind of matter."""

    def __init__(self) -> None:
        cues: dict[str, tuple[Kind | None, bool]] = dict.fromkeys(
            _FALSE_FRIENDS.split(), (None, False)
        )
        for chinese, english, is_outright in (
            (_HINTED, _HINTED_ENGLISH, False),
            (_OUTRIGHT, _OUTRIGHT_ENGLISH, True),
        ):
            for kind, words in chinese.items():
                cues.update((cue, (kind, is_outright)) for cue in (*words.split(), *english[kind]))
        self._cues = list(cues)
        self._meanings = list(cues.values())
        self._automaton = AhoCorasick(self._cues, matchkind=MatchKind.LeftmostLongest)

    def cues(self, text: str) -> list[KindCue]:
        """Return the words in folded text that speak for kinds, for people to look at."""
        found = self._automaton.find_matches_as_indexes(text)
        meant = [(start, end, *self._meanings[index]) for index, start, end in found]
        return [KindCue(start, end, kind, said) for start, end, kind, said in meant if kind]

    def of(self, text: str, *, in_trouble: bool) -> Kind | None:
        """Return the kind that folded `text` speaks of, if any; in trouble, 感谢 is only a courtesy."""
        hinted: set[Kind] = set()
        for index, _, end in self._automaton.find_matches_as_indexes(text):
            kind, is_outright = self._meanings[index]
            if kind is not None and is_outright:
                return kind
            if self._cues[index] == _WHAT_NOW and _GOES_ON.match(text, end):
                kind = Kind.QUESTION
            if kind is not None and not (in_trouble and self._cues[index] in _COURTESY):
                hinted.add(kind)
        if _PAPERS.search(text):
            hinted.add(Kind.QUESTION)
        if Kind.QUESTION in hinted and _BROKEN.search(text):
            hinted.remove(Kind.QUESTION)
        return next((kind for kind in _ORDER if kind in hinted), None)
