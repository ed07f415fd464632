"""The knowledge base on the real store: found by index, in force alone, rated by those who were answered."""

from collections.abc import Mapping, Sequence
from datetime import date

import orjson
import pytest

from dialogs.understanding.knowledge import clauses, words
from store import articles
from store.articles import Asked, vector
from store.database import Connection, Pool
from tests.office import Office, open_office

TODAY = date(2026, 11, 23)
QUESTION = "北京几号开始供暖？"
ANSWER = "每年11月15日开始供暖，到第二年3月15日结束。"


@pytest.fixture
async def office(pool: Pool) -> Office:
    return await open_office(pool)


async def add(
    office: Office, question: str = QUESTION, more: Mapping[str, object] | None = None
) -> int:
    """An article as it would be published; `more` are columns."""
    columns = {
        "question": question,
        "answer": ANSWER,
        "published": True,
        "words": vector(words(question), words(ANSWER)),
        "edited_at": office.at,
        "unit_id": office.units["110108-cgw"],
        **(more or {}),
    }
    names = ", ".join(columns)
    values = ", ".join(
        f"${n}::text::tsvector" if name == "words" else f"${n}" for n, name in enumerate(columns, 1)
    )
    return int(
        await office.value(
            f"insert into articles ({names}) values ({values}) returning id",  # noqa: S608
            *columns.values(),
        )
    )


async def last_said(office: Office) -> str:
    row = await office.value(
        "select reply from outbox order by conversation_id desc, seq desc limit 1"
    )
    return str(orjson.loads(row)["text"])


async def test_a_question_by_sms_is_answered_and_what_helped_is_counted(office: Office) -> None:
    article_id = await add(office)
    await office.say("请问北京几号开始供暖")
    assert ANSWER in await last_said(office)
    await office.say("谢谢")
    rated = await office.rows("select article_id, helped from article_ratings")
    assert [tuple(row) for row in rated] == [(article_id, True)]
    assert await office.value("select count(*) from tickets") == 0


async def test_a_question_whose_answer_did_not_help_becomes_a_ticket(office: Office) -> None:
    await add(office)
    await office.say("请问海淀区田村路街道北京几号开始供暖", "没有", "1")
    assert await office.value("select kind from tickets") == "question"
    assert await office.value("select helped from article_ratings") is False


async def test_only_what_asks_in_a_complaint_is_looked_up(office: Office) -> None:
    await add(office)
    await office.say("海淀区田村路街道阜石路第一社区5号楼暖气不热", phone="w1", channel="webchat")
    assert ANSWER not in await last_said(office)
    matter = "海淀区田村路街道阜石路第一社区5号楼暖气不热，北京供暖是几号开始？"
    await office.say(matter, phone="w2", channel="webchat")
    told = await last_said(office)
    assert ANSWER in told
    assert "请核对" in told


@pytest.mark.parametrize(
    "changes", [{"published": False}, {"valid_until": date(2026, 11, 22)}, {"language": "en"}]
)
async def test_what_is_not_published_has_expired_or_is_in_another_language_is_not_told(
    office: Office, changes: dict[str, object]
) -> None:
    await add(office, more=changes)
    await office.say("请问北京几号开始供暖")
    assert ANSWER not in await last_said(office)


async def test_an_article_is_told_on_the_last_day_it_is_valid(office: Office) -> None:
    await add(office, more={"valid_until": TODAY})
    await office.say("请问北京几号开始供暖")
    assert "2026年11月23日前有效" in await last_said(office)


async def test_a_batch_of_questions_is_searched_with_one_statement_each_for_itself(
    office: Office,
) -> None:
    heating, dogs = await add(office), await add(office, "养狗怎么办狗证？")
    async with office.pool.acquire() as connection:
        asked = [Asked(clauses(text), "zh-CN") for text in ("狗证怎么办", "几号供暖", "护照")]
        found = await articles.search(connection, asked, TODAY)
    assert [[one.id for one in near] for near in found] == [[dogs], [heating], []]


async def test_articles_are_found_by_their_index(office: Office) -> None:
    await add(office)
    async with office.pool.acquire() as connection:
        plan = await _plan(connection, ["'供暖':A"])
    assert "articles_words" in plan
    assert "Seq Scan" not in plan


async def test_a_long_question_is_searched_by_what_was_said_last(office: Office) -> None:
    heating, dogs = await add(office), await add(office, "养狗怎么办狗证？")
    long = [[f"w{clause}x{word}" for word in range(100)] for clause in range(8)]
    async with office.pool.acquire() as connection:
        first, last = await articles.search(
            connection,
            [
                Asked([*clauses("几号供暖"), *long], "zh-CN"),
                Asked([*long, *clauses("狗证怎么办"), *clauses("几号供暖")], "zh-CN"),
            ],
            TODAY,
        )
    assert [one.id for one in first] == []
    assert {one.id for one in last} == {heating, dogs}


async def _plan(connection: Connection, queries: Sequence[str]) -> str:
    languages = ["zh-CN"] * len(queries)
    rows = await connection.fetch(f"explain {articles.SEARCH}", queries, languages, TODAY, 8)
    return "\n".join(row[0] for row in rows)


async def test_a_rating_of_an_article_that_is_gone_is_let_go(office: Office) -> None:
    async with office.pool.acquire() as connection:
        await articles.rate(connection, [articles.Rating(999, 1, helped=True, at=office.at)])
    assert await office.value("select count(*) from article_ratings") == 0
