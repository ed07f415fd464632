"""Staff see which channels are one resident, and take one out that was another person's."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from redis.asyncio import Redis

from channels import whatsapp
from channels.base import Inbound
from dialogs.said import Said
from dialogs.words import Role
from handlers.case import ActRefusedError, By, RepeatedActError, UnknownTicketError
from handlers.split_resident import split_resident, view_resident
from handlers.turn import run_turns
from store.database import Pool
from tests.console_site import Desk, console_site, give_passwords
from tests.office import Office, open_office
from tests.webchat.client import MakeClient
from tests.world import ACCOUNT, PHONE


@pytest.fixture
async def office(pool: Pool) -> Office:
    here = await open_office(pool)
    others = {whatsapp.NAME: whatsapp.channel(ACCOUNT, "+861012345", "CN")}
    here.world.channels = {**here.world.channels, **others}
    return here


async def both(office: Office) -> tuple[int, int]:
    """A resident with a ticket by SMS and one by WhatsApp."""
    one = await office.open()
    other = await office.open("海淀区永定路街道路灯不亮", channel="whatsapp")
    return one, other


async def address(office: Office, channel: str) -> int:
    found: int = await office.value("select id from addresses where channel = $1", channel)
    return found


async def split(office: Office, ticket: int, channel: str, by: By | None = None) -> None:
    chosen = await address(office, channel)
    who = by or office.by("editor")
    async with office.pool.acquire() as connection, connection.transaction():
        await split_resident(connection, who, ticket, chosen, "家人共用手机")


async def test_the_channels_of_a_resident_are_seen_masked_and_every_look_is_logged(
    office: Office,
) -> None:
    one, other = await both(office)
    async with office.pool.acquire() as connection, connection.transaction():
        view = await view_resident(connection, office.by("editor"), one)
    assert [(a.channel, a.masked, a.tickets) for a in view.addresses] == [
        ("sms", "+86138****8000", 1),
        ("whatsapp", "+86138****8000", 1),
    ]
    assert [link.how for link in view.links] == ["number"]
    assert {ticket.id for ticket in view.tickets} == {one, other}
    looks = await office.rows("select ticket_id, purpose from contact_views")
    assert [tuple(look) for look in looks] == [(one, "查看市民的渠道")]


async def test_units_and_other_roles_do_not_see_it(office: Office) -> None:
    one, _ = await both(office)
    for who in (
        office.by("tiancun"),
        replace(office.by("editor"), roles=frozenset({Role.SURVEYOR})),
    ):
        async with office.pool.acquire() as connection:
            with pytest.raises(UnknownTicketError):
                await view_resident(connection, who, one)
    assert await office.value("select count(*) from contact_views") == 0


async def test_what_was_told_without_a_name_leads_to_nobody(office: Office) -> None:
    one, _ = await both(office)
    await office.value("update tickets set anonymous = true where id = $1 returning 1", one)
    async with office.pool.acquire() as connection:
        with pytest.raises(UnknownTicketError):
            await view_resident(connection, office.by("editor"), one)


async def test_an_address_is_taken_out_with_its_own_tickets_and_why_is_kept(office: Office) -> None:
    one, other = await both(office)
    await split(office, one, "whatsapp")
    first, second = await office.ticket(one), await office.ticket(other)
    assert first["resident_id"] != second["resident_id"]
    link = (await office.rows("select * from resident_links order by id desc"))[0]
    assert (link["how"], link["note"], link["to_resident_id"]) == (
        "split",
        "家人共用手机",
        second["resident_id"],
    )
    events = await office.rows("select ticket_id from ticket_events where type = 'resident_split'")
    assert [event[0] for event in events] == [other]
    loose = "select count(*) from conversations c join addresses a on a.id = c.address_id where a.resident_id <> c.resident_id"
    assert await office.value(loose) == 0


async def test_the_next_message_does_not_make_them_one_again(office: Office) -> None:
    one, other = await both(office)
    await split(office, one, "whatsapp")
    await office.say("查询", channel="whatsapp")
    await office.say("查询")
    assert (await office.ticket(one))["resident_id"] != (await office.ticket(other))["resident_id"]
    texts = await office.rows(
        "select reply ->> 'text' as text from outbox order by created_at, conversation_id"
    )
    assert not any("暖气" in row["text"] and "路灯" in row["text"] for row in texts)


async def test_the_number_stays_with_its_own_sms(office: Office) -> None:
    one, other = await both(office)
    await split(office, other, "sms")
    telegram = replace(office.world.channels["whatsapp"], name="telegram")
    office.world.channels = {**office.world.channels, "telegram": telegram}
    await office.say("你好", channel="telegram")
    newest = await office.value("select resident_id from addresses where channel = 'telegram'")
    assert newest == (await office.ticket(one))["resident_id"]
    assert newest != (await office.ticket(other))["resident_id"]


async def test_a_form_sent_twice_splits_once_and_what_cannot_be_is_refused(office: Office) -> None:
    one, _ = await both(office)
    who = office.by("editor")
    await split(office, one, "whatsapp", who)
    with pytest.raises(RepeatedActError):
        await split(office, one, "whatsapp", who)
    with pytest.raises(ActRefusedError, match="已经不在"):
        await split(office, one, "whatsapp")
    with pytest.raises(ActRefusedError, match="只有一个渠道"):
        await split(office, one, "sms")
    with pytest.raises(ActRefusedError, match="质检员"):
        await split(office, one, "sms", office.by("centre"))


async def test_a_ticket_is_never_shown_to_whoever_was_taken_out(office: Office) -> None:
    one, _ = await both(office)
    await split(office, one, "whatsapp")
    office.at += timedelta(minutes=1)
    said = Inbound("whatsapp", "status", PHONE, Said("查询"), office.at)
    async with office.pool.acquire() as connection, connection.transaction():
        turned = await run_turns(connection, office.world, [said], office.at)
    assert turned[0].message is not None
    assert "路灯" in turned[0].message.reply.text
    assert "暖气" not in turned[0].message.reply.text


async def test_the_page_shows_it_and_its_form_works(
    office: Office, valkey: Redis, tmp_path: Path, aiohttp_client: MakeClient
) -> None:
    one, _ = await both(office)
    site = console_site(office, valkey, tmp_path)
    await give_passwords(office)
    desk = Desk(await aiohttp_client(site.app))
    await desk.log_in("editor")
    page = f"/console/tickets/{one}/resident"
    assert page in await desk.page(f"/console/tickets/{one}")
    shown = await desk.page(page)
    assert "+86138****8000" in shown
    assert "号码相同" in shown
    refused = await desk.send(
        page, page, address=str(await address(office, "whatsapp")), reason=" "
    )
    assert refused.status == 422
    sent = await desk.send(
        page, page, address=str(await address(office, "whatsapp")), reason="家人共用手机"
    )
    assert sent.status == 303
    assert "已拆开" in await desk.page(sent.headers["Location"])
    await desk.log_in("tiancun")
    await desk.page(page, status=404)
    assert page not in await desk.page(f"/console/tickets/{one}")
