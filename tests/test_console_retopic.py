"""Another topic at the console: by a form, or by taking over with one click what the language model suggests."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from aiohttp import web
from redis.asyncio import Redis

from dialogs.words import Kind
from handlers.second_reading import Answered, Reading, arrive
from store import second_readings
from store.database import Pool
from store.second_readings import ClaimedReading
from tests.console_site import Client, Desk, console_site, give_passwords
from tests.office import Office, open_office
from tests.test_second_reading import LEASE, STRANGE

AioClient = Callable[[web.Application], Awaitable[Client]]
DANGER = Reading(Kind.REQUEST, "T048", "", "", "", emergency=True)


@pytest.fixture
async def office(pool: Pool) -> Office:
    office = await open_office(pool)
    await give_passwords(office)
    office.world.reads_twice = True
    return office


@pytest.fixture
async def centre(office: Office, valkey: Redis, tmp_path: Path, aiohttp_client: AioClient) -> Desk:
    centre = Desk(await aiohttp_client(console_site(office, valkey, tmp_path).app))
    await centre.log_in("centre")
    return centre


async def opened_with(office: Office, reading: Reading, *, in_time: bool = False) -> int:
    """A ticket whose words were read a second time, in time or after the resident had gone on."""
    await office.say(STRANGE, *([] if in_time else ["海淀区田村路街道"]))
    async with office.pool.acquire() as connection, connection.transaction():
        claimed: list[ClaimedReading] = await second_readings.claim(
            connection, office.at, LEASE, 10
        )
        answers = [Answered(one, reading) for one in claimed]
        await arrive(connection, office.world, answers, office.at)
    await office.say(*(["海淀区田村路街道"] if in_time else []), "1")
    ticket: int = await office.value("select max(id) from tickets")
    return ticket


async def test_a_suggestion_is_shown_and_taken_over_with_one_click(
    office: Office, centre: Desk
) -> None:
    ticket = await opened_with(office, DANGER)
    page = f"/console/tickets/{ticket}"
    body = await centre.page(page)
    assert "建议分类" in body
    assert "可能有人有危险" in body
    assert (await office.ticket(ticket))["topic"] == ""
    response = await centre.send(page, page + "/retopic", topic="T048", text="采用建议分类")
    assert response.status == 303
    assert (await office.ticket(ticket))["topic"] == "T048"
    assert "建议分类：" not in await centre.page(page)
    assert 'value="采用建议分类"' not in await centre.page(page)


async def test_what_the_model_has_put_into_the_draft_is_marked(
    office: Office, centre: Desk
) -> None:
    ticket = await opened_with(office, DANGER, in_time=True)
    assert "语言模型补上的" in await centre.page(f"/console/tickets/{ticket}")


async def test_a_unit_is_shown_no_suggestion(
    office: Office, centre: Desk, aiohttp_client: AioClient
) -> None:
    ticket = await opened_with(office, DANGER)
    unit = Desk(await aiohttp_client(centre.client.app))
    await unit.log_in("district")
    assert "建议分类" not in await unit.page(f"/console/tickets/{ticket}")


async def test_the_form_says_what_it_does_and_what_it_does_not(
    office: Office, centre: Desk
) -> None:
    ticket = await office.open()
    page = f"/console/tickets/{ticket}"
    assert "承办单位、等级、时限都不变" in await centre.page(page)
    response = await centre.send(page, page + "/retopic", kind="complaint", topic="T002", text="")
    assert response.status == 303
    assert "改分类" in await centre.page(page)
    assert (await office.ticket(ticket))["kind"] == "complaint"
    refused = await centre.send(page, page + "/retopic", kind="complaint", topic="T002", text="")
    assert refused.status == 422
    assert "没有改动" in await refused.text()
