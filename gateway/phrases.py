"""Loads residents' phrases from the gettext catalogues that are shipped with the dialogs."""

from collections.abc import Iterable
from pathlib import Path

from babel.messages.pofile import read_po

import dialogs
from dialogs.phrases import Phrases
from dialogs.words import Language

_LOCALES = Path(dialogs.__file__).parent / "locale"


VOICE = "voice"  # the gettext context (msgctxt) of a wording for the phone


def load_phrases(languages: Iterable[Language] = tuple(Language)) -> Phrases:
    """Read the catalogues of `languages`: each is its owner's file, English too."""
    read = {language: _read(language) for language in languages}
    return Phrases(
        {language: words[""] for language, words in read.items()},
        {language: words[VOICE] for language, words in read.items()},
    )


def _read(language: Language) -> dict[str, dict[str, str]]:
    """Phrases by context, "" for the written ones."""
    file = _LOCALES / language.value.replace("-", "_") / "LC_MESSAGES" / "jiesu.po"
    with file.open("rb") as opened:
        catalogue = read_po(opened)
    words: dict[str, dict[str, str]] = {"": {}, VOICE: {}}
    for entry in catalogue:
        if entry.id and entry.string:
            words[entry.context or ""][str(entry.id)] = str(entry.string)
    return words
