"""First articles of `jiesu dev`, from general public knowledge: to try the knowledge base with, not to publish unread."""

import csv
from datetime import date, datetime
from pathlib import Path

from handlers.edit_article import indexed
from store import article_desk
from store.article_desk import Article
from store.catalogue.files import SHIPPED
from store.database import Connection
from store.units import unit_ids

FILE = SHIPPED / "articles.csv"


async def seed_articles(connection: Connection, now: datetime, file: Path = FILE) -> int:
    """Publish the first articles where there are none at all yet; returns how many."""
    if await article_desk.any_there(connection):
        return 0
    rows = _rows(file)
    units = await unit_ids(connection, {row["unit"] for row in rows})
    articles = [
        Article(
            id=0,
            question=row["question"],
            variants=tuple(row["variants"].split("|")),
            answer=row["answer"],
            language=row["language"],
            topic=row["topic"],
            unit_id=units.get(row["unit"]),
            valid_until=date.fromisoformat(row["valid_until"]) if row["valid_until"] else None,
            published=True,
            version=0,
        )
        for row in rows
    ]
    new = [indexed(article) for article in articles]
    return len(await article_desk.add(connection, new, None, now))


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))
