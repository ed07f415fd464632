"""The knowledge base as its editors see it: written, changed under a lock, listed with what residents said of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

import msgspec
from asyncpg import Record

from store.database import Connection

MOST_COUNTED = 1000  # questions of a month: a city may have a million
LEAST_RATINGS = 3  # residents whom an article did not help before it is pointed out

_ARTICLE = """
    select id, question, variants, answer, language, topic, unit_id, valid_until, published, version from articles
"""

LOCK = f"{_ARTICLE} where id = $1 for update"

ALL = f"{_ARTICLE} order by id for update"

SET_WORDS = """
    update articles a set words = (v ->> 1)::tsvector
    from jsonb_array_elements($1::jsonb) as r (v)
    where a.id = (v ->> 0)::int and a.words <> (v ->> 1)::tsvector
    returning a.id
"""

INSERT = """
    insert into articles (question, variants, answer, language, topic, unit_id, valid_until, published, words,
        edited_by, edited_at)
    select v ->> 0, array(select jsonb_array_elements_text(v -> 1)), v ->> 2, v ->> 3, v ->> 4, (v ->> 5)::int,
        (v ->> 6)::date, (v ->> 7)::bool, (v ->> 8)::tsvector, $2, $3
    from jsonb_array_elements($1::jsonb) as r (v)
    returning id
"""

UPDATE = """
    update articles set question = $2, variants = $3, answer = $4, language = $5, topic = $6, unit_id = $7,
        valid_until = $8, published = $9, words = $10::text::tsvector, edited_by = $11, edited_at = $12,
        version = version + 1
    where id = $1
"""

KEEP_VERSIONS = """
    insert into article_versions (article_id, version, act, content, edited_by, edited_at)
    select id, version, $2, to_jsonb(articles) - '{id,words,version,edited_by,edited_at}'::text[],
        edited_by, edited_at
    from articles where id = any($1::int[])
"""

_LINE = """
    select a.id, a.question, a.variants, a.answer, a.language, a.topic, a.unit_id, coalesce(u.short_name, '') as unit,
        a.valid_until, a.published, a.version, coalesce(s.name, '') as edited_by, a.edited_at, r.helped, r.not_helped
    from articles a
    left join units u on u.id = a.unit_id
    left join staff s on s.id = a.edited_by
    cross join lateral (
        select count(*) filter (where helped) as helped, count(*) filter (where not helped) as not_helped
        from article_ratings where article_id = a.id and at >= $1
    ) r
"""

# Those that want an editor's look first: about to end, and those that more residents found no help than help.
LIST = f"""
    select * from ({_LINE}
        where ($2::text = '' or a.words @@ $2::tsquery) and ($3::bool is null or a.published = $3)
    ) l
    order by (published and valid_until < $4) is true desc,
        (published and not_helped >= {LEAST_RATINGS} and not_helped > helped) desc, edited_at desc, id
    limit $5
"""

ONE = f"{_LINE} where a.id = $2"

VERSIONS = """
    select v.version, v.act, v.content, coalesce(s.name, ''), v.edited_at
    from article_versions v left join staff s on s.id = v.edited_by
    where v.article_id = $1 order by v.version desc
"""

# Questions that no article answered, or not well enough, became tickets.
UNANSWERED = f"""
    select q.id, q.title, q.matter, coalesce(o.level3, ''), q.opened_at, q.tickets
    from (
        select newest.*, count(*) over () as tickets from (
            select id, title, matter, topic, catalogue_version, opened_at from tickets
            where kind = 'question' and opened_at >= $1 and state <> 'withdrawn'
              and ($2::int is null or lead_unit_id = $2)
            order by opened_at desc limit {MOST_COUNTED}
        ) newest
        order by opened_at desc limit $3
    ) q
    left join topics o on o.version_id = q.catalogue_version and o.code = q.topic
    order by q.opened_at desc
"""


@dataclass(frozen=True, slots=True)
class Article:
    """An article as it is edited; `version` counts the acts on it."""

    id: int
    question: str
    variants: tuple[str, ...]
    answer: str
    language: str
    topic: str
    unit_id: int | None
    valid_until: date | None
    published: bool
    version: int


class NewArticle(NamedTuple):
    """An article to be written; `words` is the text of its tsvector (`store.articles.vector`)."""

    question: str
    variants: Sequence[str]
    answer: str
    language: str
    topic: str
    unit_id: int | None
    valid_until: date | None
    published: bool
    words: str


@dataclass(frozen=True, slots=True)
class ArticleLine:
    """An article with who edited it last, and how many residents it has helped of late."""

    id: int
    question: str
    variants: tuple[str, ...]
    answer: str
    language: str
    topic: str
    unit_id: int | None
    unit: str
    valid_until: date | None
    published: bool
    version: int
    edited_by: str
    edited_at: datetime
    helped: int
    not_helped: int


@dataclass(frozen=True, slots=True)
class Content:
    """What an article said in one of its versions."""

    question: str = ""
    variants: tuple[str, ...] = ()
    answer: str = ""
    valid_until: date | None = None
    published: bool = False


@dataclass(frozen=True, slots=True)
class Version:
    """One act on an article, and what it said afterwards."""

    version: int
    act: str
    content: Content
    edited_by: str
    edited_at: datetime


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A question that became a ticket; `tickets` counts all of the period, as far as `MOST_COUNTED`."""

    ticket_id: int
    title: str
    matter: str
    topic: str
    opened_at: datetime
    tickets: int


async def any_there(connection: Connection) -> bool:
    """Whether there is any article, published or not."""
    return bool(await connection.fetchval("select exists (select from articles)"))


async def lock(connection: Connection, article_id: int) -> Article | None:
    """Lock an article for an act; None when there is none."""
    row = await connection.fetchrow(LOCK, article_id)
    return _article(row) if row is not None else None


async def all_of_them(connection: Connection) -> list[Article]:
    """Every article, locked."""
    return [_article(row) for row in await connection.fetch(ALL)]


async def set_words(connection: Connection, words: Sequence[tuple[int, str]]) -> int:
    """Let articles be found by other words, given as the text of their tsvector; returns how many were not yet."""
    return len(await connection.fetch(SET_WORDS, msgspec.json.encode(words)))


async def add(
    connection: Connection, new: Sequence[NewArticle], staff_id: int | None, at: datetime
) -> list[int]:
    """Write new articles with their first version; returns their ids."""
    rows = await connection.fetch(INSERT, msgspec.json.encode(new), staff_id, at)
    ids = [row[0] for row in rows]
    await connection.execute(KEEP_VERSIONS, ids, "added")
    return ids


async def change(
    connection: Connection,
    article_id: int,
    changed: NewArticle,
    act: str,
    by: tuple[int, datetime],
) -> None:
    """Change a locked article and keep the version; `by` is who and when."""
    await connection.execute(UPDATE, article_id, *changed, *by)
    await connection.execute(KEEP_VERSIONS, [article_id], act)


async def listed(
    connection: Connection,
    words: Collection[str],
    published: bool | None,  # noqa: FBT001 - None is the third state
    dates: tuple[datetime, date],
    limit: int,
) -> list[ArticleLine]:
    """Articles with any of `words` (all for none); `dates` are since when ratings count, and what ends soon."""
    since, soon = dates
    query = " | ".join(f"'{word}'" for word in sorted(words))
    rows = await connection.fetch(LIST, since, query, published, soon, limit)
    return [_line(row) for row in rows]


async def one(connection: Connection, article_id: int, since: datetime) -> ArticleLine | None:
    """An article with its ratings since then, None when there is none."""
    row = await connection.fetchrow(ONE, since, article_id)
    return _line(row) if row is not None else None


async def versions(connection: Connection, article_id: int) -> list[Version]:
    """What was done to an article, newest first."""
    return [
        Version(row[0], row[1], msgspec.convert(row[2], Content), row[3], row[4])
        for row in await connection.fetch(VERSIONS, article_id)
    ]


async def unanswered(
    connection: Connection, unit_id: int | None, since: datetime, limit: int
) -> list[Unanswered]:
    """Questions that became tickets since then, newest first; those of one unit, or of all (None)."""
    rows = await connection.fetch(UNANSWERED, since, unit_id, limit)
    return [Unanswered(*row) for row in rows]


def _article(row: Record) -> Article:
    return Article(row[0], row[1], tuple(row[2]), *row[3:])


def _line(row: Record) -> ArticleLine:
    values = dict(row)
    return ArticleLine(**values | {"variants": tuple(values["variants"])})
