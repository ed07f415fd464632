"""What a voice says for what is written: numbers digit by digit, marks as pauses, keys named last."""

import pytest

from channels.spoken import spoken, voices, with_choices
from dialogs.said import Choice
from dialogs.words import Language

ZH, EN = Language.CHINESE, Language.ENGLISH


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("编号261123-000123-4。", "编号二六幺，幺二三，零零零，幺二三，四。"),
        ("请拨13800138000", "请拨幺三八，零零幺三，八零零零"),
        ("请拨+86 138 0013 8000", "请拨幺三八，零零幺三，八零零零"),
        ("拨打110、119或120", "拨打幺幺零、幺幺九或幺二零"),
        ("这里是12345", "这里是幺二三四五"),
        ("请拨12368。", "请拨幺二三六八。"),
        ("010-85001234", "零幺零，八五零零，幺二三四"),
        ("尾号5678", "尾号五六七八"),
        ("5号楼3单元201室", "5号楼3单元201室"),
        ("24小时内答复", "24小时内答复"),
        ("11月24日10:00前", "11月24日10:00前"),
        ("2026-11-24", "2026年11月24日"),
        ("补偿120元", "补偿120元"),
        ("“暖气不热”已受理", "暖气不热，已受理"),
        ("【12345】您好", "幺二三四五，您好"),
        ("好的。\n还有别的事吗？", "好的。还有别的事吗？"),
    ],
)
def test_chinese(written: str, said: str) -> None:
    assert spoken(written, ZH) == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("number 261123-000123-4", "number 2 6 1, 1 2 3, 0 0 0, 1 2 3, 4"),
        ("call 119 now", "call 1 1 9 now"),
        ("within 24 hours", "within 24 hours"),
    ],
)
def test_english(written: str, said: str) -> None:
    assert spoken(written, EN) == said


def test_keys_are_named_last_after_what_they_mean() -> None:
    choices = (Choice("yes", "对"), Choice("no", "不对"), Choice("command:more", "其他区"))
    assert with_choices("我听到的是暖气不热", choices, ZH) == (
        "我听到的是暖气不热。对，请按1；不对，请按2；其他区，请按井号。"
    )
    english = (Choice("yes", "Right"), Choice("no", "Wrong"))
    assert (
        with_choices("Is it right?", english, EN) == "Is it right? Right, press 1; Wrong, press 2."
    )


def test_a_prompt_that_names_its_keys_itself_names_them_once() -> None:
    text = "要保密吗？要请按1，不用请按2。"
    assert with_choices(text, (Choice("y", "要"), Choice("n", "不用")), ZH) == text


def test_each_language_is_said_by_its_own_voice() -> None:
    assert voices("普通话请按1。For English, press 2.", ZH) == [
        (ZH, "普通话请按1。"),
        (EN, "For English, press 2."),
    ]
    assert voices("passed to 田村路街道.", EN) == [(EN, "passed to "), (ZH, "田村路街道")]
