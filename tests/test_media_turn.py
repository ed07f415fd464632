"""Files that lie at a provider: noted in the turn, before anybody fetches them."""

from dataclasses import replace

import pytest

from channels.base import Inbound, RemoteMedia
from dialogs.dialog import Move, State, Talk
from dialogs.engine import Repertoire
from dialogs.said import Reply, Said
from store.database import Pool
from tests.world import Town, town

PHOTO = RemoteMedia("https://provider.test/1", "image/jpeg")
VOICE = RemoteMedia("https://provider.test/2", "audio/ogg; codecs=opus", "voice.ogg", 900)


@pytest.fixture
async def here(pool: Pool) -> Town:
    return await town(pool)


async def send(here: Town, *inbound: Inbound) -> None:
    async with (turns := here.turns()).running():
        for one in inbound:
            await turns.submit(one)


def with_media(here: Town, text: str = "", *media: RemoteMedia) -> Inbound:
    return replace(here.message(text), media=media)


async def test_what_comes_with_a_message_is_noted_with_it_and_its_source_is_sealed(
    here: Town,
) -> None:
    await send(here, with_media(here, "", PHOTO, VOICE))
    rows = await here.pool.fetch("select * from media order by content_type")
    assert [(row["content_type"], row["state"], row["size"]) for row in rows] == [
        ("audio/ogg", "wanted", 900),
        ("image/jpeg", "wanted", 0),
    ]
    assert {row["due_at"] for row in rows} == {here.now}
    assert [here.world.keys.open(row["source"]) for row in rows] == [VOICE.source, PHOTO.source]
    assert b"provider" not in rows[0]["source"]
    said = await here.pool.fetchval("select said ->> 'attachments' from inbound")
    assert all(row["id"] in said for row in rows)
    assert all(row["conversation_id"] for row in rows)


async def test_a_repeat_notes_nothing_again(here: Town) -> None:
    once = with_media(here, "", PHOTO)
    await send(here, once, once)
    assert await here.pool.fetchval("select count(*) from media") == 1


async def test_it_comes_with_the_ticket_that_is_opened(here: Town) -> None:
    await send(here, with_media(here, "海淀区田村路街道阜石路第一社区5号楼暖气不热", PHOTO))
    await here.say("1")
    row = await here.pool.fetchrow(
        "select t.*, m.state from ticket_media t join media m on m.id = media_id"
    )
    assert row is not None
    assert row["state"] == "wanted"


async def test_a_photo_alone_is_asked_about_and_a_voice_note_is_asked_to_be_written(
    here: Town,
) -> None:
    async with (turns := here.turns()).running():
        photo = await turns.submit(with_media(here, "", PHOTO))
        voice = await turns.submit(replace(with_media(here, "", VOICE), address="+8613800138001"))
        paper = await turns.submit(
            replace(
                with_media(here, "", RemoteMedia("https://provider.test/3", "application/pdf")),
                address="+8613800138002",
            )
        )
    assert "照片" in photo.messages[0].reply.text
    assert "语音" in voice.messages[0].reply.text
    assert "照片" not in paper.messages[0].reply.text.partition("\n")[0]


async def test_of_a_turn_that_fails_the_files_are_kept_too(here: Town) -> None:
    dialogs = dict(here.world.repertoire.dialogs)
    dialogs["menu"] = replace(dialogs["menu"], states={"menu": State(hear=_stumble, ask=_ask)})
    here.world.repertoire = Repertoire(dialogs, fallback="menu", survey="survey")
    await send(here, with_media(here, "绊一跤", PHOTO))
    assert len(here.notes.failures) == 1
    assert await here.pool.fetchval("select state from media") == "wanted"


def _ask(talk: Talk, data: object) -> Reply:
    del talk, data
    return Reply("")


def _stumble(talk: Talk, data: object, said: Said) -> Move:
    del talk, data, said
    raise ValueError("stumbled")
