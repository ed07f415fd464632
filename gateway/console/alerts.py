"""The red bar on every page of the centre: alerts that nobody has taken, as they come; and how many wait in chats."""

import asyncio
import contextlib

from aiohttp import web
from aiohttp_sse import EventSourceResponse

from gateway import live
from gateway.chat_stream import PING_SECONDS, POLL_SECONDS, RECONNECT_MILLISECONDS
from gateway.console.layout import missing, show
from gateway.console.running import let_out, run
from gateway.console.session import MOST_ALERTS, by, may_take, taker_of
from gateway.keys import POOL, REDIS
from gateway.live import LIVE
from gateway.turns import AWAY
from handlers.alerts import take_alert
from handlers.case import ActRefusedError
from handlers.human_talk import may_talk
from store import alerts, talk_desk
from store.staff import StaffSession


async def get_alerts(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """The bar alone, for a page that is open already."""
    return show(request, session, "console/alerts.html", {})


async def get_stream(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """Says that the bar is another: at once when there is an alert, and every 15 seconds at the latest."""
    if not may_take(session):
        return web.Response(status=204, headers={"Cache-Control": "no-store"})
    response = EventSourceResponse(ping_interval=PING_SECONDS)
    await response.prepare(request)
    async with response:
        with contextlib.suppress(ConnectionResetError, TimeoutError):
            await response.send("", retry=RECONNECT_MILLISECONDS)
            await _follow(request, session, response)
    return response


async def _follow(
    request: web.Request, session: StaffSession, response: EventSourceResponse
) -> None:
    hub, before = request.app[LIVE], {"alerts": "", "queue": ""}
    with hub.watching(live.CONSOLE) as hint:
        while response.is_connected() and not hub.closed.is_set():
            hint.clear()
            with contextlib.suppress(*AWAY):
                for event, now in (await _standing(request, session)).items():
                    if now != before[event]:
                        await response.send(now, event=event)
                        before[event] = now
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(hint.wait(), request.app.get(POLL_SECONDS, 15.0))


async def _standing(request: web.Request, session: StaffSession) -> dict[str, str]:
    """Which alerts stand, more words in one of them count too; and what stands in the menu of those who take chats."""
    staff = session.staff
    counted = ""
    async with request.app[POOL].acquire() as connection:
        found = await alerts.untaken(connection, MOST_ALERTS)
        if may_talk(staff.unit_id, staff.roles):
            queue = await talk_desk.queue(connection, taker_of(request, session))
            counted = str(queue.waiting + queue.unread)
    return {"alerts": " ".join(f"{one.id}:{len(one.note)}" for one in found), "queue": counted}


async def post_take(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """Take one: it goes from the bar, and stays in the list until it is settled."""
    task_id = int(request.match_info["task"])
    if not may_take(session):
        return missing(request, session)
    who = await by(request, session)
    with contextlib.suppress(ActRefusedError):  # a colleague was quicker: the list says who
        await run(request, lambda c: take_alert(c, who, task_id))
    await let_out(request, None)
    await live.publish(request.app[REDIS], [live.CONSOLE])
    raise web.HTTPSeeOther(f"/console/tasks#task-{task_id}")
