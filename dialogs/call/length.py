"""How long something takes to say, and how many choices one can keep in mind."""

import re

from dialogs.words import Language

SYLLABLES_A_SECOND = 4.5  # of Chinese, a digit being one
WORDS_A_SECOND = 2.6  # of English, a digit being one
MOST_SECONDS = 12.0  # of one prompt
_SYLLABLES = re.compile(r"[\u3400-\u9fff0-9]|[A-Za-z]+")
_WORDS = re.compile(r"[0-9]|[A-Za-z'’]+|[\u3400-\u9fff]")
_KEY_NAMED = {Language.CHINESE: "，请按1；", Language.ENGLISH: ", press 1; "}


def seconds(text: str, language: Language) -> float:
    """How long a text takes."""
    if language is Language.CHINESE:
        return len(_SYLLABLES.findall(text)) / SYLLABLES_A_SECOND
    return len(_WORDS.findall(text)) / WORDS_A_SECOND


def choice_seconds(label: str, language: Language) -> float:
    """How long a choice takes with its key."""
    return seconds(label + _KEY_NAMED[language], language)
