"""The knowledge base as residents meet it: articles found by the words of a question, and whether they helped.

Chinese is searched by pairs of ideographs (the caller's `words`), which stand in a tsvector: question and variants with
weight A, the answer with D.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import accumulate
from typing import NamedTuple

from store.database import Connection
from store.statements import encode_rows

MOST_CANDIDATES = 8  # articles a question is compared with
MOST_WORDS = 40  # of a clause
MOST_IN_ALL = 80  # of a question, counted from its end: each is looked at for every article that has any of them

# One index scan a question, and of what it finds the nearest few.
SEARCH = """
    select wanted.n, a.id, a.question, a.variants, a.answer, coalesce(u.short_name, ''), a.valid_until
    from unnest($1::text[], $2::text[]) with ordinality as wanted (words, language, n)
    cross join lateral (
        select * from articles
        where words @@ wanted.words::tsquery and published and language = wanted.language
          and (valid_until is null or valid_until >= $3)
        order by ts_rank(words, wanted.words::tsquery) desc, id limit $4
    ) a
    left join units u on u.id = a.unit_id
    order by wanted.n
"""

RATE = """
    insert into article_ratings (article_id, version, conversation_id, helped, at)
    select a.id, a.version, (v ->> 1)::bigint, (v ->> 2)::bool, (v ->> 3)::timestamptz
    from jsonb_array_elements($1::jsonb) as r (v) join articles a on a.id = (v ->> 0)::int
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """The words of each clause of a question, at least one clause, and the language it wants an answer in."""

    clauses: Sequence[Collection[str]]
    language: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article in force that shares words with a question; `unit` is the short name of who answers for it."""

    id: int
    question: str
    variants: tuple[str, ...]
    answer: str
    unit: str
    valid_until: date | None


class Rating(NamedTuple):
    """Whether an article helped somebody."""

    article_id: int
    conversation_id: int
    helped: bool
    at: datetime


async def search(
    connection: Connection, asked: Sequence[Asked], today: date
) -> list[list[Candidate]]:
    """For each question the articles nearest to it, published and valid on a day, nearest first."""
    found: list[list[Candidate]] = [[] for _ in asked]
    queries = [" | ".join(map(_query, _last(one.clauses))) for one in asked]
    languages = [one.language for one in asked]
    for row in await connection.fetch(SEARCH, queries, languages, today, MOST_CANDIDATES):
        number, id_, question, variants, *rest = row
        found[number - 1].append(Candidate(id_, question, tuple(variants), *rest))
    return found


def _last(clauses: Sequence[Collection[str]]) -> list[list[str]]:
    """The clauses said last, at least one, each with its words in order."""
    told = [sorted(words)[:MOST_WORDS] for words in reversed(clauses)]
    counts = accumulate(map(len, told))
    return [words for words, count in zip(told, counts, strict=True) if count <= MOST_IN_ALL]


def _query(words: Sequence[str]) -> str:
    """At least two words of a clause, where it has two: one that many articles have tells too little to be ranked."""
    told = [f"'{word}':A" for word in words]
    return told[0] if len(told) == 1 else _two_of(told)


def _two_of(told: Sequence[str]) -> str:
    """One of each half, or two of one half: so the query grows little faster than the words, and not by their square."""
    halves = told[: len(told) // 2], told[len(told) // 2 :]
    ways = ["({} & {})".format(*(f"({' | '.join(half)})" for half in halves))]
    return " | ".join([*ways, *(_two_of(half) for half in halves if len(half) > 1)])


async def rate(connection: Connection, ratings: Sequence[Rating]) -> None:
    """Keep what residents said of articles; one that is gone is let go."""
    if ratings:
        await connection.execute(RATE, encode_rows(ratings))


def vector(telling: Iterable[str], others: Iterable[str]) -> str:
    """The text of a tsvector: words of question and variants, then those that only the answer has."""
    weights = dict.fromkeys(others, "D") | dict.fromkeys(telling, "A")
    return " ".join(f"'{word}':1{weight}" for word, weight in sorted(weights.items()))
