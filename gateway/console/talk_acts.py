"""The forms of the desk for chats: take, write, hand on, give back, end."""

from aiohttp import web

from gateway import live
from gateway.console.layout import missing
from gateway.console.running import run
from gateway.console.session import by, text
from gateway.console.talks import talk_page, talks_page
from gateway.keys import KICK, POOL, REDIS, WORLD
from handlers.case import ActRefusedError
from handlers.human_talk import answer_talk, give_back_talk, hand_on_talk, may_talk, take_talk
from store import human_talks
from store.staff import StaffSession


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
                over = act == "over"
                await run(
                    request, lambda c: give_back_talk(c, world, who, talk_id, words, over=over)
                )
    except ActRefusedError as refused:
        typed = {"text": words, "colleague": colleague}
        context = {"error": str(refused), "form": act, "typed": typed}
        return await talk_page(request, session, context, status=409)
    await _told(request, talk_id)
    if act == "answer":
        raise web.HTTPSeeOther(f"/console/talks/{talk_id}#say")
    done = "queue" if act == "on" and not colleague else act
    raise web.HTTPSeeOther(f"/console/talks?done={done}")


async def _told(request: web.Request, talk_id: int) -> None:
    """After the commit: the message goes out, open pages of the resident and of staff read again."""
    request.app[KICK]()
    async with request.app[POOL].acquire() as connection:
        talk = await human_talks.find(connection, talk_id)
    if talk is not None:
        await live.publish(request.app[REDIS], [talk.conversation_id, live.CONSOLE])
