"""`jiesu chat`: somebody at a terminal, and the test that is left of what they said."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from dialogs.words import Language
from gateway.commands.chat import Ask, chat
from store.database import Pool
from tests.caller import phone, play_call
from tests.telephone import MOBILE, Town, town
from tests.transcript import facts, play, sms

MATTER = "海淀区田村路街道阜石路第一社区5号楼暖气不热"


@pytest.fixture
async def city(
    pool: Pool, database_url: str, redis_url: str, tmp_path: Path
) -> AsyncIterator[Town]:
    async with town(pool, database_url, redis_url, tmp_path) as made:
        yield made


def typed(lines: Iterable[str]) -> Ask:
    """A keyboard at which these lines are written."""
    left = iter(lines)

    async def ask() -> str | None:
        return next(left, None)

    return ask


def simulator(city: Town) -> str:
    """Where the simulated phones are served."""
    return city.standin.api_url.removesuffix("/simulator/twilio")


async def test_a_talk_by_sms_becomes_a_transcript_that_plays(city: Town, tmp_path: Path) -> None:
    kept = tmp_path / "talk.txt"
    await chat("sms", simulator(city), MOBILE, kept, typed([MATTER, "1"]))
    transcript = kept.read_text("utf-8")
    assert f"> {MATTER}\n< " in transcript
    assert "已受理" in transcript
    assert play(transcript, sms()).city.opened


async def test_a_talk_on_the_web_presses_buttons_by_number(city: Town, tmp_path: Path) -> None:
    kept = tmp_path / "talk.txt"
    await chat("web", city.standin.public_url, MOBILE, kept, typed([MATTER, "1"]))
    transcript = kept.read_text("utf-8")
    assert "> [" in transcript
    assert play(transcript, replace(facts(), linkable=True)).city.opened


async def test_a_call_becomes_a_transcript_that_plays(city: Town, tmp_path: Path) -> None:
    kept = tmp_path / "call.txt"
    await chat("voice", simulator(city), MOBILE, kept, typed(["#1", MATTER, "#1", "挂断"]))
    transcript = kept.read_text("utf-8")
    assert transcript.startswith("> call\n")
    assert "> #1\n" in transcript
    assert transcript.endswith("> hang up\n")
    both = (Language.CHINESE, Language.ENGLISH)
    assert play_call(transcript, phone(languages=both), home=sms()).city.opened
