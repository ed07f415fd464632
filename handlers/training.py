"""Training by scikit-learn (the extra `learn`): from rows to a model as plain numbers; the same rows give the same bytes."""

from collections.abc import Sequence

import numpy as np
import sklearn
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from dialogs.understanding.learnt import (
    FURTHEST,
    LANE_BYTES,
    SQUARES,
    ZERO,
    Head,
    grams,
    pack,
)

VERSION = f"scikit-learn {sklearn.__version__}"
LARGEST_BYTES = 6_000_000  # of the numbers; the words come to them
LEAST_ROWS = 2  # that a feature has to occur in: what one resident alone wrote is nothing to learn
NEVER = 1.1  # no probability reaches it: a model that has not been judged is never sure


def fit(texts: Sequence[str], topics: Sequence[str], seed: int) -> bytes:
    """Train on folded, masked texts; the model says nothing until it has been tuned."""
    codes = sorted(set(topics))
    most = LARGEST_BYTES // (LANE_BYTES * (len(codes) + 1))
    vectors = TfidfVectorizer(
        analyzer=_features, binary=True, min_df=LEAST_ROWS, max_features=most, dtype=np.float64
    )
    machine = LinearSVC(random_state=seed, max_iter=10_000)
    machine.fit(vectors.fit_transform(texts), topics)
    weights, intercepts = _both_sides(machine.coef_, machine.intercept_)
    return _packed(vectors, weights, intercepts, codes)


def folds(topics: Sequence[str], count: int, seed: int) -> list[list[int]]:
    """Split rows into parts of the same mixture; each part is a list of places."""
    splitter = StratifiedKFold(count, shuffle=True, random_state=seed)
    places = np.zeros((len(topics), 1))
    return [[int(place) for place in part] for _, part in splitter.split(places, topics)]


def curve(leads: Sequence[float], right: Sequence[bool]) -> tuple[float, float]:
    """Fit how probably a guess is right by its lead: slope and offset of a logistic curve (Platt)."""
    # Two rows of our own keep it sane where all guesses are right, or none: no lead is never sure.
    known = [*leads, 0.0, max(leads, default=1.0) + 1.0]
    machine = LogisticRegression().fit([[lead] for lead in known], [*right, False, True])
    return float(machine.coef_[0][0]), float(machine.intercept_[0])


def _features(text: str) -> list[str]:
    return sorted(grams(text))


def _both_sides(weights: np.ndarray, intercepts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of two topics scikit-learn keeps the weights of the second only."""
    if len(weights) > 1:
        return weights, intercepts
    return np.vstack([-weights, weights]), np.concatenate([-intercepts, intercepts])


def _packed(
    vectors: TfidfVectorizer, weights: np.ndarray, intercepts: np.ndarray, codes: Sequence[str]
) -> bytes:
    """Fold the features' own weights into the topics', and put both into lanes of whole numbers."""
    rarity = vectors.idf_
    scaled = weights.T * rarity[:, np.newaxis]
    scale = FURTHEST / max(float(np.abs(scaled).max()), 1e-9)
    lanes = np.empty((len(rarity), len(codes) + 1), dtype="<u4")
    lanes[:, :-1] = np.rint(scaled * scale).astype(np.int64) + ZERO
    lanes[:, -1] = np.rint(rarity**2 * SQUARES).astype(np.int64)
    head = Head(
        codes=tuple(codes),
        intercepts=tuple(float(one) for one in intercepts),
        scale=scale,
        slope=1.0,
        offset=0.0,
        threshold=NEVER,
    )
    return pack(head, tuple(vectors.get_feature_names_out().tolist()), lanes.tobytes())
