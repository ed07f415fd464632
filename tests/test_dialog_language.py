from dialogs.words import Language
from tests.transcript import facts, play


def test_the_language_is_switched_at_once_and_the_question_asked_in_it() -> None:
    talk = play(
        """
        > 暖气不热
        > English
        < We go on in English.
        < Where is it?
        = SetLanguage(language=<Language.ENGLISH: 'en'>)
        > 中文
        < 接下来用中文
        < 在什么地方？
        """,
        facts(),
    )
    assert talk.session.language is Language.CHINESE


def test_the_choice_is_named_in_the_languages_themselves() -> None:
    play("> 语言\n< 1 中文\n< 2 English\n> 2\n< We go on in English.", facts())


def test_a_talk_begun_in_english_is_answered_in_english() -> None:
    play("> hello\n< Hello, this is the 12345 hotline.\n> 你好吗\n", facts())
