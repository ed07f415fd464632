"""Regard for anger: one sentence, once a talk, with a way to a person; then straight on."""

import re

from dialogs.dialog import Talk
from dialogs.understanding.text import fold
from dialogs.understanding.tone import ABUSE

_ANGRY = re.compile(
    r"气[死疯炸]|急死|烦死|受不了|受够|忍无可忍|忍不下去|欺人太甚|太过分|太欺负人|什么态度|不管不问|投诉无门|到底管不管|还管不管|"
    r"有没有人管|踢皮球|互相推诿|推来推去|官官相护|要疯了|崩溃|寒心|吃干饭|白拿工资|不作为|[!！]{3,}|"
    r"\b(?:furious|outrageous|outraged|disgusting|ridiculous|fed up|unacceptable|useless|sick of|angry)\b"
)
_LONGEST = 400  # a forwarded page is somebody else's anger


def is_angry(text: str) -> bool:
    """Tell whether somebody is upset, with us or with what happened."""
    if len(text) > _LONGEST:
        return False
    folded = fold(text)
    return ABUSE.search(folded) is not None or _ANGRY.search(folded) is not None


def regard(talk: Talk) -> str:
    """The one sentence."""
    if talk.facts.brief:
        return talk.say("I hear you are upset. For a person, reply 0.")
    return talk.say("I can hear that you are upset. For a person, reply “human”.")
