"""The layout of the code: its contracts hold, and fail when something breaks them."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent.parent
PACKAGES = ("gateway", "handlers", "channels", "dialogs", "store")
LINT = "import sys; from importlinter.cli import lint_imports_command; lint_imports_command()"


def contracts_hold(folder: Path) -> tuple[bool, str]:
    """Whether the import contracts of pyproject.toml hold for the packages in `folder`."""
    done = subprocess.run(
        [sys.executable, "-c", LINT, "--no-cache"],
        cwd=folder,
        env={"PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def city(tmp_path: Path) -> Path:
    """A small project under the contracts of ours, with a module in each package."""
    shutil.copy(PROJECT / "pyproject.toml", tmp_path)
    for package in PACKAGES:
        folder = tmp_path / package
        folder.mkdir()
        (folder / "__init__.py").touch()
        for name in ("first", "second", "words", "base", "twilio"):
            (folder / f"{name}.py").touch()
    return tmp_path


def test_a_layout_that_keeps_to_the_contracts_passes(city: Path) -> None:
    (city / "gateway" / "first.py").write_text("import handlers.first")
    (city / "handlers" / "first.py").write_text("import channels.first, dialogs.first, store.first")
    (city / "channels" / "first.py").write_text("import channels.base, channels.twilio")
    (city / "store" / "first.py").write_text("import dialogs.words")
    holds, said = contracts_hold(city)
    assert holds, said


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("handlers/first.py", "import gateway.first"),
        ("channels/first.py", "import handlers.first"),
        ("channels/first.py", "import store.first"),
        ("store/first.py", "import channels.first"),
        ("store/first.py", "import dialogs.first"),
        ("dialogs/first.py", "import store.first"),
        ("channels/first.py", "import channels.second"),
        ("dialogs/first.py", "import asyncio"),
        ("dialogs/first.py", "import time"),
        ("dialogs/first.py", "from random import choice"),
        ("dialogs/first.py", "import logging"),
    ],
)
def test_an_import_against_the_layout_is_refused(city: Path, module: str, source: str) -> None:
    (city / module).write_text(source)
    holds, said = contracts_hold(city)
    assert not holds, said
    assert "BROKEN" in said


def test_modules_that_import_each_other_are_refused(city: Path) -> None:
    (city / "handlers" / "first.py").write_text("import handlers.second")
    (city / "handlers" / "second.py").write_text("import handlers.first")
    holds, said = contracts_hold(city)
    assert not holds, said


def test_no_file_is_longer_than_a_reader_bears() -> None:
    sources = [path for package in PACKAGES for path in (PROJECT / package).rglob("*.py")]
    lengths = {str(path): len(path.read_text().splitlines()) for path in sources}
    assert not {name: length for name, length in lengths.items() if length > 400}
