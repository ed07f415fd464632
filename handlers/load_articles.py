"""Articles of the knowledge base from a table: added beside those that are there, to be read and published by editors."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from dialogs.understanding.knowledge import words
from dialogs.words import Language
from handlers.edit_article import LONGEST_ANSWER, LONGEST_QUESTION, MOST_VARIANTS, indexed
from store import article_desk, hotlines, units
from store.article_desk import Article
from store.database import Connection, StoreError

COLUMNS = ("question", "variants", "answer", "language", "topic", "unit", "valid_until")
NEEDED = ("question", "answer")
Row = Mapping[str, str]


class ArticlesError(StoreError):
    """The table cannot be loaded; `faults` says where and why, as `row:column: what`."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(faults))


@dataclass(frozen=True, slots=True)
class Known:
    """What a cell is held against: codes of topics, ids of units by code."""

    topics: frozenset[str]
    units: Mapping[str, int]


async def load_articles(
    connection: Connection, text: str, now: datetime, *, publish: bool = False
) -> tuple[int, int]:
    """Add the articles of a CSV table whose questions are not there yet; returns how many were added, and left as they are.

    Raises `ArticlesError` with every fault, and changes nothing.
    """
    rows = _rows(text)
    known = Known(
        await hotlines.known_topics(connection),
        await units.unit_ids(connection, {row["unit"] for row in rows if row["unit"]}),
    )
    faults = [fault for number, row in enumerate(rows, 2) for fault in _faults(row, number, known)]
    if faults:
        raise ArticlesError(faults)
    articles = {(row["question"], row["language"]): _article(row, known, publish) for row in rows}
    async with connection.transaction():
        there = {(one.question, one.language) for one in await article_desk.all_of_them(connection)}
        new = [indexed(one) for key, one in articles.items() if key not in there]
        await article_desk.add(connection, new, None, now)
    return len(new), len(articles) - len(new)


def _rows(text: str) -> list[Row]:
    """The cells of each row, all columns filled in."""
    table = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), strict=True)
    names = [name.strip() for name in table.fieldnames or ()]
    faults = [f"1:{name}: no such column" for name in names if name not in COLUMNS]
    faults += [f"1:{name}: is missing" for name in NEEDED if name not in names]
    if faults:
        raise ArticlesError(faults)
    try:
        rows = [{name: (cells.get(name) or "").strip() for name in COLUMNS} for cells in table]
    except csv.Error as error:
        raise ArticlesError([f"{table.line_num}: {error}"]) from None
    if not rows:
        raise ArticlesError(["1: no article is in the table"])
    return [row | {"language": row["language"] or Language.CHINESE} for row in rows]


def _faults(row: Row, number: int, known: Known) -> Iterator[str]:
    """What is wrong with a row."""
    variants = _variants(row)
    checks = {
        "question": (bool(words(row["question"])), "says nothing to be found by"),
        "variants": (len(variants) <= MOST_VARIANTS, f"more than {MOST_VARIANTS}"),
        "answer": (bool(row["answer"]), "is missing"),
        "language": (row["language"] in set(Language), "is not spoken here"),
        "topic": (not row["topic"] or row["topic"] in known.topics, "is not in the catalogue"),
        "unit": (not row["unit"] or row["unit"] in known.units, "is not in the catalogue"),
        "valid_until": (_is_date(row["valid_until"]), "write it like 2027-03-31"),
    }
    yield from (f"{number}:{name}: {why}" for name, (good, why) in checks.items() if not good)
    if any(len(one) > LONGEST_QUESTION for one in (row["question"], *variants)):
        yield f"{number}:question: more than {LONGEST_QUESTION} characters"
    if len(row["answer"]) > LONGEST_ANSWER:
        yield f"{number}:answer: more than {LONGEST_ANSWER} characters"


def _is_date(typed: str) -> bool:
    try:
        return not typed or bool(date.fromisoformat(typed))
    except ValueError:
        return False


def _variants(row: Row) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.strip() for one in row["variants"].split("|") if one.strip()))


def _article(row: Row, known: Known, publish: bool) -> Article:  # noqa: FBT001 - one call, above
    return Article(
        id=0,
        question=row["question"],
        variants=_variants(row),
        answer=row["answer"],
        language=row["language"],
        topic=row["topic"],
        unit_id=known.units.get(row["unit"]),
        valid_until=date.fromisoformat(row["valid_until"]) if row["valid_until"] else None,
        published=publish,
        version=0,
    )
