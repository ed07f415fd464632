"""Merged hotlines: a table is loaded whole or not at all, and a number keeps its name, topic and figures."""

from pathlib import Path

import pytest

from dialogs.words import Language
from handlers.demo_lines import seed_lines
from handlers.hotlines import LinesError, lines, load_lines, read_lines
from store.database import Pool
from tests.operator import Operator
from tests.world import START, city_of

HEAD = "number,name,greeting_zh,greeting_en,topic,emergency,second_line,recording\n"
HEATING = "010-96069,供热热线,您好，这里是供热热线。,This is the heating line.,T001,119,010 6555 0000,asked\n"
TOPICS = frozenset({"T001"})


def faults(text: str) -> tuple[str, ...]:
    with pytest.raises(LinesError) as refused:
        read_lines(text, "CN", TOPICS, START)
    return refused.value.faults


def test_a_number_is_read_in_its_one_spelling_whatever_its_column_s_place() -> None:
    row = read_lines(
        "name, number\n12345热线,+86 10 1234 5678\n".replace(", ", ","), "CN", TOPICS, START
    )[0]
    assert (row.number, row.name, row.recording, row.topic) == (
        "+861012345678",
        "12345热线",
        "told",
        "",
    )


@pytest.mark.parametrize(
    ("table", "fault"),
    [
        ("name\n供热\n", "1:number: this column is missing"),
        ("number,name,colour\n", "1:colour: nobody knows this column"),
        (HEAD, "1: no number is in the table"),
        ("number,name\n12,供热\n", "2:number: it should be a whole phone number"),
        ("number,name\n010-96069,\n", "2:name: it may not be empty"),
        ("number,name\n010-96069,一\n+861096069,二\n", "3:number: row 2 has the same number"),
        (
            "number,name,topic\n010-96069,供热,T999\n",
            "2:topic: no topic of the catalogue has the code",
        ),
        ("number,name,recording\n010-96069,供热,always\n", "2:recording: it should be one of told"),
        ("number,name,emergency\n010-96069,供热,fire\n", "2:emergency: it should be a whole phone"),
        ("number,name\n010-96069\n", "2: this row has not as many cells"),
        (
            f"number,name\n010-96069,{'长' * 31}\n",
            "2:name: it is 31 characters long; 30 are the most",
        ),
    ],
)
def test_a_fault_is_named_by_row_and_column(table: str, fault: str) -> None:
    assert any(one.startswith(fault) for one in faults(table)), faults(table)


def test_all_faults_are_told_at_once() -> None:
    assert len(faults("number,name,topic\nx,,T9\ny,,T9\n")) == 6


async def test_a_table_replaces_the_one_before_it_and_a_faulty_one_nothing(pool: Pool) -> None:
    await city_of(pool)
    async with pool.acquire() as connection:
        assert (
            await load_lines(connection, HEAD + HEATING + "01012345678,热线,,,,,,\n", "CN", START)
            == 2
        )
        assert await load_lines(connection, HEAD + HEATING, "CN", START) == 1
        with pytest.raises(LinesError):
            await load_lines(connection, HEAD + HEATING + "x,热线,,,,,,\n", "CN", START)
        (line,) = (await lines(connection)).values()
    assert (line.number, line.name, line.topic) == ("+861096069", "供热热线", "T001")
    assert line.greeting[Language.CHINESE] == "您好，这里是供热热线。"
    assert (line.emergency, line.second_line, line.recording) == ("119", "+861065550000", "asked")


async def test_an_operator_loads_and_lists_lines(
    database_url: str, redis_url: str, tmp_path: Path, pool: Pool
) -> None:
    await city_of(pool)
    operator = Operator(database_url, redis_url, tmp_path)
    table = tmp_path / "lines.csv"
    table.write_text(HEAD + HEATING)
    assert (await operator.run_beside("lines", "load", str(table))).output.startswith("1 numbers")
    listed = (await operator.run_beside("lines", "list")).output
    assert listed.startswith("+861096069  供热热线  (topic T001, emergency 119, second line +86")
    table.write_text("number,name\n1,\n")
    refused = await operator.run_beside("lines", "load", str(table))
    assert refused.exit_code == 1
    assert "lines.csv:2:name: it may not be empty" in refused.stderr


async def test_a_town_that_tries_it_has_two_lines_and_keeps_those_it_has_loaded(pool: Pool) -> None:
    await city_of(pool)
    async with pool.acquire() as connection:
        assert await seed_lines(connection, "+15005550006", "+15005550016", START) == 2
        named = await lines(connection)
        assert [line.name for line in named.values()] == ["12345热线", "供热热线"]
        assert named["+15005550016"].topic == "T001"
        assert await seed_lines(connection, "+15005550006", "+15005550016", START) == 0
