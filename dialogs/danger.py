"""Danger to life: what to do and whom to call, before anything else is said."""

import re

from dialogs.dialog import Talk
from dialogs.phrases import phrase
from dialogs.understanding.text import fold

_DESPAIR = re.compile(
    r"不想活|活不下去|自杀|轻生|寻短见|跳楼|了结自己|结束生命|想死|活着没意思|活够了|"
    r"suicide|kill myself|want to die|end my life"
)
# Somebody else is in danger then: the one who tells us is asked where, at once.
_ANOTHER = re.compile(
    r"有人|有个|他|她|邻居|朋友|同事|同学|孩子|女儿|儿子|老公|老婆|丈夫|妻子|女友|男友|小伙|女孩|男孩|女生|男生|男子|女子|老人|"
    r"\b(?:he|she|they|somebody|someone|neighbour|neighbor|friend|man|woman|girl|boy|son|daughter)\b"
)
# The first that fits is said before the numbers.
_ADVICE: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        _DESPAIR,
        phrase("You matter to us. Please stay where people are; 12356 listens day and night."),
    ),
    (
        re.compile(r"煤气|燃气|天然气|瓦斯|\bgas\b"),
        phrase("Touch no switch and no flame, open the windows, and go outside first."),
    ),
    (
        re.compile(r"电梯|轿厢|elevator|\blift\b"),
        phrase("Do not force the doors; press the alarm and wait for help."),
    ),
)


def danger(talk: Talk, said: str) -> str:
    """Say what to do and name the emergency numbers; what was `said` is recorded all the same."""
    folded = fold(said)
    gap = "\n" if talk.facts.voice else talk.gap  # each is a prompt of its own
    advice = next((words for about, words in _ADVICE if about.search(folded)), "")
    if despairs(said):
        call = talk.say("If you are about to hurt yourself, call 120 or 110 at once.")
        return f"{talk.say(advice)}{gap}{call}"
    if talk.facts.voice and talk.facts.line.emergency:  # put through by one key, in a moment
        told = talk.say("What you said is written down.")
        return f"{talk.say(advice)}{gap}{told}" if advice else told
    numbers = talk.say(
        "If anyone is hurt or in danger, call 110, 119 or 120 now (122 for road accidents). "
        "I have written down what you said."
    )
    return f"{talk.say(advice)}{gap}{numbers}" if advice else numbers


def despairs(said: str) -> bool:
    """Tell whether somebody speaks of ending their own life."""
    folded = fold(said)
    return _DESPAIR.search(folded) is not None and _ANOTHER.search(folded) is None
