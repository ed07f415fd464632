"""A learnt model is plain numbers: what it says, what it is worth, and what is not taken for one."""

import struct

import pytest

from dialogs.understanding.learnt import (
    SQUARES,
    VERSION,
    ZERO,
    Head,
    LearntTopics,
    ModelError,
    grams,
    pack,
    with_tuning,
)
from dialogs.understanding.reader import Reader
from tests.catalogue import beijing

HEAD = Head(("T001", "T048"), (0.0, 0.0), 100.0, slope=4.0, offset=-2.0, threshold=0.8)
WORDS = {"公": (-50, 100), "鸡": (-100, 200), "暖": (300, -100)}


def packed(head: Head = HEAD) -> bytes:
    rows = b"".join(struct.pack("<3I", ZERO + a, ZERO + b, SQUARES) for a, b in WORDS.values())
    return pack(head, tuple(WORDS), rows)


def test_it_says_what_it_has_learnt_and_how_sure_it_is() -> None:
    code, probability = LearntTopics.load(packed()).guess("隔壁养了公鸡")
    assert code == "T048"
    assert probability > 0.8


def test_it_says_nothing_of_words_that_it_never_met() -> None:
    assert LearntTopics.load(packed()).guess("电梯") == ("", 0.0)
    assert LearntTopics.load(packed()).guess("") == ("", 0.0)


def test_less_that_speaks_for_a_topic_makes_it_less_sure() -> None:
    model = LearntTopics.load(packed())
    assert model.guess("鸡")[1] > model.guess("公")[1]


def test_a_topic_that_is_switched_off_is_never_named() -> None:
    model = LearntTopics.load(with_tuning(packed(), off=("T048",)))
    assert model.guess("公鸡") == ("", 0.0)
    assert model.guess("暖")[0] == "T001"


def test_it_knows_letters_pairs_and_whole_latin_words_but_no_number() -> None:
    assert grams("wifi坏了\x0013800138000") == {"wifi", "坏", "了", "坏了"}


def test_a_pair_does_not_reach_over_what_is_masked() -> None:
    assert grams("鸡\x00叫") == {"鸡", "叫"}


def test_a_very_long_message_overflows_nothing() -> None:
    words = [chr(0x4E00 + n) for n in range(5_000)]
    rows = struct.pack("<3I", 2 * ZERO - 1, ZERO, SQUARES) * len(words)
    model = LearntTopics.load(pack(HEAD, tuple(words), rows))
    assert model.guess("".join(words))[0] == "T001"


@pytest.mark.parametrize(
    ("kept", "why"),
    [
        (b"", "no model"),
        (b"PK\x03\x04 something else altogether", "no model"),
        (packed().replace(bytes([VERSION]), bytes([VERSION + 1]), 1), "version"),
        (packed()[:-1], "damaged"),
        (packed()[:30], "damaged"),
    ],
)
def test_what_is_no_model_is_refused(kept: bytes, why: str) -> None:
    with pytest.raises(ModelError, match=why):
        LearntTopics.load(kept)


def test_a_reader_hears_it_where_the_rules_are_silent() -> None:
    reader = Reader(beijing(), LearntTopics.load(packed()))
    assert reader.understand("海淀区田村路街道隔壁养了公鸡").topic == "T048"
    assert reader.understand("暖气不热").topic == "T001"


def test_of_a_message_it_gets_no_place() -> None:
    bare = Reader(beijing()).bare("海淀区田村路街道隔壁养了公鸡")
    assert "田村" not in bare
    assert bare.endswith("隔壁养了公鸡")
