"""The knowledge base is written, published and withdrawn here; each act once, on the version that was seen."""

import re
from dataclasses import dataclass, replace
from datetime import date

from dialogs.understanding.knowledge import words
from dialogs.words import Language
from handlers.case import ActRefusedError, By, claim, worded
from handlers.permits import may_edit_article, may_write_articles
from handlers.world import World
from store import article_desk, casework
from store.article_desk import Article, NewArticle
from store.articles import vector
from store.database import Connection

LONGEST_QUESTION = 60
LONGEST_ANSWER = 600
MOST_VARIANTS = 30

ACTS_DONE = {
    "added": "新写",
    "edited": "修改",
    "published": "发布",
    "withdrawn": "撤下",
}


class UnknownArticleError(ActRefusedError):
    """There is no such article."""

    def __init__(self) -> None:
        super().__init__("没有这篇答案。")


@dataclass(frozen=True, slots=True)
class Written:
    """What was typed; `variants` a line each, `unit_id` 0 for one that could not be found, None for none."""

    question: str
    variants: str
    answer: str
    language: str
    topic: str
    unit_id: int | None
    valid_until: str


async def write_article(connection: Connection, world: World, by: By, written: Written) -> int:
    """Keep a new article, not published yet; returns its id. Raises `ActError`."""
    await claim(connection, by)
    if not may_write_articles(by.unit_id, by.roles):
        raise ActRefusedError("您的角色不能写答案，请找质检员、管理员，或本单位的审核人、负责人。")
    article = _read(world, by, written)
    (article_id,) = await article_desk.add(connection, [indexed(article)], by.staff_id, by.at)
    await casework.set_result(connection, by.key, str(article_id))
    return article_id


async def edit_article(
    connection: Connection, world: World, by: By, seen: tuple[int, int], written: Written
) -> int:
    """Change an article; `seen` are its id and the version that was read. A published one stays published."""
    before = await _take_up(connection, by, seen)
    article = replace(_read(world, by, written), published=before.published)
    if article.published:
        _check_date(world, by, article)
    return await _keep(connection, by, before.id, article, "edited")


async def publish_article(
    connection: Connection, world: World, by: By, seen: tuple[int, int]
) -> int:
    """Let residents be answered with it from now on."""
    before = await _take_up(connection, by, seen)
    if before.published:
        raise ActRefusedError("这篇答案已经发布了。")
    _check_date(world, by, before)
    return await _keep(connection, by, before.id, replace(before, published=True), "published")


async def withdraw_article(connection: Connection, by: By, seen: tuple[int, int]) -> int:
    """Answer nobody with it any more; it can be edited and published again."""
    before = await _take_up(connection, by, seen)
    if not before.published:
        raise ActRefusedError("这篇答案没有发布。")
    return await _keep(connection, by, before.id, replace(before, published=False), "withdrawn")


async def _take_up(connection: Connection, by: By, seen: tuple[int, int]) -> Article:
    """Claim the form and lock the article, unless somebody has changed it since it was read."""
    await claim(connection, by)
    article_id, version = seen
    article = await article_desk.lock(connection, article_id)
    if article is None:
        raise UnknownArticleError
    if not may_edit_article(by.unit_id, by.roles, article.unit_id):
        raise ActRefusedError("这篇答案不归您的单位，只能看。")
    if article.version != version:
        raise ActRefusedError("刚才有人改过这篇答案，请重新打开核对后再提交。")
    return article


async def _keep(connection: Connection, by: By, article_id: int, article: Article, act: str) -> int:
    changed = indexed(article)
    await article_desk.change(connection, article_id, changed, act, (by.staff_id, by.at))
    await casework.set_result(connection, by.key, str(article_id))
    return article_id


def indexed(article: Article) -> NewArticle:
    """An article with the words that it is found by."""
    telling = frozenset[str]().union(*map(words, (article.question, *article.variants)))
    return NewArticle(
        article.question,
        article.variants,
        article.answer,
        article.language,
        article.topic,
        article.unit_id,
        article.valid_until,
        article.published,
        vector(telling, words(article.answer)),
    )


def _read(world: World, by: By, written: Written) -> Article:
    """What was typed, checked field by field."""
    question = worded(written.question, "问题", longest=LONGEST_QUESTION)
    if not words(question):
        raise ActRefusedError("问题太泛，请写明问的是什么事。")
    if written.topic and world.city.reader.topic(written.topic) is None:
        raise ActRefusedError("问题分类不在目录中，请从列表里选择。")
    unit_id = by.unit_id if by.unit_id is not None else written.unit_id
    if unit_id == 0:
        raise ActRefusedError("没有这个单位，请从列表里选择。")
    return Article(
        id=0,
        question=question,
        variants=_variants(written.variants),
        answer=worded(written.answer, "答案", longest=LONGEST_ANSWER),
        language=Language(written.language)
        if written.language in set(Language)
        else world.language,
        topic=written.topic,
        unit_id=unit_id,
        valid_until=_date(written.valid_until),
        published=False,
        version=0,
    )


def _variants(typed: str) -> tuple[str, ...]:
    lines = [
        worded(line, "别的问法", longest=LONGEST_QUESTION, needed=False)
        for line in typed.split("\n")
    ]
    variants = tuple(dict.fromkeys(line for line in lines if line))
    if len(variants) > MOST_VARIANTS:
        raise ActRefusedError(f"别的问法太多：{len(variants)}条，最多{MOST_VARIANTS}条。")
    return variants


def _date(typed: str) -> date | None:
    typed = typed.strip()
    if not typed:
        return None
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", typed, re.ASCII):
        raise ActRefusedError("有效期请写成2027-03-31这样。")
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise ActRefusedError("没有这一天，请核对有效期。") from None


def _check_date(world: World, by: By, article: Article) -> None:
    today = by.at.astimezone(world.timezone).date()
    if article.valid_until is not None and article.valid_until < today:
        raise ActRefusedError("有效期已过，请先改有效期再发布。")
