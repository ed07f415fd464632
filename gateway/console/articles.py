"""The knowledge base in the console: all staff read it, its editors write, preview, publish and withdraw."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from aiohttp import web

from dialogs.understanding.knowledge import words
from dialogs.understanding.personal import masked
from dialogs.words import Language
from gateway.console.article_preview import previews
from gateway.console.layout import missing, show
from gateway.console.ticket import topics_of
from gateway.keys import CLOCK, POOL, SETTINGS, WORLD
from handlers.edit_article import ACTS_DONE, LONGEST_ANSWER, LONGEST_QUESTION
from handlers.permits import may_edit_article, may_write_articles
from handlers.world import World
from store import article_desk
from store.article_desk import ArticleLine
from store.staff import StaffSession

SHOWN = 200
RATED_FOR = timedelta(days=90)  # ratings older than that say little of what stands there now
ENDS_SOON = timedelta(days=14)
ASKED_FOR = timedelta(days=30)
LARGEST_ID = 2**31 - 1

DONE = {
    "add": "已存为草稿，还没有发布。",
    "edit": "已保存。",
    "publish": "已发布，市民问到时会收到这篇答案。",
    "withdraw": "已撤下，市民不会再收到这篇答案。",
}
TABS = {"": "全部", "published": "已发布", "drafts": "未发布", "unanswered": "没答上来的问题"}
_PUBLISHED = {"published": True, "drafts": False}
FIELDS = ("question", "variants", "answer", "language", "topic", "unit", "valid_until")


async def get_articles(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """The list, those that want a look first; or the questions that no article has answered."""
    tab = request.query.get("state", "")
    tab = tab if tab in TABS else ""
    search = request.query.get("q", "").replace("\x00", "").strip()[:LONGEST_QUESTION]
    now, staff = request.app[CLOCK](), session.staff
    async with request.app[POOL].acquire() as connection:
        asked = await article_desk.unanswered(connection, staff.unit_id, now - ASKED_FOR, SHOWN)
        found = await article_desk.listed(
            connection,
            words(search),
            _PUBLISHED.get(tab),
            (now - RATED_FOR, soon(request)),
            SHOWN,
        )
    context = {
        "tabs": TABS,
        "tab": tab,
        "search": search,
        "articles": [] if search and not words(search) else found,
        "unanswered": [(one, masked(one.matter)) for one in asked],
        "unanswered_count": _counted(asked[0].tickets if asked else 0),
        "soon": soon(request),
        "today": today(request),
        "useless": useless,
        "may_write": may_write_articles(staff.unit_id, staff.roles),
        "done": DONE.get(request.query.get("done", ""), ""),
    }
    return show(request, session, "console/articles.html", context)


def _counted(tickets: int) -> str:
    return str(tickets) if tickets < article_desk.MOST_COUNTED else f"{tickets - 1}+"


async def get_article(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """One article: as residents meet it, its history, and the forms for those who may use them."""
    done = DONE.get(request.query.get("done", ""), "")
    return await article_page(request, session, {"done": done})


async def get_new(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """The empty form; a question that nobody could answer may come with the address."""
    if not may_write_articles(session.staff.unit_id, session.staff.roles):
        return missing(request, session)
    typed = dict.fromkeys(FIELDS, "")
    typed["question"] = request.query.get("question", "").replace("\x00", "")[:LONGEST_QUESTION]
    return form_page(request, session, {"typed": typed})


async def article_page(
    request: web.Request,
    session: StaffSession,
    context: Mapping[str, object],
    *,
    status: int = 200,
) -> web.StreamResponse:
    """The page; `context` holds what a form has just brought: done, or error, typed, key and the preview."""
    article_id, staff = article_id_of(request), session.staff
    async with request.app[POOL].acquire() as connection:
        article = await article_desk.one(connection, article_id, _rated_since(request))
        history = await article_desk.versions(connection, article_id) if article else []
    if article is None:
        return missing(request, session)
    frame = {
        "article": article,
        "history": history,
        "may_edit": may_edit_article(staff.unit_id, staff.roles, article.unit_id),
        "typed": _as_typed(article, request.app[WORLD]),
        "article_act_names": ACTS_DONE,
        "soon": soon(request),
        "today": today(request),
        "useless": useless(article),
        "previews": previews(
            request, article.answer, article.unit, article.valid_until, article.language
        ),
    }
    return _page(request, session, "console/article.html", frame | dict(context), status)


def form_page(
    request: web.Request,
    session: StaffSession,
    context: Mapping[str, object],
    *,
    status: int = 200,
) -> web.StreamResponse:
    """The form for a new article; `context` as above."""
    return _page(
        request, session, "console/article_new.html", {"previews": ()} | dict(context), status
    )


def _page(
    request: web.Request,
    session: StaffSession,
    template: str,
    context: Mapping[str, object],
    status: int,
) -> web.Response:
    world = request.app[WORLD]
    empty = {"done": "", "error": "", "key": ""}
    frame = {
        "topics": topics_of(world),
        "units": sorted((unit.name, unit.code) for unit in world.city.units.values()),
        "languages": {Language.CHINESE: "中文", Language.ENGLISH: "英文"},
        "own_unit": session.staff.unit_id is not None,
        "longest_question": LONGEST_QUESTION,
        "longest_answer": LONGEST_ANSWER,
    }
    return show(request, session, template, empty | frame | dict(context), status=status)


def article_id_of(request: web.Request) -> int:
    """The article that an address names, 0 for one that cannot be."""
    article_id = int(request.match_info["article"])
    return article_id if article_id <= LARGEST_ID else 0


def today(request: web.Request) -> date:
    """The city's day."""
    return request.app[CLOCK]().astimezone(request.app[SETTINGS].timezone).date()


def soon(request: web.Request) -> date:
    """The first day on which an article that ends is not pointed out yet."""
    return today(request) + ENDS_SOON


def useless(article: ArticleLine) -> bool:
    """Whether more residents found no help in it than help."""
    least = article_desk.LEAST_RATINGS
    return article.not_helped >= least and article.not_helped > article.helped


def _rated_since(request: web.Request) -> datetime:
    return request.app[CLOCK]() - RATED_FOR


def _as_typed(article: ArticleLine, world: World) -> dict[str, str]:
    """An article as it stands in its form; the unit with its code, for short names are not unique."""
    unit = world.city.units.get(article.unit_id) if article.unit_id is not None else None
    return {
        "question": article.question,
        "variants": "\n".join(article.variants),
        "answer": article.answer,
        "language": article.language,
        "topic": article.topic,
        "unit": f"{unit.name} {unit.code}" if unit else "",
        "valid_until": article.valid_until.isoformat() if article.valid_until else "",
    }
