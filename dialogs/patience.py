"""Patience: who sends nothing but abuse or nonsense is asked in other words, then offered a person, then left a while.

A real matter, a command, a danger or a choice is heard at once all the same: only what a dialog could make nothing of
is counted.
"""

import re
from datetime import datetime, timedelta

import msgspec

from dialogs.answers import THANKS
from dialogs.session import Session
from dialogs.understanding.text import fold
from dialogs.understanding.tone import is_mere_abuse

PAUSED = "paused"  # the named reason for saying nothing
OFFENCES_BEFORE_PAUSE = 4
OFFENCES_OF_MARKED = 1  # of whom two people have marked for abuse
PAUSE = timedelta(minutes=10)

# Laughter, filler and what a hand does on a keyboard; signs, digits and emoji are no letters at all.
_NOISE = re.compile(
    r"[哈呵嘿嘻嘎吼啊哦噢喔嗯呃额唉哎呀啦咯嘛呢吧哇呜略拉阿a]+|[a-z]*(?:asdf|qwer|zxcv|hjkl|dfgh)[a-z]*|"
    r"(?:ha|he|hi|lo|la|lol|haha)+|[b-df-hj-np-tv-xz]{3,}|(?:阿斯顿发?|阿斯蒂芬|阿萨德|啊实打实的?|撒大大)+"
)
# A word that no hand has meant: neighbours of the keyboard in a row; of five letters and more, j or q before a consonant
# or at the end, or more consonants together than English and pinyin have.
_MASHED = re.compile(
    r"[a-z]*(?:tyui|yuio|uiop|poiu|oiuy|iuyt|uytr|lkjh|kjhg|jhgf|hgfd|gfds|fdsa|sdfg|fghj|ghjk|mnbv|nbvc|bvcx|vcxz|xcvb|"
    r"cvbn|vbnm)[a-z]*"
    r"|(?=[a-z]{5})[a-z]*(?:[jq](?:[b-df-hj-np-tv-xz]|$)|(?!ngths)[b-df-hj-np-tv-xz]{5})[a-z]*"
)
_LATIN = re.compile(r"[a-z]+")
_OTHER_SCRIPTS = re.compile(r"[^\W\d_a-z]")
_LETTERS = re.compile(r"[\W\d_]+")


def offends(text: str) -> bool:
    """Tell whether a text that nobody understood is mere abuse, or no attempt to say anything."""
    letters = _LETTERS.sub("", fold(text))
    if letters in THANKS:
        return False
    return len(set(letters)) <= 1 or is_noise(text) or is_mere_abuse(fold(text))


def is_noise(text: str) -> bool:
    """Tell whether nothing is heard but laughter, filler, or a hand on a keyboard."""
    folded = fold(text)
    return _NOISE.fullmatch(_LETTERS.sub("", folded)) is not None or _is_mashed(folded)


def _is_mashed(folded: str) -> bool:
    """Tell whether half of the words and more, all of Latin letters, are a hand's on a keyboard."""
    words = _LATIN.findall(folded)
    if not words or _OTHER_SCRIPTS.search(folded):
        return False
    return 2 * sum(_MASHED.fullmatch(word) is not None for word in words) >= len(words)


def is_marked(session: Session, now: datetime) -> bool:
    """Tell whether staff have marked this resident for abuse, and the mark still holds."""
    return session.marked_until is not None and now < session.marked_until


def is_paused(session: Session, now: datetime) -> bool:
    """Tell whether nonsense is left unanswered just now."""
    return session.paused_until is not None and now < session.paused_until


def offended(session: Session, now: datetime) -> Session:
    """Count one more in a row; the one that is too many begins the pause."""
    begun = session.paused_until is not None and now >= session.paused_until
    offences = (0 if begun else session.offences) + 1
    most = OFFENCES_OF_MARKED if is_marked(session, now) else OFFENCES_BEFORE_PAUSE
    paused_until = now + PAUSE if offences >= most else None
    return msgspec.structs.replace(session, offences=offences, paused_until=paused_until)


def appeased(session: Session) -> Session:
    """Somebody has said something: all is forgotten."""
    if not session.offences and session.paused_until is None:
        return session
    return msgspec.structs.replace(session, offences=0, paused_until=None)
