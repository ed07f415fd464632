"""Learning (学习) from the deployment's own tickets: which rows count, how a model is judged, and when it is used.

A row counts where staff put the topic right, or where a unit signed for the ticket, handled it and gave it back to nobody:
whoever does the work under a topic has said by it that the topic is right.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol, TypeVar

import msgspec

from dialogs.understanding.learnt import VERSION, LearntTopics, with_tuning
from dialogs.understanding.personal import masked
from dialogs.understanding.reader import Reader
from handlers.judging import (
    LEAST_PRECISION,
    LEAST_USED,
    Example,
    Figures,
    Guess,
    Levels,
    TopicFigures,
    Tuning,
    added,
    figures,
    said_by_rules,
    said_together,
    topic_figures,
    tuned,
    wanted_precision,
)
from store.learning_rows import LearningRow

T = TypeVar("T")

LEAST_ROWS = 200
LEAST_OF_A_TOPIC = 5
LEAST_TOPICS = 2  # one is no choice
KNOWN_PER_STRANGER = 4  # assumption: of five messages one is about something that nobody has taught
FOLDS = 5
SEED = 12345


class Trainer(Protocol):
    """What is asked of `handlers.training`, which needs scikit-learn."""

    VERSION: str

    def fit(self, texts: Sequence[str], topics: Sequence[str], seed: int) -> bytes:
        """Train a model that is not tuned yet."""

    def folds(self, topics: Sequence[str], count: int, seed: int) -> list[list[int]]:
        """Split rows into parts."""

    def curve(self, leads: Sequence[float], right: Sequence[bool]) -> tuple[float, float]:
        """Fit a probability to leads."""


class TooFewRowsError(Exception):
    """There is not enough to learn from; the message says what there is."""


class Made(msgspec.Struct, frozen=True):
    """How a model was made."""

    seed: int
    folds: int
    trained_by: str


class Report(msgspec.Struct, frozen=True):
    """What was learnt from, and how it compares; every figure is of rows that the judged model had not seen.

    `used` are the rows where the model has its say, of which `right` are right; `better`: it is worth using.
    """

    rows: int
    corrected: int  # of them, those whose topic staff put right
    gone: int  # left out: their topic is not in the catalogue in force
    left_out: dict[str, int]  # topics with too few rows
    topics: tuple[TopicFigures, ...]
    rules: Figures
    model: Figures  # alone, on every row
    together: Figures
    threshold: float | None
    wanted_precision: float
    used: int
    right: int
    better: bool
    made: Made


@dataclass(frozen=True, slots=True)
class Lessons:
    """Rows made ready."""

    examples: tuple[Example, ...]
    corrected: int
    gone: int
    left_out: dict[str, int]


@dataclass(frozen=True, slots=True)
class Learnt:
    """A model with its report; `digest` is that of rows and settings, so that it can be made again."""

    weights: bytes
    digest: str
    report: Report


def lessons(rows: Sequence[LearningRow], reader: Reader) -> Lessons:
    """Make rows ready: places and personal data masked, the rules asked. `reader` must have no model.

    Raises `TooFewRowsError`.
    """
    known = [row for row in rows if reader.topic(row.topic) is not None]
    count = Counter(row.topic for row in known)
    left_out = {code: n for code, n in sorted(count.items()) if n < LEAST_OF_A_TOPIC}
    kept = [row for row in known if row.topic not in left_out]
    if len(kept) < LEAST_ROWS or len(count) - len(left_out) < LEAST_TOPICS:
        raise TooFewRowsError(
            f"{len(kept)} rows of {len(count) - len(left_out)} topics count: {LEAST_ROWS} rows are needed,"
            f" {LEAST_OF_A_TOPIC} or more of each of at least {LEAST_TOPICS} topics"
        )
    return Lessons(
        tuple(_example(row, reader) for row in kept),
        sum(row.corrected for row in kept),
        len(rows) - len(known),
        left_out,
    )


def _example(row: LearningRow, reader: Reader) -> Example:
    matter = masked(row.matter)
    understood = reader.understand(matter)
    return Example(reader.bare(matter), row.topic, understood.topic, understood.topic_candidates)


def learn(given: Lessons, reader: Reader, trainer: Trainer, seed: int = SEED) -> Learnt:
    """Train, judge and tune; the same lessons and seed give the same bytes."""
    examples = given.examples
    parts = trainer.folds([one.topic for one in examples], FOLDS, seed)
    guesses = _unseen(examples, parts, trainer, seed)
    strangers = _strangers(examples, trainer, seed)

    def tune(some: Sequence[Example], said: Sequence[Guess]) -> Tuning:
        return tuned(some, said, strangers, trainer.curve)

    tuning = tune(examples, guesses)
    said = _judged(examples, guesses, parts, tune)
    kept = trainer.fit([one.text for one in examples], [one.topic for one in examples], seed)
    digest = digest_of(examples, seed, trainer.VERSION)
    return Learnt(
        _tuned_bytes(kept, tuning, digest),
        digest,
        _report(given, guesses, said, tuning, reader, Made(seed, FOLDS, trainer.VERSION)),
    )


def digest_of(examples: Sequence[Example], seed: int, trained_by: str) -> str:
    """Name what a model is made from, and by what."""
    rows = [(one.text, one.topic, one.rules, one.torn) for one in examples]
    made_from = (VERSION, trained_by, seed, FOLDS, rows)
    return sha256(msgspec.json.encode(made_from)).hexdigest()


def _tuned_bytes(kept: bytes, tuning: Tuning, digest: str) -> bytes:
    """A model without a threshold stays as it was trained: never sure."""
    kept = with_tuning(kept, digest=digest)
    if tuning.threshold is None:
        return kept
    return with_tuning(
        kept,
        slope=tuning.slope,
        offset=tuning.offset,
        threshold=tuning.threshold,
        off=tuning.off,
    )


def _unseen(
    examples: Sequence[Example], parts: Sequence[Sequence[int]], trainer: Trainer, seed: int
) -> list[Guess]:
    """Have every row guessed by a model that was trained without it, as it would be served."""
    guesses: dict[int, Guess] = {}
    for part in parts:
        others = _without(examples, part)
        kept = trainer.fit([one.text for one in others], [one.topic for one in others], seed)
        model = LearntTopics.load(kept)
        guesses |= {place: Guess(*model.lead(examples[place].text)) for place in part}
    return [guesses[place] for place in range(len(examples))]


def _strangers(examples: Sequence[Example], trainer: Trainer, seed: int) -> list[float]:
    """How far models lead with what they say of topics that they never met: one row for four that they know."""
    topics = sorted({one.topic for one in examples})
    leads: list[float] = []
    for unknown in (frozenset(topics[part::FOLDS]) for part in range(FOLDS)):
        known = [one for one in examples if one.topic not in unknown]
        if len({one.topic for one in known}) < LEAST_TOPICS:
            continue
        kept = trainer.fit([one.text for one in known], [one.topic for one in known], seed)
        model = LearntTopics.load(kept)
        others = [one for one in examples if one.topic in unknown]
        leads += [model.lead(one.text)[1] for one in others[::KNOWN_PER_STRANGER]]
    return leads


def _judged(
    examples: Sequence[Example],
    guesses: Sequence[Guess],
    parts: Sequence[Sequence[int]],
    tune: Callable[[Sequence[Example], Sequence[Guess]], Tuning],
) -> list[str]:
    """Answer every row by rules and model together, tuned without the row's own part: nothing is judged by itself."""
    said: dict[int, str] = {}
    for part in parts:
        tuning = tune(_without(examples, part), _without(guesses, part))
        answers = said_together([examples[i] for i in part], [guesses[i] for i in part], tuning)
        said |= dict(zip(part, answers, strict=True))
    return [said[place] for place in range(len(examples))]


def _without(whole: Sequence[T], part: Sequence[int]) -> list[T]:
    left_out = frozenset(part)
    return [one for place, one in enumerate(whole) if place not in left_out]


def _report(
    given: Lessons,
    guesses: Sequence[Guess],
    said: Sequence[str],
    tuning: Tuning,
    reader: Reader,
    made: Made,
) -> Report:
    examples = given.examples
    levels: Levels = {t.code: (t.level1, t.level2, t.level3) for t in reader.topics}
    truth = [example.topic for example in examples]
    rules = figures(truth, said_by_rules(examples), levels)
    together = figures(truth, said, levels)
    new = added(examples, said)
    right = sum(true == answer for true, answer in new)
    return Report(
        rows=len(examples),
        corrected=given.corrected,
        gone=given.gone,
        left_out=given.left_out,
        topics=topic_figures(examples, said, tuning),
        rules=rules,
        model=figures(truth, [guess.code for guess in guesses], levels),
        together=together,
        threshold=tuning.threshold,
        wanted_precision=wanted_precision(examples),
        used=len(new),
        right=right,
        better=_is_better(rules, together, len(new), right),
        made=made,
    )


def _is_better(rules: Figures, together: Figures, used: int, right: int) -> bool:
    """Better overall, and sure: what it adds is right often enough on rows that it was not tuned on."""
    if together.macro_f1 <= rules.macro_f1 or together.accuracy < rules.accuracy:
        return False
    return used >= LEAST_USED and right >= LEAST_PRECISION * used
