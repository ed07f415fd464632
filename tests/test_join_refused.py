"""What is not joined, and what a joined ticket does not do by itself."""

import pytest

from dialogs.ticket_number import format_number
from handlers.case import ActRefusedError
from handlers.join import join, split
from store.database import Pool
from tests.office import TIANCUN, Office, open_office
from tests.test_join import FIRST, SECOND, THIRD, act


@pytest.fixture
async def office(pool: Pool) -> Office:
    return await open_office(pool)


async def test_a_tip_off_is_joined_to_nothing_even_where_nobody_asked_for_secrecy(
    office: Office,
) -> None:
    parent = await office.open(phone=FIRST)
    tip = await office.open(phone=THIRD)
    await office.value("update tickets set kind = 'tip_off' where id = $1 returning 1", tip)
    await act(office, split, "centre", tip)
    for one, other in ((tip, parent), (parent, tip)):
        with pytest.raises(ActRefusedError, match="只有求助和投诉"):
            await act(office, join, "centre", one, format_number(other))


async def test_a_place_told_late_sends_a_joined_ticket_nowhere_of_its_own(office: Office) -> None:
    danger = "救命啊有人触电了！"
    await office.say(danger, phone=FIRST)
    parent = await office.value("select max(id) from tickets")
    await office.say(danger, phone=SECOND)
    child = await office.value("select max(id) from tickets")
    await act(office, join, "centre", child, format_number(parent))
    await office.say("海淀区田村路街道阜石路第一社区5号楼", phone=SECOND)
    row = await office.ticket(child)
    assert (row["state"], row["street_code"]) == ("triage", TIANCUN)
    assert await office.value("select count(*) from assignments") == 0
