"""The pages say what the code does: made parts are up to date, and whatever they name exists."""

import asyncio
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from typer.main import get_command
from typing_extensions import override

from dialogs.repertoire import REPERTOIRE
from docs.loop import play_loop, without_moments
from docs.made import PAGES, PROJECT, TABLES, filled, pages
from docs.meanings import DIALOGS, LIMITS, SETTINGS
from docs.town import running_town
from gateway.cli import app
from gateway.config import Settings

LARGEST_PICTURE = 150 * 1024
FENCED = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
MADE = re.compile(r"<!-- made: ([a-z-]+) -->")
LINK = re.compile(r"\[[^\]]*\]\(([^)]+)\)|<img src=\"([^\"]+)\"")
CODE = re.compile(r"`([^`\n]+)`")
TEST = re.compile(r"(tests/[\w/]+\.py)::(\w+)")
SOURCE = re.compile(
    r"(?:gateway|handlers|channels|dialogs|store|tests|docs|bench)/[\w./-]+\.(?:py|md|sql|csv|mo|po)"
)
MAKE = re.compile(r"\bmake ([a-z]+)")
JIESU = re.compile(r"(?<!database )\bjiesu ([a-z][a-z-]*)")

each_page = pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)


class Asked(Mapping[str, str]):
    """An environment with a secret alone, that remembers what it was asked for."""

    def __init__(self) -> None:
        self.names: list[str] = []

    @override
    def __getitem__(self, name: str) -> str:
        self.names.append(name)
        return {"SECRET_KEY": "-" * 32}[name]

    @override
    def __iter__(self) -> Iterator[str]:
        return iter(("SECRET_KEY",))

    @override
    def __len__(self) -> int:
        return 1


def words(page: Path) -> str:
    return page.read_text("utf-8")


def code(page: Path) -> Iterator[str]:
    """What stands in code, in the running text or in fences."""
    text = words(page)
    yield from FENCED.findall(text)
    yield from CODE.findall(FENCED.sub("", text))


@each_page
def test_what_a_page_has_from_the_code_is_up_to_date(page: Path) -> None:
    assert filled(words(page), TABLES) == words(page), "run `make docs`"


@each_page
def test_every_made_part_has_a_maker(page: Path) -> None:
    assert set(MADE.findall(words(page))) <= {*TABLES, "loop"}


def test_every_table_stands_on_a_page() -> None:
    assert {name for page in pages() for name in MADE.findall(words(page))} == {*TABLES, "loop"}


@each_page
def test_links_and_pictures_are_there(page: Path) -> None:
    targets = [link or picture for link, picture in LINK.findall(FENCED.sub("", words(page)))]
    local = [target.partition("#")[0] for target in targets if "://" not in target]
    missing = [target for target in local if not (page.parent / target).exists()]
    assert not missing


@each_page
def test_the_files_and_tests_that_a_page_names_exist(page: Path) -> None:
    named = "\n".join(code(page))
    missing = [path for path in SOURCE.findall(named) if not (PROJECT / path).exists()]
    for path, name in TEST.findall(named):
        if f"def {name}(" not in (PROJECT / path).read_text("utf-8"):
            missing.append(f"{path}::{name}")
    assert not missing


@each_page
def test_the_commands_that_a_page_names_exist(page: Path) -> None:
    named = "\n".join(code(page))
    targets = set(re.findall(r"^([a-z]+):", (PROJECT / "Makefile").read_text(), re.MULTILINE))
    commands = get_command(app).list_commands(None)  # type: ignore[attr-defined]  # a group: it has several
    assert set(MAKE.findall(named)) <= targets
    assert set(JIESU.findall(named)) <= set(commands)


def test_every_setting_that_is_read_is_told() -> None:
    asked = Asked()
    Settings.from_env(asked, production=False)
    assert set(asked.names) == set(SETTINGS)


def test_every_dialog_is_told_and_every_limit_has_a_place() -> None:
    assert set(DIALOGS) == set(REPERTOIRE.dialogs)
    places = {limit.place for limit in LIMITS}
    assert all(place in SETTINGS or (PROJECT / place).exists() for place in places)


def test_decisions_are_numbered_and_the_map_leads_to_all_of_them() -> None:
    decisions = sorted(path.name for path in (PAGES / "adr").glob("*.md"))
    assert [int(name[:4]) for name in decisions] == list(range(1, len(decisions) + 1))
    assert all(name in words(PAGES / "map.md") for name in decisions)


def test_pictures_are_small() -> None:
    assert all(path.stat().st_size <= LARGEST_PICTURE for path in (PAGES / "images").iterdir())


def test_the_loop_in_the_readme_is_what_a_run_shows() -> None:
    with running_town() as url:
        shown = asyncio.run(play_loop(url)).markdown()
    assert without_moments(shown) in without_moments(words(PROJECT / "README.md")), "`make docs`"
