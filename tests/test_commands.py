"""`jiesu migrate`, `load` and `staff add` as an operator runs them, on a database of their own."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest
from typer.testing import CliRunner, Result

from gateway import clock
from gateway.cli import app
from gateway.embedded import Servers
from tests.city import write


class Operator:
    """Runs commands with the settings of a production machine."""

    def __init__(self, url: str, folder: Path) -> None:
        self.env = {
            "DATABASE_URL": url,
            "REDIS_URL": "redis://localhost",
            "PUBLIC_URL": "https://12345.example",
            "SECRET_KEY": "s" * 32,
            "DATA_DIR": str(folder),
        }

    def run(self, *words: str, given: str = "") -> Result:
        return CliRunner().invoke(app, list(words), env=self.env, input=given)


@pytest.fixture
def operator(servers: Servers, tmp_path: Path) -> Iterator[Operator]:
    """An operator with an empty database."""
    name = f"commands_{clock.new_id()}"
    asyncio.run(execute(servers.database_url, f"create database {name}"))
    yield Operator(servers.database_url.replace("@/jiesu?", f"@/{name}?"), tmp_path)
    asyncio.run(execute(servers.database_url, f"drop database {name} with (force)"))


@pytest.fixture
def city(tmp_path: Path) -> str:
    """A folder with a small catalogue."""
    folder = tmp_path / "city"
    folder.mkdir()
    return str(write(folder))


async def execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def test_the_command_line_loads_nothing_that_only_some_commands_need() -> None:
    needed = "dialogs.understanding.reader handlers.learn sklearn numpy shapely pypinyin aiohttp"
    check = f"import sys, gateway.cli; sys.exit(any(m in sys.modules for m in {needed.split()}))"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0


def test_a_new_city_is_set_up_by_three_commands(operator: Operator, city: str) -> None:
    assert operator.run("migrate").output.startswith("The database is at revision 0")
    loaded = operator.run("load", city, "--valid-from", "2026-11-01")
    assert "Version 1 is in force from 2026-11-01" in loaded.output
    again = operator.run("load", city, "--valid-from", "2026-11-02")
    assert "nothing was changed" in again.output
    add = ("staff", "add", "wang", "--name", "王", "--role", "desk", "--role", "handler")
    added = operator.run(*add, "--unit", "110108-cgw", "--password-stdin", given="long enough\n")
    assert added.output == "wang may log in at /console.\n"
    taken = operator.run(*add, "--password-stdin", given="long enough\n")
    assert (taken.exit_code, taken.output) == (1, "jiesu: the login wang is taken\n")
    nowhere = operator.run(*add, "--unit", "x", "--password-stdin", given="long enough\n")
    assert (nowhere.exit_code, nowhere.output) == (1, "jiesu: there is no unit x\n")


def test_a_fault_in_the_files_ends_loading(operator: Operator, city: str) -> None:
    write(Path(city), {"topics": (",II,", ",2,")})
    outcome = operator.run("load", city)
    assert outcome.exit_code == 1
    assert outcome.output.startswith("jiesu: topics.csv:2:default_grade: ")


def test_files_are_checked_without_a_database(city: str) -> None:
    outcome = CliRunner().invoke(app, ["load", city, "--check"])
    assert (outcome.exit_code, outcome.output) == (0, "No fault was found.\n")


def test_outlines_are_loaded_with_the_catalogue_or_refused_whole(
    operator: Operator, city: str, tmp_path: Path
) -> None:
    operator.run("migrate")
    corners = "[[[116,39.9],[116.3,39.9],[116.3,40],[116,40],[116,39.9]]]"
    feature = f'{{"properties":{{"code":"110108"}},"geometry":{{"type":"Polygon","coordinates":{corners}}}}}'
    path = tmp_path / "outlines.geojson"
    path.write_text(f'{{"features":[{feature},{feature}]}}')
    refused = operator.run("load", city, "--boundaries", str(path))
    fault = "jiesu: outlines.geojson:2: “110108” is outlined by feature 1 already\n"
    assert (refused.exit_code, refused.output) == (1, fault)
    path.write_text(f'{{"features":[{feature}]}}')
    assert ", 1 outlines; " in operator.run("load", city, "--boundaries", str(path)).output


def test_a_short_password_is_refused(operator: Operator) -> None:
    add = ("staff", "add", "wang", "--name", "王", "--role", "desk", "--password-stdin")
    outcome = operator.run(*add, given="short\n")
    assert outcome.exit_code == 1
    assert "8 characters" in outcome.output


def test_a_database_that_is_away_is_told_in_one_line(operator: Operator, city: str) -> None:
    operator.env["DATABASE_URL"] = f"postgresql://jiesu@/jiesu?host={city}"
    outcome = operator.run("load", city)
    assert outcome.exit_code == 1
    assert outcome.output.startswith("jiesu: the database refused: ")
    assert outcome.output.count("\n") == 1


def test_rules_are_listed_and_set_by_the_command_line(operator: Operator) -> None:
    operator.run("migrate")
    assert "  return.hours 24 (24 hours; " in operator.run("rules", "list").output
    operator.run("rules", "set", "return.hours", "48", "--note", "pilot")
    assert "* return.hours 48 (24 hours; " in operator.run("rules", "list").output
    refused = operator.run("rules", "set", "warn.first_percent", "99", "--note", "pilot")
    assert refused.exit_code == 1
    assert "* warn" not in operator.run("rules", "list").output
