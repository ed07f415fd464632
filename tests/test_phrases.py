"""Every phrase that residents may meet has Chinese words with the same slots, and no translation is left over."""

import ast
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from channels.length import measure
from channels.sms import plain
from dialogs.call.length import MOST_SECONDS, seconds
from dialogs.phrases import Phrases
from dialogs.words import Language
from gateway.phrases import load_phrases

ROOT = Path(__file__).parent.parent
OFFICE_WORDS = ("挂账", "退单", "提级", "吹哨", "首接", "分办")


def _phrases_in(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and _name(node.func) in {"say", "phrase"}:
            literals = [a.value for a in node.args[:2] if isinstance(a, ast.Constant)]
            yield from (value for value in literals[:1] if isinstance(value, str))


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def used() -> set[str]:
    files = [*(ROOT / "dialogs").rglob("*.py"), *(ROOT / "handlers").rglob("*.py")]
    return {phrase for file in files for phrase in _phrases_in(file.read_text(encoding="utf-8"))}


def translations(language: Language = Language.CHINESE) -> dict[str, str]:
    return dict(load_phrases().all(language))


def spoken(language: Language) -> dict[str, str]:
    return dict(load_phrases().all_spoken(language))


def _slots(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


@pytest.mark.parametrize("language", list(Language))
def test_every_phrase_stands_in_the_owners_file_of_each_language(language: Language) -> None:
    assert sorted(used() - translations(language).keys()) == []


@pytest.mark.parametrize("language", list(Language))
def test_no_phrase_is_left_over(language: Language) -> None:
    left_over = (translations(language).keys() | spoken(language).keys()) - used()
    assert sorted(left_over) == []


@pytest.mark.parametrize("language", list(Language))
def test_what_is_said_has_the_slots_of_its_source(language: Language) -> None:
    said = [*translations(language).items(), *spoken(language).items()]
    assert [text for text, words in said if _slots(text) != _slots(words)] == []


def test_no_office_word_is_in_any_phrase() -> None:
    said = "\n".join([*translations().values(), *spoken(Language.CHINESE).values()])
    assert [word for word in OFFICE_WORDS if word in said] == []


LONGEST = {
    "title": "字" * 8,
    "unit": "字" * 12,
    "number": "261123-000123-4",
    "time": "24小时",
    "when": "11月24日10:00",
    "kind": "求助",
    "place": "字" * 20,
    "phone": "1" * 11,
    "district": "石景山区",
    "reason": "已列入计划，还没开工",
    "date": "2027年3月15日",
    "before": "字" * 12,
}


def test_no_phrase_is_longer_than_one_sms_part_with_its_signature() -> None:
    """Words of other people (a unit's reply, the resident's own) are as long as they are."""
    signature = len("【12345】")
    ours = [said for said in translations().values() if _slots(said) <= LONGEST.keys()]
    filled = [said.format(**LONGEST) if _slots(said) else said for said in ours]
    assert [text for text in filled if len(text) + signature > 70] == []


# Said where there is room: each has a shorter one beside it for `brief` channels.
FOR_A_SCREEN = (
    "Hello, this is 12345. For Chinese, press 1.",  # by phone alone
    "中文 / English",
    "Shall they not learn who you are?",
    "{kind} “{title}”, {place}. {count} residents nearby",
    "“{title}” is handled together with the others'",
)
ENGLISH_SLOTS = {
    "title": "neighbours throw eggs",
    "unit": "the centre",
    "number": "261123-000123-4",
    "time": "24 hours",
    "when": "24 Nov 10:00",
    "kind": "Request for help",
    "place": "Haidian District",
    "phone": "1" * 11,
    "district": "Haidian District",
    "count": "three",
    "day": "24 Nov",
    "date": "15 March 2027",
    "before": "the centre",
    "reason": "we could not tell what it is about",
}


def test_english_fits_into_one_sms_of_the_gsm_alphabet() -> None:
    """A single curly quote would make the whole message UCS-2, and less than half as long."""
    ours = [
        said
        for text, said in translations(Language.ENGLISH).items()
        if _slots(said) <= ENGLISH_SLOTS.keys() and not text.startswith(FOR_A_SCREEN)
    ]
    sent = [
        plain(f"[12345] {said.format(**ENGLISH_SLOTS) if _slots(said) else said}") for said in ours
    ]
    sizes = {text: measure(text) for text in sent}
    assert [t for t, size in sizes.items() if (size.encoding, size.segments) != ("GSM-7", 1)] == []


# Never heard: of a ticket a caller hears `aloud`, who has a number proves none by a code, the queue is the call's own.
WRITTEN = (
    "intake/accepted.py",
    "link.py",
    "sharing.py",
    "own_number.py",
    "opt_out.py",
    "human.py",
    "steward.py",
    "patrol.py",
    "stewards.py",
    "link_codes.py",  # to mobiles, as a text
    "fall_back.py",
)
READ = (
    "A sticker tells me nothing",
    "That file is larger",
    "Told us by SMS or phone?",
    "To be called about it",
    "To have the person concerned called",
    "To have you or the person concerned called",
    "Shall they not learn who you are?",
    "{kind} “{title}”, {place}. {count} residents nearby",
    "{kind} “{title}”, {place}: {count} told it",
)
# What only an eye or a thumb can follow: to send back, to press on a screen, to see in quotes.
FOR_THE_EYE = {
    Language.CHINESE: re.compile(
        r"回[“复]|点[击下选开]|[回请要]发|请在这里|接着在这里|输入|“(?!\{)"
    ),
    Language.ENGLISH: re.compile(
        r"\b(?:reply [“A-Z]|write (?:to|here|again)|type|click|button|below|pick|share)\b",
        re.IGNORECASE,
    ),
}
HEARD_SLOTS = {
    Language.CHINESE: LONGEST | {"place": "字" * 15},
    Language.ENGLISH: ENGLISH_SLOTS,
}


def heard(language: Language) -> dict[str, str]:
    """What a caller can hear, by its source."""
    folders = (ROOT / "dialogs", ROOT / "handlers")  # notices reach land lines by a call
    files = [
        one for part in folders for one in part.rglob("*.py") if not str(one).endswith(WRITTEN)
    ]
    sources = {text for file in files for text in _phrases_in(file.read_text(encoding="utf-8"))}
    phrases = load_phrases()
    return {text: phrases.speak(language, text) for text in sources if not text.startswith(READ)}


@pytest.mark.parametrize("language", list(Language))
def test_a_caller_is_told_nothing_that_only_an_eye_or_a_thumb_can_follow(
    language: Language,
) -> None:
    said = heard(language)
    assert len(said) > 200
    assert [words for words in said.values() if FOR_THE_EYE[language].search(words)] == []


@pytest.mark.parametrize("language", list(Language))
def test_no_prompt_lasts_longer_than_twelve_seconds(language: Language) -> None:
    slots = HEARD_SLOTS[language]
    filled = [
        re.sub(r"\{(\w+)\}", lambda slot: slots.get(slot[1], "一些话"), words)
        for words in heard(language).values()
    ]
    assert [words for words in filled if seconds(words, language) > MOST_SECONDS] == []


def test_the_examples_of_the_style_page_are_what_is_said() -> None:
    page = (ROOT / "docs" / "phrases.md").read_text(encoding="utf-8")
    tables = [part.split("\n\n")[0] for part in page.split("| rule | said | not |")[1:]]
    examples = [re.findall(r"`([^`]*[\u4e00-\u9fff][^`]*)`", table) for table in tables]
    written = "\n".join(translations().values())
    by_phone = "\n".join(heard(Language.CHINESE).values())
    assert [len(found) > 6 for found in examples] == [True, True]
    assert [example for example in examples[0] if example not in written] == []
    assert [example for example in examples[1] if example not in by_phone] == []


def test_the_catalogue_is_read_quickly_enough_to_be_read_at_start() -> None:
    load_phrases()
    began = time.process_time()
    load_phrases()
    assert time.process_time() - began < 0.05


@pytest.mark.parametrize(
    ("language", "said"), [(Language.CHINESE, "24小时"), (Language.ENGLISH, "24 hours")]
)
def test_slots_are_filled(language: Language, said: str) -> None:
    assert load_phrases().say(language, "{hours} hours", hours=24) == said


def test_an_untranslated_phrase_is_said_in_english() -> None:
    assert Phrases({}).say(Language.CHINESE, "All right.") == "All right."
