"""Whether a learnt model is better than the rules, on the same rows: figures, and where it may be trusted."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import exp

import msgspec

# A guess that is used must be right at least this often, however badly the rules do.
LEAST_PRECISION = 0.85
# Of tickets that nobody corrected, the rules wrote most topics themselves: on those they look better than they are.
MOST_PRECISION = 0.95
LEAST_PROBABILITY = 0.8
LEAST_USED = 10  # guesses; fewer prove nothing
_ROUNDS = 5

Levels = Mapping[str, tuple[str, str, str]]  # of each topic's code
Curve = Callable[[Sequence[float], Sequence[bool]], tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Example:
    """A row to learn from: what was said, the right topic, and what the rules make of it.

    `rules` is "" where they are silent, or torn between `torn`.
    """

    text: str
    topic: str
    rules: str
    torn: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Guess:
    """What a model that never saw the row says of it; `lead` is before the second best."""

    code: str
    lead: float


@dataclass(frozen=True, slots=True)
class Tuning:
    """From when a guess is used; `threshold` None: never."""

    slope: float
    offset: float
    threshold: float | None = None
    off: tuple[str, ...] = ()

    def probability(self, guess: Guess) -> float:
        """How probably a guess is right."""
        return 1 / (1 + exp(-(self.slope * guess.lead + self.offset)))


class Figures(msgspec.Struct, frozen=True):
    """How well the topics of some rows were said: a row without an answer is wrong, but not imprecise."""

    macro_f1: float
    accuracy: float  # of the third level, the topic itself
    accuracy_level2: float
    accuracy_level1: float
    answered: float  # the part of the rows that got an answer
    precision: float  # the part of the answers that were right


class TopicFigures(msgspec.Struct, frozen=True):
    """One topic: its rows, the F1 without and with the model, and what the model would say."""

    code: str
    rows: int
    rules_f1: float
    together_f1: float
    used: int
    right: int
    off: bool


def figures(truth: Sequence[str], said: Sequence[str], levels: Levels) -> Figures:
    """Judge what was said, "" being no answer."""
    answers = [(true, one) for true, one in zip(truth, said, strict=True) if one]
    right = sum(true == one for true, one in answers)
    by_topic = f1_by_topic(truth, said)
    return Figures(
        macro_f1=sum(by_topic.values()) / len(by_topic),
        accuracy=right / len(truth),
        accuracy_level2=_agreeing(answers, levels, 2) / len(truth),
        accuracy_level1=_agreeing(answers, levels, 1) / len(truth),
        answered=len(answers) / len(truth),
        precision=right / len(answers) if answers else 0.0,
    )


def _agreeing(answers: Sequence[tuple[str, str]], levels: Levels, depth: int) -> int:
    """How many answers agree with the truth down to a level."""
    return sum(levels[true][:depth] == levels[said][:depth] for true, said in answers)


def f1_by_topic(truth: Sequence[str], said: Sequence[str]) -> dict[str, float]:
    """F1 of each topic that there are rows of."""
    rows, answers = Counter(truth), Counter(said)
    right = Counter(true for true, one in zip(truth, said, strict=True) if true == one)
    return {code: 2 * right[code] / (rows[code] + answers[code]) for code in sorted(rows)}


def said_by_rules(examples: Sequence[Example]) -> list[str]:
    """What the rules answer."""
    return [example.rules for example in examples]


def said_together(
    examples: Sequence[Example], guesses: Sequence[Guess], tuning: Tuning
) -> list[str]:
    """What rules and model answer together: the model where the rules do not, and only where it is sure."""
    return [_together(one, guess, tuning) for one, guess in zip(examples, guesses, strict=True)]


def _together(example: Example, guess: Guess, tuning: Tuning) -> str:
    if example.rules or tuning.threshold is None or not _usable(example, guess):
        return example.rules
    sure = guess.code not in tuning.off and tuning.probability(guess) >= tuning.threshold
    return guess.code if sure else ""


def _usable(example: Example, guess: Guess) -> bool:
    """The model has its say where the rules are silent; of torn rules it only picks a candidate."""
    return (
        bool(guess.code) and not example.rules and (not example.torn or guess.code in example.torn)
    )


def tuned(
    examples: Sequence[Example],
    guesses: Sequence[Guess],
    strangers: Sequence[float],
    curve: Curve,
) -> Tuning:
    """Find from when a guess may be used: probably right, and as precise there as the rules are where they answer.

    `strangers` are the leads of guesses about topics that the model never met, all wrong: without them it would be
    sure of everything. Topics at which the rules do better alone are switched off.
    """
    right = [guess.code == one.topic for one, guess in zip(examples, guesses, strict=True)]
    leads = [guess.lead for guess in guesses]
    slope, offset = curve([*leads, *strangers], [*right, *([False] * len(strangers))])
    tuning = Tuning(slope, offset, LEAST_PROBABILITY)
    for _ in range(_ROUNDS):
        worse = _worse(examples, guesses, tuning)
        off = tuple(sorted({*tuning.off, *worse}))
        tuning = replace(tuning, off=off)
        tuning = replace(tuning, threshold=_threshold(examples, guesses, tuning))
        if not worse or tuning.threshold is None:
            break
    return tuning


def wanted_precision(examples: Sequence[Example]) -> float:
    """How precise a guess must be to be used: as the rules are where they answer, within bounds."""
    answered = [one for one in examples if one.rules]
    right = sum(one.rules == one.topic for one in answered)
    precision = right / len(answered) if answered else 0.0
    return min(MOST_PRECISION, max(LEAST_PRECISION, precision))


def _threshold(
    examples: Sequence[Example], guesses: Sequence[Guess], tuning: Tuning
) -> float | None:
    """The lowest probability from which guesses are right often enough; None when there is none."""
    wanted = wanted_precision(examples)
    right_at: defaultdict[float, list[bool]] = defaultdict(list)
    for one, guess in zip(examples, guesses, strict=True):
        probability = tuning.probability(guess)
        if (
            _usable(one, guess)
            and guess.code not in tuning.off
            and probability >= LEAST_PROBABILITY
        ):
            right_at[probability].append(guess.code == one.topic)
    found, count, right = None, 0, 0
    for probability in sorted(right_at, reverse=True):
        count += len(right_at[probability])
        right += sum(right_at[probability])
        if count >= LEAST_USED and right >= wanted * count:
            found = probability
    return found


def _worse(examples: Sequence[Example], guesses: Sequence[Guess], tuning: Tuning) -> frozenset[str]:
    """Topics whose F1 the model makes worse."""
    truth = [example.topic for example in examples]
    before = f1_by_topic(truth, said_by_rules(examples))
    after = f1_by_topic(truth, said_together(examples, guesses, tuning))
    return frozenset(code for code in before if after[code] < before[code])


def added(examples: Sequence[Example], said: Sequence[str]) -> list[tuple[str, str]]:
    """What the model has added to the rules, as (truth, answer)."""
    pairs = zip(examples, said, strict=True)
    return [(one.topic, answer) for one, answer in pairs if answer and not one.rules]


def topic_figures(
    examples: Sequence[Example], said: Sequence[str], tuning: Tuning
) -> tuple[TopicFigures, ...]:
    """Topic by topic; `said` is the answer of rules and model together."""
    truth = [example.topic for example in examples]
    before, after = f1_by_topic(truth, said_by_rules(examples)), f1_by_topic(truth, said)
    rows, used = Counter(truth), Counter(answer for _, answer in added(examples, said))
    right = Counter(answer for true, answer in added(examples, said) if true == answer)
    return tuple(
        TopicFigures(
            code, rows[code], before[code], after[code], used[code], right[code], code in tuning.off
        )
        for code in before
    )
