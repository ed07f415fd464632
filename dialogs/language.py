"""The language (语言): switched at once, and remembered."""

import msgspec

from dialogs.dialog import Dialog, Finish, HandOn, Move, State, Talk
from dialogs.said import Choice, Reply, Said
from dialogs.words import Language

NAMES = {Language.CHINESE: "中文", Language.ENGLISH: "English"}


class Switch(msgspec.Struct, frozen=True):
    """Nothing is to be remembered."""


def _to(language: Language) -> State:
    def heard(talk: Talk, data: Switch, said: Said) -> Move:
        del data, said
        return _switched(talk, language)

    return State(hear=heard)


def _switched(talk: Talk, language: Language) -> Move:
    if language not in talk.facts.languages:
        return Finish(talk.say("That language is not spoken here yet."))
    say = talk.facts.phrases.say
    return Finish(say(language, "We go on in English."), language=language)


def _ask(talk: Talk, data: Switch) -> Reply:
    del data
    names = [Choice(language.value, NAMES[language]) for language in talk.facts.languages]
    return Reply(talk.say("Which language?"), tuple(names))


def _hear(talk: Talk, data: Switch, said: Said) -> Move:
    del data
    if said.choice in list(Language):
        return _switched(talk, Language(said.choice))
    return HandOn()


LANGUAGE = Dialog(
    name="language",
    data=Switch,
    states={
        "choose": State(hear=_hear, ask=_ask, passing=True),
        "to_chinese": _to(Language.CHINESE),
        "to_english": _to(Language.ENGLISH),
    },
    first="choose",
    patience=(1800,),
    commands={
        **dict.fromkeys(("语言", "切换语言", "language"), "choose"),
        **dict.fromkeys(("中文", "汉语", "普通话", "chinese"), "to_chinese"),
        **dict.fromkeys(("英文", "英语", "english"), "to_english"),
    },
)
