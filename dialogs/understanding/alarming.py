"""Words that the duty leader has to hear of within a minute: despair, crowds, unpaid workers gathering, threats, children."""

import re
from collections.abc import Callable, Iterator

from dialogs.understanding.dangers import Danger
from dialogs.understanding.emergency import Alarm
from dialogs.words import AlertKind

_WHO = r"(?:业主|村民|工人|农民工|工友|家长|居民|住户|投资人|群众|老人|职工|员工|司机们?|商户|会员|学员|拆迁户|购房者|受害者|大家伙?|大伙儿?|我们|他们|咱们|[\d十百千几多]个?人|人都|好多人|很多人|一大?[帮群伙]人|有人|老百姓|乡亲)"
_INTENT = r"(?:准备|打算|要|正在?|已经|现在|一起|集体|商量|组织|约好|明天|今天|都|去|来|再不)"
_CROWD = re.compile(
    rf"集体(?:上访|维权|讨薪|去市政府|去区政府|闹事|抗议|罢)|聚众(?:闹事|上访|维权|堵|围)|群体(?:性)?(?:事件|聚集|上访)|越级上访|进京上访"
    rf"|(?:{_WHO}|{_INTENT})[^，。！？,.!?车]{{0,12}}(?:堵(?:住|了)?(?:大?马?路|高速|大门|工地|政府|项目部|公司门|售楼处|街道办|信访)|拉(?:了|起|着)?(?:横幅|条幅|白布)|打(?:着|出)?[横条]幅|上街|静坐|游行(?!队伍|花车|表演)|示威|请愿|抗议|围堵|围住|围了|包围|上访)"
    rf"|{_WHO}[^，。！？,.!?车]{{0,10}}(?:聚集|聚在|集结|围在|堵在)[^，。！？,.!?]{{0,8}}(?:政府|门口|讨|维权|抗议|要说法|不肯?走|不散|大厅|街道|售楼|工地|路口|广场要|公司)"
    rf"|(?:{_WHO}|{_INTENT})[^，。！？,.!?]{{0,6}}(?<!灯)(?<!梯)(?<!调)(?<!器)(?<!机)(?<!备)(?:罢工|罢运|罢市|罢课)"
)
# Where people stand tells of no traffic and no parking.
_GATHERED = re.compile(
    r"(?<=[人主民工友长户众们])[^，。！？,.!?车人]{0,6}(?:堵|围|聚集?|守)(?:在|住|了|着)[^，。！？,.!?车]{0,10}?(?:门口?|政府|售楼处|工地|大厅|马路)"
)
_PASTIME = re.compile(
    r"聚集[^，。！？]{0,4}(?:跳舞|喝酒|打牌|抽烟|遛狗|聊天|下棋|唱歌|卖|打麻将|广场舞|蚊虫)|横幅(?:广告|宣传|促销)|(?:广告|促销|宣传)[^，。]{0,3}横幅|国庆游行|彩车|防止.{0,4}聚集|疫情"
)
_WAGES = re.compile(
    r"工资|工钱|血汗钱|欠薪|薪水|工程款|劳务费|讨薪|拖欠[^，。]{0,6}钱|欠[^，。]{0,6}(?:工|干活)|农民工"
)
_PRESSING = re.compile(
    rf"堵(?:住|了)?(?:大?马?路|高速|大门|工地|政府|项目部|门|在)|横幅|条幅|聚集|聚在|静坐|上访|示威|围(?:堵|住|了|在|着)|爬(?:到|上)(?:塔吊|楼顶|吊车|广告牌)|塔吊上|罢工|讨薪(?:的人|队)|去政府|去市政府|去信访|闹事|闹大|拼命|拼了|跟他们?没完|鱼死网破|同归于尽|放火|跳楼|要出事|不客气|上街|{_WHO}[^，。！？]{{0,10}}(?:守在|堵在|等在|坐在)[^，。]{{0,8}}(?:门口|工地|公司|项目|大厅|楼下)"
)
_THREAT = re.compile(
    r"同归于尽|报复社会|扬言|炸药|炸弹|雷管|引爆|自制[^，。]{0,3}(?:枪|爆)|泼汽油|买了?汽油|带(?:着|了)?(?:刀|汽油|炸)"
    r"|(?:我|他|要|就|早晚|威胁(?:说|要)?|发誓|非)[^，。！？没不]{0,6}(?:炸(?:了|掉|平|死)(?=[^，。]{0,6}(?:楼|局|委|你|他|她|们|政府|公司|单位|小区|物业|学校|医院|车|站|家|店))|放火|一把火|烧了你|烧了他|杀了(?!我[吧算得])|杀光|杀人|砍死|砍了|捅死|捅了|弄死|打死(?:他|你|她|他们|你们|这)|杀(?:他|她|你)全家|灭门)"
    r"|(?:跟|和)(?:他|你|她|他们|你们|物业|政府)们?(?:拼了|拼命|玩命)|鱼死网破|让(?:他|你)们?(?:偿命|血债|陪葬)|血债血偿"
)
_NO_THREAT = re.compile(
    r"鞭炮|烟花|放火烧荒|气炸|爆米花|炸街|大妈|蚊子|老鼠|蟑螂|电影|小说|游戏|炸鸡|油炸|打死也|弄死了?(?:的)?(?:树|花|鱼)|把树"
)
_CHILD = r"(?:孩子|小孩|儿童|幼儿|婴儿|女婴|男婴|宝宝|小朋友|学生|女儿|儿子|小女孩|小男孩|女童|男童|未成年|孙女|孙子|女孩|男孩|幼女)"
_HARM = r"(?:虐待|虐童|毒打|暴打|猥亵|性侵|侵犯|强奸|扎针|针扎|用针|掐|扇耳光|往死里打|天天打|打得|身上[^，。]{0,4}伤|遍体|关小黑屋|饿着|遗弃|拐卖|拐走|抱走|抢走|卖掉|乱摸|烫伤|绑着|拴着|锁在)"
_HARMED_CHILD = re.compile(
    rf"{_HARM}[^。！？!?]{{0,10}}{_CHILD}|{_CHILD}[^。！？!?]{{0,10}}{_HARM}|虐童|人贩子|拐卖|弃婴"
)
_LOST_CHILD = re.compile(_CHILD)
_PAST = re.compile(r"去年|前年|以前|上个?月|新闻|电视|听说|防|预防|宣传|讲座|法律|政策|怎么判|咨询")
_ENGLISH: tuple[tuple[AlertKind, re.Pattern[str]], ...] = (
    (AlertKind.CHILD, re.compile(r"\b(?:child|kid|baby|boy|girl|son|daughter|students?|toddler)\b.{0,40}\b(?:abus\w+|beaten|molest\w+|missing|kidnapped|abandoned|went missing)|\b(?:abus\w+|beating|molest\w+|kidnapp\w+|abandoned)\b.{0,30}\b(?:child|children|kid|kids|baby|boy|girl)\b|child abuse")),
    (AlertKind.THREAT, re.compile(r"\b(?:bomb|blow (?:it |this |the )?\w* ?up|kill (?:him|her|them|you|everyone|somebody|someone)|set (?:it |the \w+ )?on fire|burn (?:it|the \w+|this) down|revenge)\b")),
    (AlertKind.WAGES, re.compile(r"\b(?:wages|unpaid|salary|salaries|not been paid)\b.{0,120}\b(?:gather\w*|protest\w*|block\w*|crowd|banner|strike)\b|\b(?:gather\w*|protest\w*|block\w*|crowd|banner|strike)\b.{0,120}\b(?:wages|unpaid|salary|salaries)\b")),
    (AlertKind.CROWD, re.compile(r"\b(?:residents|owners|workers|villagers|people|parents|we)\b.{0,40}\b(?:protest\w*|block(?:ing|ed)? the (?:road|gate|street|entrance)|with banners?|rally|demonstrat\w+|sit-in)\b")),
)  # fmt: skip


# Letters without which the rule for it cannot hold: most messages are spared it.
_THREATENS = frozenset("炸火杀砍捅弄死扬同刀拼鱼偿血汽复陪雷灭")
_GATHERS = frozenset("堵幅聚静游示请抗围访罢众群集街")
_STANDS = frozenset("堵围聚守")
_PAYS = frozenset("资钱薪款费农")
_IS_SMALL = frozenset("孩童婴幼女儿学生宝友孙弃贩拐")


def gathered(masked: str) -> Iterator[tuple[int, int]]:
    """Yield where it is told that people stand somewhere."""
    if not _STANDS.isdisjoint(masked):
        yield from (found.span() for found in _GATHERED.finditer(masked))


def alert(masked: str, alarm: Alarm) -> AlertKind | None:
    """Tell what the duty leader has to hear of, the gravest first; `masked` is folded, its place hidden."""
    if alarm.danger is not None and any(
        one.danger is Danger.SELF_HARM and one.unreal is None for one in alarm.readings
    ):
        return AlertKind.SELF_HARM
    if masked.isascii():
        return next((kind for kind, said in _ENGLISH if said.search(masked)), None)
    return next((kind for kind, holds in _CHINESE if holds(masked, alarm)), None)


def _is_child(masked: str, alarm: Alarm) -> bool:
    if _IS_SMALL.isdisjoint(masked):
        return False
    lost = [one for one in alarm.readings if one.danger is Danger.MISSING and one.unreal is None]
    if any(_LOST_CHILD.search(masked, one.start, one.end) for one in lost):
        return True
    return bool(_HARMED_CHILD.search(masked) and not _PAST.search(masked))


def _is_threat(masked: str, _: Alarm) -> bool:
    if _THREATENS.isdisjoint(masked):
        return False
    return bool(_THREAT.search(masked) and not _NO_THREAT.search(masked))


def _is_about_wages(masked: str, _: Alarm) -> bool:
    if _PAYS.isdisjoint(masked):
        return False
    return bool(_WAGES.search(masked) and _PRESSING.search(masked))


def _is_crowd(masked: str, _: Alarm) -> bool:
    if _GATHERS.isdisjoint(masked):
        return False
    return bool(_CROWD.search(masked) and not _PASTIME.search(masked))


_CHINESE: tuple[tuple[AlertKind, Callable[[str, Alarm], bool]], ...] = (
    (AlertKind.CHILD, _is_child),
    (AlertKind.THREAT, _is_threat),
    (AlertKind.WAGES, _is_about_wages),
    (AlertKind.CROWD, _is_crowd),
)
