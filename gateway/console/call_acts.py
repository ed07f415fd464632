"""The forms of the phone desk: take the next caller, call back, note what came of it."""

from aiohttp import web

from dialogs.ticket_number import parse_number
from gateway.console.calls import calls_page
from gateway.console.layout import missing
from gateway.console.running import let_out, run
from gateway.console.session import by, text
from gateway.keys import SETTINGS, WORLD
from handlers.call_backs import note_talk, settle_call_back
from handlers.call_orders import OwnPhone, call_back, may_take_calls, take_next
from handlers.case import ActRefusedError
from handlers.show_contact import show_task_contact
from store.staff import StaffSession


async def post_next(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """Let one's own phone ring for the next caller."""
    world, who = request.app[WORLD], await by(request, session)
    own = OwnPhone(await text(request, "phone"), request.app[SETTINGS].phone_region)
    try:
        await run(request, lambda c: take_next(c, world, who, own))
    except ActRefusedError as refused:
        return await _refused(request, session, str(refused), typed={"phone": own.typed})
    return await _done(request, "ring")


async def post_call_back(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """Let one's own phone ring, then that of the resident."""
    task_id = int(request.match_info["task"])
    world, who = request.app[WORLD], await by(request, session)
    own = OwnPhone(await text(request, "phone"), request.app[SETTINGS].phone_region)
    try:
        await run(request, lambda c: call_back(c, world, who, task_id, own))
    except ActRefusedError as refused:
        typed = {"phone": own.typed}
        return await _refused(request, session, str(refused), task_id=task_id, typed=typed)
    return await _done(request, "ring")


async def post_settle(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """Note what came of a call-back."""
    task_id, who = int(request.match_info["task"]), await by(request, session)
    outcome, note = await text(request, "outcome"), await text(request, "note")
    try:
        settled = await run(request, lambda c: settle_call_back(c, who, task_id, outcome, note))
    except ActRefusedError as refused:
        typed = {"outcome": outcome, "note": note}
        return await _refused(request, session, str(refused), task_id=task_id, typed=typed)
    return await _done(request, "settled" if settled is not False else "later")


async def post_note(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """Note what was talked about."""
    talk_id, who = int(request.match_info["talk"]), await by(request, session)
    note, number = await text(request, "note"), await text(request, "ticket")
    ticket_id = parse_number(number) or (int(number) if number.isdecimal() else None)
    try:
        await run(request, lambda c: note_talk(c, who, talk_id, note, ticket_id))
    except ActRefusedError as refused:
        return await _refused(request, session, str(refused), typed={"talk_note": note})
    return await _done(request, "noted")


async def post_contact_view(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """Show the number of one call-back on this one answer; the look is logged."""
    task_id, world = int(request.match_info["task"]), request.app[WORLD]
    who = await by(request, session)
    try:
        contact = await run(request, lambda c: show_task_contact(c, world, who, task_id))
    except ActRefusedError as refused:
        return await _refused(request, session, str(refused), task_id=task_id)
    return await calls_page(request, session, {"task_id": task_id, "contact": contact})


async def _refused(
    request: web.Request,
    session: StaffSession,
    error: str,
    *,
    task_id: int = 0,
    typed: dict[str, str] | None = None,
) -> web.StreamResponse:
    if not may_take_calls(session.staff.unit_id, session.staff.roles):
        return missing(request, session)
    context = {"error": error, "task_id": task_id, "typed": typed or {}}
    return await calls_page(request, session, context, status=422)


async def _done(request: web.Request, done: str) -> web.StreamResponse:
    await let_out(request, None)
    raise web.HTTPSeeOther(f"/console/calls?done={done}")
