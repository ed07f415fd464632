"""What the rules leave open is read a second time: the turn waits for nothing, and an answer that is late changes nothing."""

from datetime import timedelta

import pytest
from asyncpg import Record

from dialogs.words import Kind
from handlers.retopic import Retopicing, retopic
from handlers.second_reading import Answered, Reading, Suggestion, arrive, suggestion
from store import second_readings, ticket_page
from store.database import Pool
from store.second_readings import ClaimedReading
from tests.office import Office, act, open_office

STRANGE = "隔壁养的公鸡天天半夜打鸣"
LEASE = timedelta(seconds=10)
COCK = Reading(Kind.COMPLAINT, "T048", "", "", "公鸡天天半夜打鸣", emergency=False)


@pytest.fixture
async def office(pool: Pool) -> Office:
    office = await open_office(pool)
    office.world.reads_twice = True
    return office


async def waiting(office: Office) -> list[Record]:
    return await office.rows("select * from second_readings order by id")


async def claim(office: Office) -> list[ClaimedReading]:
    async with office.pool.acquire() as connection:
        return await second_readings.claim(connection, office.at, LEASE, 10)


async def answer(office: Office, reading: Reading | None = COCK) -> list[str]:
    """Let the model answer all that waits; returns what became of the answers."""
    answers = [Answered(one, reading) for one in await claim(office)]
    async with office.pool.acquire() as connection, connection.transaction():
        settled = await arrive(connection, office.world, answers, office.at)
    return [one.state for one in settled]


async def suggested(office: Office, ticket_id: int) -> Suggestion | None:
    async with office.pool.acquire() as connection:
        facts = await ticket_page.facts(connection, ticket_id)
        events = await ticket_page.events(connection, ticket_id, None)
        assert facts is not None
        return await suggestion(connection, office.world, facts, events)


async def test_what_the_rules_leave_open_is_written_down_with_the_turn(office: Office) -> None:
    turned = await office.say(STRANGE)
    assert turned[0].left_open
    (row,) = await waiting(office)
    assert (row["text"], row["state"], row["seq"]) == (STRANGE, "waiting", 2)


async def test_without_a_model_nothing_is_written_down(office: Office) -> None:
    office.world.reads_twice = False
    await office.say(STRANGE)
    assert await waiting(office) == []


async def test_numbers_of_people_do_not_leave(office: Office) -> None:
    await office.say(STRANGE + "，我电话13812345678")
    (row,) = await waiting(office)
    assert "13812345678" not in row["text"]


async def test_the_same_words_are_read_once(office: Office) -> None:
    await office.say(STRANGE, "海淀区田村路街道")
    assert len(await waiting(office)) == 1


@pytest.mark.parametrize(
    "text",
    ["匿名，" + STRANGE, "不发工资我就从楼上跳下去，" + STRANGE, "暖气不热，海淀区田村路街道"],
)
async def test_what_is_secret_dangerous_or_clear_is_not_read(office: Office, text: str) -> None:
    await office.say(text)
    assert [row for row in await waiting(office) if not row["topics"]] == []


async def test_an_answer_in_time_goes_into_the_draft_without_a_message(office: Office) -> None:
    await office.say(STRANGE)
    sent = await office.value("select count(*) from outbox")
    assert await answer(office) == ["read"]
    assert await office.value("select count(*) from outbox") == sent
    await office.say("海淀区田村路街道", "1")
    ticket = await office.value("select max(id) from tickets")
    assert (await office.ticket(ticket))["topic"] == "T048"
    (row,) = await waiting(office)
    assert row["taken"]
    found = await suggested(office, ticket)
    assert found is not None
    assert found.taken


async def test_an_answer_after_the_next_message_is_late_and_kept_for_staff(office: Office) -> None:
    await office.say(STRANGE, "海淀区田村路街道")
    before = await office.value("select session from conversations")
    assert await answer(office) == ["late"]
    assert await office.value("select session from conversations") == before
    await office.say("1")
    ticket = await office.value("select max(id) from tickets")
    assert (await office.ticket(ticket))["topic"] == ""
    found = await suggested(office, ticket)
    assert found is not None
    assert (found.topic, found.danger, found.taken) == ("T048", False, False)


async def test_what_staff_have_sorted_themselves_is_suggested_nothing(office: Office) -> None:
    await office.say(STRANGE, "海淀区田村路街道")
    await answer(office)
    await office.say("1")
    ticket = await office.value("select max(id) from tickets")
    await act(office, retopic, "centre", ticket, Retopicing(topic="T001"))
    assert await suggested(office, ticket) is None


async def test_another_matter_of_the_same_resident_gets_no_suggestion(office: Office) -> None:
    await office.say(STRANGE)
    await office.say("海淀区田村路街道")
    await answer(office)
    await office.say("取消")
    ticket = await office.open()
    assert await suggested(office, ticket) is None


async def test_a_model_that_says_nothing_leaves_all_as_it_was(office: Office) -> None:
    await office.say(STRANGE)
    before = await office.value("select session from conversations")
    assert await answer(office, None) == ["failed"]
    assert await office.value("select session from conversations") == before


async def test_what_is_claimed_is_nobody_else_s_until_the_lease_ends(office: Office) -> None:
    await office.say(STRANGE)
    assert len(await claim(office)) == 1
    assert await claim(office) == []
    office.at += 2 * LEASE
    assert len(await claim(office)) == 1


async def test_what_kills_its_readers_is_given_up(office: Office) -> None:
    await office.say(STRANGE)
    for _ in range(4):
        await claim(office)
        office.at += 2 * LEASE
    (row,) = await waiting(office)
    assert row["state"] == "failed"


async def test_two_answers_to_one_message_have_one_effect(office: Office) -> None:
    await office.say(STRANGE)
    first = await claim(office)
    office.at += 2 * LEASE
    again = await claim(office)
    for answers in (first, again):
        async with office.pool.acquire() as connection, connection.transaction():
            await arrive(connection, office.world, [Answered(answers[0], COCK)], office.at)
    (row,) = await waiting(office)
    assert (row["state"], row["taken"]) == ("read", True)


async def test_old_readings_are_forgotten(office: Office) -> None:
    await office.say(STRANGE)
    await answer(office)
    async with office.pool.acquire() as connection:
        await second_readings.forget(connection, office.at + LEASE)
    assert await waiting(office) == []


async def test_what_nobody_has_read_is_forgotten_too(office: Office) -> None:
    await office.say(STRANGE)
    async with office.pool.acquire() as connection:
        await second_readings.forget(connection, office.at)
        assert len(await waiting(office)) == 1
        await second_readings.forget(connection, office.at + LEASE)
    assert await waiting(office) == []
