"""What an idle resident wants done, when it is said in a sentence instead of a command word."""

import re

from dialogs.ticket_number import find_number, looks_like_number

_LONGEST = 24
_WISHES = (
    (
        "follow_up",
        "begin_urge",
        re.compile(
            r"催(?:一下|一催|催|办|单|促)|怎么还[没不].{0,4}(?:处理|办|解决|人管|管)|到底管不管|还管不管|有没有人管|"
            r"^(?:你们|这|我家)?(?:怎么|咋|为什么)?(?:都.{1,4}[天周月]了?)?(?:怎么|咋)?还[没不]有?人?(?:来|管|理|修|动静|联系我|给我打电话)[呢啊吗了]*[？?！!。]*$|"
            r"^(?:still )?(?:nobody|no one) (?:has )?(?:come|came|called)\b|^why has (?:nobody|no one)\b"
        ),
    ),
    (
        "follow_up",
        "begin_withdraw",
        re.compile(
            r"撤(?:单|销|回|诉)|(?:已经|自己|都).{0,2}(?:修|弄|解决)好?了|不用(?:再)?(?:来|管|修|处理|办)了|withdraw"
        ),
    ),
    (
        "follow_up",
        "begin_add",
        re.compile(
            r"^(?:我?[要想]?(?:再|做)?补充)|"
            r"^(?:还是|根本|压根|问题|事情|其实)*还?没有?(?:给我)?(?:解决|修好|弄好|办好|办成)[了啊呢]*[。！!，,]*$|"
            r"^(?:it(?:'s| is|s)? )?(?:still )?not (?:solved|fixed|done|repaired|working)(?: yet)?[.!]*$"
        ),
    ),
    (
        "status",
        "mine",
        re.compile(
            r"查.{0,6}(?:进度|进展|工单|单子|结果|投诉|诉求)|(?:工单|单子|投诉|诉求|反映的?).{0,6}"
            r"(?:怎么样|进度|进展|到哪|结果|办到|处理)|办得怎么样|(?:反映的问题|的事情?|那件?事|这件?事)儿?(?:现在|到底|究竟)?(?:[办弄处理解决]{0,2}得?(?:怎么样|咋样)|有(?:结果|进展|消息|信儿))了?|(?:status|progress) of|my tickets?"
        ),
    ),
)


def wish(text: str) -> tuple[str, str] | None:
    """Return the dialog and state that a sentence such as 帮我催一下 asks for, None for a new matter."""
    if len(text) > _LONGEST * 2:
        return None
    if find_number(text) is not None or looks_like_number(text):
        return "status", "by_number"
    if text.startswith("补充"):
        return "follow_up", "begin_add"
    if len(text) > _LONGEST:
        return None
    lowered = text.lower()
    return next(((dialog, state) for dialog, state, said in _WISHES if said.search(lowered)), None)
