"""Danger to life now: it is told the emergency numbers at once, whatever else is said."""

import re
from dataclasses import dataclass
from enum import StrEnum

from ahocorasick_rs import AhoCorasick, MatchKind


class Danger(StrEnum):
    """Kinds of danger; they differ in what takes the alarm back."""

    FIRE = "fire"
    GAS = "gas"
    SHOCK = "shock"
    TRAPPED = "trapped"
    INJURED = "injured"
    COLLAPSE = "collapse"
    WATER = "water"
    VIOLENCE = "violence"
    SELF_HARM = "self_harm"

    def keyword(self, text: str) -> str:
        """Return the catalogue's keyword for it, given the text it was found in."""
        if self is Danger.GAS:
            return "煤气泄漏"
        if self is Danger.TRAPPED and any(word in text for word in ("电梯", "elevator", "lift")):
            return "电梯困人"
        return "着火"


@dataclass(frozen=True, slots=True)
class Alarm:
    """The danger, if there is one, and the `span` of the words for it; `unreal` are spans to overlook."""

    danger: Danger | None = None
    span: tuple[int, int] = (0, 0)
    unreal: tuple[tuple[int, int], ...] = ()


_CUES: dict[Danger, str] = {
    Danger.FIRE: (
        "着火 起火 失火 火灾 大火 冒浓烟 浓烟滚滚 烧起来 烧着了 爆炸 炸了 爆燃 冒火 火苗 着起来了 救火"
    ),
    Danger.GAS: (
        "煤气味 天然气味 燃气味 瓦斯味 煤气泄漏 燃气泄漏 天然气泄漏 煤气漏 燃气漏 天然气漏 漏煤气 漏天然气 漏燃气 燃气泄露 煤气泄露"
        " 天然气泄露 漏气 一氧化碳中毒 煤气中毒 闻到煤气 闻到燃气 闻到天然气 煤气的味 天然气的味 燃气的味 燃气报警器一直响 燃气报警器响 燃气管道破"
        " 燃气管断 燃气管破 煤气管断 挖断燃气 挖断了燃气 挖断天然气 挖断了天然气"
    ),
    Danger.SHOCK: "触电 电着人 电到人 被电击 电到了人 电死 带电的水 电线掉在地 电线掉下来 高压线断 高压线掉 漏电伤人",
    Danger.TRAPPED: (
        "电梯困人 困在电梯 困电梯 困在里面 被困 困住了 电梯里出不来 出不来了 卡在电梯 关在电梯 埋在下面 被埋 被压在 卡住了人 掉进井 掉井里"
        " 掉进下水道 掉到井里 掉进了井 掉坑里 掉进坑 有人掉 孩子掉进 老人掉进 困人"
    ),
    Danger.INJURED: (
        "昏迷 晕倒 昏倒 休克 没有呼吸 没呼吸 没气了 不省人事 叫不醒 大出血 流了好多血 流血不止 满头是血 一地血 心脏病犯 心脏病发作 心梗 脑梗发作"
        " 抽搐 窒息 噎住 有人受伤 人受伤 受重伤 受了伤 砸伤 砸到人 砸着人 砸了人 撞伤 摔伤了起不来 摔倒起不来 摔倒了起不来 起不来了 烧伤 烫伤 食物中毒了"
        " 集体中毒 中毒了 要生了 快不行了 生命危险 有生命危险 坠楼 坠落 从楼上掉下来 从楼上摔下 有人摔下 要出人命 出人命 撞人了 车撞了人 撞了人"
    ),
    Danger.COLLAPSE: (
        "坍塌 倒塌 塌了 塌下来 塌陷有人 要塌 快塌 快倒了 要倒了 墙倒 楼歪 房子裂开 山体滑坡 泥石流 塔吊倒 脚手架倒"
    ),
    Danger.WATER: "溺水 落水 掉河里 掉进河 掉水里 掉进水 掉湖里 掉进湖 掉冰窟 被水冲走 冰面破 淹在水里 车被淹",
    Danger.VIOLENCE: (
        "砍人 持刀 拿刀 捅人 捅伤 杀人 行凶 绑架 抢劫 强奸 家暴 正在打人 往死里打 打得头破血流 群殴 非法拘禁 劫持 拐走 被拐 孩子丢了 小孩丢了"
        " 老人走失 孩子走失 孩子不见了"
    ),
    Danger.SELF_HARM: (
        "跳楼 自杀 轻生 不想活 活不下去 割腕 喝农药 喝药自尽 死给你们看 要自焚 自焚 上吊 寻短见 了结自己 想死的心 想死了算了 结束生命 点煤气罐"
    ),
}
_ENGLISH: dict[Danger, tuple[str, ...]] = {
    Danger.FIRE: ("fire", "explosion", "exploded", "burning down", "heavy smoke"),
    Danger.GAS: ("gas leak", "smell gas", "smell of gas", "gas smell", "leaking gas", "carbon monoxide"),
    Danger.SHOCK: ("electrocuted", "electric shock", "live wire", "wire is down", "power line fell"),
    Danger.TRAPPED: (
        "trapped", "stuck in the elevator", "stuck in an elevator", "stuck in the lift", "stuck in a lift", "stuck inside",
        "fell into", "buried",
    ),
    Danger.INJURED: (
        "unconscious", "not breathing", "cannot breathe", "can't breathe", "bleeding", "badly hurt", "is hurt", "injured",
        "heart attack", "stroke", "passed out", "collapsed on the", "dying", "fell from",
    ),
    Danger.COLLAPSE: ("collapsed", "collapsing", "about to collapse", "landslide"),
    Danger.WATER: ("drowning", "drowned", "swept away"),
    Danger.VIOLENCE: ("knife", "stabbed", "stabbing", "kidnapped", "robbed", "being beaten", "domestic violence"),
    Danger.SELF_HARM: ("suicide", "kill myself", "kill himself", "kill herself", "want to die", "jump off", "end my life"),
}  # fmt: skip
# Longer words that hold one of the above and have nothing to do with danger, nor with its topics.
_OTHER_THINGS = "轮胎漏气 车胎漏气 自行车漏气 窗户漏气 门缝漏气 充气漏气 气球漏气 跳楼价 跳楼机 爆炸头 工资被困 资金被困 落水管 要倒了垃圾 拿刀削"
# The same, but it may well be what the matter is about: 火灾隐患.
_FALSE_FRIENDS = (
    "火灾隐患 火灾险 火灾保险 着火点 起火隐患 着火隐患 爆炸物品 爆炸性 困人隐患 火灾演练 火灾自动报警 火灾报警器 防火灾 触电隐患 触电风险"
    " 坠落隐患 坠落风险 高空坠落物 防坠落 坍塌隐患 坍塌风险 倒塌隐患 倒塌风险 火灾风险 着火风险 燃气泄漏报警器 燃气泄漏检测"
    " 老人走失手环 防走失 防溺水 溺水警示 触电保护 漏电保护"
)
_FALSE_FRIENDS_ENGLISH = (
    "fire lane", "fire exit", "fire door", "fire escape", "fire truck", "fire station", "fire hydrant", "fire drill",
    "fire extinguisher", "fire safety", "fire hazard", "fire alarm test", "fire department", "fire engine", "fire inspection",
    "fire passage", "fireworks", "firecracker", "fired", "firewall", "campfire", "wildfire season", "fire risk",
    "price collapsed", "no fire", "not on fire", "no one is injured", "nobody injured", "no one injured", "not injured",
    "stroke of", "knife shop",
)  # fmt: skip

_NOT_SO = re.compile(
    r"(?:没有?|未|无|不是|不会|并非|没人|无人|别|不要|严禁|禁止)[\u4e00-\u9fff]{0,2}$"
)
_FEARED = re.compile(
    r"(?:怕|担心|担忧|容易|易|防止?|预防|避免|以免|免得|万一|如果|要是|假如|一旦|会不会|可能会|可能引发|可能导致|小心|差点|险些|谁知道会)[\u4e00-\u9fff]{0,6}$"
)
_PAST = re.compile(
    r"去年|前年|上个?月|上周|上星期|上次|以前|之前|曾经?|前几天|前些天|前两天|那天|那次|几年前|年前|月前"
)
_AFTER = re.compile(
    r"(?:的|等)?(?:隐患|风险|危险性?|可能|演练|预防|须知|保险|事故率|应急预案|怎么赔)"
)
_ELEVATOR = re.compile(
    r"(?:电梯|轿厢)[^。！？]{0,12}困(?![难扰境惑])|困(?![难扰境惑])[^。！？]{0,8}(?:电梯|轿厢)"
)
_LIFE_SUPPORT = re.compile(
    r"(?:[停断没]电|跳闸)[^。！？]{0,16}(?:呼吸机|制氧机|吸氧|维生)|(?:呼吸机|制氧机|吸氧)[^。！？]{0,16}[停断没]电"
)
# Only a denial takes these back: better one call too many.
_ALWAYS = frozenset({Danger.GAS, Danger.SELF_HARM})
_WINDOW = 12


class Dangers:
    """Recognises danger to life in folded text."""

    def __init__(self) -> None:
        others = _OTHER_THINGS.split()
        cues: dict[str, Danger | None] = dict.fromkeys(
            (*others, *_FALSE_FRIENDS.split(), *_FALSE_FRIENDS_ENGLISH)
        )
        self._others = frozenset(range(len(others)))
        for danger in Danger:
            cues.update(dict.fromkeys((*_CUES[danger].split(), *_ENGLISH[danger]), danger))
        self._meanings = list(cues.values())
        self._automaton = AhoCorasick(list(cues), matchkind=MatchKind.LeftmostLongest)

    def read(self, text: str) -> Alarm:
        """Tell the first danger in `text`, and where those stand that are denied, feared or past."""
        first: tuple[Danger, tuple[int, int]] | None = None
        unreal: list[tuple[int, int]] = []
        for index, start, end in self._automaton.find_matches_as_indexes(text):
            danger = self._meanings[index]
            if danger is not None and _is_now(text, danger, start, end):
                first = first or (danger, (start, end))
            elif danger is not None or index in self._others:
                unreal.append((start, end))
        if not first and "困" in text and (found := _ELEVATOR.search(text)):
            first = Danger.TRAPPED, found.span()
        if not first and (found := _LIFE_SUPPORT.search(text)):
            first = Danger.INJURED, found.span()
        return Alarm(*first, tuple(unreal)) if first else Alarm(unreal=tuple(unreal))


def _is_now(text: str, danger: Danger, start: int, end: int) -> bool:
    if text[start].isascii() and start and text[start - 1].isalpha():
        return False
    clause = _clause_before(text, start)
    if danger in _ALWAYS:
        return danger is Danger.SELF_HARM or not _NOT_SO.search(clause)
    if _NOT_SO.search(clause) or _FEARED.search(clause) or _AFTER.match(text, end):
        return False
    return not _PAST.search(text[max(0, start - 2 * _WINDOW) : start])


def _clause_before(text: str, end: int) -> str:
    before = text[max(0, end - _WINDOW) : end]
    for mark in "，。！？；,!?;、":
        before = before[before.rfind(mark) + 1 :]
    return before
