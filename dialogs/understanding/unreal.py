"""Why words of danger may tell no danger now: denied, feared, past, settled, likened, named, claimed for, or of a thing."""

import re
from collections.abc import Callable
from enum import StrEnum

from dialogs.understanding.dangers import Danger
from dialogs.understanding.frames import asks, is_over, praises, proposes, spares, stages
from dialogs.understanding.telling import Telling, clause_before
from dialogs.understanding.unreal_english import is_real
from dialogs.understanding.unreal_things import (
    at_work,
    despair_of_a_shop,
    of_a_thing,
    of_cold,
    of_manners,
    of_smoke,
    stranded,
)


class Unreal(StrEnum):
    """Why words of danger tell none."""

    DENIED = "denied"  # 没有着火
    FEARED = "feared"  # 怕着火
    PAST = "past"  # 去年着过火
    SETTLED = "settled"  # 火已经扑灭了
    LIKENED = "likened"  # 跟爆炸似的
    NAMED = "named"  # 火灾的隐患
    CLAIMED = "claimed"  # 摔伤了要求赔偿
    THING = "thing"  # 手机掉井里
    STRANDED = "stranded"  # 电梯停运，老人困在六楼
    ASKED = "asked"  # 触电了怎么急救
    PROPOSED = "proposed"  # 建议装烟感，着火能早发现
    PRAISED = "praised"  # 谢谢民警救了跳河的姑娘
    STAGED = "staged"  # 拍爆炸戏没通知居民
    SPARED = "spared"  # 树倒了，没砸着人


_NOT_SO = re.compile(
    r"(?:没有?(?!了|事|气|人[管救看应敢理来])|未(?!成年)|无(?![辜锡障名缘])|不是|不会(?!游泳|动|说|走|水)|并非|没人(?![管救看应敢理来])|无人(?![管救应看])|(?<![特分])别(?![的人墅])|不要|严禁|禁止|(?<![消在])防止?|避免|打不|点不|烧不|没能|以为(?:是|有)?)[\u4e00-\u9fff]{0,2}$"
)
_FEARED = re.compile(
    r"(?:(?<!恐)怕|恐怕[要会得]|担心|担忧|(?<!不)容易|(?<![交贸轻简容])易|(?<![消在])防止?|预防|避免|以免|免得|省得|万一|如果|要是|假如|假使|若(?!干)|倘若|一旦|可能会|可能引发|可能导致|可能造成|可能发生|(?<!不)小心|真有|(?<![认当])真"
    r"|差点儿?|差一点|险些|随时|早晚|迟早|非得?要?等|非得|别等|等到|真要|存在|说不定|(?<![委社协开工机学晚约聚一等误不])会|会不会|才管|什么情况|再不修|不然|否则|不定哪天|哪天|保不齐|难保|怎么防|怎样防)[\u4e00-\u9fff]{0,6}$"
)
_WAITED_FOR = re.compile(
    r"(?:了|人命)?(?:才|你们才|可怎么办|可?怎么得了|谁负责)|(?<=[砸撞压伤]到人)(?:可|该)?怎么办|(?<=[砸撞压伤]着人)(?:可|该)?怎么办"
)
_PAST = re.compile(
    r"去年|前年|上个?月|上周|上星期|上礼拜|上次|上回|以前|之前|曾|前几天|前些天|前两天|前一?阵|前不久|那天|那次|几年前|年前|月前|天前|周前|昨天|昨晚|前天|昨日|早就|当年|小时候|往年|新闻|电视上|视频|朋友圈|抖音|网上看"
    r"|别的城市|(?:别的|隔壁|邻近|附近)(?:的)?小区|外地(?!人|游|牌|来)|听说过|发生过|那会儿|那年|年夏天|年冬天|(?<!\d)20\d\d年"
)
_STILL = re.compile(
    r"昨[天晚](?:晚上)?(?:开始|到现在|起)|现在(?!还是|也)|正在|还在|刚才|今早|这会儿|没反应|叫不|救命|快来|快派"
)
_NOW = re.compile(
    r"正在|救命(?!稻|钱|药|恩)|快来|快派|快救|赶紧来|赶紧派|叫救护车|马上来|快点来?|报警了还没|现在还|(?:交警|警察|救护车|消防|120|119|110|人)[^，。]{0,4}(?:没来|没到|还没(?:来|到|有|见)|不来)"
)
_ONCE_BEFORE = re.compile(r"(?<![通经路超不难])过$")
_ONCE_WITHIN = re.compile(r"[冒着起烧漏倒塌掉摔撞困夹伤淹死昏晕]过(?!来|去)")
_TURNED_OUT = re.compile(r"[^。！？]{0,10}(?:其实是|结果是|原来是|后来发现是|才知道是|是误报)")
_ONCE = re.compile(r"过(?![来去程不于]|一会)")
_NAMED = re.compile(
    r"(?:的|等|之?后的?)?(?:隐患|通道|设施|风险|危险性?|可能|演练|预防|须知|保险|事故|应急|案|事件|怎么取证|病人|的香薰|险|怎么赔|报警[器系装]|探测|认定|原因|责任|调查|赔|善后|培训|知识|宣传|逃生|预警|补偿|标准|干预|热线|率|视频|电影|小说|新闻|物业费|这种|警示|的?房子|手环|防护(?!栏|网|窗)|课)"
)
_LIKE = re.compile(r"[\u4e00-\u9fff]{0,3}?(?:似的|一样|一般的?|那样|那种)")
_LIKE_BEFORE = re.compile(
    r"(?:跟|像|如同|仿佛|简直|好比|都|得|快|恨不得|等于|堪比)[\u4e00-\u9fff]{0,4}$"
)
_LIKENED = re.compile(
    r"(?:(?<![免省觉憋疼痛冻烫烧打呛喘砸撞咬流摔压病难])得(?:让人|我|人|孩子|老人|大家)?(?:都|快|要|都要|都快)?|都[要快]|似的|一样的?|(?<!好)像)$"
)
_ALL_BUT = re.compile(r"都[要快]?$")
_PUT_OUT = re.compile(
    r"扑灭|(?<!没)灭了|灭火了|误报|虚惊|已经?处理|已经?控制|解除|烧[坏黑毁](?:了|的)?|重建|十分钟就"
)
_GOT_OUT = re.compile(
    r"(?<![没能不])(?:救|放|爬|拉|捞)出来|修好|已经?送医|送(?:到|去)了?医院了|送医院了|出院|虚惊|误报|没事了|已经?处理|已经?解决|找到了|找回来了|获救|救上来|抢救过来|已经?报过警|缝了|打了石膏|处理结果"
)
_CLAIMED = re.compile(
    r"要求(?!救|快|马上|派|立即|支援)|赔|医药费|误诊|家属|抚恤|医疗费|住院|出院|报销|认定|鉴定|起诉|打官司|立案|离婚|申请|法律|保护令|分居|理赔|误工|怎么办理|补贴|工伤|津贴|案子|投诉(?:学校|医院|饭店)|打了?疫苗|重建|检验|退款|退钱|昨天报的?警|报过警|感谢|表扬|建议|装扶手|[装加修建设]护栏|配aed|没人修|挡路|报修|不承认|抚养权|取证|比例"
)
# These claim only for what may be long over.
_CLAIMED_SOFTLY = re.compile(r"责任|负责|咨询|逃逸|调解|交警|长期|经常|判")
_MAY_BE_OVER = re.compile(r"伤|家暴|撞了?人|打")
_HABIT = re.compile(
    r"老是|总是|老(?=卡|停|夹|掉|响|摔|往|有|闻|冒|困|坏)|经常|天天|每天|时不时|动不动|三天两头|常常|隔三差五|一到|每次|每回|每年"
)
_OFTEN_STUCK = re.compile(r"困过|困人的?事|老是?困|经常困|总困|几次困|困人[好几两三多]")
_SENSED = re.compile(r"味|闻|响|嘶|滋|呲|头晕|恶心")
_HURT = frozenset({Danger.INJURED, Danger.VIOLENCE, Danger.COLLAPSE, Danger.WATER, Danger.MISSING})
_WINDOW = 14
_LONG_AGO = 26


def unreal(text: str, danger: Danger, start: int, last: int, end: int) -> Unreal | None:
    """Tell why words of danger tell none, None when they do; `last` is where the last of them begins."""
    if text[last].isascii():
        return None if is_real(text, start, end) else Unreal.FEARED
    told = clause_before(text, start) + text[start:last]
    telling = Telling(text, danger, start, last, end, told)
    return next((why for why, holds in _rules(danger) if holds(telling)), None)


def _denied(one: Telling) -> bool:
    """Look before the last word and, of two that stand apart (没人落水，是有人…), before the first."""
    before = clause_before(one.text, one.start)
    return bool(_NOT_SO.search(one.told) or (one.last > one.start and _NOT_SO.search(before)))


def _turned_out(one: Telling) -> bool:
    """闻着像煤气味，其实是下水道返味."""
    return _TURNED_OUT.match(one.text, one.end) is not None


def _named(one: Telling) -> bool:
    return _NAMED.match(one.text, one.end) is not None


def _likened(one: Telling) -> bool:
    return _LIKE.match(one.text, one.end) is not None and _LIKE_BEFORE.search(one.told) is not None


def _exaggerated(one: Telling) -> bool:
    if one.danger is Danger.COLLAPSE and _ALL_BUT.search(one.told):
        return True
    if "弹" in one.text[one.start : one.end]:  # 像炸弹: nobody jests about it
        return False
    return _LIKENED.search(one.told) is not None


def _feared(one: Telling) -> bool:
    return bool(_FEARED.search(one.told) or _WAITED_FOR.match(one.text, one.end))


def _past(one: Telling) -> bool:
    words = one.text[one.start : one.end]
    if (
        _ONCE.match(one.text, one.end)
        or _ONCE_BEFORE.search(one.told)
        or _ONCE_WITHIN.search(words)
    ):
        return True
    if one.danger is Danger.TRAPPED and _OFTEN_STUCK.search(one.text):
        return True
    before = one.text[max(0, one.start - _LONG_AGO) : one.last]
    return bool(_PAST.search(before) and not _STILL.search(before) and not _NOW.search(one.text))


def _habitual(one: Telling) -> bool:
    """电梯老卡在三楼: what happens again and again is a complaint."""
    return bool(
        _HABIT.search(one.told + one.text[one.last : one.end]) and not _NOW.search(one.text)
    )


def _settled(one: Telling) -> bool:
    rule = _PUT_OUT if one.danger is Danger.FIRE else _GOT_OUT
    return bool(
        rule.search(one.text, one.end, one.end + 2 * _LONG_AGO) and not _NOW.search(one.text)
    )


def _gas_settled(one: Telling) -> bool:
    return bool(_PAST.search(one.text) and _GOT_OUT.search(one.text, one.end))


def _gas_past(one: Telling) -> bool:
    return _past(one) and not _SENSED.search(one.text)


def _gas_feared(one: Telling) -> bool:
    """怕漏气 is fear unless something is smelt or heard."""
    return _feared(one) and not _SENSED.search(one.text)


def _claimed(one: Telling) -> bool:
    if one.danger not in _HURT:
        return False
    if _NOW.search(one.text):
        return False
    words = one.text[one.start : one.end]
    softly = _MAY_BE_OVER.search(words) and _CLAIMED_SOFTLY.search(one.text)
    return bool(_CLAIMED.search(one.text) or softly)


def _despair_past(one: Telling) -> bool:
    return _PAST.search(one.text, max(0, one.start - _WINDOW), one.start) is not None


_Rule = tuple[Unreal, Callable[[Telling], bool]]
_SAID_OTHERWISE: tuple[_Rule, ...] = (
    (Unreal.DENIED, _denied),
    (Unreal.NAMED, _named),
    (Unreal.LIKENED, _likened),
    (Unreal.SETTLED, _turned_out),
)
# What the whole message is.
_FRAMES: tuple[_Rule, ...] = (
    (Unreal.STAGED, stages),
    (Unreal.PRAISED, praises),
    (Unreal.PROPOSED, proposes),
    (Unreal.ASKED, asks),
)
# Gas and despair are taken back by little: better one call too many.
_GAS: tuple[_Rule, ...] = (
    *_SAID_OTHERWISE,
    (Unreal.SETTLED, _gas_settled),
    (Unreal.PAST, _gas_past),
    (Unreal.SETTLED, is_over),
    (Unreal.FEARED, _gas_feared),
    *_FRAMES,
)
_DESPAIR: tuple[_Rule, ...] = (
    *_SAID_OTHERWISE,
    (Unreal.LIKENED, _exaggerated),
    (Unreal.PAST, _despair_past),
    (Unreal.THING, despair_of_a_shop),
    (Unreal.THING, at_work),
    *_FRAMES,
)
_ALL: tuple[_Rule, ...] = (
    *_SAID_OTHERWISE,
    (Unreal.LIKENED, _exaggerated),
    (Unreal.FEARED, _feared),
    (Unreal.PAST, _past),
    (Unreal.PAST, _habitual),
    (Unreal.SETTLED, _settled),
    (Unreal.SETTLED, is_over),
    (Unreal.SPARED, spares),
    (Unreal.CLAIMED, _claimed),
    (Unreal.THING, of_a_thing),
    (Unreal.THING, of_smoke),
    (Unreal.LIKENED, of_cold),
    (Unreal.LIKENED, of_manners),
    (Unreal.STRANDED, stranded),
    *_FRAMES,
)


def _rules(danger: Danger) -> tuple[_Rule, ...]:
    return {Danger.GAS: _GAS, Danger.SELF_HARM: _DESPAIR}.get(danger, _ALL)
