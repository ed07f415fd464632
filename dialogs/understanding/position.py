"""Where in a sentence a place is told: what stands before and after the name of the place one is at."""

import re

# What stands right before the name of the place one is at; elsewhere two characters may be part of another word.
_BEFORE = frozenset(
    "在住到是我家的映诉报询议问助往离近靠市于去从来和跟这说叫区县镇道扬谢把对给被由进出经沿望些天晚午晨日月年近，。！？、；：,.!?;: \n()（）“”\"'"
)
_LEADS = (
    "住", "住在", "住的是", "家在", "家是", "住址", "住址是", "位于", "坐落在", "地址", "地址是", "地址在", "地址：", "地址:",
    "地点", "地点是", "地点在", "地点：", "地点:", "就是我们", "我们是", "我是", "我们这是", "这里是", "这边是", "这儿是", "发生在", "搬到",
)  # fmt: skip
_BEFORE_WORDS = (
    "早上", "晚上", "目前", "之前", "以前", "以后", "那个", "这个", "整个", "我们", "咱们", "你们", "他们", "路过", "经过", "周边",
)  # fmt: skip
_PAUSES = "，。！？、；：,.!?;: \n()（）“”\"'\x00"
_AFTER = re.compile(
    rf"$|[{_PAUSES}]|[这那]?(?:边儿?|里面|附近|一带|一片|块儿)|[这那]儿|这(?:里|个|小区|村|栋)|的?(?:居民|业主|村民|住户|街坊|老百姓)|停[水电气暖]"
)


def is_edge(text: str, start: int) -> bool:
    """Tell whether a name may begin at `start`: at the beginning, or after 在, 到, 区 and the like."""
    return start == 0 or text[start - 1] in _BEFORE or text.endswith(_BEFORE_WORDS, 0, start)


def is_led(text: str, start: int) -> bool:
    """Tell whether 住在, 地址是 or the like stands right before `start`."""
    return text.endswith(_LEADS, 0, start)


def ends_clause(text: str, end: int) -> bool:
    """Tell whether a pause, or 这边, 附近, 的居民 follows at `end`."""
    return _AFTER.match(text, end) is not None


def begins_clause(text: str, start: int) -> bool:
    """Tell whether `start` is the beginning of the text or comes after a pause."""
    return start == 0 or text[start - 1] in _PAUSES
