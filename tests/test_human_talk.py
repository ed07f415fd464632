"""A person in a chat: taken once, written to under one owner, handed on and back, while the dialog is silent."""

import asyncio
from datetime import timedelta

import pytest

from dialogs.words import Role
from handlers.case import ActRefusedError
from handlers.human_talk import Ending, answer_talk, give_back_talk, hand_on_talk, take_talk
from store.database import Pool
from store.staff import NewStaff, add_staff
from tests.office import STAFF, Office, act, open_office
from tests.world import PHONE

OTHER = "+8613800138001"
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def office(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> Office:
    """With a second person at the centre."""
    office = await open_office(pool)
    monkeypatch.setitem(STAFF, "colleague", ((Role.INTAKE,), ""))
    async with pool.acquire() as connection:
        await add_staff(
            connection, [NewStaff("colleague", "小王", "", (Role.INTAKE,), None)], office.at
        )
        office.staff_ids["colleague"] = await connection.fetchval(
            "select id from staff where login = 'colleague'"
        )
        for name in ("centre", "colleague"):
            await connection.execute(
                "insert into staff_sessions (token_hash, staff_id, csrf, created_at, expires_at)"
                " values ($1, $2, '', $3, $4)",
                name.encode(),
                office.staff_ids[name],
                office.at,
                office.at + timedelta(days=1),
            )
    return office


async def said_by(office: Office, purpose: str) -> list[str]:
    rows = await office.rows(
        "select reply ->> 'text' as text from outbox where case when staff_id is null then purpose else 'staff' end = $1"
        " order by conversation_id, seq",
        purpose,
    )
    return [row["text"] for row in rows]


async def taken(office: Office, login: str = "centre") -> int:
    await office.say("暖气不热", "人工")
    return (await act(office, take_talk, login)).id


async def test_the_one_who_waits_longest_is_taken_and_told_by_whom(office: Office) -> None:
    await office.say("人工", phone=OTHER)
    office.at += MINUTE
    await office.say("人工")
    first = await act(office, take_talk, "centre")
    second = await act(office, take_talk, "colleague")
    assert (await office.value("select min(id) from human_talks")) == first.id < second.id
    assert await said_by(office, "staff") == [
        "工作人员centre为您服务，您请说。",
        "工作人员colleague为您服务，您请说。",
    ]
    with pytest.raises(ActRefusedError, match="没有人在等"):
        await act(office, take_talk, "centre")


async def test_the_dialog_is_silent_while_a_person_has_the_talk_and_keeps_what_is_said(
    office: Office,
) -> None:
    await taken(office)
    (turned,) = await office.say("在海淀区田村路街道")
    assert turned.message is None
    assert await office.value("select outcome from inbound order by seq desc limit 1") == (
        "silent:human"
    )
    assert await office.value("select count(*) from tickets") == 0


async def test_what_a_person_writes_goes_out_in_their_name_and_in_order(office: Office) -> None:
    talk = await taken(office)
    await act(office, answer_talk, "centre", talk, "您好，几号楼？")
    await act(office, answer_talk, "centre", talk, "  请说一下。\r\n")
    rows = await office.rows(
        "select reply ->> 'text' as text, staff_id, urgent, state from outbox"
        " where purpose = 'staff' order by seq"
    )
    assert [row["text"] for row in rows] == ["您好，几号楼？", "请说一下。"]
    assert {row["staff_id"] for row in rows} == {office.staff_ids["centre"]}
    assert {(row["urgent"], row["state"]) for row in rows} == {(True, "pending")}


async def test_a_form_sent_twice_writes_once(office: Office) -> None:
    talk = await taken(office)
    await act(office, answer_talk, "centre", talk, "您好。", key="k")
    with pytest.raises(Exception, match="effect"):
        await act(office, answer_talk, "centre", talk, "您好。", key="k")
    assert (await said_by(office, "staff"))[1:] == ["您好。"]


async def test_only_the_owner_writes_also_when_the_talk_changes_hands_meanwhile(
    office: Office,
) -> None:
    talk = await taken(office)
    await act(office, hand_on_talk, "centre", talk, "colleague", "供热的事，您熟")
    with pytest.raises(ActRefusedError, match="不归您"):
        await act(office, answer_talk, "centre", talk, "稍等。")
    await act(office, answer_talk, "colleague", talk, "我来。")
    assert (await said_by(office, "staff"))[1:] == [
        "工作人员小王接着为您服务，您说过的都能看到。",
        "我来。",
    ]
    assert "centre交接：供热的事，您熟" in await office.value("select note from human_talks")


async def test_of_two_who_take_the_same_one_gets_it(office: Office) -> None:
    await office.say("人工")
    talk = await office.value("select id from human_talks")
    results = await asyncio.gather(
        act(office, take_talk, "centre", talk),
        act(office, take_talk, "colleague", talk),
        return_exceptions=True,
    )
    assert sorted(type(result).__name__ for result in results) == ["ActRefusedError", "TalkRow"]
    assert len(await said_by(office, "staff")) == 1


async def test_given_back_the_dialog_asks_its_open_question_and_the_complaint_goes_on(
    office: Office,
) -> None:
    talk = await taken(office)
    await act_over(office, talk, over=False)
    assert "自动服务接着为您服务" in (await said_by(office, "notice"))[-1]
    assert "在什么地方" in (await said_by(office, "notice"))[-1]
    await office.say("海淀区田村路街道阜石路第一社区5号楼", "1")
    assert await office.value("select count(*) from tickets") == 1


async def test_ended_the_talk_is_over_with_a_word_and_nothing_is_asked(office: Office) -> None:
    talk = await taken(office)
    with pytest.raises(ActRefusedError, match="小结"):
        await act_over(office, talk, over=True)
    await act_over(office, talk, over=True, note="已电话解释清楚")
    assert "人工服务先到这里" in (await said_by(office, "notice"))[-1]
    assert await office.value("select state from human_talks") == "ended"
    (turned,) = await office.say("你好")
    assert turned.message is not None


async def act_over(office: Office, talk: int, *, over: bool, note: str = "") -> None:
    async with office.pool.acquire() as connection, connection.transaction():
        by = office.by("centre")
        await give_back_talk(connection, office.world, by, talk, Ending(note, over))


async def test_put_back_into_the_queue_it_is_the_first_again_and_the_resident_is_told(
    office: Office,
) -> None:
    talk = await taken(office)
    office.at += MINUTE
    await office.say("人工", phone=OTHER)
    await act(office, hand_on_talk, "centre", talk, "", "要下班了")
    assert "换人接着" in (await said_by(office, "notice"))[-1]
    assert (await act(office, take_talk, "colleague")).id == talk


async def test_nobody_else_and_no_unit_takes_part(office: Office) -> None:
    talk = await taken(office)
    for login in ("tiancun", "editor"):
        with pytest.raises(ActRefusedError):
            await act(office, answer_talk, login, talk, "您好。")
    with pytest.raises(ActRefusedError, match="这位同事"):
        await act(office, hand_on_talk, "centre", talk, "tiancun", "转")


async def test_whoever_leaves_a_resident_without_an_answer_loses_the_talk(office: Office) -> None:
    talk = await taken(office)
    await office.say("有人吗")
    await office.ring(6 * MINUTE)
    assert await office.value("select state from human_talks") == "waiting"
    assert await office.value("select held_by from conversations") is None
    with pytest.raises(ActRefusedError, match="不归您"):
        await act(office, answer_talk, "centre", talk, "在。")


async def test_stop_is_honoured_and_nothing_more_can_be_written(office: Office) -> None:
    talk = await taken(office)
    await office.say("退订", phone=PHONE)
    with pytest.raises(ActRefusedError, match="退订"):
        await act(office, answer_talk, "centre", talk, "您好。")
