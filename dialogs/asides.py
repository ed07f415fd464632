"""Asides (你们几点下班): what somebody asks of the hotline itself in the middle of something else; it then goes on."""

import re

from dialogs.dialog import Talk
from dialogs.phrases import phrase
from dialogs.understanding.text import fold

_LONGEST = 24

_ASIDES: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(
            r"(?:你们|12345|热线|人工|这里|客服).{0,4}(?:几点|什么时候|啥时候).{0,4}(?:[上下]班|开门|关门|休息)|"
            r"(?:几点|什么时候|啥时候)(?:[上下]班|关门)[吗呢啊呀]?$|"
            r"(?:你们|12345|热线|客服).{0,6}(?:周末|节假日|晚上|夜里|24小时).{0,6}(?:班|在|休息|接|吗)|"
            r"are you open|(?:your|opening|working) hours|when do you (?:close|open)"
        ),
        phrase("12345 is here day and night; the units work in office hours."),
    ),
    (
        re.compile(r"(?:要|收|付)(?:钱|费用?)[吗么]$|(?:要不要|收不收)(?:钱|费用?)$|is (?:it|this) free"),
        phrase("This costs you nothing."),
    ),
    (
        re.compile(
            r"^(?:要|得|需要)?(?:等)?(?:多久|多长时间|几天)(?:能|会|可以)?(?:办|处理|解决|答复|回复|有结果|有消息)|"
            r"^(?:还)?(?:要|得|需要)(?:等)?(?:多久|多长时间|几天)[啊呀呢]?$|"
            r"^(?:什么时候|啥时候|几时|多会儿?)(?:能|会|可以)?(?:办好|处理好?|解决|答复|回复|有结果|有消息)|"
            r"how long (?:will|does) (?:it|this) take|when will i hear"
        ),
        phrase("Once submitted, you are told by when you get an answer: from 2 hours to 15 days."),
    ),
    (
        re.compile(
            r"(?:会不会|不会|会)(?:被)?(?:泄露|泄漏|打击报复|报复)|(?:信息|电话|号码|隐私).{0,4}(?:安全|泄露|保密)[吗么]|"
            r"(?:他们|对方|物业|单位|邻居)会(?:不会)?知道|will they know|is my (?:number|name|data) safe"
        ),
        phrase("Only those who handle it can see your number. Reply “confidential” and they cannot either."),
    ),
    (
        re.compile(r"^.{0,4}(?:是不是|是|不会是)(?:骗子|诈骗|假的)|^.{0,6}(?:真|官方)的?(?:吗|么)$|is this (?:a )?(?:scam|real)"),
        phrase("This is the city's 12345 hotline. We never ask for passwords or money."),
    ),
    (
        re.compile(
            r"^(?:你|您|这)(?:们)?(?:是|算)(?:不是)?(?:谁|啥|什么|哪位|真?人|机器人?|ai|人工|客服)|"
            r"are you (?:a |an )?(?:human|robot|bot|ai|real|machine)|who are you"
        ),
        phrase("I answer for 12345 by machine; people handle what you say. For a person, reply “human”."),
    ),
)  # fmt: skip


def aside(talk: Talk, text: str) -> str:
    """The answer to such a question, "" when a text is none."""
    if len(text) > 2 * _LONGEST:
        return ""
    folded = fold(text).strip(" 。.！!？?，,")
    if len(folded) > _LONGEST and not folded.isascii():
        return ""
    found = next((answer for question, answer in _ASIDES if question.search(folded)), "")
    return talk.say(found) if found else ""
