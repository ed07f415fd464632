"""Whether somebody speaks for another person, who then is the one to be contacted."""

import re

_KIN = r"(?:妈妈?|爸爸?|母亲|父亲|父母|奶奶|爷爷|姥姥|姥爷|外婆|外公|岳父|岳母|公公|婆婆|丈人|丈母娘|姐姐?|哥哥?|弟弟?|妹妹?|姑姑?|姑妈|舅舅?|叔叔?|姨妈?|大爷|大妈|老妈|老爸|老爹|老娘|老公|爱人|媳妇|老婆|儿子|女儿|闺女|孩子|亲戚)"
_OTHERS = rf"(?:我?们?{_KIN}|(?:我)?(?:家)?(?:邻居|朋友|同事|同学|楼[上下]|对门|隔壁)(?:的?(?:大爷|大妈|老太太|老人|阿姨|奶奶|爷爷|小[王李张刘陈]))?|老人|老太太|大爷|大妈|一位老人|[张王李刘陈赵杨黄周吴徐孙马朱胡林郭何高罗](?:大爷|大妈|阿姨|奶奶|爷爷|叔|婶|老师|师傅))"
_SPEAKS = r"(?:反映|投诉|问|打(?:的|这?个|一个)?(?:电话|12345)?|报修|报|咨询|说|求助|举报|申请|来电|反应|提交|上报)"
_FOR_OTHERS = re.compile(
    rf"(?:替|帮|代(?!表|理|办|收|替)|代替|代表(?=我?{_KIN})){_OTHERS}[^，。！？,.!?]{{0,8}}?{_SPEAKS}"
    rf"|(?:替|代){_OTHERS}(?=[，,。来]|$)|是(?:替|帮){_OTHERS}"
    rf"|{_OTHERS}(?:让|托|叫|请|委托)我[^，。！？]{{0,6}}?(?:帮|替|问|打|反映|投诉|报)"
    rf"|(?:不会|不识|不能)[^，。]{{0,8}}(?:让|叫|托)我(?:帮|替|来|打)|受[^，。]{{0,6}}委托"
)
# 我父亲家暖气不热: who lives there is to be called. 我妈家 is theirs, 我家 is not.
_AT_THEIRS = re.compile(
    rf"我(?:的)?{_KIN}(?:他们|自己|一个人|独自|老两口|俩)?(?:家|(?:一个人|独自|自己)住|住在?(?=[^院的]))(?!长|具|庭|政|教|里人)"
)
# Letters without which nobody else is named: most messages are spared the rest.
_KIN_LETTERS = frozenset(
    "妈爸父母奶爷姥婆公岳丈姐哥弟妹姑舅叔姨爹娘爱媳儿女闺孩亲邻朋同楼对隔老大位委阿师"
)
_SENT_LETTERS = frozenset("替帮代让托叫请委受")
_ENGLISH = re.compile(
    r"\bon behalf of\b|\b(?:calling|writing|reporting|asking|complaining) for my (?:\w+ )?(?:mother|father|mom|dad|parents|grand\w+|neighbou?r|friend|wife|husband|son|daughter|aunt|uncle)\b"
    r"|\bmy (?:mother|father|mom|dad|parents|grand\w+|neighbou?r|friend|aunt|uncle)(?:'s|s')? (?:home|flat|apartment|house|place)\b|\b(?:mother|father|neighbou?r|grand\w+|friend) asked me to\b"
)


def on_behalf(masked: str) -> bool:
    """Tell whether a folded text is about the matter of another person; when in doubt it is the speaker's own."""
    if masked.isascii():
        return _ENGLISH.search(masked) is not None
    if _KIN_LETTERS.isdisjoint(masked):
        return False
    if "我" in masked and _AT_THEIRS.search(masked):
        return True
    return not _SENT_LETTERS.isdisjoint(masked) and _FOR_OTHERS.search(masked) is not None
