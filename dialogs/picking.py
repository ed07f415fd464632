"""A choice of the open question that is picked by its number or its words."""

import msgspec

from dialogs.said import Said
from dialogs.stepping import Stepping
from dialogs.understanding.numerals import choice_number
from dialogs.understanding.text import command_word

LONGEST_LABEL = 24


def with_choice(stepping: Stepping, said: Said) -> Said:
    """Read "2", "２", 第二个 or the label itself as a choice of the open question."""
    choices = stepping.session.choices
    if said.choice or not choices or not said.text or len(said.text) > LONGEST_LABEL:
        return said
    number = choice_number(said.text)
    if number is not None:
        picked = choices[number - 1] if 1 <= number <= len(choices) else ""
    else:
        picked = _labelled(stepping, command_word(said.text))
    return msgspec.structs.replace(said, choice=picked) if picked else said


def _labelled(stepping: Stepping, word: str) -> str:
    top = stepping.top()
    if top is None or top[1].ask is None or not word:
        return ""
    asked = top[1].ask(stepping.talk(), top[2])
    return next((c.id for c in asked.choices if command_word(c.label) == word), "")
