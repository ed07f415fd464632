"""Articles from a table: added once, beside what editors have written, or not at all."""

from pathlib import Path

import pytest

from handlers.load_articles import ArticlesError, load_articles
from store.database import Pool
from tests.operator import Operator
from tests.world import START, city_of

TABLE = (
    "question,variants,answer,topic,unit,valid_until\n"
    "几号开始供暖？,什么时候来暖气|暖气几号来,每年11月15日。,,110108-cgw,2027-03-31\n"
    "身份证丢了怎么补办？,,带户口簿到派出所。,,,\n"
)
ROWS = "select question, variants, published, unit_id is not null as unit from articles order by id"


async def loaded(pool: Pool, text: str, *, publish: bool = False) -> tuple[int, int]:
    async with pool.acquire() as connection:
        return await load_articles(connection, text, START, publish=publish)


async def test_what_is_added_waits_for_an_editor_unless_it_is_to_be_published(pool: Pool) -> None:
    await city_of(pool)
    assert await loaded(pool, TABLE) == (2, 0)
    first, second = await pool.fetch(ROWS)
    assert tuple(first) == ("几号开始供暖？", ["什么时候来暖气", "暖气几号来"], False, True)
    assert tuple(second) == ("身份证丢了怎么补办？", [], False, False)
    assert await pool.fetchval("select count(*) from article_versions where act = 'added'") == 2


async def test_a_question_that_is_there_stays_as_its_editors_have_left_it(pool: Pool) -> None:
    await city_of(pool)
    await loaded(pool, TABLE)
    changed = TABLE.replace("每年11月15日", "别的") + "公积金怎么提取？,,网上办。,,,\n"
    assert await loaded(pool, changed, publish=True) == (1, 2)
    assert (
        await pool.fetchval("select answer from articles order by id limit 1") == "每年11月15日。"
    )
    assert await pool.fetchval("select count(*) from articles where published") == 1


@pytest.mark.parametrize(
    ("table", "fault"),
    [
        ("question\n", "1:answer: is missing"),
        ("question,answer,colour\n", "1:colour: no such column"),
        ("question,answer\n", "1: no article"),
        ("question,answer\n？,好\n", "2:question: says nothing"),
        ("question,answer\n几号供暖,\n", "2:answer: is missing"),
        (f"question,answer\n几号供暖,{'长' * 601}\n", "2:answer: more than 600"),
        ("question,answer,unit\n几号供暖,好,nobody\n", "2:unit: is not in the catalogue"),
        ("question,answer,topic\n几号供暖,好,T999\n", "2:topic: is not in the catalogue"),
        ("question,answer,valid_until\n几号供暖,好,明年\n", "2:valid_until: write it like"),
        ("question,answer,language\n几号供暖,好,fr\n", "2:language: is not spoken here"),
    ],
)
async def test_a_fault_is_named_and_changes_nothing(pool: Pool, table: str, fault: str) -> None:
    with pytest.raises(ArticlesError) as refused:
        await loaded(pool, table)
    assert refused.value.faults[0].startswith(fault), refused.value.faults
    assert await pool.fetchval("select count(*) from articles") == 0


async def test_an_operator_loads_a_table_by_command(
    pool: Pool, database_url: str, redis_url: str, tmp_path: Path
) -> None:
    await city_of(pool)
    operator, file = Operator(database_url, redis_url, tmp_path), tmp_path / "articles.csv"
    file.write_text(TABLE, "utf-8")
    outcome = await operator.run_beside("articles", "load", str(file))
    assert outcome.output.startswith("2 articles added, to be published")
    file.write_text("question,answer\n几号供暖,\n", "utf-8")
    outcome = await operator.run_beside("articles", "load", str(file))
    assert outcome.exit_code == 1
    assert "articles.csv:2:answer: is missing" in outcome.output
