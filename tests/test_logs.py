"""Logs say what happened and to which ids, and nothing that residents said or are reached by."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from gateway.logs import WITHHELD, explain, withhold

PROJECT = Path(__file__).parent.parent
PROGRAM = """
import logging, structlog, warnings
from gateway import logs
logs.configure("info")
log = structlog.get_logger()
log.debug("unheard")
log.info("turned", conversation_id=7, ticket_id=261123000001, text="暖气不热", at_night=True)
logging.getLogger("library").warning("called %s", "+8613812345678")
logging.getLogger("aiohttp.access").info("GET /chat")
warnings.warn("old", DeprecationWarning, stacklevel=1)
try:
    secret = "暖气不热"
    raise ValueError("+8613812345678 refused\\nDETAIL:  Failing row contains (暖气不热).")
except ValueError:
    log.exception("failed", key="SM1")
"""


def said(**event: object) -> dict[str, Any]:
    return dict(withhold(None, "info", event))


@pytest.mark.parametrize(
    "number",
    ["+8613812345678", "13812345678", "8613812345678", "138 1234 5678", "138-1234-5678",
     "010-12345678", "01012345678", "+12025550123", 13812345678],
)  # fmt: skip
def test_a_phone_number_is_never_written(number: str | int) -> None:
    written = json.dumps(
        said(event=f"from {number}", error=f"({number})", inner={"x": [number]}, n=number)
    )
    assert str(number) not in written
    assert written.count(WITHHELD) == 4


@pytest.mark.parametrize("key", ["text", "body", "matter", "said", "address", "parts"])
def test_what_was_said_is_never_written(key: str) -> None:
    assert said(**{key: "暖气不热"}) == {key: WITHHELD}
    assert said(outer={key: ["暖气不热"]}) == {"outer": {key: WITHHELD}}


@pytest.mark.parametrize(
    "identity",
    ["261123-000001-4", "SM1381234567813812345678138123456aa", "12-13812-0", 261123000001,
     "2026-11-23T08:30:00.123+00:00", "6f1c13812345678d9e"],
)  # fmt: skip
def test_ids_and_times_stay(identity: str | int) -> None:
    assert said(id=identity) == {"id": identity}


def fail() -> None:
    form: dict[str, str] = {}
    try:
        form["sid"]
    except KeyError as error:
        raise ValueError("not null\nDETAIL:  Failing row contains (暖气不热).") from error


def test_an_exception_is_told_with_its_cause_and_without_rows() -> None:
    with pytest.raises(ValueError, match="not null") as caught:
        fail()
    event = explain(None, "error", {"event": "failed", "exc_info": caught.value})
    assert event["error"] == "ValueError: not null"
    assert event["causes"] == ["KeyError: 'sid'"]
    assert any(frame.endswith(" fail") for frame in event["frames"])


def test_errors_of_a_group_are_all_told() -> None:
    group = ExceptionGroup("two", [OSError("disk"), TimeoutError("late")])
    event = explain(None, "error", {"event": "failed", "exc_info": group})
    assert event["causes"] == ["OSError: disk", "TimeoutError: late"]


def test_every_line_of_a_process_is_json_on_standard_error() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "default", "-c", PROGRAM],
        cwd=PROJECT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert done.stdout == ""
    assert [line["level"] for line in lines] == ["info", "warning", "warning", "error"]
    assert lines[0]["event"] == "turned"
    assert lines[0]["ticket_id"] == 261123000001
    assert lines[0]["at"].endswith("+00:00")
    assert lines[1]["event"] == f"called {WITHHELD}"
    assert lines[3]["error"] == f"ValueError: {WITHHELD} refused"
    assert "138" not in done.stderr
    assert "暖气" not in done.stderr
