"""Ways to speak by which a kind is known when no single word tells it: proposals, thanks, questions to an office."""

import re

# 能不能在台湖建个图书馆 proposes, whatever it has of a question.
_PROPOSES = re.compile(
    r"(?:能不能|可不可以|能否|可否|是不是(?:就?应该|可以|该|也?能)|是否(?:可以|应该)|要不|不如|干脆)(?:考虑|给|把|在|就)?[^，。？?我]{0,14}?"
    r"(?:建(?!议)|加[装设个派宽高几条开]|增[设加派]|开[设通个]|延[长时]|改[成为回造]|设[个置立一]|多[设放开建派装修栽种]|[安装弄搞][个几]|[栽种]|挪到|缩短)"
    r"|想在[^，。]{1,14}[安装建栽种设][^，。]{0,8}|(?:多[开设放修建派装]|[加增]|[安装建]个?)[^，。]{1,10}(?:行不行|好不好|成不成|多好)"
)
_PROPOSAL_LETTERS = frozenset("能可是要不干想行好成多")
# Who writes off to an office about papers and money asks why; of a trouble in the street 为什么 complains.
_WHY = re.compile(r"为什么|为啥|怎么(?:还没|还不|没|少|老是?)|什么时候")
_OFFICE_TOPICS = "税务 社会保险 医保 户籍证件 住房公积金 保障房 入学升学 殡葬婚姻 退役军人 小客车指标 车驾管 企业服务 公共卫生 法律服务"
_OFFICES = frozenset(_OFFICE_TOPICS.split())
# 怕哪天着火 and 他们不是说不让吗 ask nothing.
_ASKS_NOTHING = re.compile(
    r"怕[^，。]{0,4}哪天|不是[^，。？?]{1,10}吗|不就是[^，。？?]{1,10}吗|[这那]叫什么事|不知道[^，。]{0,8}(?:哪|谁)儿?[^，。]{0,3}了"
    r"|等到什么时候|怎么连[^，。]{1,16}都[不没]|怎么[^，。]{0,4}就[不没]"
)
_NO_QUESTION_LETTERS = frozenset("怕是叫道等连就")
_APPLIES = re.compile(r"想(?:要|给[^，。]{1,6})?(?:申请|办理|报名|预约)")


def proposes(text: str) -> bool:
    """Tell whether something new is proposed in the dress of a question."""
    return not _PROPOSAL_LETTERS.isdisjoint(text) and _PROPOSES.search(text) is not None


def asks_an_office(text: str, level2: str) -> bool:
    """Tell whether somebody asks why their papers or money do not come."""
    return level2 in _OFFICES and _WHY.search(text) is not None


def asks_nothing(text: str) -> bool:
    """Tell whether the words of a question only wonder, fear or reproach."""
    return not _NO_QUESTION_LETTERS.isdisjoint(text) and _ASKS_NOTHING.search(text) is not None


def applies(text: str) -> bool:
    """Tell whether somebody wants to apply for what an office gives."""
    return "想" in text and _APPLIES.search(text) is not None
