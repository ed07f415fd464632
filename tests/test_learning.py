"""Learning from tickets: judged on rows that it has not seen, used only where it is better and sure."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import pytest
from sklearn.metrics import accuracy_score, f1_score, precision_score

from dialogs.understanding.learnt import LearntTopics
from dialogs.understanding.reader import Reader
from handlers import training
from handlers.judging import Example, Guess, figures, said_by_rules, said_together, tuned
from handlers.learn import (
    LEAST_OF_A_TOPIC,
    Learnt,
    Lessons,
    TooFewRowsError,
    learn,
    lessons,
)
from tests.catalogue import beijing, reader
from tests.lessons import lessons_of

LEVELS = {code: (code[0], code[:2], code) for code in ("AAA", "AAB", "ABA", "BAA")}


@cache
def given(count: int = 2_000) -> Lessons:
    return lessons(lessons_of(beijing(), count), reader())


@cache
def learnt() -> Learnt:
    return learn(given(), reader(), training)


def test_words_that_the_rules_do_not_know_are_learnt() -> None:
    model = LearntTopics.load(learnt().weights)
    text = "海淀区田村路街道魑魅，已经两天了"
    assert reader().understand(text).topic == ""
    assert Reader(beijing(), model).understand(text).topic == "T001"


def test_where_the_rules_are_sure_they_stay() -> None:
    model = LearntTopics.load(learnt().weights)
    assert Reader(beijing(), model).understand("井盖丢了，魑魅").topic == (
        reader().understand("井盖丢了").topic
    )


def test_it_is_better_than_the_rules_on_rows_it_has_not_seen() -> None:
    report = learnt().report
    assert report.better
    assert report.together.macro_f1 > report.rules.macro_f1 + 0.1
    assert report.right >= report.wanted_precision * report.used


def test_the_same_rows_and_seed_give_the_same_bytes() -> None:
    again = learn(given(), reader(), training)
    assert again.weights == learnt().weights
    assert again.digest == learnt().digest
    assert again.report == learnt().report


def test_another_row_gives_another_digest() -> None:
    first, *others = given().examples
    changed = replace(given(), examples=(replace(first, text="别的"), *others))
    assert learn(changed, reader(), training).digest != learnt().digest


def test_the_figures_are_those_of_scikit_learn() -> None:
    examples = given().examples
    truth, said = [one.topic for one in examples], said_by_rules(examples)
    rules = learnt().report.rules
    topics = sorted(set(truth))
    scored = f1_score(truth, said, labels=topics, average="macro", zero_division=0)
    assert rules.macro_f1 == pytest.approx(scored)
    assert rules.accuracy == pytest.approx(accuracy_score(truth, said))
    answered = [(true, one) for true, one in zip(truth, said, strict=True) if one]
    micro = precision_score(*zip(*answered, strict=True), average="micro")
    assert rules.precision == pytest.approx(micro)


def test_an_answer_of_the_right_field_counts_on_the_upper_levels() -> None:
    judged = figures(["AAA", "AAA", "ABA", "BAA"], ["AAA", "AAB", "AAA", ""], LEVELS)
    assert (judged.accuracy_level1, judged.accuracy_level2, judged.accuracy) == (0.75, 0.5, 0.25)
    assert judged.answered == 0.75


def test_of_words_of_no_topic_it_is_not_sure() -> None:
    model = LearntTopics.load(learnt().weights)
    for text in ("请尽快处理，没人管", "我想问问明天几点上班", "楼上的狗一直叫"):
        assert model.guess(reader().bare(text))[1] < model.threshold


def test_too_few_rows_are_said_and_nothing_is_learnt() -> None:
    with pytest.raises(TooFewRowsError, match="200"):
        lessons(lessons_of(beijing(), 150), reader())


def test_a_topic_with_too_few_rows_is_left_out_and_named() -> None:
    rows = lessons_of(beijing(), 400)
    rare = [replace(rows[0], topic="T048")] * (LEAST_OF_A_TOPIC - 1)
    made = lessons([*rows, *rare], reader())
    assert made.left_out == {"T048": LEAST_OF_A_TOPIC - 1}
    assert "T048" not in {one.topic for one in made.examples}


def test_rows_of_topics_that_the_catalogue_has_no_more_are_left_out() -> None:
    rows = lessons_of(beijing(), 400)
    made = lessons([*rows, replace(rows[0], topic="T999")], reader())
    assert made.gone == 1


def test_numbers_and_places_are_no_lesson() -> None:
    rows = [
        replace(row, matter=f"海淀区田村路街道{row.matter}，电话13800138000")
        for row in lessons_of(beijing(), 400)
    ]
    made = learn(lessons(rows, reader()), reader(), training)
    words = LearntTopics.load(made.weights).rows
    assert not [word for word in words if word in ("田村", "村路", "海淀") or "1380" in word]


def flat(leads: Sequence[float], right: Sequence[bool]) -> tuple[float, float]:
    """As probable as its lead is large."""
    del leads, right
    return 10.0, -5.0


def silent(topic: str) -> Example:
    return Example("", topic, "")


def test_a_guess_is_used_from_where_guesses_are_right_often_enough() -> None:
    examples = [silent("A")] * 40
    guesses = [Guess("A", 0.9)] * 30 + [Guess("B", 0.7)] * 10
    tuning = tuned(examples, guesses, (), flat)
    said = said_together(examples, guesses, tuning)
    assert said == ["A"] * 30 + [""] * 10


def test_a_model_that_is_mostly_wrong_is_never_used() -> None:
    examples = [silent("A"), silent("B")] * 20
    guesses = [Guess("A", 0.9)] * 40
    assert tuned(examples, guesses, (), flat).threshold is None


def test_a_topic_that_it_makes_worse_is_switched_off() -> None:
    by_rules = [Example("", "B", "B")] * 20
    examples = [silent("A")] * 60 + by_rules + [silent("A")] * 4
    guesses = [Guess("A", 0.9)] * 60 + [Guess("", 0.0)] * 20 + [Guess("B", 0.9)] * 4
    tuning = tuned(examples, guesses, (), flat)
    assert tuning.off == ("B",)
    assert said_together(examples, guesses, tuning)[-1] == ""


def test_torn_rules_are_helped_only_to_one_of_their_candidates() -> None:
    torn = Example("", "A", "", ("A", "B"))
    examples = [silent("A")] * 20 + [torn, torn]
    guesses = [Guess("A", 0.9)] * 21 + [Guess("C", 0.9)]
    said = said_together(examples, guesses, tuned(examples, guesses, (), flat))
    assert said[-2:] == ["A", ""]
