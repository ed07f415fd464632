"""The expert seat of an event: its residents wait for its experts, and after a while for the centre too."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dialogs.words import Role
from handlers.case import ActRefusedError
from handlers.human_talk import Ending, give_back_talk, hand_on_talk, take_talk
from handlers.surge import Declaring, declare, end_surge
from handlers.surge_changes import NamedLine, add_line, end_account, name_experts
from handlers.surge_staff import Giving, give_accounts
from store import surge_figures, talk_desk
from store.database import Pool
from store.human_talks import Taker
from store.staff import add_session, find_session
from tests.office import CGW, Office, act, employ, open_office
from tests.test_surge import AT, HEAT, LIGHT, follow, shown

EVENT = Declaring("供热抢修", "heating", words="暖气、供暖", experts="doctor")
ALONE = timedelta(minutes=3)
OTHER_PHONE = "+8613800138001"


@pytest.fixture
async def office(pool: Pool) -> Office:
    office = await open_office(pool)
    await employ(office, "doctor", (Role.HANDLER,), CGW)
    return office


async def come(office: Office, login: str) -> None:
    """Somebody logs in."""
    async with office.pool.acquire() as connection:
        until = office.at + timedelta(hours=12)
        token = f"{login}{office.at}".encode()
        await add_session(connection, office.staff_ids[login], token, "", office.at, until)


async def begin(office: Office, event: Declaring = EVENT) -> int:
    """Declare an event whose expert is there."""
    surge_id: int = await act(office, declare, "admin", event)
    await follow(office)
    await come(office, "doctor")
    return surge_id


async def roles(office: Office, login: str) -> frozenset[Role]:
    """What somebody may do now."""
    async with office.pool.acquire() as connection:
        token = f"{login}{office.at}".encode()
        found = await find_session(connection, token, office.at)
    assert found is not None
    return found.staff.roles


def hired(office: Office, login: str, *more: Role) -> None:
    had, unit = office.hired[login]
    office.hired[login] = ((*had, *more), unit)


async def seen(office: Office, login: str, *, centre: bool) -> list[str]:
    """The matters that somebody sees waiting."""
    async with office.pool.acquire() as connection:
        taker = Taker(office.staff_ids[login], centre, office.at)
        return [
            one.talk.about.removeprefix(AT) for one in await talk_desk.waiting(connection, taker, 9)
        ]


async def talk_id(office: Office) -> int:
    found: int = await office.value("select max(id) from human_talks")
    return found


async def test_who_asks_for_a_person_in_an_event_waits_for_its_experts_alone(
    office: Office,
) -> None:
    await begin(office)
    await office.say(AT + HEAT, "专家")
    assert "转专家" in await shown(office)
    await office.say(AT + LIGHT, "人工", phone=OTHER_PHONE)
    assert "转专家" not in await shown(office)
    assert await seen(office, "doctor", centre=False) == [HEAT]
    assert await seen(office, "centre", centre=True) == [LIGHT]
    with pytest.raises(ActRefusedError, match="在等专家"):
        await act(office, take_talk, "centre", await talk_id(office) - 1)
    hired(office, "doctor", Role.EXPERT)
    with pytest.raises(ActRefusedError, match="在等专家"):
        await act(office, take_talk, "doctor", await talk_id(office))


async def test_an_expert_of_a_unit_takes_the_talk_and_gives_it_back(office: Office) -> None:
    await begin(office)
    assert Role.EXPERT in await roles(office, "doctor")
    hired(office, "doctor", Role.EXPERT)
    await office.say(AT + HEAT, "人工")
    talk = await act(office, take_talk, "doctor")
    assert "专家doctor为您服务" in await shown(office)
    await act(office, give_back_talk, "doctor", talk.id, Ending("已说明", over=True))
    assert await office.value("select state from human_talks") == "ended"


async def test_after_a_while_the_centre_takes_who_still_waits_for_an_expert(office: Office) -> None:
    await begin(office)
    await office.say(AT + HEAT, "人工")
    await office.ring(ALONE)
    assert await seen(office, "centre", centre=True) == [HEAT]
    assert await seen(office, "doctor", centre=False) == [HEAT]
    await office.ring(timedelta(minutes=4, seconds=59))
    assert await office.value("select state from human_talks") == "waiting"
    await office.ring(timedelta(seconds=2))
    assert await office.value("select state from human_talks") == "missed"
    assert await office.value("select count(*) from human_tasks where kind = 'call_back'") == 1


async def test_nobody_waits_for_experts_who_are_not_there_or_while_in_danger(
    office: Office,
) -> None:
    await act(office, declare, "admin", EVENT)
    await follow(office)
    await office.say(AT + HEAT, "人工")
    assert "转专家" not in await shown(office)
    assert await seen(office, "centre", centre=True) == [HEAT]
    await come(office, "doctor")
    await office.say(AT + "暖气管爆裂，有人被烫伤了，快救命", "人工", phone=OTHER_PHONE)
    assert len(await seen(office, "centre", centre=True)) == 2


async def test_somebody_whose_ticket_is_of_the_event_asks_its_experts_later(office: Office) -> None:
    await begin(office)
    await office.open(AT + HEAT)
    office.at += timedelta(hours=2)
    await come(office, "doctor")
    await office.say("人工")
    assert "转专家" in await shown(office)


async def test_who_waits_when_the_event_ends_is_the_centres(office: Office) -> None:
    surge_id = await begin(office)
    await office.say(AT + HEAT, "人工")
    await act(office, end_surge, "admin", surge_id)
    await follow(office)
    assert await seen(office, "centre", centre=True) == [HEAT]
    assert Role.EXPERT not in await roles(office, "doctor")


async def test_an_expert_finishes_the_talk_that_runs_when_the_event_ends(office: Office) -> None:
    surge_id = await begin(office)
    hired(office, "doctor", Role.EXPERT)
    await office.say(AT + HEAT, "人工")
    talk = await act(office, take_talk, "doctor")
    await act(office, end_surge, "admin", surge_id)
    assert Role.EXPERT in await roles(office, "doctor")
    await act(office, give_back_talk, "doctor", talk.id, Ending("已说明", over=True))
    assert Role.EXPERT not in await roles(office, "doctor")


async def test_the_centre_hands_a_talk_on_to_an_expert(office: Office) -> None:
    await begin(office)
    await office.say(AT + LIGHT, "人工")
    talk = await act(office, take_talk, "centre")
    await act(office, hand_on_talk, "centre", talk.id, "doctor", "请专家看看")
    assert await office.value("select staff_id from human_talks") == office.staff_ids["doctor"]
    async with office.pool.acquire() as connection:
        taker = Taker(office.staff_ids["doctor"], centre=False, now=office.at)
        assert await talk_desk.one(connection, taker, talk.id) is not None
    with pytest.raises(ActRefusedError, match="不能接待"):
        await act(office, hand_on_talk, "doctor", talk.id, "tiancun", "给街道")


async def test_accounts_for_a_time_may_be_experts_until_they_are_ended(office: Office) -> None:
    surge_id = await begin(office, replace(EVENT, experts=""))
    order = Giving(("支援专家",), "expert", "2")
    (login,) = await act(office, give_accounts, "admin", surge_id, order, [""])
    office.staff_ids[login] = await office.value("select id from staff where login = $1", login)
    await follow(office)
    await come(office, login)
    await office.say(AT + HEAT, "人工")
    assert "转专家" in await shown(office)
    assert await seen(office, login, centre=False) == [HEAT]
    await act(office, end_account, "admin", surge_id, login)
    assert (
        await office.value(
            "select count(*) from staff_sessions where staff_id = $1", office.staff_ids[login]
        )
        == 0
    )
    with pytest.raises(ActRefusedError, match="已经结束"):
        await act(office, end_account, "admin", surge_id, login)


async def test_experts_are_named_and_changed_while_it_lasts(office: Office) -> None:
    surge_id = await begin(office, replace(EVENT, experts=""))
    with pytest.raises(ActRefusedError, match="没有nobody这个用户名"):
        await act(office, name_experts, "admin", surge_id, "doctor、nobody")
    await act(office, name_experts, "admin", surge_id, "doctor")
    await follow(office)
    assert office.world.surges[0].expert_ids == {office.staff_ids["doctor"]}
    with pytest.raises(ActRefusedError, match="管理员"):
        await act(office, name_experts, "centre", surge_id, "")


async def test_each_line_has_its_own_figures_by_number_entry_or_topic(office: Office) -> None:
    surge_id = await begin(office)
    topic = office.world.city.reader.understand(HEAT).topic
    for line in (
        NamedLine("抢修", "010-87654321"),
        NamedLine("咨询", topics=(topic,)),
        NamedLine("心理援助"),
    ):
        await act(office, add_line, "admin", surge_id, line)
    await follow(office)
    repair, advice, _ = office.world.surges[0].lines
    assert repair.numbers == ("+861087654321",)
    await office.open(AT + HEAT)  # by its topic
    async with office.pool.acquire() as connection:
        whole, *lines = await surge_figures.figures(connection, surge_id, office.at)
    assert (whole.line_id, whole.tickets) == (None, 1)
    assert [(one.line_id, one.tickets) for one in lines] == [(advice.id, 1)]
    assert office.world.lines[repair.numbers[0]].name == "抢修"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (NamedLine(" "), "专线名称"),
        (NamedLine("抢修", "12"), "号码12不对"),
        (NamedLine("抢修", topics=("9999",)), "不在目录中"),
        (NamedLine("一号", "010-87654321"), "已经有“一号”"),
        (NamedLine("二号", "010-87654321"), "已经是“供热抢修”的专线"),
    ],
)
async def test_a_line_that_cannot_be_told_apart_is_refused(
    office: Office, line: NamedLine, says: str
) -> None:
    surge_id = await begin(office)
    await act(office, add_line, "admin", surge_id, NamedLine("一号", "010-87654321"))
    await follow(office)
    with pytest.raises(ActRefusedError, match=says):
        await act(office, add_line, "admin", surge_id, line)
