"""Short answers that mean the same in every dialog: yes, no, never mind, thank you."""

import re

from dialogs.said import Said
from dialogs.understanding.numerals import digits
from dialogs.understanding.text import command_word


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


YES = _words(
    "对 对的 对了 对对 对对对 是 是的 是啊 没错 没问题 正确 提交 确认 确定 可以 好 好的 行 嗯 嗯嗯 要 同意 对提交 对，提交 "
    "yes y ok okay right correct submit confirm sure yep"
)
NO = _words(
    "不 不是 不对 不是的 错 错了 不行 否 不要 不用 要改 改 修改 改一下 有错 不正确 no n nope wrong change"
)
NONE = _words(
    "没 没有 没有了 无 没了 不用 不用了 不要 不留 跳过 略 不需要 算了 没什么 没啥 都不是 都不对 以上都不是 none no "
    "skip nothing"
)
UNKNOWN = re.compile(
    r"不知道|不清楚|不晓得|不记得|忘了|说不清|说不上|没注意|don'?t know|not sure|no idea",
    re.IGNORECASE,
)
THANKS = _words(
    "谢谢 谢谢您 谢谢你 谢谢你们 谢谢了 谢谢啦 多谢 感谢 谢了 好的谢谢 好谢谢 好 好的 好嘞 行 嗯 哦 ok okay 收到 知道了 明白 明白了 再见 拜拜 "
    "辛苦了 好的，谢谢 thanks thx bye goodbye"
) | {"thank you", "got it"}
GREETINGS = _words(
    "你好 您好 你们好 喂 喂喂 在吗 在么 在不在 有人吗 有人没 有人在吗 听得到吗 听得见吗 听见了吗 听到了吗 能听到吗 能听见吗 你好啊 早 早上好 上午好 下午好 晚上好 hello hi hey"
) | {"good morning", "good afternoon", "good evening", "anyone there"}
# 谢谢你啊, 太感谢了, 麻烦您了: thanks in words of one's own, and nothing else.
_THANKING = re.compile(
    r"(?:好的?|行|嗯|哦|那|那就|真是?|太|非常|十分|多|万分|先|再|也|麻烦|辛苦|谢谢?|感谢|多谢|谢|拜拜|再见|thanks?|thank you|a lot|so much|very much|"
    r"您|你|你们|大家|了|啊|呀|啦|哈|哦|咯|嘞|[\s，,。.!！~])+"
)
_THANK = re.compile(r"谢|麻烦[您你]|辛苦|thank")
CANCEL = _words("取消 不说了 不反映了 不提交 不提交了 放弃 cancel") | {"never mind"}
BACK = _words("返回 上一步 回去 后退 退回 back return previous")

# Assent in a breath: 嗯对, 好的谢谢, 可以，提交吧, yes please.
_AGREES = re.compile(
    r"(?:(?:对|是|嗯|好|行|要|中|没错|没问题|没毛病|正确|提交|确认|确定|可以|同意|就这样|就这个|知道了|收到|明白|谢谢|麻烦|辛苦|"
    r"yes|yep|yeah|ok|okay|right|correct|submit|confirm|sure|fine|good|please|thanks|thank you|it|is|that|that's)"
    r"(?:的|了|啊|呀|吧|呢|哈|嘛|哦|啦|您|你|你们)*[\s，,。.!！、~]*)+"
)
_SAID_PHONE = re.compile(
    r"(?<!\d)(?:\+?86[- ]?)?(?:1[3-9]\d[- ]?\d{4}[- ]?\d{4}|0\d{2,3}[- ]?[2-9]\d{6,7})(?!\d)"
)
_NAME = re.compile(
    r"(?:我叫|名字叫|名叫|叫|姓名[是:：]?|我是|my name is |this is )(?P<name>[\u4e00-\u9fff]{2,4}?(?=[，,。\s的\d]|$)|[A-Za-z]+(?: [A-Za-z]+)?)"
)
_PHONE = re.compile(r"1[3-9]\d{9}|0\d{2,3}[2-9]\d{6,7}|[2-9]\d{7}|\+\d{8,15}")


def says(said: Said, words: frozenset[str], choice: str = "") -> bool:
    """Tell whether `choice` was picked or one of `words` is all that was said."""
    if said.choice:
        return said.choice == choice
    return command_word(said.text) in words


def agrees(said: Said, choice: str = "") -> bool:
    """Tell whether `choice` was picked, or nothing but assent and thanks was said."""
    if said.choice:
        return said.choice == choice
    return _AGREES.fullmatch(command_word(said.text)) is not None


def thanks(said: Said) -> bool:
    """Tell whether nothing is said but thanks."""
    word = command_word(said.text)
    whole = word in THANKS or (_THANK.search(word) and _THANKING.fullmatch(word))
    return not said.choice and bool(whole)


def phone_number(text: str) -> str:
    """Read a phone number that somebody leaves, "" when there is none that can be called."""
    written = re.sub(r"[^\d+]", "", digits(text))
    written = written.removeprefix("+86").removeprefix("0086")
    return written if _PHONE.fullmatch(written) else ""


def left_phone(text: str, *, on_behalf: bool = False) -> tuple[str, str]:
    """Find a number left by the way to be called at: 我电话138…; of 他的电话 only where he is spoken for."""
    whose = r"(?:我|本人)?" if not on_behalf else r"(?:我|本人|[他她]|我?[\u4e00-\u9fff]{1,2})?"
    left = re.compile(
        rf"(?:^|[，,。；;！!\s\n(（])(?:请|可以?)?(?:联系|打)?{whose}(?:本人)?的?(?:联系)?(?:电话|手机|方式|my (?:phone|number))号?码?"
        r"(?:(?: number)?(?: is)?|是|为)?[:：\s]*$",
        re.IGNORECASE,
    )
    for said in _SAID_PHONE.finditer(text):
        if left.search(text[: said.start()]):
            return phone_in(text) if len(_SAID_PHONE.findall(text)) == 1 else ("", "")
    return "", ""


def phone_in(text: str) -> tuple[str, str]:
    """Find a phone number and a name beside it: 我叫王芳，电话13800138000; both empty without a number."""
    said = _SAID_PHONE.search(digits(text))
    phone = phone_number(said[0] if said else text)
    name = _NAME.search(text) if phone else None
    return phone, name["name"] if name else ""
