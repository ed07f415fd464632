"""The first words of a call: whose line it is, and that it is recorded."""

from dialogs.dialog import Talk
from dialogs.language import NAMES
from dialogs.said import Choice, Reply
from dialogs.words import Language

ASKED, TOLD = "asked", "told"  # what `Line.recording` says besides none


def greeting(talk: Talk) -> str:
    """Greet in the line's own words, or in ours, and say that the call is recorded where that is all there is to it."""
    own = talk.facts.line.greeting.get(talk.language, "")
    welcome = own or talk.say("Hello, this is the 12345 hotline.")
    if any(word in own.lower() for word in ("录音", "record")):
        return welcome
    note = recorded(talk)
    return welcome + talk.gap + note if note else welcome


def recorded(talk: Talk) -> str:
    """Say that the call is recorded, "" where it is asked or not done."""
    return talk.say("This call is recorded.") if talk.facts.line.recording == TOLD else ""


def is_to_be_asked(talk: Talk) -> bool:
    """Tell whether the language is still to be asked: there are two, and the resident has never shown which."""
    return len(talk.facts.languages) > 1 and not talk.session.language_chosen


def ask_language(talk: Talk) -> Reply:
    """Ask in both languages; the text says the keys."""
    text = talk.say("Hello, this is 12345. For Chinese, press 1. For English, press 2.")
    return Reply(text, tuple(Choice(one.value, NAMES[one]) for one in Language))
