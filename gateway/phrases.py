"""Loads residents' phrases from the gettext catalogues that are shipped with the dialogs."""

from collections.abc import Iterable
from pathlib import Path

from babel.messages.pofile import read_po

import dialogs
from dialogs.phrases import Phrases
from dialogs.words import Language

_LOCALES = Path(dialogs.__file__).parent / "locale"


def load_phrases(languages: Iterable[Language] = tuple(Language)) -> Phrases:
    """Read the catalogues of `languages`: each is its owner's file, English too."""
    return Phrases({language: _read(language) for language in languages})


def _read(language: Language) -> dict[str, str]:
    file = _LOCALES / language.value.replace("-", "_") / "LC_MESSAGES" / "jiesu.po"
    with file.open("rb") as opened:
        catalogue = read_po(opened)
    return {str(entry.id): str(entry.string) for entry in catalogue if entry.id and entry.string}
