"""The forms of the desk for chats: take, write, hand on, give back, end."""

import re

from aiohttp import web

from dialogs.words import Kind
from gateway import live
from gateway.console.layout import missing
from gateway.console.running import TRIES, run
from gateway.console.session import by, text
from gateway.console.talks import TICKET_FIELDS, talk_page, talks_page
from gateway.keys import CLOCK, KICK, POOL, REDIS, WORLD
from handlers.case import ActRefusedError
from handlers.human_case import begin_talk, open_from_talk
from handlers.human_talk import (
    Ending,
    answer_talk,
    give_back_talk,
    hand_on_talk,
    may_talk,
    take_talk,
)
from handlers.walk_in import WalkIn
from store import human_talks
from store.staff import StaffSession

NUMBER = re.compile(r"[0-9]{1,18}")


async def post_take(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """Take this one, or the next."""
    asked = request.match_info.get("talk")
    world, who = request.app[WORLD], await by(request, session)
    talk_id = int(asked) if asked else None
    try:
        taken = await run(request, lambda c: take_talk(c, world, who, talk_id))
    except ActRefusedError as refused:
        return await talks_page(request, session, {"error": str(refused)}, status=422)
    if isinstance(taken, str):  # this very form came before
        raise web.HTTPSeeOther("/console/talks")
    await _told(request, taken.id)
    raise web.HTTPSeeOther(f"/console/talks/{taken.id}")


async def post_act(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """Do something with a talk that one has."""
    if not may_talk(session.staff.unit_id, session.staff.roles):
        return missing(request, session)
    talk_id, act = int(request.match_info["talk"]), request.match_info["act"]
    world, who = request.app[WORLD], await by(request, session)
    words, colleague = await text(request, "text"), await text(request, "colleague")
    try:
        match act:
            case "answer":
                await run(request, lambda c: answer_talk(c, world, who, talk_id, words))
            case "on":
                await run(request, lambda c: hand_on_talk(c, world, who, talk_id, colleague, words))
            case _:
                ending = await _ending(request, words, over=act == "over")
                await run(request, lambda c: give_back_talk(c, world, who, talk_id, ending))
    except ActRefusedError as refused:
        typed = {"text": words, "colleague": colleague}
        context = {"error": str(refused), "form": act, "typed": typed}
        return await talk_page(request, session, context, status=409)
    await _told(request, talk_id)
    if act == "answer":
        raise web.HTTPSeeOther(f"/console/talks/{talk_id}#say")
    done = "queue" if act == "on" and not colleague else act
    raise web.HTTPSeeOther(f"/console/talks?done={done}")


async def _ending(request: web.Request, note: str, *, over: bool) -> Ending:
    ticket, follow_up = await text(request, "ticket"), await text(request, "follow_up")
    ticket_id = int(ticket) if NUMBER.fullmatch(ticket) else 0
    return Ending(note, over, ticket_id if over else 0, over and bool(follow_up))


async def post_ticket(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """Open a ticket of what is talked about; the talk goes on."""
    if not may_talk(session.staff.unit_id, session.staff.roles):
        return missing(request, session)
    talk_id = int(request.match_info["talk"])
    world, who = request.app[WORLD], await by(request, session)
    typed = {field: await text(request, field) for field in TICKET_FIELDS}
    form = WalkIn(
        matter=typed["matter"],
        place=typed["place"],
        kind=Kind(typed["kind"]) if typed["kind"] in set(Kind) else None,
        topic=typed["topic"],
        contact_name=typed["contact_name"],
        phone=typed["phone"],
        confidential=bool(typed["confidential"]),
    )
    try:
        async with world.numbers.held(TRIES, request.app[CLOCK]()):
            await run(request, lambda c: open_from_talk(c, world, who, talk_id, form))
    except ActRefusedError as refused:
        context = {
            "error": str(refused),
            "form": "ticket",
            "typed": {"text": "", "colleague": ""} | typed,
        }
        return await talk_page(request, session, context, status=422)
    await _told(request, talk_id)
    raise web.HTTPSeeOther(f"/console/talks/{talk_id}?done=ticket")


async def post_begin(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """Write to somebody for whom a call-back is kept."""
    if not may_talk(session.staff.unit_id, session.staff.roles):
        return missing(request, session)
    task_id = int(request.match_info["task"])
    world, who = request.app[WORLD], await by(request, session)
    try:
        begun = await run(request, lambda c: begin_talk(c, world, who, task_id))
    except ActRefusedError as refused:
        return await talks_page(request, session, {"error": str(refused)}, status=422)
    if isinstance(begun, str):  # this very form came before
        raise web.HTTPSeeOther("/console/talks")
    await _told(request, begun.id)
    raise web.HTTPSeeOther(f"/console/talks/{begun.id}")


async def _told(request: web.Request, talk_id: int) -> None:
    """After the commit: the message goes out, open pages of the resident and of staff read again."""
    request.app[KICK]()
    async with request.app[POOL].acquire() as connection:
        talk = await human_talks.find(connection, talk_id)
    if talk is not None:
        await live.publish(request.app[REDIS], [talk.conversation_id, live.CONSOLE])
