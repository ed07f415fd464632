"""The words that articles are found by are made by this release's rules: after an upgrade they are made anew."""

from handlers.edit_article import indexed
from store import article_desk
from store.database import Connection


async def reindex_articles(connection: Connection) -> int:
    """Bring all articles to the rules of this release; returns how many were found by other words."""
    articles = await article_desk.all_of_them(connection)
    words = [(article.id, indexed(article).words) for article in articles]
    return await article_desk.set_words(connection, words)
