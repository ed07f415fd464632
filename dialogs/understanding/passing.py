"""What is said in passing and what is said of everything: words there weigh little against the matter itself."""

import re

from dialogs.understanding.pairs import PAIR

# Said of any matter: they name one only where nothing else does.
_GENERAL = (
    "客服 平台 商家 店家 卖家 商户 投诉 维权 消费 消费者 态度 服务态度 没人管 不管 推诿 推来推去 推 互相推 互相推诿 踢皮球 不作为 敷衍 应付 不理 不给 不处理 拒绝"
    " 部门 单位 街道 政府 城管 执法 工作人员 领导 书记 主任 社区 居委会 居委 村委会 村委 大队 村干部 村书记 村主任 干部 物业 保安 保洁 管家 派出所 民警 警察 报警 交警 老人 老年"
    " 涨价 涨 太贵 价格 收费 店 商店 饭店 老板 公司 门口 路口 楼上 邻居 不解决 电话没人接 没人接 售后 质量问题 app 小程序 服务 酒店 手机"
)
GENERAL = frozenset(_GENERAL.split())
# Who one is, how it used to be, what others said of it.
_PASSING = re.compile(
    r"(?<![^，。；！？,!?;])[^，。；！？,!?;]{0,6}?(?:我是一?[名个位]|本来|原来(?!是)|以前|之前|前年|当时|当初|听说|家里有"
    r"|(?:物业|居委会?|社区|街道|交警|城管|派出所|村干部|书记|热力|单位|环保|市政|水务|12345|开发商|中介|客服|公司|老板|他们|人家|窗口|医生|大夫)[^，。；！？,!?;]{0,6}?(?:说|让我?们?[找等]|推给|不管|管不了|来过|来看|也不)"
    r"|找(?:了|过)?(?:物业|居委会?|社区|街道|交警|城管|派出所|村|书记|政府|热力|单位|市场监管|教育局|环保|开发商))[^，。；！？,!?;]*"
)
_LONG = 40


def is_general(words: str) -> bool:
    """Tell whether these words, or both of a pair, may be said of anything."""
    return all(word in GENERAL for word in words.split(PAIR))


def passing(text: str) -> list[tuple[int, int]]:
    """Return the clauses of a longer message that tell what stands around the matter."""
    if len(text) <= _LONG or text.isascii():
        return []
    return [found.span() for found in _PASSING.finditer(text)]
