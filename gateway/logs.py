"""Logs: a line of JSON an event, on standard error, with ids only: no message bodies, no phone numbers."""

import logging
import re
import sys
import traceback
from collections.abc import Mapping
from typing import TextIO

import orjson
import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from gateway import clock

WITHHELD = "[withheld]"
# Under these names stands what a resident said or is reached by.
PERSONAL = frozenset(
    {
        "text", "body", "matter", "wanted", "said", "reply", "parts", "remark", "note", "title", "content", "form",
        "payload", "query", "address", "phone", "number", "contact", "contact_name", "name",
    }
)  # fmt: skip
# E.164, Chinese mobile numbers with or without 86, Chinese landlines; never a part of a longer id.
PHONE = re.compile(
    r"(?<![0-9A-Za-z])"
    r"(?:\+\d(?:[ -]?\d){6,14}|(?:86[ -]?)?1[3-9]\d(?:[ -]?\d{4}){2}|0\d{2,3}[ -]?\d{7,8})"
    r"(?![0-9A-Za-z])"
)
# PostgreSQL repeats there the very row that it refused.
DETAIL = re.compile(r"\n(?:DETAIL|CONTEXT|QUERY):.*", re.DOTALL)
LEVELS = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
}
QUIET = ("asyncio", "aiohttp.access", "rq", "alembic", "httpx")


def configure(level: str, stream: TextIO | None = None) -> None:
    """Send what this process logs, and what its libraries do, to `stream` (standard error)."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                explain,
                withhold,
                write_json,
            ],
            foreign_pre_chain=_described(),
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(LEVELS[level])
    for name in QUIET:
        logging.getLogger(name).setLevel(max(LEVELS[level], logging.WARNING))
    logging.captureWarnings(capture=True)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_described(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )


def _described() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        _stamp,
    ]


def _stamp(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    event["at"] = clock.now().isoformat(timespec="milliseconds")
    return event


def explain(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Replace an exception by its type, message and frames; local variables stay where they are."""
    given = event.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        frames = traceback.extract_tb(error.__traceback__)
        event["error"], *causes = _chain(error)
        event["frames"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        if causes:
            event["causes"] = causes
    return event


def _chain(error: BaseException) -> list[str]:
    """The error and what is behind it, nearest first."""
    told = [f"{type(error).__name__}: {DETAIL.sub('', str(error))}"]
    behind = error.__cause__ or error.__context__
    inside = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    for each in (*inside, *([behind] if behind else [])):
        told += _chain(each)
    return told


def withhold(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Leave out what residents said and what they are reached by, wherever it stands."""
    return {key: _without(key, value) for key, value in event.items()}


def _without(key: str, value: object) -> object:
    if key in PERSONAL and value not in ("", None):
        return WITHHELD
    match value:
        case bool() | float() | int() | None:
            return WITHHELD if PHONE.fullmatch(str(value)) else value
        case Mapping():
            return {str(inner): _without(str(inner), each) for inner, each in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_without("", each) for each in value]
        case _:
            return PHONE.sub(WITHHELD, DETAIL.sub("", str(value)))


def write_json(_: WrappedLogger, __: str, event: EventDict) -> str:
    """One line; what JSON does not know is written as text."""
    return orjson.dumps(event, default=str).decode()
