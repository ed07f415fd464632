"""Green channel: with the consumer's consent the enterprise settles it first, and never a tip-off; else the regulator."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web
from redis.asyncio import Redis

from dialogs.dialog import Facts
from dialogs.requests import Draft
from dialogs.understanding.place import Place
from dialogs.words import Kind, Role
from handlers.case import ActRefusedError
from handlers.contact import record_contact
from handlers.decide import Deciding, decide
from handlers.dispatch import Decision, UnitRef
from handlers.dispatch_by_hand import Dispatching, dispatch_by_hand
from handlers.green import not_reconciled, reconciled
from handlers.green_first import settling
from handlers.resolve import resolve
from handlers.sign import sign
from handlers.staff_acts import StaffAct
from store import green, green_figures
from store.database import Pool
from store.staff import NewStaff, add_staff
from store.units import unit_ids
from tests.console_site import Client, Desk, console_site
from tests.office import CGW, OTHER, STAFF, Office, act, employ, open_office
from tests.transcript import City, facts, play, sms
from tests.world import START

AioClient = Callable[[web.Application], Awaitable[Client]]
DISPUTE = "海淀区田村路街道北京移动的预付卡退费难"
ENTERPRISE = "ent-cmcc"


def by_phone() -> Facts:
    return replace(facts(), buttons=False, brief=True, reachable=True, voice=True)


@pytest.mark.parametrize("channel", [facts(), sms()])
def test_who_names_the_enterprise_is_asked_once_whether_it_may_settle_it_first(
    channel: Facts,
) -> None:
    talk = play(
        f"> {DISPUTE}\n< 要不要先请北京移动跟您协商？最多3天，谈不成再交监管部门。\n< 1 要\n< 2 不用\n"
        "> 1\n<! 协商\n> 1",
        channel,
    )
    assert talk.city.opened == [] or talk.city.opened[0].draft.green


@pytest.mark.parametrize(("answer", "green"), [("要", True), ("不用", False), ("不知道", False)])
def test_only_a_yes_is_consent(answer: str, *, green: bool) -> None:
    city = City()
    play(f"> {DISPUTE}\n> {answer}\n> 1", sms(), city)
    assert [one.draft.green for one in city.opened] == [green]


@pytest.mark.parametrize(
    "matter",
    [
        "举报海淀区田村路街道北京移动营业厅预付卡退费难",
        "匿名投诉海淀区田村路街道北京移动营业厅预付卡退费难",
        "投诉海淀区田村路街道北京移动营业厅预付卡退费难，请保密",
        "投诉海淀区田村路街道一家健身房预付卡退费难",
    ],
)
def test_a_tip_off_a_secret_and_a_nameless_shop_are_never_asked(matter: str) -> None:
    city = City()
    play(f"> {matter}\n<! 协商\n> 1\n<! 协商\n> 1", sms(), city)
    assert [one.draft.green for one in city.opened] in ([None], [])


def test_a_consent_is_void_once_who_it_is_becomes_a_secret() -> None:
    city = City()
    play(f"> {DISPUTE}\n> 1\n> 保密\n> 1", sms(), city)
    assert [(one.draft.green, one.draft.confidential) for one in city.opened] == [(None, True)]


@pytest.mark.parametrize("said", ["我要举报他们", "举报他们"])
def test_whoever_turns_it_into_a_tip_off_takes_the_consent_back(said: str) -> None:
    for before in ("", "> 1\n"):
        city = City()
        play(
            f"> {DISPUTE}\n{before}> {said}\n<! 协商\n< 要保密吗？\n> 不用\n< 举报“\n> 1",
            sms(),
            city,
        )
        draft = city.opened[0].draft
        assert (draft.kind, draft.green) == (Kind.TIP_OFF, None)


@pytest.mark.parametrize("said", ["随便", "随你们", "你们看着办", "都行"])
def test_whoever_leaves_it_to_us_has_not_consented(said: str) -> None:
    city = City()
    play(f"> {DISPUTE}\n> {said}\n< 对吗？\n> 1", sms(), city)
    assert city.opened[0].draft.green is False
    assert said not in city.opened[0].draft.matter


@pytest.mark.parametrize("said", ["怎么协商", "他们会给我打电话吗", "协商是什么意思"])
def test_whoever_asks_back_is_told_what_either_answer_means(said: str) -> None:
    play(
        f"> {DISPUTE}\n> {said}\n<! 已加上\n< 要：他们先跟您协商。不用：直接交监管部门。\n< 1 要",
        sms(),
    )


@pytest.mark.parametrize(("answer", "time"), [("要", "3天内"), ("不用", "15天内")])
def test_the_time_that_is_confirmed_is_the_time_that_is_promised(answer: str, time: str) -> None:
    play(f"> {DISPUTE}\n> {answer}\n< {time}答复。对吗？", sms())
    play(f"> {DISPUTE}\n> {answer}\n< 答复：{time}", facts())


def test_an_enterprise_is_known_by_its_english_name() -> None:
    play(
        "> English\n> China Mobile in Tiancunlu, Haidian refuses to refund my prepaid card\n<! Which company",
        sms(),
    )


def test_it_is_asked_by_phone_in_words_for_the_ear() -> None:
    play(f"> {DISPUTE}\n< 要不要先请北京移动跟您协商", by_phone())


@pytest.fixture
async def office(pool: Pool) -> Office:
    opened = await open_office(pool)
    async with pool.acquire() as connection:
        ids = await unit_ids(connection, [ENTERPRISE])
        new = [NewStaff("cmcc", "cmcc", "", (Role.DESK, Role.HANDLER), ids[ENTERPRISE])]
        await add_staff(connection, new, START)
        opened.staff_ids["cmcc"] = await connection.fetchval(
            "select id from staff where login = 'cmcc'"
        )
    opened.units |= ids
    STAFF["cmcc"] = ((Role.DESK, Role.HANDLER), ENTERPRISE)
    return opened


async def _agreed(office: Office) -> int:
    await office.say(DISPUTE, "1", "1")
    ticket_id: int = await office.value("select max(id) from tickets")
    await office.ring()
    return ticket_id


async def _lead(office: Office, ticket_id: int) -> str:
    code: str = await office.value(
        "select u.code from tickets t join units u on u.id = t.lead_unit_id where t.id = $1",
        ticket_id,
    )
    return code


async def test_with_consent_the_enterprise_has_it_first_for_its_own_time(office: Office) -> None:
    ticket_id = await _agreed(office)
    ticket = await office.ticket(ticket_id)
    assert await _lead(office, ticket_id) == ENTERPRISE
    assert ticket["due_at"] == office.at + timedelta(hours=72)
    assert "同意先由北京移动协商" in ticket["why"]


async def test_without_consent_the_regulator_has_it_at_once(office: Office) -> None:
    await office.say(DISPUTE, "2", "1")
    ticket_id = await office.value("select max(id) from tickets")
    assert await _lead(office, ticket_id) == "110108-scjg"


async def test_what_is_withdrawn_is_nobodys_to_settle(office: Office) -> None:
    ticket_id = await _agreed(office)
    await office.say("撤单", "1")
    assert (await office.ticket(ticket_id))["state"] == "withdrawn"
    assert await office.value("select state from reconciliations") == "ended"
    assert await office.value("select count(*) from timers where subject = 'case'") == 0


async def test_what_was_not_settled_goes_to_the_regulator_with_a_whole_time(office: Office) -> None:
    ticket_id = await _agreed(office)
    await act(office, sign, "cmcc", ticket_id)
    office.at += timedelta(hours=5)
    await act(office, not_reconciled, "cmcc", ticket_id, "金额谈不拢")
    ticket = await office.ticket(ticket_id)
    assert (await _lead(office, ticket_id), ticket["state"]) == ("110108-scjg", "dispatched")
    assert ticket["due_at"] == office.at + timedelta(days=15)
    (told,) = await office.notices()
    assert (
        told.startswith("“预付费退费”没谈成，已交海淀区市场监管局办理，15天内答复您")
        or "没谈成" in told
    )
    with pytest.raises(ActRefusedError):
        await act(office, not_reconciled, "cmcc", ticket_id, "再说一次")


async def test_when_its_time_is_over_the_regulator_has_it_by_itself(office: Office) -> None:
    ticket_id = await _agreed(office)
    await office.ring(timedelta(hours=72))
    assert await _lead(office, ticket_id) == "110108-scjg"
    assert "没谈成" in (await office.notices())[-1]
    assert "reconciliation_late" in await office.events(ticket_id)
    assert await office.value("select state from reconciliations") == "late"
    assert await office.value("select count(*) from surveys") == 0


async def test_what_was_settled_is_asked_about_and_a_no_goes_to_the_regulator(
    office: Office,
) -> None:
    ticket_id = await _agreed(office)
    await act(office, sign, "cmcc", ticket_id)
    with pytest.raises(ActRefusedError, match="联系"):
        await act(office, reconciled, "cmcc", ticket_id, "已退款300元")
    await act(office, record_contact, "cmcc", ticket_id, "reached", "")
    with pytest.raises(ActRefusedError, match="已和解"):
        await act(office, resolve, "cmcc", ticket_id, "已退款")
    await act(office, reconciled, "cmcc", ticket_id, "已退款300元")
    await office.ring()
    assert "已退款300元" in (await office.notices())[-1]
    await office.say("1", "3", "4", "4", "不用")
    assert (await office.ticket(ticket_id))["state"] == "dispatched"
    assert await _lead(office, ticket_id) == "110108-scjg"


async def _with_a_reviewer(office: Office) -> int:
    """Settled by the enterprise, as it says; its reviewer has not looked at it yet."""
    await employ(office, "cmcc_head", (Role.HEAD,), ENTERPRISE)
    ticket_id = await _agreed(office)
    await act(office, sign, "cmcc", ticket_id)
    await act(office, record_contact, "cmcc", ticket_id, "reached", "")
    await act(office, reconciled, "cmcc", ticket_id, "已退款300元")
    return ticket_id


async def test_a_second_person_of_the_enterprise_looks_before_it_counts(office: Office) -> None:
    ticket_id = await _with_a_reviewer(office)
    assert (await office.ticket(ticket_id))["state"] == "handling"
    assert await office.value("select state from reconciliations") == "open"
    with pytest.raises(ActRefusedError, match="已经有一份"):
        await act(office, reconciled, "cmcc", ticket_id, "已退款300元")
    review = await office.value("select id from applications where state = 'open'")
    order = Deciding(StaffAct.REVIEW, review, upheld=True, note="")
    await act(office, decide, "cmcc_head", ticket_id, order)
    assert (await office.ticket(ticket_id))["state"] == "resolved"
    assert await office.value("select state from reconciliations") == "reconciled"
    await office.ring()
    assert "已退款300元" in (await office.notices())[-1]


async def test_what_nobody_reviewed_in_the_enterprises_time_goes_to_the_regulator(
    office: Office,
) -> None:
    ticket_id = await _with_a_reviewer(office)
    await office.ring(timedelta(hours=72))
    assert await _lead(office, ticket_id) == "110108-scjg"
    assert await office.value("select state from applications") == "lapsed"
    assert await office.value("select count(*) from surveys") == 0


async def test_only_the_consumer_says_that_it_was_settled(office: Office) -> None:
    ticket_id = await _agreed(office)
    await act(office, sign, "cmcc", ticket_id)
    await act(office, record_contact, "cmcc", ticket_id, "reached", "")
    await act(office, reconciled, "cmcc", ticket_id, "已退款300元")
    await office.ring()
    async with office.pool.acquire() as connection:
        before = await green.of_ticket(connection, ticket_id)
        await office.say("1", "1", "1", "1", "不用")
        after = await green.of_ticket(connection, ticket_id)
    assert before is not None
    assert after is not None
    assert (before.state, before.solved) == ("reconciled", None)
    assert (after.state, after.solved) == ("reconciled", "yes")


def test_who_would_assist_the_regulator_is_kept_with_the_consent() -> None:
    enterprise, regulator, other = (UnitRef(one, "", "", "") for one in (1, 2, 3))
    decision = Decision(regulator, (other,), "", enterprise)
    draft = Draft(place=Place(), matter="", green=True)
    first = settling(draft, decision, timedelta(hours=1))
    assert first is not None
    assert (first.regulator, first.assist) == (regulator, (other,))
    assert first.decision(decision).assist == ()


async def _assisted(office: Office) -> int:
    """One that by the catalogue has a unit to assist its regulator."""
    ticket_id = await _agreed(office)
    async with office.pool.acquire() as connection:
        (found,) = (await green.open_ones(connection, [ticket_id])).values()
        await connection.execute("delete from reconciliations")
        await green.insert(connection, [found._replace(assist_unit_ids=[office.units[CGW]])])
    return ticket_id


async def _assists(office: Office) -> list[tuple[str, str]]:
    rows = await office.rows(
        "select u.code, a.state from assignments a join units u on u.id = a.unit_id where a.role = 'assist'"
    )
    return [(row["code"], row["state"]) for row in rows]


async def test_who_assists_the_regulator_has_its_share_when_the_regulator_has_it(
    office: Office,
) -> None:
    ticket_id = await _assisted(office)
    await act(office, not_reconciled, "cmcc", ticket_id, "谈不拢")
    assert await _lead(office, ticket_id) == "110108-scjg"
    assert await _assists(office) == [(CGW, "open")]


async def test_who_assists_the_regulator_begins_when_the_settling_did_not_last(
    office: Office,
) -> None:
    ticket_id = await _assisted(office)
    await act(office, sign, "cmcc", ticket_id)
    await act(office, record_contact, "cmcc", ticket_id, "reached", "")
    await act(office, reconciled, "cmcc", ticket_id, "已退款300元")
    await office.ring()
    assert await _assists(office) == []
    await office.say("1", "3", "4", "4", "不用")
    assert await _lead(office, ticket_id) == "110108-scjg"
    assert await _assists(office) == [(CGW, "open")]


async def test_what_was_given_to_others_meanwhile_is_asked_about_in_time(office: Office) -> None:
    ticket_id = await _agreed(office)
    order = Dispatching(office.units["110108-cgw"], "企业已注销")
    await act(office, dispatch_by_hand, "centre", ticket_id, order)
    await office.ring(timedelta(hours=72))
    assert await _lead(office, ticket_id) == "110108-cgw"
    due = await office.value("select due_at from timers where kind = 'deadline'")
    assert due > office.at


async def test_what_no_consumer_ever_confirmed_is_counted_for_regulator_and_district(
    office: Office, valkey: Redis, tmp_path: Path, aiohttp_client: AioClient
) -> None:
    ticket_id = await _agreed(office)
    await act(office, sign, "cmcc", ticket_id)
    await act(office, record_contact, "cmcc", ticket_id, "reached", "")
    await act(office, reconciled, "cmcc", ticket_id, "已退款300元")
    await office.ring()

    async def seen(unit_id: int | None) -> list[tuple[int, int, list[int]]]:
        async with office.pool.acquire() as connection:
            until = office.at + timedelta(days=1)
            found = await green_figures.settled(connection, START, until, unit_id)
        return [(one.settled, one.asked, list(one.unconfirmed)) for one in found]

    assert await seen(None) == [(1, 1, [])]
    await office.value("update surveys set state = 'expired' returning 1")
    regulator = await office.value("select regulator_unit_id from reconciliations")
    above = await office.value("select parent_id from units where id = $1", regulator)
    for unit_id in (None, regulator, above or regulator, office.units[ENTERPRISE]):
        assert await seen(unit_id) == [(1, 0, [ticket_id])]
    assert await seen(office.units[OTHER]) == []
    desk = Desk(await aiohttp_client(console_site(office, valkey, tmp_path).app))
    await desk.log_in("centre")
    assert f'<a href="/console/tickets/{ticket_id}">' in await desk.page("/console/rates")
