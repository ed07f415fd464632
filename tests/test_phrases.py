"""Every phrase that residents may meet has Chinese words with the same slots, and no translation is left over."""

import ast
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

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


def translations() -> dict[str, str]:
    phrases = load_phrases()
    return dict(phrases.all(Language.CHINESE))


def _slots(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


def test_every_phrase_has_chinese_words() -> None:
    assert sorted(used() - translations().keys()) == []


def test_no_translation_is_left_over() -> None:
    assert sorted(translations().keys() - used()) == []


def test_translations_have_the_slots_of_their_source() -> None:
    wrong = [text for text, said in translations().items() if _slots(text) != _slots(said)]
    assert wrong == []


def test_no_office_word_is_in_any_phrase() -> None:
    said = "\n".join(translations().values())
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
}


def test_no_phrase_is_longer_than_one_sms_part_with_its_signature() -> None:
    """Words of other people (a unit's reply, the resident's own) are as long as they are."""
    signature = len("【12345】")
    ours = [said for said in translations().values() if _slots(said) <= LONGEST.keys()]
    filled = [said.format(**LONGEST) if _slots(said) else said for said in ours]
    assert [text for text in filled if len(text) + signature > 70] == []


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
