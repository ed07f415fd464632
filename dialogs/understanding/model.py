"""Where a learnt model may have its say about the topic: only where the rules are silent or torn, and it is sure."""

from typing import Protocol


class TopicModel(Protocol):
    """A text model of topics; pure and quick (≤ 50 µs), for it is asked within a turn."""

    @property
    def threshold(self) -> float:
        """The probability from which a guess is sure; found when the model was learnt, and kept with it."""
        ...

    def guess(self, text: str) -> tuple[str, float]:
        """Return the likeliest topic's code and its probability; `text` is folded, places and digits masked."""
        ...


def sure_topic(model: TopicModel | None, text: str, candidates: tuple[str, ...]) -> str:
    """Return the topic the model is sure of, empty when it is not; of torn rules it only picks a candidate."""
    if model is None:
        return ""
    code, probability = model.guess(text)
    if probability < model.threshold or (candidates and code not in candidates):
        return ""
    return code
