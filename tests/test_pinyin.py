"""The sounds of characters are those of the dictionary, and those alike are heard as one."""

import pytest
from pypinyin import lazy_pinyin

from dialogs.understanding.likeness import difference
from dialogs.understanding.pinyin import (
    like_sounds,
    names_sounds,
    other_sounds,
    sounds,
    spelled,
    syllables,
)
from dialogs.understanding.syllables import SYLLABLES
from tests.catalogue import beijing


def test_every_character_sounds_as_in_the_dictionary() -> None:
    characters = [character for character in SYLLABLES if character > "\u3400"]
    assert len(characters) == len(set(characters)) > 6_700
    for word in SYLLABLES.split():
        syllable = word.rstrip("".join(character for character in word if character > "\u3400"))
        for character in word[len(syllable) :]:
            assert lazy_pinyin(character) == [syllable]


def test_the_dictionary_reads_every_street_as_one_of_ours() -> None:
    for street in beijing().streets:
        read = "".join(lazy_pinyin(street.short_name)).replace("lv", "lu").replace("nv", "nu")
        assert read in spelled(street.short_name)


@pytest.mark.parametrize(
    ("one", "other", "tier"),
    [
        ("羊坊店", "羊房店", 1),
        ("南苑", "蓝苑", 2),
        ("张镇", "脏镇", 2),
        ("劲松", "进松", 1),
        ("亭林", "婷凌", 2),
        ("望京", "旺金", 2),
        ("海淀", "朝阳", 0),
    ],
)
def test_what_sounds_the_same_or_alike(one: str, other: str, tier: int) -> None:
    assert (sounds(one) == sounds(other)) == (tier == 1)
    assert (like_sounds(one) == like_sounds(other)) == (tier > 0)


def test_a_name_has_all_its_readings() -> None:
    assert {"shilibao", "shilipu"} <= set(spelled("十里堡"))
    readings = list(names_sounds(["什刹海"]))
    assert readings[0] == ("什刹海", sounds("什刹海"), like_sounds("什刹海"))
    assert len({exact for _, exact, _ in readings}) == len(readings) > 1
    assert spelled("绿岛")[0] == "ludao"


def test_what_has_no_sound_stays() -> None:
    assert sounds("A3号") == "A3" + sounds("号")


def test_a_text_is_heard_with_the_second_readings_of_its_characters() -> None:
    assert other_sounds("长家湾") == (sounds("张家湾"), like_sounds("张家湾"))
    assert other_sounds("停水") is None


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("太师屯", "太师吞", 0),
        ("望京", "旺金", 1),
        ("太师屯", "太师蹲", 3),
        ("方庄", "方专", 3),
        ("雁栖", "燕西", 3),
        ("漷县", "郭县", 3),
    ],
)
def test_how_far_apart_two_names_sound(one: str, other: str, apart: int) -> None:
    assert difference(syllables(one), syllables(other)) == apart


def test_other_syllables_are_too_far_apart_to_be_a_slip() -> None:
    assert difference(syllables("望京"), syllables("海淀")) > 100
