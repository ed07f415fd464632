"""What came with a ticket, as its page shows it: and what a unit may hear of a call."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from aiohttp import FormData
from redis.asyncio import Redis

from handlers.keep_media import MEGABYTE
from handlers.sign import sign
from handlers.ticket_view import may_see_file
from store import ticket_page
from store.database import Pool
from tests.console_site import Desk, console_site, give_passwords
from tests.office import TIANCUN, Office, act, open_office
from tests.webchat.client import MakeClient

ADD = """
    insert into media (id, sha256, content_type, size, conversation_id, created_at, state, error, purpose, call_id, seconds)
    values ($1, '', $2, 0, $3, $4, $5, $6, $7, $8, 12) returning 1
"""
CALL = """
    insert into calls (id, direction, conversation_id, began_at, ended_at)
    values ('CA1', 'in', $1, $2, $3) returning 1
"""


@pytest.fixture
async def office(pool: Pool) -> Office:
    return await open_office(pool)


async def test_the_page_says_what_is_here_what_is_coming_and_what_is_not(
    office: Office, valkey: Redis, tmp_path: Path, aiohttp_client: MakeClient
) -> None:
    ticket = await office.open()
    talk = (await office.ticket(ticket))["conversation_id"]
    for name, kind, state, error in (
        ("a.jpg", "image/jpeg", "kept", ""),
        ("b.ogg", "audio/ogg", "kept", ""),
        ("c.pdf", "application/pdf", "kept", ""),
        ("d.jpg", "image/jpeg", "wanted", ""),
        ("e.bin", "application/zip", "refused", "wrong type"),
        ("f.ogg", "audio/ogg", "lost", "gone"),
    ):
        await office.value(ADD, name, kind, talk, office.at, state, error, "", None)
        await office.value("insert into ticket_media values ($1, $2) returning 1", ticket, name)
    site = console_site(office, valkey, tmp_path)
    await give_passwords(office)
    desk = Desk(await aiohttp_client(site.app))
    await desk.log_in("tiancun")
    page = await desk.page(f"/console/tickets/{ticket}")
    assert '<img src="/console/media/a.jpg"' in page
    assert '<audio controls preload="none" src="/console/media/b.ogg"' in page
    assert 'href="/console/media/c.pdf" download' in page
    assert "照片：还在取" in page
    assert "文件：取不到（不是照片、录音、PDF或视频）" in page
    assert "录音：取不到（提供方已经没有了）" in page
    assert 'src="/console/media/d.jpg"' not in page


async def recorded(office: Office, talk: int, began: timedelta, ended: timedelta) -> None:
    await office.value(CALL, talk, office.at + began, office.at + ended)
    await office.value(ADD, "r.wav", "audio/wav", talk, office.at, "kept", "", "talk", "CA1")


async def heard(office: Office, ticket: int) -> tuple[bool, bool]:
    """Whether the unit hears the recording, and whether the centre does."""
    async with office.pool.acquire() as connection:
        unit = await ticket_page.files(connection, ticket, whole=False)
        centre = await ticket_page.files(connection, ticket, whole=True)
        allowed = await may_see_file(connection, office.units[TIANCUN], "r.wav")
    assert allowed is bool(unit)
    return bool(unit), bool(centre)


MINUTE = timedelta(minutes=1)


async def test_a_recording_stands_with_the_ticket_that_the_call_led_to(office: Office) -> None:
    ticket = await office.open()
    talk = (await office.ticket(ticket))["conversation_id"]
    await recorded(office, talk, -2 * MINUTE, MINUTE)
    assert await heard(office, ticket) == (True, True)


async def test_a_call_in_which_more_was_told_is_for_the_centre_alone(office: Office) -> None:
    ticket = await office.open()
    await office.say("海淀区永定路街道路灯不亮", "1")
    talk = (await office.ticket(ticket))["conversation_id"]
    await recorded(office, talk, -2 * MINUTE, MINUTE)
    assert await heard(office, ticket) == (False, True)


@pytest.mark.parametrize("secret", ["confidential", "anonymous"])
async def test_a_voice_gives_nobody_away_who_wanted_to_be_hidden(
    office: Office, secret: str
) -> None:
    ticket = await office.open()
    talk = (await office.ticket(ticket))["conversation_id"]
    await office.value(f"update tickets set {secret} = true where id = $1 returning 1", ticket)  # noqa: S608
    await recorded(office, talk, -2 * MINUTE, MINUTE)
    assert await heard(office, ticket) == (False, True)


async def test_another_call_of_the_same_resident_is_not_shown_with_it(office: Office) -> None:
    ticket = await office.open()
    talk = (await office.ticket(ticket))["conversation_id"]
    await recorded(office, talk, MINUTE, 2 * MINUTE)
    assert await heard(office, ticket) == (False, False)


async def test_a_call_that_broke_off_stands_with_the_ticket_opened_from_it(office: Office) -> None:
    ticket = await office.open()
    talk = (await office.ticket(ticket))["conversation_id"]
    await office.value("update tickets set confirmed = false where id = $1 returning 1", ticket)
    await recorded(office, talk, -24 * 60 * MINUTE, -24 * 59 * MINUTE)
    assert (await heard(office, ticket))[1]


async def test_several_photos_go_with_one_form_and_too_many_are_refused_in_words(
    office: Office, valkey: Redis, tmp_path: Path, aiohttp_client: MakeClient
) -> None:
    ticket = await office.open()
    await act(office, sign, "tiancun", ticket)
    desk = Desk(await aiohttp_client(console_site(office, valkey, tmp_path).app))
    await desk.log_in("tiancun")
    path = f"/console/tickets/{ticket}"
    answers = []
    for photos in (3, 5):
        seen = {"taken_at": f"{office.at:%Y-%m-%dT%H:%M}", "place": "5号楼"}
        form = FormData(await desk.proof(path) | seen)
        for number in range(photos):
            photo = BytesIO(b"\xff\xd8\xff" + bytes(9 * MEGABYTE))
            form.add_field("files", photo, filename=f"{number}.jpg", content_type="image/jpeg")
        answers.append(await desk.client.post(f"{path}/evidence", data=form, allow_redirects=False))
    assert [answer.status for answer in answers] == [303, 413]
    assert "分几次上传" in await answers[-1].text()
    assert await office.value("select count(*) from evidence") == 3
