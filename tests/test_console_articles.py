"""The knowledge base in the console: who writes what, that a form acts once, and what residents get of it."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import orjson
import pytest
from aiohttp import ClientResponse, web
from redis.asyncio import Redis

from dialogs.words import Role
from handlers.demo_articles import seed_articles
from handlers.permits import may_edit_article, may_write_articles
from handlers.reindex_articles import reindex_articles
from store.database import Pool
from tests.console_site import Client, Desk, Site, console_site, give_passwords
from tests.office import Office, open_office

AioClient = Callable[[web.Application], Awaitable[Client]]
NEW = "/console/articles/new"
ARTICLE = {
    "question": "北京几号开始供暖？",
    "variants": "供暖时间\n什么时候来暖气",
    "answer": "每年11月15日开始供暖，到第二年3月15日结束。",
    "language": "zh-CN",
    "topic": "T001",
    "unit": "city-cgw",
    "valid_until": "2027-03-31",
}


@pytest.fixture
async def office(pool: Pool) -> Office:
    office = await open_office(pool)
    await give_passwords(office)
    return office


@pytest.fixture
def site(office: Office, valkey: Redis, tmp_path: Path) -> Site:
    return console_site(office, valkey, tmp_path)


@pytest.fixture
def log_in(site: Site, aiohttp_client: AioClient) -> Callable[[str], Awaitable[Desk]]:
    async def logged_in(login: str) -> Desk:
        desk = Desk(await aiohttp_client(site.app))
        await desk.log_in(login)
        return desk

    return logged_in


LogIn = Callable[[str], Awaitable[Desk]]


def written(response: ClientResponse) -> str:
    """The page of the article that a form has led to."""
    assert response.status == 303
    return response.headers["Location"].split("?")[0]


async def publish(desk: Desk, **changes: str) -> str:
    """Write an article and publish it; returns its page."""
    page = written(await desk.send(NEW, NEW, **(ARTICLE | changes)))
    assert written(await act(desk, page, "publish")) == page
    return page


async def act(desk: Desk, page: str, name: str, **fields: str) -> ClientResponse:
    version = {"version": await version_of(desk, page)}
    return await desk.send(page, f"{page}/{name}", **(version | fields))


async def version_of(desk: Desk, page: str) -> str:
    text = await desk.page(page)
    return text.split('name="version" value="')[1].split('"')[0]


async def told(office: Office) -> str:
    row = await office.value(
        "select reply from outbox order by conversation_id desc, seq desc limit 1"
    )
    return str(orjson.loads(row)["text"])


async def test_an_article_is_told_from_its_publishing_to_its_withdrawal(
    office: Office, log_in: LogIn
) -> None:
    desk = await log_in("editor")
    page = written(await desk.send(NEW, NEW, **ARTICLE))
    await office.say("请问什么时候来暖气", phone="+8613800138001")
    assert ARTICLE["answer"] not in await told(office)
    await act(desk, page, "publish")
    await office.say("请问什么时候来暖气", phone="+8613800138002")
    assert ARTICLE["answer"] in await told(office)
    assert "市城市管理委" in await told(office)
    await act(desk, page, "withdraw")
    await office.say("请问什么时候来暖气", phone="+8613800138003")
    assert ARTICLE["answer"] not in await told(office)
    history = await office.rows("select act from article_versions order by version")
    assert [row["act"] for row in history] == ["added", "published", "withdrawn"]


async def test_an_edited_article_is_found_by_its_new_words_and_stays_published(
    office: Office, log_in: LogIn
) -> None:
    desk = await log_in("editor")
    page = await publish(desk)
    await act(desk, page, "edit", **(ARTICLE | {"question": "养狗怎么办狗证？", "variants": ""}))
    await office.say("请问狗证怎么办")
    assert ARTICLE["answer"] in await told(office)
    text = await desk.page(page)
    assert "修改" in text
    assert "editor" in text


async def test_a_preview_saves_nothing_and_keeps_what_was_typed(
    office: Office, log_in: LogIn
) -> None:
    desk = await log_in("editor")
    response = await desk.send(NEW, NEW, **ARTICLE, preview="yes")
    text = await response.text()
    assert response.status == 200
    assert "【12345】" in text
    assert "2027年3月31日前有效" in text
    assert 'value="北京几号开始供暖？"' in text
    assert await office.value("select count(*) from articles") == 0


async def test_a_form_sent_twice_writes_one_article(office: Office, log_in: LogIn) -> None:
    desk = await log_in("editor")
    form = {**await desk.proof(NEW), **ARTICLE}
    first = await desk.client.post(NEW, data=form, allow_redirects=False)
    again = await desk.client.post(NEW, data=form, allow_redirects=False)
    assert written(first) == written(again)
    assert await office.value("select count(*) from articles") == 1


async def test_who_read_an_older_version_does_not_overwrite_a_newer_one(
    office: Office, log_in: LogIn
) -> None:
    desk = await log_in("editor")
    page = await publish(desk)
    response = await desk.send(page, f"{page}/edit", **(ARTICLE | {"answer": "旧"}), version="1")
    assert response.status == 422
    text = await response.text()
    assert "刚才有人改过" in text
    assert ">旧</textarea>" in text
    assert await office.value("select answer from articles") == ARTICLE["answer"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"question": ""}, "请填写问题"),
        ({"question": "怎么办？"}, "问题太泛"),
        ({"answer": ""}, "请填写答案"),
        ({"answer": "字" * 601}, "答案太长"),
        ({"unit": "不存在的单位"}, "没有这个单位"),
        ({"topic": "T999"}, "问题分类不在目录中"),
        ({"valid_until": "明年"}, "有效期请写成"),
        ({"valid_until": "2027-02-30"}, "没有这一天"),
    ],
)
async def test_what_cannot_be_an_article_is_refused_with_a_sentence(
    office: Office, log_in: LogIn, changes: dict[str, str], said: str
) -> None:
    desk = await log_in("editor")
    response = await desk.send(NEW, NEW, **(ARTICLE | changes))
    assert response.status == 422
    assert said in await response.text()
    assert await office.value("select count(*) from articles") == 0


async def test_an_article_that_has_expired_cannot_be_published(
    office: Office, log_in: LogIn
) -> None:
    desk = await log_in("editor")
    page = written(await desk.send(NEW, NEW, **(ARTICLE | {"valid_until": "2026-11-22"})))
    response = await act(desk, page, "publish")
    assert response.status == 422
    assert "有效期已过" in await response.text()


async def test_a_unit_writes_its_own_articles_and_reads_those_of_others(
    office: Office, log_in: LogIn
) -> None:
    editor, district = await log_in("editor"), await log_in("district")
    theirs = await publish(editor)
    text = await district.page(theirs)
    assert "不能改" in text
    assert "/edit" not in text
    form = {**await district.proof(NEW), **ARTICLE, "version": "2"}
    refused = await district.client.post(f"{theirs}/edit", data=form, allow_redirects=False)
    assert refused.status == 422
    own = written(await district.send(NEW, NEW, **ARTICLE))
    assert "海淀区政府" in await district.page(own)  # whatever unit was typed


async def test_others_read_and_write_nothing(office: Office, log_in: LogIn) -> None:
    desk = await log_in("tiancun")
    assert "写一篇新答案" not in await desk.page("/console/articles")
    await desk.page(NEW, status=404)


def test_the_centres_editors_edit_all_and_a_units_reviewer_and_head_its_own() -> None:
    for role in Role:
        assert may_write_articles(None, frozenset({role})) == (role in {Role.QUALITY, Role.ADMIN})
        own = role in {Role.REVIEWER, Role.HEAD}
        assert may_edit_article(7, frozenset({role}), 7) == own
        assert not may_edit_article(7, frozenset({role}), 8)
        assert not may_edit_article(7, frozenset({role}), None)


async def test_what_ends_soon_and_what_did_not_help_stands_first(
    office: Office, log_in: LogIn
) -> None:
    desk = await log_in("editor")
    await publish(desk, question="养狗怎么办狗证？", valid_until="2026-12-01")
    useless = await publish(desk, question="居住证怎么办理？")
    office.at += timedelta(minutes=1)
    await publish(desk, question="低保怎么申请？")
    for phone in range(3):
        await office.say("请问居住证怎么办理", "没有", phone=f"+861380013800{phone}")
    text = await desk.page("/console/articles")
    at = [text.index(question) for question in ("养狗怎么办", "居住证怎么办理", "低保怎么申请")]
    assert at == sorted(at)
    assert "2026-12-01到期" in text
    assert "多数人说没帮上" in text
    assert "0／3" in text
    assert "没帮到3人" in await desk.page(useless)


async def test_questions_that_became_tickets_are_listed_for_thirty_days(
    office: Office, log_in: LogIn
) -> None:
    desk = await log_in("editor")
    await office.open("请问海淀区田村路街道残疾证怎么办理，电话13800138000")
    text = await desk.page("/console/articles?state=unanswered")
    assert "残疾证" in text
    assert "13800138000" not in text
    assert "写答案" in text
    office.at += timedelta(days=31)
    assert "没有这样的咨询" in await (await log_in("editor")).page(
        "/console/articles?state=unanswered"
    )


async def test_an_article_is_searched_as_a_resident_would_ask(
    office: Office, log_in: LogIn
) -> None:
    async with office.pool.acquire() as connection:
        count = await seed_articles(connection, office.at)
        assert await seed_articles(connection, office.at) == 0
    assert count > 25
    desk = await log_in("tiancun")
    assert "养狗怎么办狗证" in await desk.page("/console/articles?q=狗证在哪办")
    assert "没有找到" in await desk.page("/console/articles?q=火星")
    assert "养狗怎么办狗证" in await desk.page("/console/articles?state=published")


async def test_a_release_with_other_rules_finds_all_articles_by_its_own_words(
    office: Office,
) -> None:
    async with office.pool.acquire() as connection:
        await seed_articles(connection, office.at)
        assert await reindex_articles(connection) == 0
        await connection.execute("update articles set words = 'x' where id % 2 = 0")
        assert await reindex_articles(connection) > 0
        assert await reindex_articles(connection) == 0
