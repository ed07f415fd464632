"""The catalogue is changed by two people: drafted, compared with real tickets, approved for a day."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from dialogs.words import Role
from handlers.case import ActError, ActRefusedError, By
from handlers.catalogue import read_city_catalogue
from handlers.catalogue_compare import compare
from handlers.catalogue_draft import (
    Approving,
    add_jurisdiction,
    approve,
    begin_draft,
    edit_topic,
    refuse,
    remove_jurisdiction,
)
from handlers.catalogue_parts import Part, add_part
from store.catalogue import versions
from store.catalogue.around import left_behind, replacing
from store.catalogue.read import current_version
from store.catalogue.versions import TopicDuty, Version
from store.database import Connection, Pool
from tests.office import Office, open_office

TODAY = date(2026, 11, 23)
HEATING = "T001"
TYPED = {
    "code": HEATING,
    "level": "street",
    "grade": "II",
    "department": "北京市城市管理委员会",
    "assists": "",
    "enterprises": "heat",
    "dual": "",
    "green": "",
    "hours": "",
    "working": "",
    "statute": "",
    "valid_from": "",
    "valid_to": "",
}
SPECIAL = {
    "topic": HEATING,
    "place": "田村路街道",
    "lead": "海淀区城市管理委员会",
    "assists": "",
    "source": "区政府文件",
    "valid_from": "",
    "valid_to": "",
}


@pytest.fixture
async def office(pool: Pool) -> Office:
    return await open_office(pool)


@pytest.fixture
async def connection(office: Office) -> AsyncIterator[Connection]:
    """What is done to the catalogue is undone at the end."""
    async with office.pool.acquire() as connection:
        undone = connection.transaction()
        await undone.start()
        try:
            yield connection
        finally:
            await undone.rollback()


def admin(office: Office, login: str = "centre") -> By:
    return replace(office.by(login), roles=frozenset({Role.ADMIN}), unit_id=None)


async def drafted(connection: Connection, office: Office, **typed: str) -> int:
    draft = await begin_draft(connection, office.world, admin(office), "", "供暖改由街道办理")
    if typed:
        await edit_topic(connection, office.world, admin(office), draft, TYPED | typed)
    return draft


async def version(connection: Connection, draft: int) -> Version:
    found = await versions.version_of(connection, draft)
    assert found is not None
    return found


async def topic(connection: Connection, draft: int) -> TopicDuty:
    return next(
        one for one in await versions.topic_duties(connection, draft) if one.code == HEATING
    )


async def test_a_draft_is_not_in_force(connection: Connection, office: Office) -> None:
    before = await current_version(connection, TODAY)
    draft = await drafted(connection, office, level="street")
    assert await current_version(connection, TODAY) == before
    assert (await topic(connection, draft)).level == "street"


async def test_the_comparison_counts_the_tickets_that_would_go_elsewhere(
    connection: Connection, office: Office
) -> None:
    await office.open()
    await office.open("海淀区田村路街道阜石路第一社区3号楼垃圾堆积", phone="+8613800138001")
    draft = await version(connection, await drafted(connection, office, level="street"))
    compared = await compare(connection, office.world, draft, office.at, 30)
    assert compared.says == "这1个分类、近30天1张工单会改派（共2张）。"
    (moved,) = compared.topics
    assert (moved.topic, moved.moves[0].before, moved.moves[0].after) == (
        HEATING,
        "田村路街道＋海淀区城管委",
        "田村路街道",
    )
    later = await compare(connection, office.world, draft, office.at + timedelta(days=31), 30)
    assert later.says == "近30天的0张工单都不会改派。"


async def test_another_person_approves_it_and_it_decides_from_then_on(
    connection: Connection, office: Office
) -> None:
    draft = await drafted(connection, office, level="department")
    with pytest.raises(ActRefusedError, match="另一位管理员"):
        await approve(connection, office.world, admin(office), Approving(draft, "", 30))
    await approve(connection, office.world, admin(office, "editor"), Approving(draft, "", 30))
    assert await current_version(connection, TODAY) == draft
    found = await version(connection, draft)
    assert (found.drafter, found.approver, found.state) == ("centre", "editor", "approved")
    assert found.compared["days"] == 30
    city = await read_city_catalogue(connection, TODAY, outlined=False)
    assert city is not None
    assert city.responsibilities.topics[HEATING].level == "department"
    with pytest.raises(ActRefusedError, match="不能再改"):
        await edit_topic(connection, office.world, admin(office), draft, TYPED)


async def test_it_comes_into_force_on_its_day_which_is_not_past(
    connection: Connection, office: Office
) -> None:
    before = await current_version(connection, TODAY)
    draft = await drafted(connection, office, level="street")
    other = admin(office, "editor")
    with pytest.raises(ActRefusedError, match="不能早于今天"):
        await approve(connection, office.world, other, Approving(draft, "2026-11-22", 30))
    other = admin(office, "editor")
    await approve(connection, office.world, other, Approving(draft, "2026-12-01", 30))
    assert await current_version(connection, TODAY) == before
    assert await current_version(connection, date(2026, 12, 1)) == draft


async def test_a_draft_of_what_has_changed_meanwhile_is_not_approved(
    connection: Connection, office: Office
) -> None:
    first = await drafted(connection, office, level="street")
    second = await drafted(connection, office, level="department")
    await approve(connection, office.world, admin(office, "editor"), Approving(first, "", 30))
    with pytest.raises(ActRefusedError, match="重新起草"):
        await approve(connection, office.world, admin(office, "editor"), Approving(second, "", 30))


async def test_a_refused_draft_keeps_the_reason(connection: Connection, office: Office) -> None:
    draft = await drafted(connection, office, level="street")
    await refuse(connection, office.world, admin(office, "editor"), draft, "冬季前不改")
    found = await version(connection, draft)
    assert (found.state, found.note) == ("refused", "供暖改由街道办理；未采用：冬季前不改")


async def test_only_administrators_of_the_centre_change_it_and_only_their_own(
    connection: Connection, office: Office
) -> None:
    with pytest.raises(ActRefusedError, match="管理员"):
        await begin_draft(connection, office.world, office.by("centre"), "", "改")
    district = replace(office.by("district"), roles=frozenset({Role.ADMIN}))
    with pytest.raises(ActRefusedError, match="热线中心"):
        await begin_draft(connection, office.world, district, "", "改")
    draft = await drafted(connection, office)
    with pytest.raises(ActRefusedError, match="由centre起草"):
        await edit_topic(connection, office.world, admin(office, "editor"), draft, TYPED)


async def test_a_special_jurisdiction_is_added_compared_and_taken_out(
    connection: Connection, office: Office
) -> None:
    await office.open()
    draft = await drafted(connection, office)
    await add_jurisdiction(connection, office.world, admin(office), draft, SPECIAL)
    found = await version(connection, draft)
    compared = await compare(connection, office.world, found, office.at, 30)
    assert compared.topics[0].moves[0].after == "海淀区城管委"
    position = await connection.fetchval(
        "select max(position) from jurisdictions where version_id = $1", draft
    )
    await remove_jurisdiction(connection, admin(office), draft, position)
    assert not (await compare(connection, office.world, found, office.at, 30)).topics


async def test_a_jurisdiction_s_place_is_one_of_the_catalogue_s(
    connection: Connection, office: Office
) -> None:
    draft = await drafted(connection, office)
    with pytest.raises(ActRefusedError, match="没有这个地点"):
        await add_jurisdiction(
            connection, office.world, admin(office), draft, SPECIAL | {"place": "没有的地方"}
        )
    await add_jurisdiction(
        connection, office.world, admin(office), draft, SPECIAL | {"place": "王府井地区"}
    )
    area = "select area from jurisdictions where version_id = $1 order by position desc limit 1"
    assert await connection.fetchval(area, draft) == "王府井地区"


async def test_a_form_has_its_effect_once(connection: Connection, office: Office) -> None:
    by = admin(office)
    await begin_draft(connection, office.world, by, "", "改")
    with pytest.raises(ActError):
        await begin_draft(connection, office.world, by, "", "改")


async def test_what_is_approved_for_a_later_day_may_be_drafted_on_or_taken_back(
    connection: Connection, office: Office
) -> None:
    world, day = office.world, date(2026, 12, 1)
    first = await drafted(connection, office, level="street")
    part = Part("split", "田村路街道", "马连洼街道", "T031", "", "方案")
    await add_part(connection, world, admin(office), first, part)
    order = Approving(first, day.isoformat(), 30)
    await approve(connection, world, admin(office, "editor"), order)
    now = await drafted(connection, office, level="department")
    assert [one.id for one in await replacing(connection, now, TODAY)] == [first]
    onward = await begin_draft(connection, world, admin(office), day.isoformat(), "接着改")
    assert await replacing(connection, onward, TODAY) == await replacing(connection, now, TODAY)
    assert (await topic(connection, onward)).level == "street"
    await refuse(connection, world, admin(office, "editor"), first, "还不到时候")
    assert await current_version(connection, day) != first
    assert await connection.fetchval("select count(*) from unit_successors") == 0
    assert set(await left_behind(connection)) == {onward}
    with pytest.raises(ActRefusedError, match="已经生效或者未被采用"):
        await refuse(connection, world, admin(office), first, "再来")
