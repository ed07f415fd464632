"""What a resident tells beside the matter stands with the ticket, and what is left unanswered stands with its reason."""

from datetime import date

from store.database import Pool
from tests.world import town

TOLD = "替我妈反映，海淀区田村路街道阜石路第一社区5号楼三十多户前天开始暖气不热"


async def test_how_many_since_when_and_for_whom_are_kept_with_the_ticket(pool: Pool) -> None:
    city = await town(pool)
    await city.say(TOLD, "1")
    row = await pool.fetchrow("select affected, since, happened, on_behalf from tickets")
    assert row is not None
    assert tuple(row) == (30, date(2026, 11, 21), "前天", True)


async def test_a_number_left_after_the_ticket_is_sealed_on_it(pool: Pool) -> None:
    city = await town(pool)
    await city.say("海淀区田村路街道停水了", "1")
    assert "办理人员会打这个电话" in await city.say("我叫王芳，电话13911112222")
    row = await pool.fetchrow("select contact, contact_name, contact_masked from tickets")
    assert row is not None
    assert city.world.keys.open(row["contact"]) == "13911112222"
    assert city.world.keys.open(row["contact_name"]) == "王芳"
    assert row["contact_masked"] == "139****2222"


async def test_what_is_left_unanswered_in_a_pause_is_kept_with_its_reason(pool: Pool) -> None:
    city = await town(pool)
    for text in ("哈哈", "滚", "呵呵", "嘿嘿"):
        assert await city.say(text)
    assert await city.say("哈哈哈") == ""
    outcomes = await pool.fetch("select outcome, reply_seq from inbound order by seq")
    assert tuple(outcomes[-1]) == ("silent:paused", None)
    assert {row["outcome"] for row in outcomes[:-1]} == {"turned"}
    assert "停水" in await city.say("海淀区田村路街道停水了")


async def test_several_matters_are_tickets_of_their_own_at_one_place(pool: Pool) -> None:
    city = await town(pool)
    await city.say("海淀区田村路街道路灯不亮，还有垃圾没人清", "1", "1", "1")
    rows = await pool.fetch("select title, street_code from tickets order by id")
    assert [tuple(row) for row in rows] == [("路灯不亮", "110108021"), ("垃圾没人清", "110108021")]
