"""The figures that a feature must reach, from many scores."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tests.corpus.scoring import Score, Where


@dataclass(frozen=True, slots=True)
class Summary:
    """Shares from 0 to 1."""

    messages: int
    place: dict[Where, float]  # where one street or community of the data is named
    asked: float  # of names of several streets: asked with the right choice, or for the district
    silently_wrong: float  # of all messages
    level1: float
    topic: float
    kind: float
    grade: float
    recall: float
    false_alarms: float  # of the messages that are no emergency


def summary(scores: Sequence[Score]) -> Summary:
    """Sum up the scores of one reader on one half of the corpus."""
    named = [score.where for score in scores if score.names_a_place]
    several = [score for score in scores if score.names_several]
    alarming = [score.got.emergency for score in scores if score.message.emergency]
    calm = [score.got.emergency for score in scores if not score.message.emergency]
    return Summary(
        messages=len(scores),
        place={where: _share(one is where for one in named) for where in Where},
        asked=_share(is_as_it_should(score) for score in several),
        silently_wrong=_share(score.where is Where.WRONG for score in scores),
        level1=_share(score.level1 for score in scores),
        topic=_share(score.topic for score in scores),
        kind=_share(score.kind for score in scores),
        grade=_share(score.grade for score in scores),
        recall=_share(alarming),
        false_alarms=_share(calm),
    )


def is_as_it_should(score: Score) -> bool:
    """Tell whether the place came out as a human would have done it, or better."""
    return score.where in (score.want_where, Where.RIGHT)


def _share(truths: Iterable[bool]) -> float:
    known = list(truths)
    return sum(known) / len(known) if known else 1.0
