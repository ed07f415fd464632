"""The corpus as values."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, get_args

Half = Literal["tuning", "test"]
HALVES: tuple[Half, ...] = get_args(Half)
_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Message:
    """What was said and what is right; names are those of the catalogue, written out."""

    id: str
    text: str
    language: str
    tags: frozenset[str]
    kinds: tuple[str, ...]
    topics: tuple[str, ...]
    level1: tuple[str, ...]
    grades: tuple[str, ...]
    district: str
    street: str
    community: str
    ask: str
    must_ask: bool
    choices: tuple[str, ...]
    means: str
    emergency: bool


@cache
def messages(half: Half) -> tuple[Message, ...]:
    """Read one half."""
    with (_FOLDER / f"{half}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(_message(row) for row in csv.DictReader(file))


def corpus() -> tuple[Message, ...]:
    """Return both halves in the order they were written."""
    both = [message for half in HALVES for message in messages(half)]
    return tuple(sorted(both, key=lambda message: message.id))


def _message(row: dict[str, str]) -> Message:
    ask, _, choices = row["ask"].partition(":")
    return Message(
        id=row["id"],
        text=row["text"],
        language=row["language"],
        tags=frozenset(_parts(row["tags"])),
        kinds=_parts(row["kind"]),
        topics=_parts(row["topic"]),
        level1=_parts(row["level1"]),
        grades=_parts(row["grade"]),
        district=row["district"],
        street=row["street"],
        community=row["community"],
        ask=ask.removesuffix("?"),
        must_ask=not ask.endswith("?"),
        choices=_parts(choices),
        means=row["means"],
        emergency=row["emergency"] == "yes",
    )


def _parts(field: str) -> tuple[str, ...]:
    return tuple(field.split("|")) if field else ()
