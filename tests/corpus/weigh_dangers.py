"""Weighs the letters of messages told in danger against those of ordinary ones, and writes dialogs/understanding/danger_weights.py.

`python -m tests.corpus.weigh_dangers` reads the two lists beside it, the tuning half of the corpus, and as ordinary
messages also the catalogue's words and what the tests say; never the test half.
"""

import ast
import csv
import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from dialogs.understanding.danger_letters import LEAST_LETTERS, is_written_in_ideographs, letters
from dialogs.understanding.reader import Reader
from tests.catalogue import beijing
from tests.corpus.messages import messages

_HERE = Path(__file__).parent
_ROOT = _HERE.parents[1]
_WRITTEN = _ROOT / "dialogs/understanding/danger_weights.py"
_PER_LINE = 24
_SCALE = 10  # weights are written in tenths
_LIGHT = 2  # tenths that are not worth writing
_CHINESE = re.compile("[\u4e00-\u9fff]{4}")
_UNWRITTEN = frozenset('"\\')
_LENGTHS = range(7, 200)


def main() -> None:
    """Train and write."""
    reader = Reader(beijing())
    told = [message for message in messages("tuning") if message.emergency]
    calm = [message for message in messages("tuning") if not message.emergency]
    dangers = [*_lines("emergencies.txt"), *(message.text for message in told)]
    others = [*_lines("near_misses.txt"), *(message.text for message in calm)]
    others += _everyday(lambda text: not reader.understand(text).emergency)
    weights, bias = weigh(_bare(reader, dangers), _bare(reader, others))
    _WRITTEN.write_text(_module(weights, bias), encoding="utf-8")


def weigh(dangers: Sequence[str], others: Sequence[str]) -> tuple[dict[str, int], int]:
    """Return the weight of each letter and pair of letters, and the bias, in tenths."""
    texts = [*dangers, *others]
    counter = CountVectorizer(analyzer=letters, min_df=2, binary=True, lowercase=False)
    seen = counter.fit_transform(texts).astype(float)
    rarity = np.log((1 + len(texts)) / (1 + np.asarray(seen.sum(axis=0)).ravel())) + 1
    lengths = np.array([math.sqrt(max(len(text), LEAST_LETTERS)) for text in texts])
    fitted = LogisticRegression(C=3, class_weight="balanced", max_iter=1000).fit(
        seen.multiply(rarity).multiply(1 / lengths[:, None]).tocsr(),
        [1] * len(dangers) + [0] * len(others),
    )
    names = counter.get_feature_names_out()
    weights = {
        name: round(_SCALE * weight)
        for name, weight in zip(names, fitted.coef_[0] * rarity, strict=True)
        if abs(_SCALE * weight) > _LIGHT and name.isprintable() and _UNWRITTEN.isdisjoint(name)
    }
    return weights, round(_SCALE * fitted.intercept_[0])


def _bare(reader: Reader, texts: Sequence[str]) -> list[str]:
    return [reader.bare(text) for text in texts if is_written_in_ideographs(text)]


def _lines(name: str) -> list[str]:
    lines = (_HERE / "dangers" / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def _everyday(is_calm: Callable[[str], bool]) -> list[str]:
    """Return sentences of the tests and of the catalogue in which nobody is in danger."""
    held_back = {message.text for message in messages("test")}
    found = {text for text in (*_said_in_tests(), *_catalogue()) if _CHINESE.search(text)}
    return sorted(
        text for text in found if len(text) in _LENGTHS and text not in held_back and is_calm(text)
    )


def _said_in_tests() -> Iterator[str]:
    for path in sorted((_ROOT / "tests").glob("*.py")):
        if "danger" in path.name:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield from (line.strip(" ><") for line in node.value.split("\n"))


def _catalogue() -> Iterator[str]:
    for path in sorted((_ROOT / "store").rglob("*.csv")):
        if "communit" not in path.name and "street" not in path.name:
            with path.open(encoding="utf-8") as rows:
                yield from (cell for row in csv.reader(rows) for cell in row if "|" not in cell)


def _module(weights: dict[str, int], bias: int) -> str:
    by_weight: defaultdict[int, list[str]] = defaultdict(list)
    for name, weight in weights.items():
        by_weight[weight].append(name)
    lines = [
        f'    {weight}: "{" ".join(sorted(names))}",'
        for weight, names in sorted(by_weight.items())
        if weight
    ]
    return "\n".join(
        [
            '"""What letters weigh for danger, in tenths; made by `python -m tests.corpus.weigh_dangers`, not by hand."""',
            "",
            f"BIAS = {bias}",
            "# fmt: off",
            "WEIGHTS = {",
            *lines,
            "}",
            "",
        ]
    )


if __name__ == "__main__":
    main()
