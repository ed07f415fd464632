"""Another kind or topic: staff put right what a ticket counts as, and nothing else moves."""

import orjson
import pytest

from dialogs.words import Kind
from handlers.case import ActRefusedError
from handlers.retopic import Retopicing, retopic
from handlers.sign import sign
from store.database import Pool
from store.learning_rows import learning_rows
from tests.office import Office, act, open_office
from tests.world import START


@pytest.fixture
async def office(pool: Pool) -> Office:
    return await open_office(pool)


async def event(office: Office, ticket: int) -> tuple[str, dict[str, dict[str, str]]]:
    row = (
        await office.rows(
            "select note, data::text from ticket_events where ticket_id = $1 and type = 'retopiced'",
            ticket,
        )
    )[0]
    return row["note"], orjson.loads(row["data"])


async def test_topic_and_kind_change_and_nothing_else(office: Office) -> None:
    ticket = await office.open()
    before = dict(await office.ticket(ticket))
    order = Retopicing(Kind.COMPLAINT, "T002", "说的是收费")
    await act(office, retopic, "centre", ticket, order)
    after = dict(await office.ticket(ticket))
    assert (after.pop("kind"), after.pop("topic")) == ("complaint", "T002")
    assert (before.pop("kind"), before.pop("topic")) == ("request", "T001")
    assert after == before
    assert await office.notices() == []


async def test_the_event_keeps_what_it_was_and_what_it_is(office: Office) -> None:
    ticket = await office.open()
    await act(office, retopic, "centre", ticket, Retopicing(topic="T002", reason="说的是收费"))
    note, data = await event(office, ticket)
    assert note.endswith("；说的是收费")
    assert data["from"] == {"kind": "request", "topic": "T001"}
    assert data["to"] == {"kind": "request", "topic": "T002"}


@pytest.mark.parametrize(
    ("order", "why"),
    [
        (Retopicing(), "没有改动"),
        (Retopicing(Kind.REQUEST, "T001"), "没有改动"),
        (Retopicing(topic="T999"), "不在目录"),
    ],
)
async def test_what_changes_nothing_is_refused(office: Office, order: Retopicing, why: str) -> None:
    ticket = await office.open()
    with pytest.raises(ActRefusedError, match=why):
        await act(office, retopic, "centre", ticket, order)


async def test_a_unit_does_not_change_what_its_tickets_count_as(office: Office) -> None:
    ticket = await office.open()
    with pytest.raises(ActRefusedError, match="不能改分类"):
        await act(office, retopic, "tiancun", ticket, Retopicing(topic="T002"))


async def learnt_from(office: Office) -> list[tuple[str, bool]]:
    async with office.pool.acquire() as connection:
        return [(row.topic, row.corrected) for row in await learning_rows(connection, START, 100)]


async def test_a_corrected_ticket_is_learnt_from_at_once(office: Office) -> None:
    ticket = await office.open()
    assert await learnt_from(office) == []
    await act(office, retopic, "centre", ticket, Retopicing(topic="T002"))
    assert await learnt_from(office) == [("T002", True)]


async def test_another_kind_alone_is_no_corrected_topic(office: Office) -> None:
    ticket = await office.open()
    await act(office, retopic, "centre", ticket, Retopicing(Kind.COMPLAINT))
    assert await learnt_from(office) == []


async def test_a_ticket_that_was_signed_and_settled_without_return_is_learnt_from(
    office: Office,
) -> None:
    settled, returned, unsigned = [await office.open(phone=f"+861380013800{n}") for n in range(3)]
    await act(office, sign, "tiancun", settled)
    await office.value("update tickets set state = 'closed' returning 1")
    await office.value(
        "insert into ticket_events (ticket_id, at, type, actor) values ($1, now(), 'returned', 'staff') returning 1",
        returned,
    )
    assert unsigned
    assert await learnt_from(office) == [("T001", False)]
