"""A learnt model speaks only where the rules are silent or torn, and only when it is sure."""

from dataclasses import dataclass

import pytest

from dialogs.understanding.reader import Reader
from tests.catalogue import beijing


@dataclass(frozen=True, slots=True)
class Parrot:
    """Always guesses the same."""

    code: str
    probability: float
    threshold: float = 0.8

    def guess(self, text: str) -> tuple[str, float]:
        del text
        return self.code, self.probability


@pytest.mark.parametrize(
    ("text", "model", "topic"),
    [
        ("隔壁养了十几只公鸡", Parrot("T048", 0.9), "T048"),
        ("隔壁养了十几只公鸡", Parrot("T048", 0.7), ""),
        ("隔壁养了十几只公鸡", Parrot("T999", 0.9), ""),
        ("停水停电", Parrot("T004", 0.9), "T004"),
        ("停水停电", Parrot("T048", 0.9), ""),
        ("暖气不热", Parrot("T048", 0.99), "T001"),
    ],
)
def test_the_model_is_heard_where_the_rules_are_silent_or_torn(
    text: str, model: Parrot, topic: str
) -> None:
    understood = Reader(beijing(), model).understand(text)
    assert understood.topic == topic


def test_what_the_model_settles_is_not_asked() -> None:
    assert Reader(beijing(), Parrot("T004", 0.9)).understand("停水停电").topic_candidates == ()
