"""Residents' phrases: an English source text is its own key; other languages come from gettext catalogues."""

from collections.abc import Mapping

from dialogs.words import Language

_NONE: Mapping[str, str] = {}


def phrase(message: str) -> str:
    """Mark a phrase that is kept in a table and translated later; the completeness test looks for it."""
    return message


class Phrases:
    """Translations in memory, by language and English source text; some have another wording for the phone."""

    def __init__(
        self,
        translations: Mapping[Language, Mapping[str, str]],
        spoken: Mapping[Language, Mapping[str, str]] | None = None,
    ) -> None:
        self._translations = translations
        self._spoken = spoken or {}

    def say(self, language: Language, message: str, /, **slots: object) -> str:
        """Translate `message` and fill its `{slots}`; an untranslated one is said in English."""
        text = self._translations.get(language, _NONE).get(message) or message
        return text.format(**slots) if slots else text

    def speak(self, language: Language, message: str, /, **slots: object) -> str:
        """Like `say`, in the words for the phone where there are such."""
        text = self._spoken.get(language, _NONE).get(message)
        if text is None:
            return self.say(language, message, **slots)
        return text.format(**slots) if slots else text

    def all(self, language: Language) -> Mapping[str, str]:
        """Return the translations of `language` by their English source text."""
        return self._translations.get(language, _NONE)

    def all_spoken(self, language: Language) -> Mapping[str, str]:
        """Return the phone's own wordings of `language` by their English source text."""
        return self._spoken.get(language, _NONE)
