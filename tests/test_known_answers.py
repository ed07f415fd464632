"""Which article answers a question: the right one or none, measured on questions written for it."""

import csv
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from dialogs.understanding.knowledge import GOOD_FIT, fit, words
from store.catalogue.files import SHIPPED

QUESTIONS = Path(__file__).parent / "questions.csv"


@cache
def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def best(asked: str) -> str:
    """The question of the article that would be told, "" for none."""
    fits = [
        (
            fit(asked, (row["question"], *row["variants"].split("|")), row["answer"]),
            row["question"],
        )
        for row in rows(SHIPPED / "articles.csv")
    ]
    value, question = max(fits)
    return question if value >= GOOD_FIT else ""


@cache
def outcomes(part: str) -> Counter[str]:
    """How questions of a part come out: right, missed, wrong; rejected and false where nothing answers them."""
    found: Counter[str] = Counter()
    for row in rows(QUESTIONS):
        if row["part"] == part:
            found[_outcome(row["article"], best(row["asked"]))] += 1
    return found


def _outcome(wanted: str, got: str) -> str:
    if not wanted:
        return "false" if got else "rejected"
    return "right" if got == wanted else "wrong" if got else "missed"


@pytest.mark.parametrize(("part", "found"), [("tune", 0.85), ("test", 0.7), ("fresh", 0.6)])
def test_no_wrong_article_is_told_and_most_questions_find_theirs(part: str, found: float) -> None:
    counted = outcomes(part)
    assert counted["wrong"] == 0
    assert counted["false"] == 0
    assert counted["right"] >= found * (counted["right"] + counted["missed"])


def test_the_list_has_enough_questions_with_and_without_an_answer() -> None:
    answered = sum(bool(row["article"]) for row in rows(QUESTIONS))
    assert answered >= 60
    assert len(rows(QUESTIONS)) - answered >= 60


def test_what_everybody_says_who_asks_is_no_word_to_search_by() -> None:
    assert words("请问居住证怎么办理？") == {"居住", "住证"}
    assert words("请问怎么办") == frozenset()
    assert words("How do I get an entry permit?") == {"entry", "permit"}


def test_words_are_the_same_in_either_script_and_width() -> None:
    assert words("請問居住證怎麼辦理") == words("请问居住证怎么办理")
    assert words("ＡＰＰ") == words("app")


def test_an_aspect_that_an_article_does_not_speak_of_counts_against_it() -> None:
    phrasings, answer = ("居住证怎么办理？",), "到派出所办。"
    assert fit("居住证怎么办理", phrasings, answer) >= GOOD_FIT
    assert fit("居住证丢了怎么补办", phrasings, answer) < GOOD_FIT
    assert fit("居住证收费吗", phrasings, answer) < GOOD_FIT
