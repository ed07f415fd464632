"""One resident on many channels: who proves the same number is the same resident, and nobody else is."""

import asyncio
import random
from dataclasses import replace
from datetime import timedelta

import orjson
import pytest

from channels import telegram, webchat, whatsapp
from channels.base import Channel, Inbound
from dialogs.said import Said
from handlers.link_codes import CODES_AN_HOUR, code_of
from store.database import Pool, transaction
from tests.world import ACCOUNT, PHONE, Town, shown, town

MATTER = "海淀区田村路街道阜石路第一社区5号楼暖气不热"
OTHER = "+8613900139000"
WEB, STRANGER = "browser-of-the-resident-0001", "browser-of-a-stranger-00002"
CHAT = "4711"


@pytest.fixture
async def here(pool: Pool) -> Town:
    city = await town(pool)
    telegrams: Channel = replace(
        webchat.channel(), name=telegram.NAME, abilities=replace(TELEGRAM, mailbox=True)
    )
    city.world.channels = {
        **city.world.channels,
        whatsapp.NAME: whatsapp.channel(ACCOUNT, "+861012345", "CN"),
        telegram.NAME: telegrams,
    }
    return city


TELEGRAM = replace(webchat.channel().abilities, contact=True)


def inbound(
    city: Town, channel: str, address: str, text: str, *, choice: str = "", phone: str = ""
) -> Inbound:
    city.count += 1
    said = Said(text=text, choice=choice, phone=phone)
    return Inbound(channel, f"K{city.count}", address, said, city.now)


async def say(city: Town, channel: str, address: str, *texts: str, phone: str = "") -> str:
    """Say one thing after another; returns what the last was answered."""
    answer = ""
    async with (turns := city.turns()).running():
        for text in texts:
            outcome = await turns.submit(inbound(city, channel, address, text, phone=phone))
            answer = await _answer(city, outcome.conversation_id) or shown(outcome)
    return answer


async def _answer(city: Town, conversation_id: int | None) -> str:
    newest = (
        "select reply ->> 'text' from outbox where conversation_id = $1 order by seq desc limit 1"
    )
    return str(await city.pool.fetchval(newest, conversation_id) or "")


async def residents(city: Town) -> dict[str, int]:
    """Whose each address is, by channel; several of one channel by their order."""
    rows = await city.pool.fetch("select channel, resident_id from addresses order by id")
    found: dict[str, int] = {}
    for row in rows:
        name = row["channel"]
        while name in found:
            name += "'"
        found[name] = row["resident_id"]
    return found


async def linked(city: Town, address: str = WEB, number: str = "13800138000") -> str:
    await say(city, "webchat", address, "绑定手机", number)
    return await say(city, "webchat", address, await code(city))


async def code(city: Town) -> str:
    newest = await city.pool.fetchval("select max(id) from link_codes")
    return code_of(city.world.keys, newest)


async def test_the_same_number_by_sms_and_whatsapp_is_one_resident(here: Town) -> None:
    await here.say(MATTER, "1")
    status = await say(here, "whatsapp", PHONE, "查询")
    assert "暖气不热" in status
    assert len(set((await residents(here)).values())) == 1
    how = await here.pool.fetchval("select how from resident_links")
    assert how == "number"


async def test_another_number_is_another_resident(here: Town) -> None:
    await here.say(MATTER, "1")
    assert "暖气不热" not in await say(here, "whatsapp", OTHER, "查询")
    assert len(set((await residents(here)).values())) == 2


async def test_two_first_messages_on_two_channels_at_once_make_one_resident(here: Town) -> None:
    for number in range(10):
        phone = f"+861380014{number:04d}"
        async with (
            (one := here.turns()).running(),
            (other := here.turns()).running(),
        ):
            await asyncio.gather(
                one.submit(inbound(here, "sms", phone, "你好")),
                other.submit(inbound(here, "whatsapp", phone, "你好")),
            )
    rows = await here.pool.fetch(
        "select count(distinct resident_id) from addresses group by number_hash"
    )
    assert [row[0] for row in rows] == [1] * 10
    orphans = "select count(*) from conversations c join addresses a on a.id = c.address_id where a.resident_id <> c.resident_id"
    assert await here.pool.fetchval(orphans) == 0


async def test_two_first_messages_in_one_batch_make_one_resident(here: Town) -> None:
    async with (turns := here.turns()).running():
        await asyncio.gather(
            *(
                turns.submit(inbound(here, channel, PHONE, "你好"))
                for channel in ("sms", "whatsapp")
            )
        )
    assert len(set((await residents(here)).values())) == 1


async def test_a_contact_that_the_provider_vouches_for_makes_one_resident_the_older(
    here: Town,
) -> None:
    await here.say(MATTER, "1")
    await say(here, "telegram", CHAT, "你好")
    before = await residents(here)
    await say(here, "telegram", CHAT, "", phone=PHONE)
    after = await residents(here)
    assert after == dict.fromkeys(after, before["sms"])
    assert "暖气不热" in await say(here, "telegram", CHAT, "查询")
    link = await here.pool.fetchrow("select * from resident_links")
    assert link is not None
    assert (link["how"], link["from_resident_id"], link["to_resident_id"]) == (
        "contact",
        before["telegram"],
        before["sms"],
    )


async def test_the_older_resident_stays_whichever_side_proves_it(here: Town) -> None:
    await say(here, "telegram", CHAT, MATTER, "1")
    await here.say("你好")
    before = await residents(here)
    await say(here, "telegram", CHAT, "", phone=PHONE)
    assert set((await residents(here)).values()) == {before["telegram"]}
    assert "暖气不热" in await here.say("查询")
    assert await here.pool.fetchval("select resident_id from tickets") == before["telegram"]


async def test_a_number_shared_before_it_ever_wrote_is_known_when_it_does(here: Town) -> None:
    await say(here, "telegram", CHAT, MATTER, "1")
    await say(here, "telegram", CHAT, "", phone=PHONE)
    assert "暖气不热" in await here.say("查询")


async def test_a_contact_shared_twice_is_linked_once(here: Town) -> None:
    await here.say("你好")
    for _ in range(2):
        await say(here, "telegram", CHAT, "", phone=PHONE)
    assert await here.pool.fetchval("select count(*) from resident_links") == 1


async def test_a_number_that_is_merely_typed_links_nothing(here: Town) -> None:
    await here.say(MATTER, "1")
    await say(
        here, "telegram", CHAT, "海淀区永定路街道路灯不亮，我电话13800138000", "1", "13800138000"
    )
    await say(here, "webchat", WEB, "绑定手机", "13800138000")
    assert len(set((await residents(here)).values())) == 3
    assert "暖气不热" not in await say(here, "webchat", STRANGER, "查询")
    assert await here.pool.fetchval("select count(*) from resident_links") == 0


async def test_the_right_code_links_a_web_chat(here: Town) -> None:
    await here.say(MATTER, "1")
    await say(here, "webchat", WEB, "绑定手机", "13800138000")
    told = await here.wait(seconds=1)
    del told
    text = await here.pool.fetchrow(
        "select parts, purpose, channel from outbox order by created_at desc limit 1"
    )
    assert text is not None
    assert text["purpose"] == "code"
    assert await code(here) in text["parts"]
    assert "绑定好了" in await say(here, "webchat", WEB, await code(here))
    assert "暖气不热" in await say(here, "webchat", WEB, "查询")
    assert await here.pool.fetchval("select how from resident_links") == "code"


async def test_the_text_of_a_code_is_one_part_and_the_row_does_not_tell_the_code(
    here: Town,
) -> None:
    await say(here, "webchat", WEB, "绑定手机", "13800138000")
    await here.wait(seconds=1)
    parts = await here.pool.fetchval("select parts from outbox where purpose = 'code'")
    assert len(orjson.loads(parts)) == 1
    row = await here.pool.fetchrow("select * from link_codes")
    assert row is not None
    assert await code(here) not in str(dict(row))


async def test_a_wrong_code_is_refused_five_times_and_then_even_the_right_one_is(
    here: Town,
) -> None:
    await here.say(MATTER, "1")
    await say(here, "webchat", WEB, "绑定手机", "13800138000")
    wrong = "000000" if await code(here) != "000000" else "111111"
    for _ in range(4):
        assert "不对" in await say(here, "webchat", WEB, wrong)
    assert "不能用了" in await say(here, "webchat", WEB, wrong)
    await say(here, "webchat", WEB, "绑定手机")
    assert await here.pool.fetchval("select tries from link_codes") == 5
    assert len(set((await residents(here)).values())) == 2


async def test_a_code_expires_and_is_good_once_and_for_its_own_chat_alone(here: Town) -> None:
    await here.say(MATTER, "1")
    await say(here, "webchat", WEB, "绑定手机", "13800138000")
    first = await code(here)
    await say(here, "webchat", STRANGER, "绑定手机", "13900139000")
    assert "不对" in await say(here, "webchat", STRANGER, first)
    here.now = here.now.replace(minute=here.now.minute + 11)
    assert "不能用了" in await say(here, "webchat", WEB, first)
    rows = await here.pool.fetch(
        "select distinct resident_id from addresses where channel <> 'sms'"
    )
    assert len(rows) == 2


async def test_no_more_than_three_codes_an_hour_go_to_a_number_or_from_a_chat(here: Town) -> None:
    for number in range(CODES_AN_HOUR):
        await say(here, "webchat", f"browser-{number:020d}", "绑定手机", "13800138000")
    refused = await say(here, "webchat", STRANGER, "绑定手机", "13800138000")
    assert "发不了" in refused
    for number in range(CODES_AN_HOUR):
        await say(here, "webchat", WEB, "绑定手机", f"1390013900{number}")
    assert "发不了" in await say(here, "webchat", WEB, "绑定手机", "13900139009")
    await here.wait(seconds=1)
    sent = "select count(*) from outbox where purpose = 'code'"
    assert await here.pool.fetchval(sent) == 2 * CODES_AN_HOUR


async def test_who_has_stopped_our_messages_gets_no_code(here: Town) -> None:
    await here.say("你好", "退订")
    assert "发不了" in await say(here, "webchat", WEB, "绑定手机", "13800138000")


async def test_a_browser_that_is_linked_is_not_linked_to_a_second_number(here: Town) -> None:
    await here.say(MATTER, "1")
    await say(here, "webchat", WEB, "绑定手机", "13800138000")
    await here.wait(seconds=1)
    await say(here, "webchat", WEB, await code(here))
    assert "发不了" in await say(here, "webchat", WEB, "绑定手机", "13800138009")


async def test_open_drafts_and_surveys_stay_with_their_conversations(here: Town) -> None:
    await here.say("海淀区田村路街道阜石路第一社区")
    await say(here, "webchat", WEB, "路灯不亮")
    before = await here.pool.fetch("select id, session::text from conversations order by id")
    await linked(here)
    assert "暖气" in await here.say("5号楼暖气不热")
    after = {
        row["id"]: row["session"]
        for row in await here.pool.fetch("select id, session::text from conversations")
    }
    assert {row["id"] for row in before} <= after.keys()
    assert len(set((await residents(here)).values())) == 1


async def test_while_somebody_holds_the_other_talk_it_waits_and_nothing_is_lost(here: Town) -> None:
    await here.say(MATTER, "1")
    await say(here, "webchat", WEB, "绑定手机", "13800138000")
    async with transaction(here.pool) as busy:
        await busy.fetch("select from conversations where channel = 'sms' for update")
        assert "绑定好了" in await say(here, "webchat", WEB, await code(here))
        assert len(set((await residents(here)).values())) == 2
    await here.wait(seconds=2)
    assert len(set((await residents(here)).values())) == 1
    assert await here.pool.fetchval("select count(*) from timers where subject = 'address'") == 0
    assert "暖气不热" in await say(here, "webchat", WEB, "查询")


async def test_what_is_one_may_be_added_to_and_chased_up_from_each_channel(here: Town) -> None:
    await here.say(MATTER, "1")
    await linked(here)
    await say(here, "webchat", WEB, "查询", "补充", "家里有老人")
    notes = await here.pool.fetch("select note from ticket_events where type = 'added'")
    assert [row[0] for row in notes] == ["家里有老人"]


@pytest.mark.parametrize("seed", range(3))
async def test_whatever_is_said_and_proven_no_ticket_is_lost_or_shown_to_a_stranger(
    here: Town, seed: int
) -> None:
    """Three people with a phone each, a chat and a browser of their own; they tell, ask and prove in any order."""
    chance = random.Random(seed)  # noqa: S311 - a walk that can be walked again
    people = [(f"+861391000000{n}", f"77{n}", f"browser-of-person-{n:010d}") for n in range(3)]
    words = {n: f"海淀区田村路街道阜石路第一社区{n + 1}号楼暖气不热" for n in range(3)}
    for _ in range(24):
        person = chance.randrange(3)
        phone, chat, browser = people[person]
        channel, address = chance.choice(
            [("sms", phone), ("whatsapp", phone), ("telegram", chat), ("webchat", browser)]
        )
        match chance.randrange(4):
            case 0:
                await say(here, channel, address, "重新开始", words[person], "1", "1", "不用")
            case 1 if channel == "telegram":
                await say(here, channel, address, "", phone=phone)
            case 2 if channel == "webchat":
                await say(here, channel, address, "绑定手机", phone)
                await say(here, channel, address, await code(here))
                here.now += timedelta(minutes=61)
            case _:
                await say(here, channel, address, "查询")
        await here.wait(seconds=2)
        await _all_is_in_its_place(here, people)
    assert await here.pool.fetchval("select count(*) from tickets")
    assert await here.pool.fetchval("select count(*) from resident_links")


async def _all_is_in_its_place(here: Town, people: list[tuple[str, str, str]]) -> None:
    hashes = {
        here.world.address_hash(channel, address): number
        for number, (phone, chat, browser) in enumerate(people)
        for channel, address in (
            ("sms", phone),
            ("whatsapp", phone),
            ("telegram", chat),
            ("webchat", browser),
        )
    }
    rows = await here.pool.fetch(
        "select a.hash, a.resident_id, c.resident_id as talks, array_agg(t.resident_id) as tickets"
        " from addresses a join conversations c on c.address_id = a.id"
        " left join tickets t on t.conversation_id = c.id group by a.id, c.id"
    )
    persons: dict[int, set[int]] = {}
    for row in rows:
        persons.setdefault(row["resident_id"], set()).add(hashes[row["hash"]])
        assert row["talks"] == row["resident_id"]
        assert set(row["tickets"]) <= {row["resident_id"], None}
    assert all(len(who) == 1 for who in persons.values()), "two people have become one"
