"""First articles of `jiesu dev`, from general public knowledge: to try the knowledge base with, not to publish unread."""

from datetime import datetime
from pathlib import Path

from handlers.load_articles import load_articles
from store import article_desk
from store.catalogue.files import SHIPPED
from store.database import Connection

FILE = SHIPPED / "articles.csv"


async def seed_articles(connection: Connection, now: datetime, file: Path = FILE) -> int:
    """Publish the first articles where there are none at all yet; returns how many."""
    if await article_desk.any_there(connection):
        return 0
    added, _ = await load_articles(connection, _text(file), now, publish=True)
    return added


def _text(file: Path) -> str:
    return file.read_text("utf-8")
