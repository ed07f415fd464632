"""Chats with people (对话): who waits, whom one has, and the talk itself, read again as it goes on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aiohttp import web

from dialogs.understanding.knowledge import clauses
from dialogs.understanding.text import is_chinese
from dialogs.words import Kind, Language
from gateway.console.calls import Told, told_so_far, waited
from gateway.console.layout import missing, show
from gateway.console.session import taker_of
from gateway.console.ticket import topics_of
from gateway.keys import CLOCK, POOL, SETTINGS, WORLD
from handlers import transcript
from handlers.human_talk import may_talk
from handlers.transcript import Entry
from handlers.world import World
from store import articles, call_desk, talk_desk
from store.articles import Asked, Candidate
from store.database import Connection
from store.human_talks import TAKEN
from store.staff import StaffSession
from store.talk_desk import Chat

SHOWN = 100
DONE = {
    "back": "已交回自动服务。",
    "over": "对话已结束。",
    "on": "已转交。",
    "queue": "已退回排队，排在最前面。",
    "ticket": "已立单，市民会收到编号；对话还在您这里。",
}
TICKET_FIELDS = ("matter", "place", "kind", "topic", "contact_name", "phone", "confidential")


@dataclass(frozen=True, slots=True)
class Seen:
    """A talk as the list shows it."""

    chat: Chat
    told: Told


async def get_talks(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """The desk: who waits, and the talks that one has."""
    done = DONE.get(request.query.get("done", ""), "")
    return await talks_page(request, session, {"done": done})


async def get_lists(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """The lists alone, for a page that is open already."""
    if not may_talk(session.staff.unit_id, session.staff.roles):
        return missing(request, session)
    async with request.app[POOL].acquire() as connection:
        frame = await _lists(connection, request, session)
    return show(request, session, "console/talk_lists.html", frame)


async def talks_page(
    request: web.Request,
    session: StaffSession,
    context: Mapping[str, object],
    *,
    status: int = 200,
) -> web.StreamResponse:
    """The page of the lists; `context` holds what a form has just brought."""
    if not may_talk(session.staff.unit_id, session.staff.roles):
        return missing(request, session)
    async with request.app[POOL].acquire() as connection:
        frame = await _lists(connection, request, session)
    empty: dict[str, object] = {"done": "", "error": ""}
    return show(
        request, session, "console/talks.html", empty | frame | dict(context), status=status
    )


async def _lists(
    connection: Connection, request: web.Request, session: StaffSession
) -> dict[str, object]:
    world = request.app[WORLD]
    taker = taker_of(request, session)
    waiting = [_seen(world, one) for one in await talk_desk.waiting(connection, taker, SHOWN)]
    taken = await talk_desk.taken(connection, taker, SHOWN)
    own = session.staff.id
    return {
        "for_experts": [one for one in waiting if one.chat.surge],
        "waiting": [one for one in waiting if not one.chat.surge],
        "mine": [_seen(world, one) for one in taken if one.talk.staff_id == own],
        "others": [_seen(world, one) for one in taken if one.talk.staff_id != own],
        "waited": waited,
        "for_centre": taker.centre,
    }


def _seen(world: World, chat: Chat) -> Seen:
    return Seen(chat, told_so_far(world, chat.session, chat.talk.about))


async def get_talk(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """One talk with all that was said, and what can be done."""
    return await talk_page(request, session, {})


async def get_lines(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """What was said alone, for a page that is open already."""
    frame = await _frame(request, session)
    if frame is None:
        return missing(request, session)
    return show(request, session, "console/talk_lines.html", frame)


async def talk_page(
    request: web.Request,
    session: StaffSession,
    context: Mapping[str, object],
    *,
    status: int = 200,
) -> web.StreamResponse:
    """The page of a talk; `context` holds what a form has just brought."""
    frame = await _frame(request, session)
    if frame is None:
        return missing(request, session)
    query = request.query.get("q", "").strip()[:60]
    async with request.app[POOL].acquire() as connection:
        colleagues = await talk_desk.colleagues(connection, request.app[CLOCK]())
        answers = await _answers(connection, request, query)
    could = [
        one
        for one in colleagues
        if one.staff_id != session.staff.id and may_talk(one.unit_id, one.roles)
    ]
    typed = dict.fromkeys(("text", "colleague"), "") | _begun_with(frame["told"])
    empty: dict[str, object] = {"done": "", "error": "", "form": "", "typed": typed}
    more: dict[str, object] = {
        "colleagues": could,
        "query": query,
        "answers": answers,
        "kinds": list(Kind),
        "topics": topics_of(request.app[WORLD]),
        "done": DONE.get(request.query.get("done", ""), ""),
    }
    page = empty | frame | more | dict(context)
    return show(request, session, "console/talk.html", page, status=status)


def _begun_with(told: object) -> dict[str, str]:
    """The form of a ticket with what the resident has said so far."""
    empty = dict.fromkeys(TICKET_FIELDS, "")
    if not isinstance(told, Told):
        return empty
    return empty | {"matter": told.matter, "place": told.place}


async def _answers(connection: Connection, request: web.Request, query: str) -> Sequence[Candidate]:
    """Articles that may help, in the language that is typed."""
    some = clauses(query)
    if not some:
        return ()
    language = Language.CHINESE if is_chinese(query) else Language.ENGLISH
    today = request.app[CLOCK]().astimezone(request.app[SETTINGS].timezone).date()
    return (await articles.search(connection, [Asked(some, language)], today))[0]


async def _frame(request: web.Request, session: StaffSession) -> dict[str, object] | None:
    if not may_talk(session.staff.unit_id, session.staff.roles):
        return None
    async with request.app[POOL].acquire() as connection:
        chat = await talk_desk.one(
            connection, taker_of(request, session), int(request.match_info["talk"])
        )
        if chat is None:
            return None
        key = chat.talk.conversation_id
        said: list[Entry] = list(await transcript.read(connection, key))
        states = await talk_desk.states(connection, key)
        theirs = await call_desk.tickets_of(connection, [key])
    return {
        "chat": chat,
        "talk": chat.talk,
        "told": _seen(request.app[WORLD], chat).told,
        "said": [(entry, states.get(entry.seq, "")) for entry in said],
        "tickets": theirs.get(key, ()),
        "is_mine": chat.talk.state == TAKEN and chat.talk.staff_id == session.staff.id,
        "waited": waited,
    }
