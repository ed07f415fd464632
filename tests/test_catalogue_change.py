"""A draft changes units, names of places and words for matters; what residents told lately is read again with it."""

from collections.abc import AsyncIterator
from datetime import date

import pytest

from handlers.case import ActRefusedError
from handlers.catalogue_compare import Comparison, compare
from handlers.catalogue_draft import Approving, approve, begin_draft, edit_topic
from handlers.catalogue_parts import Part, add_part, choose_people
from handlers.catalogue_units import NOBODY, add_unit, rename_unit, take_out_unit
from handlers.catalogue_words import change_names
from store.catalogue import versions
from store.database import Connection, Pool
from tests.office import OTHER, TIANCUN, Office, open_office
from tests.test_catalogue_draft import TYPED, admin

TODAY = date(2026, 11, 23)
NEW = {
    "kind": "street",
    "district": "110108",
    "code": "110108099",
    "name": "玉泉路街道",
    "short_name": "",
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


@pytest.fixture
async def draft(connection: Connection, office: Office) -> int:
    return await begin_draft(connection, office.world, admin(office), "", "改叫法")


async def compared(connection: Connection, office: Office, draft: int) -> Comparison:
    version = await versions.version_of(connection, draft)
    assert version is not None
    return await compare(connection, office.world, version, office.at, 30)


async def test_other_words_for_a_matter_and_names_for_a_place_are_tried_on_what_residents_told(
    connection: Connection, office: Office, draft: int
) -> None:
    await office.open("海淀区田村路街道阜石路第一社区3号楼垃圾堆积")
    by = "update tickets set matter = $1 where id = $2"
    await connection.execute(by, "青年公寓小区路灯不亮", await office.open(phone="+8613800138001"))
    told = TYPED | {"level": "both", "assists": "zjw", "keywords": "暖气\n垃圾堆积"}
    await edit_topic(connection, office.world, admin(office), draft, told)
    typed = {"place": "阜石路第一社区", "added": "青年公寓小区", "removed": ""}
    await change_names(connection, admin(office), draft, typed)
    found = await compared(connection, office, draft)
    assert found.hears == "把最近2件诉求的原话按新的叫法再听一遍：2件会听成别的。"
    assert {(one.before.split("（")[0], one.after) for one in found.heard} == {
        ("垃圾堆积/桶满冒", "室温不达标/暖气不热（海淀区田村路街道阜石路第一社区）"),
        ("路灯不亮", "路灯不亮（海淀区田村路街道阜石路第一社区）"),
    }
    assert found.also == ("阜石路第一社区：添加叫法“青年公寓小区”",)


async def test_a_draft_that_leaves_words_alone_reads_nothing_again(
    connection: Connection, office: Office, draft: int
) -> None:
    await office.open()
    assert (await compared(connection, office, draft)).hears == ""


async def test_a_street_goes_by_more_names_and_by_fewer(
    connection: Connection, office: Office, draft: int
) -> None:
    aliases = "select aliases from places where version_id = $1 and code = $2"
    before = await connection.fetchval(aliases, draft, OTHER)
    typed = {"place": "东华门街道", "added": "灯市口那片", "removed": before[0]}
    await change_names(connection, admin(office), draft, typed)
    after = await connection.fetchval(aliases, draft, OTHER)
    assert after == [*before[1:], "灯市口那片"]
    again = {"place": "东华门街道", "added": "", "removed": "灯市口那片"}
    await change_names(connection, admin(office), draft, again)
    assert await connection.fetchval(aliases, draft, OTHER) == before[1:]


MISLEADING = [
    ({"place": "没有的地方", "added": "那片"}, "没有找到"),
    ({"place": "田村路街道", "added": ""}, "请填写"),
    ({"place": "田村路街道", "added": "马连洼街道"}, "已经是马连洼街道"),
    ({"place": "田村路街道", "added": "那"}, "到20个字"),
]


async def test_names_that_would_mislead_are_refused(
    connection: Connection, office: Office, draft: int
) -> None:
    for typed, refused in MISLEADING:
        with pytest.raises(ActRefusedError, match=refused):
            await change_names(connection, admin(office), draft, {"removed": ""} | typed)


async def test_a_new_unit_takes_over_from_another_on_the_same_day(
    connection: Connection, office: Office, draft: int
) -> None:
    await office.open()
    world, by = office.world, admin
    await add_unit(connection, world, by(office), draft, NEW)
    part = Part("split", TIANCUN, "玉泉路街道 110108099", "T001", "", "三定方案")
    await add_part(connection, world, by(office), draft, part)
    found = await compared(connection, office, draft)
    assert found.also == (
        "新设玉泉路街道（玉泉路街道，110108099）",
        "田村路街道2026-11-23起分设，由玉泉路街道承接",
        f"玉泉路街道{NOBODY}",
    )
    assert found.topics[0].moves[0].after == "玉泉路街道＋海淀区城管委"
    await approve(connection, world, by(office, "editor"), Approving(draft, "", 30))
    parent = (
        "select p.code from units u join units p on p.id = u.parent_id where u.code = '110108099'"
    )
    assert await connection.fetchval(parent) == "110108"
    heir = "select n.code from unit_successors s join units n on n.id = s.successor_id"
    assert await connection.fetchval(heir) == "110108099"


async def test_a_unit_that_gets_work_and_people_with_it_is_not_named_as_empty(
    connection: Connection, office: Office, draft: int
) -> None:
    part = Part("split", TIANCUN, "马连洼街道 110108020", "T001", "", "三定方案")
    await add_part(connection, office.world, admin(office), draft, part)
    assert f"马连洼街道{NOBODY}" in (await compared(connection, office, draft)).also
    goes = {office.staff_ids["tiancun"]: 0}
    await choose_people(connection, admin(office), draft, goes)
    assert len((await compared(connection, office, draft)).also) == 1


async def test_a_unit_is_called_otherwise_from_its_day(
    connection: Connection, office: Office, draft: int
) -> None:
    world = office.world
    typed = {"unit": "田村路街道", "name": "田村街道办事处", "short_name": "田村街道"}
    await rename_unit(connection, world, admin(office), draft, typed)
    assert (await compared(connection, office, draft)).also == (
        "田村路街道改称田村街道办事处（田村街道）",
    )
    await take_out_unit(connection, world, admin(office), draft, TIANCUN)
    assert (await compared(connection, office, draft)).also == ()
    await rename_unit(connection, world, admin(office), draft, typed)
    await approve(connection, world, admin(office, "editor"), Approving(draft, "", 30))
    name = "select short_name from units where code = $1"
    assert await connection.fetchval(name, TIANCUN) == "田村街道"
    ended = "select count(*) from units where valid_to is not null"
    assert await connection.fetchval(ended) == 0


INCOMPLETE = [
    ({"kind": "x"}, "类别"),
    ({"district": ""}, "所在的区"),
    ({"code": "110101099"}, "以110108开头"),
    ({"kind": "department", "code": "没有"}, "字母和数字"),
    ({"code": "110108020"}, "已经有单位"),
    ({"name": "马连洼街道"}, "已经有单位叫"),
    ({"name": "很长很长很长很长很长的一个单位"}, "不超过12个字"),
]


async def test_a_new_unit_needs_what_all_units_have(
    connection: Connection, office: Office, draft: int
) -> None:
    for typed, refused in INCOMPLETE:
        with pytest.raises(ActRefusedError, match=refused):
            await add_unit(connection, office.world, admin(office), draft, NEW | typed)
