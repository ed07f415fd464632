"""What a sentence about a handled ticket answers: contacted, solved, result, attitude."""

import re

from dialogs.understanding.text import fold
from dialogs.words import Rating, Solved, SurveyQuestion

_MAIN = (
    SurveyQuestion.CONTACTED,
    SurveyQuestion.SOLVED,
    SurveyQuestion.RESULT,
    SurveyQuestion.ATTITUDE,
)

# The first that fits wins, so what contains another stands before it.
_SPOKEN: dict[SurveyQuestion, tuple[tuple[str, re.Pattern[str]], ...]] = {
    SurveyQuestion.CONTACTED: (
        (
            "no",
            re.compile(
                r"没(?:有)?(?:人|单位)?(?:来过?|联系|找过?我|打过?电话|接到|收到|管|理我?)|没联系|未联系|"
                r"(?:nobody|no one|not|never) (?:came|called|contacted)|(?:not|never) contacted"
            ),
        ),
        (
            "yes",
            re.compile(
                r"联系(?:过|了|我)|有联系|打(?:过|了)电话|来过(?:电话|人)?|有人来|来人了|上门|师傅来|"
                r"they (?:called|came|contacted)"
            ),
        ),
    ),
    SurveyQuestion.SOLVED: (
        (
            Solved.PARTLY,
            re.compile(
                r"部分|一部分|一半|好一点|好了?点|好些|没(?:完全|全)|不彻底|partly|partially|somewhat|half"
            ),
        ),
        (
            Solved.NO,
            re.compile(
                r"没(?:有)?(?:解决|修|弄|处理|办|改善|变化|动静|好|用)|未解决|不(?:管用|解决)|(?:不能|无法|未能)解决|还是|还没(?:有)?(?:解决|修|弄|好|处理|热)|仍然?|依然|依旧|"
                r"照样|老样子|又(?:坏|不|没|停)|not (?:solved|fixed|resolved)|unsolved|still"
            ),
        ),
        (
            Solved.YES,
            re.compile(
                r"解决|修好|弄好|处理好|办好|恢复了|(?<!不)好了|热了|来水了|来电了|solved|fixed|resolved|works"
            ),
        ),
    ),
}
_RATINGS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        Rating.DISSATISFIED,
        re.compile(
            r"不(?:太|大|是很|怎么)?满意|不行|很?差|糟|恶劣|不好|不耐烦|爱答不理|爱搭不理|凶|吼|骂|"
            r"dissatisf|unhappy|bad|poor|rude|impolite|unfriendly"
        ),
    ),
    (Rating.BASICALLY, re.compile(r"基本|比较满意|还(?:行|可以|好|不错)|mostly|fairly|quite")),
    (Rating.NEUTRAL, re.compile(r"一般|凑合|马马虎虎|neutral|so-so|average|okay")),
    (
        Rating.SATISFIED,
        re.compile(
            r"满意|很?好|不错|挺好|棒|赞|客气|热情|耐心|和气|认真|负责|satisf|good|great|excellent|happy|"
            r"polite|friendly|kind|nice|helpful"
        ),
    ),
)
_ATTITUDE = re.compile(r"态度|attitude|staff|工作人员|服务")
_RESULT = re.compile(r"结果|办理|result")
_BOTH = re.compile(r"都|全|两个|both|all|everything")
_HAS_ENOUGH = re.compile(
    r"别(?:再)?(?:问|烦|发)|不想(?:再)?(?:说|回答|评|答)|烦不烦|烦死|懒得|不评|有完没完|"
    r"^我?(?:没空|没时间|忙着?呢?)$|^(?:谢谢|多谢|感谢|辛苦|再见|拜拜)(?:你们|您们?|你|了|啦|啊)*$|"
    r"stop asking|leave me|no time|^(?:thanks|thank you|thx|bye)$"
)
_YES = frozenset({"有", "有的", "是", "是的", "对", "嗯", "yes", "y"})
_NO = frozenset({"没有", "没", "无", "否", "不是", "no", "n"})


def has_enough(text: str) -> bool:
    """Tell whether somebody does not want to be asked on, politely or not."""
    return _HAS_ENOUGH.search(fold(text).strip(" 。.！!，,？?")) is not None


def answers(text: str, asked: SurveyQuestion) -> dict[SurveyQuestion, str]:
    """Return what `text` answers, the asked question and others; empty when it is no answer."""
    text = fold(text).strip(" 。.！!，,？?")
    found: dict[SurveyQuestion, str] = {}
    for question, spoken in _SPOKEN.items():
        value = next((value for value, words in spoken if words.search(text)), None)
        if value is not None:
            found[question] = str(value)
    found.update(_ratings(text, asked, has_other=bool(found)))
    if asked not in found:
        found.update(_plain(text, asked))
    return found


def _plain(text: str, asked: SurveyQuestion) -> dict[SurveyQuestion, str]:
    """Read a bare yes or no; "are you satisfied?" is such a question too."""
    is_rating = asked in _MAIN[2:]
    if text in _YES:
        return {asked: str(Rating.SATISFIED) if is_rating else "yes"}
    if text in _NO:
        return {asked: str(Rating.DISSATISFIED) if is_rating else "no"}
    return {}


def _ratings(text: str, asked: SurveyQuestion, *, has_other: bool) -> dict[SurveyQuestion, str]:
    """Read ratings clause by clause; one that names nothing rates what is asked, or both."""
    found: dict[SurveyQuestion, str] = {}
    asks_rating = asked in _MAIN[2:]
    for clause in re.split(r"[，,。；;！!]|但是?|不过|but", text):
        rating = next((value for value, words in _RATINGS if words.search(clause)), None)
        if rating is None:
            continue
        is_rating = "满意" in clause or "satisf" in clause
        for question in _rated(clause, asked if asks_rating else None):
            if is_rating or _ATTITUDE.search(clause) or (asks_rating and not has_other):
                found.setdefault(question, str(rating))
    return found


def _rated(clause: str, asked: SurveyQuestion | None) -> tuple[SurveyQuestion, ...]:
    attitude, result = bool(_ATTITUDE.search(clause)), bool(_RESULT.search(clause))
    if attitude and not result:
        return (SurveyQuestion.ATTITUDE,)
    if result and not attitude:
        return (SurveyQuestion.RESULT,)
    if attitude or _BOTH.search(clause):
        return (SurveyQuestion.RESULT, SurveyQuestion.ATTITUDE)
    return (asked or SurveyQuestion.RESULT,)
