"""Questions are answered from the knowledge base: found by their words, told only where they fit."""

import re
from collections.abc import Sequence
from datetime import datetime

from dialogs.known import KnownAnswer
from dialogs.requests import Draft, FindRelated
from dialogs.understanding.knowledge import GOOD_FIT, asks, clauses, fit
from dialogs.understanding.text import is_chinese
from dialogs.words import Kind, Language
from handlers.visit import Visit
from handlers.world import World
from store import articles
from store.articles import Asked, Candidate
from store.database import Connection

MOST_ANSWERS = 3
_CLAUSE = re.compile(r"[^，,。！!；;？?\n]+[？?]?")
_ASKING = re.compile(r"几号|什么时候|几点|怎么办理|怎么申请|多少钱|哪里办|在哪办|[？?]$")


async def find_answers(
    connection: Connection,
    world: World,
    asking: Sequence[tuple[Visit, FindRelated]],
    now: datetime,
) -> list[tuple[KnownAnswer, ...]]:
    """What may be told to each, the best first; nothing where nobody has asked anything. One query for all."""
    texts = [_question(world, find.draft) for _, find in asking]
    found: list[tuple[KnownAnswer, ...]] = [() for _ in asking]
    wanted = {index: clauses(text) for index, text in enumerate(texts)}
    wanted = {index: some for index, some in wanted.items() if some}
    if not wanted:
        return found
    questions = [Asked(some, _language(texts[index])) for index, some in wanted.items()]
    today = now.astimezone(world.timezone).date()
    candidates = await articles.search(connection, questions, today)
    for index, near in zip(wanted, candidates, strict=True):
        found[index] = _fitting(texts[index], near)
    return found


def _question(world: World, draft: Draft) -> str:
    """What was asked, without the place: an answer of the city is the same everywhere.

    Of a complaint only the clause that asks: 暖气不热，供暖到几号？
    """
    is_request = draft.kind is Kind.REQUEST and asks(draft.matter)
    whole = draft.kind is Kind.QUESTION or is_request
    text = (
        draft.matter if whole else "。".join(filter(_ASKING.search, _CLAUSE.findall(draft.matter)))
    )
    reader = world.city.reader
    for place in (reader.street(draft.place.street), reader.district(draft.place.district)):
        if place is not None:
            text = text.replace(place.name, "").replace(place.short_name, "")
    return text


def _language(text: str) -> str:
    return Language.CHINESE if is_chinese(text) else Language.ENGLISH


def _fitting(asked: str, near: Sequence[Candidate]) -> tuple[KnownAnswer, ...]:
    """What answers the line said last, else all that was said."""
    last = asked.rsplit("\n", 1)[-1]
    return (_good(last, near) if asks(last) else ()) or _good(asked, near)


def _good(asked: str, near: Sequence[Candidate]) -> tuple[KnownAnswer, ...]:
    answers = [
        KnownAnswer(
            article_id=one.id,
            question=one.question,
            answer=one.answer,
            unit=one.unit,
            valid_until=one.valid_until,
            fit=fit(asked, (one.question, *one.variants), one.answer),
        )
        for one in near
    ]
    answers = [one for one in answers if one.fit >= GOOD_FIT]
    return tuple(sorted(answers, key=lambda one: -one.fit)[:MOST_ANSWERS])
