"""What a whole message may be that makes words of danger none: a question, a proposal, praise, a rehearsal, a claim."""

import re

from dialogs.understanding.telling import Telling

# What says that it goes on: then no frame takes it back.
NOW = re.compile(
    r"正在|救命(?!稻|钱|药|恩|书|之)|救救|快来|快派|快救|快叫|快点|赶紧来|赶紧派|赶快|叫救护车|马上来|现在还|还在(?:流|烧|冒|喊|响|漏|里|抽|打|水|追|涨|那)|怎么办$"
    r"|(?:交警|警察|救护车|消防|120|119|110|人)[^，。]{0,4}(?:没来|没到|还没(?:来|到|有|见)|不来)"
)
_ASKS = re.compile(
    r"怎么(?:急救|预防|防|自救|申请|登记|报(?!警)|索赔|赔|认定|复核|算|办理|办手续|收费|交|评|取证|处罚|鉴定|处理)|怎样|如何(?!是好)"
    r"|(?:应该|该|可以|需要)(?:打|拨)|什么电话|哪个(?:号码|部门|医院|单位|科)|(?:去|上|找|归|打)哪(?!儿去)|哪家|哪里(?!来)|在哪[报儿里能买学领考]|什么科|多久|几级|多少钱?"
    r"|能不能坐|要不要|算不算|算工伤|培训|公证|什么材料|什么时候(?!来|能来|到|能到|派)|几点|会不会|找谁|什么手续|什么情况|有没有(?:补|培|课|保险|规定)|(?<!知道|听见|听到)吗[？?。！\s]*$"
)
_PROPOSES = re.compile(
    r"建议|提议|呼吁|希望(?:能|可以)?(?:在|给|把|装|开|各|社区|政府|咱|小区|街道|物业|加)|能不能(?:装|加|建|设|配)|应该(?:装|加|配|设)"
)
_PRAISES = re.compile(
    r"感谢|表扬|点赞|锦旗|见义勇为|谢谢(?:民警|消防|警察|大夫|医生|社区|城管|师傅|同志|公交|那|你们救|保安|司机|护士|小伙|好心)|致敬"
)
_STAGES = re.compile(
    r"演练|演习|彩排|拍戏|拍[^，。]{0,4}[戏片]|剧组|剧本杀|密室|鬼屋|电影|恐怖片|电视剧|打游戏|玩游戏|游戏里|[店馆屋院]名|名字叫|有个[^，。]{0,4}叫|广告(?!牌|架|板|布|箱|灯)|谣言|网上传|传言|试鸣|小说|话剧|表演|直播(?:假|间)|假自杀|烟雾弹|玩水枪|过家家"
)
_SPARED = re.compile(
    r"没有?(?:人员?)(?:受伤|伤亡|被|掉|落水|困)|没(?:有)?(?:伤|砸|困|咬|压|撞|淹|烧)(?:着|到|了|住|中|上)?(?:人|谁|行人|任何人)|(?:没咬|没砸|没伤|没撞|没烧)(?:着|到)|(?<![救有])人(?:都|也)?没(?:啥|什么)?事|没受伤|没(?:啥|什么)事|没大事|[，。,]没事(?!吧)|拉客|揽客|没出事|没大碍|没有生命危险|无人(?:员)?(?:受伤|伤亡)"
    r"|幸好|幸亏|所幸|还好(?:没|人|底下|当时)|没冒火|没动手|没咽下|擦破点?皮|不是急事|不着急|不带电|是网线|弱电|没漏[，。,]"
)
_OVER = re.compile(
    r"(?:人|我们?|都|已经|后来|自己|病人|孩子)(?:已经|现在)?(?:都)?(?<!头都)(?:出来了|救出|放出来|送医院|送去医院|送到医院|拉走了|送走了|抢救过来|脱离危险|好了|没事了|找到了|回来了|带走了|解救)|不用来了|已经?(?:修好|扑灭|灭了|控制住|处理|解决|报过|堵上|关了|关上|换了|补上|恢复|退了|撤离|拖走|清走)|堵上了|修好了|扑灭了|抢修完|警察来过|消防来灭|来看过|查了说没|查过说没|退了[，。]|填好了|火灭了|误报|虚惊|立了?案|判了|定责|(?<!快)出院"
)
_COME = re.compile(r"快来|快救|快派|正在(?:烧|流|喊)|真的")
_LONGEST_QUESTION = 60


def asks(one: Telling) -> bool:
    """什么情况打119: whoever is in danger says what happens, and seldom asks in general."""
    return len(one.text) <= _LONGEST_QUESTION and _holds(_ASKS, one.text, one.end)


def proposes(one: Telling) -> bool:
    """建议河边放救生圈，有人落水能救: the proposal stands first."""
    return _PROPOSES.search(one.text, 0, one.start) is not None and not NOW.search(one.text)


def praises(one: Telling) -> bool:
    """Tell whether somebody is thanked for what they did."""
    return _holds(_PRAISES, one.text)


def stages(one: Telling) -> bool:
    """Tell whether it is a drill, a film, a game, a name or a rumour."""
    return _STAGES.search(one.text) is not None and not _COME.search(one.text)


def spares(one: Telling) -> bool:
    """Tell whether it is said that nobody came to harm."""
    return _holds(_SPARED, one.text)


def is_over(one: Telling) -> bool:
    """Tell whether it is said, after the danger, that it has passed."""
    return _holds(_OVER, one.text, one.start)


def _holds(frame: re.Pattern[str], text: str, start: int = 0) -> bool:
    return frame.search(text, start) is not None and not NOW.search(text)
