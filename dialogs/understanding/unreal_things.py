"""Words of danger that tell of things and not of people: a phone in a well, smoke without fire, a lift that is out of order."""

import re

from dialogs.understanding.dangers import Danger
from dialogs.understanding.telling import Telling

_THINGS = re.compile(
    r"手机|钥匙|东西|皮?(?<!气)球|车轮|轮胎|轮子|垃圾|狗|猫|电动车|自行车|单车|快递|钱包|耳机|帽子|石头|树叶|树枝|树|眼镜|护栏|船票|风筝|无人机|箱子|桶|货(?!车)|气球|裤|衣服|鞋|书包|(?<!钓)鱼|鸡|羊|证件|身份证|雪糕筒"
)
_THING_BEFORE = re.compile(
    rf"(?:{_THINGS.pattern})(?:[也都又就给还]|不小心|不慎|一下子|从[^，。]{{0,4}})*$"
)
_PEOPLE = re.compile(
    r"人|孩|老|妈|爸|爷|奶|姑娘|小伙|女|男|儿|他|她|大[爷妈叔姐]|司机|乘客|我|姥|婴|宝宝|同学|学生"
)
_SOMEBODY = re.compile(
    _PEOPLE.pattern
    + "|师傅|[汉员者]|车[窗门顶里]|门推|火车|轿车|三轮|友|客|骑|工|家子|两口|三口|员|兵|[腿脚胳脸]|手(?!续|机|册|工|艺)|身体|血|命|俩|谁|动静"
)
_SUBJECT = re.compile(
    r"(?:人|孩|妈|爸|爷|奶|姑娘|小伙|女|男|儿子|司机|乘客|学生|同学|师傅|[工员汉友客])(?!家|的)"
)
# 他们压着工资, 邻居的花盆掉下来, 成绩还没出来
_HELD = re.compile(r"(?:了|着)?[^，。]{0,5}(?:工资|钱|押金|款|合同|档案|[^保]证|货|件|不发|不退)")
_FALLEN = re.compile(
    r"(?:花盆|空调|外机|玻璃|墙皮|瓷砖|砖头?|广告牌|窗户|水泥块?|石块|瓦片?|树杈|吊顶|灯|衣服|被子|冰溜?子?|招牌|成绩|结果|名单|录取|报告|手续|证)[^人孩]{0,3}$"
)
_THING_AFTER = re.compile(
    r"(?:着|了|起来|的|满)*[^，。人]{0,3}(?:鱼|垃圾|塑料|油|草|泡沫|车位|瓶|藻|虫|树枝|树叶)"
)
_DROPS = re.compile(r"掉|坠|滚|落")
_FALLS = re.compile(r"掉|从|坠|滚|出来")
_SMOKES = re.compile(
    r"烧烤|餐|饭店|饭馆|烤串|火锅|烟囱|尾气|排气|油烟|秸秆|烧垃圾|烧纸|[上烧]香|抽烟|烧叶|烧树叶|熏肉|货车|卡车|锅炉房"
)
_OF_SMOKE = frozenset({Danger.FIRE, Danger.INJURED, Danger.GAS})
_BREATHED = re.compile(r"烟|喘|呛|咳|熏|头晕")
_BURNS = re.compile(r"着火|起火|火苗|明火|窗户?口?喊|救|跑不|跑出|楼梯下不|困|逃|烧着|烧到|窜")
_AT_HOME = re.compile(r"暖气|供暖|供热|屋里|家里|地暖|室温")
_MANNERS = re.compile(r"态度|窗口|服务|工作人员|客服|爱搭不理|不耐烦|办事|问")
_STRANDS = re.compile(r"[下上]不[来去]|出不了|喘不[上过]|被困|困在|困住|出不[来去]|没出来|困人")
_STRANDED = re.compile(
    r"下不[来去了]楼?|上[五六七]楼|加装电梯|爬不动|停运|轮椅|电梯(?:又|都|老|就|总)?(?:坏|停|不能用|没修|不开|检修)|疫情|诉讼|爬楼|出不了门"
)
_INSIDE = re.compile(r"山上|山里|崖|树上|屋顶上|电梯里|电梯内|里面|轿厢|里头|悬|吊|半空")
_AT_WORK = re.compile(r"擦玻璃|刷漆|施工|干活|晾|乘凉|拍照|钓鱼|锻炼|健身|跳绳|养鸽|要钱|乞讨|唱歌")
_DESPERATE = re.compile(r"跳(?!绳|舞|操|广场)|哭|死|摔|断|悬在|吊在")
_NO_PERSON = re.compile(r"生意|企业|公司|店|商户|餐馆|饭店|养殖户|门店|鱼|花草?|树|苗|草")
_OF_PEOPLE = frozenset({Danger.TRAPPED, Danger.WATER, Danger.INJURED})
_BESIDE = 14
_CRY = 8


def of_smoke(one: Telling) -> bool:
    """烧烤摊浓烟滚滚 is smoke without fire, unless there is more to it."""
    words = one.text[one.start : one.end]
    if one.danger not in _OF_SMOKE:
        return False
    return bool(
        _BREATHED.search(words) and _SMOKES.search(one.text) and not _BURNS.search(one.text)
    )


def of_manners(one: Telling) -> bool:
    """问两句就翻白眼: eyes rolled at a resident."""
    return "白眼" in one.text[one.start : one.end] and _MANNERS.search(one.text) is not None


def of_cold(one: Telling) -> bool:
    """家里冻死了 is about the heating."""
    return "冻" in one.text[one.start : one.end] and _AT_HOME.search(one.text) is not None


def of_a_thing(one: Telling) -> bool:
    """手机掉井里: what fell, hangs or floats is nobody."""
    if one.danger not in _OF_PEOPLE:
        return False
    cue = one.text[one.last : one.end]
    if _THING_AFTER.match(one.text, one.end) or (
        (one.danger is not Danger.INJURED or _DROPS.search(one.text, one.start, one.end))
        and _is_without_people(one)
    ):
        return True
    if _HELD.match(one.text, one.end) or (
        _FALLS.search(cue) and _FALLEN.search(one.told) and not _SUBJECT.search(one.told)
    ):
        return True
    if _THING_BEFORE.search(one.told):
        return True
    return bool(_THINGS.search(one.told) and not _SOMEBODY.search(one.told + cue))


def _is_without_people(one: Telling) -> bool:
    """Of two words that stand apart, ask for somebody beside them; a short cry names nobody."""
    if one.last == one.start or len(one.text) <= _CRY:
        return False
    return not _SOMEBODY.search(one.text, max(0, one.start - _BESIDE), one.end + _BESIDE)


def stranded(one: Telling) -> bool:
    """电梯停运，老人下不来: stuck at home, and in no danger."""
    words = one.text[one.start : one.end]
    inside = _INSIDE.search(one.text)
    return bool(_STRANDS.search(words) and _STRANDED.search(one.text) and not inside)


def at_work(one: Telling) -> bool:
    """站在窗台上擦玻璃: at the edge, but for the work."""
    return bool(_AT_WORK.search(one.text) and not _DESPERATE.search(one.text))


def despair_of_a_shop(one: Telling) -> bool:
    """小店活不下去."""
    return _NO_PERSON.search(one.text, max(0, one.start - 6), one.start) is not None
