"""In which language somebody writes, as far as a short message tells."""

import re

from dialogs.understanding.text import command_word
from dialogs.words import Language

_CHINESE = re.compile(r"[\u3400-\u9fff].*[\u3400-\u9fff]", re.DOTALL)
_ENGLISH = re.compile(r"[a-z]{2,}(?:'[a-z]+)?[^a-z]+[a-z]{2,}", re.IGNORECASE)
_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_ENGLISH_ALONE = frozenset({"hello", "hi", "hey", "thanks", "hotline"})


def language_of(text: str) -> Language | None:
    """Tell the language of `text`; None when it may be either (a number, "OK", one character)."""
    text = _LINK.sub("", text)
    if _CHINESE.search(text):
        return Language.CHINESE
    if any(character > "\u2e80" for character in text):
        return None
    if _ENGLISH.search(text) or command_word(text) in _ENGLISH_ALONE:
        return Language.ENGLISH
    return None
