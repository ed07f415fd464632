"""Surge mode: what is about a declared event gets its grade, route and short script; nothing else changes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from dialogs.dialog import Line
from dialogs.requests import Draft
from dialogs.surges import Surge, surge_of
from dialogs.understanding.place import Place
from dialogs.words import Kind, Language
from handlers.case import ActRefusedError, By
from handlers.in_force import read_events
from handlers.login import LoggedIn, Refused, hash_password, log_in, session_of
from handlers.surge import Declaring, declare, end_late_accounts, end_surge, may_declare
from handlers.surge_report import kept, rows
from handlers.surge_staff import Giving, give_accounts, names_of
from handlers.surges import SurgeInForce, with_scripts
from store import surges
from store.database import Pool
from store.surge_seats import SurgeLine
from tests.office import CGW, Office, act, open_office

PASSWORD = "right-password"
HEAT, LIGHT = "暖气不热", "路灯不亮"
ELSEWHERE = "海淀区田村路街道玉海园三里3号楼"
AT = "海淀区田村路街道阜石路第一社区5号楼"
EVENT = Declaring("供热抢修", "heating", words="暖气、供暖", places="海淀区", grade="I")


@pytest.fixture
async def office(pool: Pool) -> Office:
    return await open_office(pool)


async def begin(office: Office, event: Declaring = EVENT) -> int:
    """Declare an event, and let the world know."""
    surge_id: int = await act(office, declare, "admin", event)
    await follow(office)
    return surge_id


async def finish(office: Office, surge_id: int) -> None:
    await act(office, end_surge, "admin", surge_id)
    await follow(office)


async def follow(office: Office) -> None:
    async with office.pool.acquire() as connection:
        await read_events(connection, office.world, office.at)


async def shown(office: Office) -> str:
    """What was said last."""
    query = "select reply::text from outbox order by conversation_id desc, seq desc limit 1"
    return str(await office.value(query))


def test_a_matter_is_about_an_event_by_its_line_or_by_its_place_with_its_topic_or_words() -> None:
    here, there = Place("110108", "110108021"), Place("110101")
    event = Surge(
        1,
        lines=frozenset({"+861096069"}),
        topics=frozenset({"0101"}),
        places=frozenset({"110108"}),
        words=("暖气",),
    )

    def takes(draft: Draft, line: str = "") -> bool:
        return surge_of([event], draft, line) is event

    assert takes(Draft(matter="水管漏了"), "+861096069")
    assert takes(Draft(matter="家里冷", topic="0101", place=here))
    assert takes(Draft(matter="我家暖气不热", place=here))
    assert not takes(Draft(matter="我家暖气不热", place=there))
    assert not takes(Draft(matter="水管漏了", place=here))
    assert not takes(Draft(matter="水管漏了"), "+861012345")


@pytest.mark.parametrize("kind", [Kind.PRAISE, Kind.TIP_OFF])
def test_praise_and_tip_offs_go_their_own_way(kind: Kind) -> None:
    event = Surge(1, words=("暖气",), lines=frozenset({"+861096069"}))
    assert surge_of([event], Draft(matter="暖气", kind=kind), "+861096069") is None


def test_of_two_events_that_fit_whose_line_was_called_has_it_else_the_newest() -> None:
    newest = Surge(2, words=("暖气",), lines=frozenset({"line-7"}))
    older = Surge(1, words=("暖气",), lines=frozenset({"+861096069"}))
    cold = Draft(matter="暖气不热")
    assert surge_of([newest, older], cold, "") is newest
    assert surge_of([newest, older], cold, "+861096069") is older
    assert surge_of([newest, older], cold, "line-7") is newest


async def test_what_fits_is_marked_and_gets_grade_and_route(office: Office) -> None:
    surge_id = await begin(office, replace(EVENT, lead_unit_id=office.units[CGW]))
    ticket_id = await office.open(AT + HEAT)
    ticket = await office.ticket(ticket_id)
    assert (ticket["surge_id"], ticket["grade"]) == (surge_id, "I")
    assert ticket["lead_unit_id"] == office.units[CGW]
    assert ticket["why"] == "平战转换“供热抢修”，直派海淀区城管委"
    assert ticket["due_at"] - ticket["opened_at"] == timedelta(hours=2)
    assert "in_surge" in await office.events(ticket_id)


async def test_without_a_route_the_catalogue_decides(office: Office) -> None:
    before = await office.ticket(await office.open(AT + HEAT))
    await begin(office)
    after = await office.ticket(await office.open(ELSEWHERE + HEAT, "+8613800138001"))
    assert (before["surge_id"], before["lead_unit_id"]) == (None, after["lead_unit_id"])
    assert before["why"] == after["why"]


async def test_nothing_changes_for_other_tickets(office: Office) -> None:
    query = (
        "select topic, grade, state, lead_unit_id, why, surge_id, due_at - opened_at as span"
        " from tickets where id = $1"
    )
    before = await office.rows(query, await office.open(AT + LIGHT))
    await begin(office, replace(EVENT, lead_unit_id=office.units[CGW], script="暖气请说"))
    after = await office.rows(query, await office.open(ELSEWHERE + LIGHT, "+8613800138001"))
    assert dict(before[0]) == dict(after[0])
    assert after[0]["surge_id"] is None


async def test_danger_to_life_goes_where_it_always_goes(office: Office) -> None:
    surge_id = await begin(office, replace(EVENT, lead_unit_id=office.units[CGW], grade="III"))
    await office.say(AT + "暖气管爆裂，有人被烫伤了，快救命")
    ticket = await office.ticket(await office.value("select max(id) from tickets"))
    assert (ticket["surge_id"], ticket["grade"]) == (surge_id, "I")
    assert "平战" not in ticket["why"]


async def test_a_short_script_takes_down_matter_and_place_and_asks_no_more(office: Office) -> None:
    await office.say(AT + HEAT)
    assert await office.value("select count(*) from tickets") == 0
    await begin(office, replace(EVENT, script="供热热线，请说地址"))
    await office.say("我家" + HEAT, phone="+8613800138002")
    assert await office.value("select count(*) from tickets") == 0
    await office.say(AT, phone="+8613800138002")
    (ticket,) = await office.rows("select * from tickets")
    assert (ticket["state"], ticket["confirmed"]) == ("dispatched", False)


async def test_who_speaks_a_language_that_has_no_script_is_asked_as_always(office: Office) -> None:
    cold = "No heating at home, Tiancunlu Subdistrict, Haidian District"
    event = replace(EVENT, topics=("T001",), places="", script="供热热线，请说地址")
    surge_id = await begin(office, event)
    await office.say(cold)
    assert await office.value("select count(*) from tickets") == 0
    await finish(office, surge_id)
    await begin(office, replace(event, script_en="Heating line, say where you are"))
    await office.say(cold, phone="+8613800138001")
    assert await office.value("select surge_id is not null from tickets")


async def test_the_time_that_is_promised_is_the_events(office: Office) -> None:
    await begin(office)
    await office.say(AT + HEAT)
    assert "2小时" in await shown(office)


async def test_what_everybody_has_to_know_is_told_at_once(office: Office) -> None:
    article = await office.value(
        "insert into articles (question, answer, published, words, edited_at) values"
        " ('抢修到几点', '热力集团今晚十点前修好，请不要自行放水。', true, '', now()) returning id"
    )
    await begin(office, replace(EVENT, articles=f"#{article}"))
    await office.say(AT + HEAT)
    assert "今晚十点前修好" in await shown(office)
    await office.say(AT + LIGHT, phone="+8613800138003")
    assert "今晚十点前修好" not in await shown(office)


def test_lines_of_an_event_greet_with_its_script_and_hand_over_to_its_experts() -> None:
    event = SurgeInForce(
        Surge(1, lines=frozenset({"+861096069"})),
        "供热",
        scripts={Language.CHINESE: "供热专线"},
        expert_line="96069",
        lines=(SurgeLine(3, 1, "抢修", ("+861096069",), ("T001",)),),
    )
    lines = {"+861096069": Line("+861096069", "供热"), "+861012345": Line("+861012345")}
    changed = with_scripts(lines, [event])
    assert changed["+861096069"].greeting == {"zh-CN": "供热专线"}
    assert changed["+861096069"].second_line == "96069"
    assert (changed["+861096069"].name, changed["+861096069"].topic) == ("抢修", "T001")
    assert changed["line-3"].greeting == {"zh-CN": "供热专线"}
    assert changed["+861012345"] == lines["+861012345"]


async def test_the_leading_unit_hears_of_the_beginning_and_the_end(office: Office) -> None:
    surge_id = await begin(office, replace(EVENT, lead_unit_id=office.units[CGW]))
    await finish(office, surge_id)
    told = await office.rows("select unit_id, audience, event from unit_notices order by id")
    assert [tuple(one) for one in told] == [
        (office.units[CGW], audience, event)
        for event in ("surge_began", "surge_ended")
        for audience in ("head", "desk")
    ]


async def test_after_the_end_tickets_go_on_and_nothing_new_is_marked(office: Office) -> None:
    surge_id = await begin(office)
    first = await office.open(AT + HEAT)
    await finish(office, surge_id)
    second = await office.open(ELSEWHERE + HEAT, "+8613800138001")
    assert (await office.ticket(first))["state"] == "dispatched"
    assert (await office.ticket(first))["surge_id"] == surge_id
    assert (await office.ticket(second))["surge_id"] is None
    assert (await office.ticket(second))["grade"] == "II"


async def test_the_report_counts_what_came_and_is_kept(office: Office) -> None:
    surge_id = await begin(office)
    await office.open(AT + HEAT)
    await office.open(ELSEWHERE + HEAT, "+8613800138001")
    await finish(office, surge_id)
    async with office.pool.acquire() as connection:
        found = await surges.find(connection, surge_id)
    assert found is not None
    report = kept(found.report)
    assert (report.tickets, report.open, report.answered, report.response) == (2, 2, 0, None)
    by_state = {one.name: one.tickets for one in report.counts if one.what == "state"}
    assert by_state == {"待签收": 2}
    assert sum(one.tickets for one in report.counts if one.what == "topic") == 2
    assert ("合计", "响应率", "—") in list(rows(found.name, report))


@pytest.mark.parametrize(
    ("event", "says"),
    [
        (replace(EVENT, words=""), "至少选一条专线"),
        (replace(EVENT, name=" "), "名称"),
        (replace(EVENT, kind="war"), "事件类型"),
        (replace(EVENT, places="海淀区、火星"), "火星"),
        (replace(EVENT, words="热"), "每个2到20个字"),
        (replace(EVENT, grade="V"), "等级"),
        (replace(EVENT, topics=("9999",)), "不在目录中"),
        (replace(EVENT, lines=("+861011111",)), "号码表"),
        (replace(EVENT, expert_line="12319"), "先选专线"),
        (replace(EVENT, articles="987654"), "987654号"),
        (replace(EVENT, script="请" * 61), "太长"),
    ],
)
async def test_an_event_that_cannot_be_known_by_anything_is_refused(
    office: Office, event: Declaring, says: str
) -> None:
    with pytest.raises(ActRefusedError, match=says):
        await act(office, declare, "admin", event)


async def test_only_an_admin_of_the_centre_declares_and_ends(office: Office) -> None:
    surge_id = await begin(office)
    with pytest.raises(ActRefusedError, match="管理员"):
        await act(office, declare, "centre", replace(EVENT, name="另一件"))
    with pytest.raises(ActRefusedError, match="管理员"):
        await act(office, end_surge, "overseer", surge_id)
    assert not may_declare(1, frozenset(office.by("admin").roles))
    with pytest.raises(ActRefusedError, match="已经启动"):
        await act(office, declare, "admin", EVENT)
    await finish(office, surge_id)
    with pytest.raises(ActRefusedError, match="已经结束"):
        await act(office, end_surge, "admin", surge_id)


async def give(office: Office, surge_id: int, order: Giving, password: str = "") -> list[str]:
    """Accounts; nobody can log in by them without a password."""
    kept = await hash_password(password) if password else ""
    hashes: Sequence[str] = [kept] * len(order.names)
    logins: list[str] = await act(office, give_accounts, "admin", surge_id, order, hashes)
    return logins


async def try_login(office: Office, login: str) -> LoggedIn | Refused:
    async with office.pool.acquire() as connection:
        return await log_in(connection, login, PASSWORD, now=office.at, token=f"t{login}", csrf="c")


async def has_session(office: Office, login: str) -> bool:
    async with office.pool.acquire() as connection:
        return await session_of(connection, f"t{login}", office.at) is not None


async def test_an_account_is_refused_after_its_days_and_its_session_ends(office: Office) -> None:
    surge_id = await begin(office)
    (login,) = await give(office, surge_id, Giving(("支援一",), "intake", "2"), PASSWORD)
    office.at += timedelta(days=2) - timedelta(hours=1)
    assert isinstance(await try_login(office, login), LoggedIn)
    assert await has_session(office, login)
    office.at += timedelta(hours=2)
    assert not await has_session(office, login)
    assert await try_login(office, login) == Refused(over=True)


async def test_accounts_end_with_the_event_and_leave_nothing_in_their_hands(office: Office) -> None:
    surge_id = await begin(office, replace(EVENT, lead_unit_id=office.units[CGW]))
    order = Giving(("支援一", "支援二"), "handler", "5")
    first, second = await give(office, surge_id, order, PASSWORD)
    ticket_id = await office.open(AT + HEAT)
    await office.value(
        "update assignments set handler_id = (select id from staff where login = $1) returning 1",
        first,
    )
    assert isinstance(await try_login(office, second), LoggedIn)
    await finish(office, surge_id)
    assert not await has_session(office, second)
    assert isinstance(await try_login(office, first), Refused)
    assert await office.value("select count(*) from assignments where handler_id is not null") == 0
    assert "hand_taken_back" in await office.events(ticket_id)


async def test_what_is_in_the_hands_of_an_account_that_is_over_is_its_desks_again(
    office: Office,
) -> None:
    surge_id = await begin(office, replace(EVENT, lead_unit_id=office.units[CGW]))
    await give(office, surge_id, Giving(("支援一",), "handler", "2"))
    await give(office, surge_id, Giving(("支援二",), "handler", "3"))
    ticket_id = await office.open(AT + HEAT)
    await office.value(
        "update assignments set handler_id = (select id from staff where name = '支援一') returning 1"
    )
    office.at += timedelta(days=2, minutes=1)
    async with office.pool.acquire() as connection, connection.transaction():
        await end_late_accounts(connection, office.at)
    still = await office.rows("select name from staff where surge_id is not null and active")
    assert [one["name"] for one in still] == ["支援二"]
    assert await office.value("select count(*) from assignments where handler_id is not null") == 0
    assert "hand_taken_back" in await office.events(ticket_id)


@pytest.mark.parametrize("days", ["0", "31", "-1", "x"])
async def test_no_account_lasts_longer_than_the_rule_says(office: Office, days: str) -> None:
    surge_id = await begin(office)
    with pytest.raises(ActRefusedError, match="1到30天"):
        await give(office, surge_id, Giving(("支援一",), "intake", days))


async def test_accounts_of_a_unit_need_a_leading_unit(office: Office) -> None:
    surge_id = await begin(office)
    with pytest.raises(ActRefusedError, match="没有牵头单位"):
        await give(office, surge_id, Giving(("支援一",), "desk", "3"))


def test_names_are_given_one_a_line() -> None:
    assert names_of("王一\n\n 李二 \n") == ("王一", "李二")
    with pytest.raises(ActRefusedError, match="姓名"):
        names_of(" ")
    with pytest.raises(ActRefusedError, match="最多30个"):
        names_of("\n".join(["某人"] * 31))


async def test_the_same_form_declares_once(office: Office) -> None:
    who: By = office.by("admin")
    async with office.pool.acquire() as connection, connection.transaction():
        await declare(connection, office.world, who, EVENT)
    assert await office.value("select count(*) from surges") == 1


async def test_an_event_that_brought_nothing_reports_no_ticket(office: Office) -> None:
    surge_id = await begin(office)
    await finish(office, surge_id)
    async with office.pool.acquire() as connection:
        found = await surges.find(connection, surge_id)
    assert found is not None
    assert kept(found.report).tickets == 0
