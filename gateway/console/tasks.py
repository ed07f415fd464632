"""What only a person can settle: call-backs, messages that did not arrive; for a unit, what was told three times."""

from collections.abc import Mapping

from aiohttp import web

from gateway.console.layout import missing, show
from gateway.console.running import let_out, run
from gateway.console.session import by, text
from gateway.keys import POOL, WORLD
from handlers.case import ActRefusedError
from handlers.human_talk import may_talk
from handlers.settle_task import may_settle, settle_task
from handlers.show_contact import show_task_contact
from handlers.survey_by_hand import QUESTIONS, survey_by_hand
from store import human_tasks
from store.staff import StaffSession

SHOWN = 200


async def get_tasks(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """Those that wait, oldest first."""
    done = "已处理。" if request.query.get("done") else ""
    return await _page(request, session, {"done": done})


async def post_task(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """Settle one."""
    task_id = int(request.match_info["task"])
    if not _may(session):
        return missing(request, session)
    who, note = await by(request, session), await text(request, "note")
    again = await text(request, "again") != ""
    try:
        await run(request, lambda c: settle_task(c, who, task_id, note, again=again))
    except ActRefusedError as refused:
        again_with = {"error": str(refused), "task_id": task_id, "note": note}
        return await _page(request, session, again_with, status=422)
    await let_out(request, None)
    raise web.HTTPSeeOther("/console/tasks?done=1")


async def post_survey(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """Keep what a resident answered on the phone."""
    task_id = int(request.match_info["task"])
    if not _may(session):
        return missing(request, session)
    who, world = await by(request, session), request.app[WORLD]
    form = await request.post()
    typed = {name: value for name, value in form.items() if isinstance(value, str)}
    try:
        await run(request, lambda c: survey_by_hand(c, world, who, task_id, typed))
    except ActRefusedError as refused:
        again = {"error": str(refused), "task_id": task_id, "answered": typed}
        return await _page(request, session, again, status=422)
    await let_out(request, None)
    raise web.HTTPSeeOther("/console/tasks?done=1")


async def post_contact_view(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """Open the address of one task on this one answer."""
    task_id = int(request.match_info["task"])
    if not _may(session):
        return missing(request, session)
    who, world = await by(request, session), request.app[WORLD]
    try:
        contact = await run(request, lambda c: show_task_contact(c, world, who, task_id))
    except ActRefusedError as refused:
        return await _page(request, session, {"error": str(refused)}, status=422)
    return await _page(request, session, {"task_id": task_id, "contact": contact})


def _may(session: StaffSession) -> bool:
    return may_settle(session.staff.unit_id, session.staff.roles)


async def _page(
    request: web.Request,
    session: StaffSession,
    context: Mapping[str, object],
    *,
    status: int = 200,
) -> web.StreamResponse:
    """The list; `context` holds what a form has just brought: done, or error, task_id and what was typed, or a contact."""
    if not _may(session):
        return missing(request, session)
    async with request.app[POOL].acquire() as connection:
        tasks = await human_tasks.waiting(connection, session.staff.unit_id, SHOWN)
    may_chat = may_talk(session.staff.unit_id, session.staff.roles)
    empty = {
        "may_chat": may_chat,
        "done": "",
        "error": "",
        "task_id": 0,
        "note": "",
        "answered": {},
        "contact": None,
        "questions": [(str(one), *asked) for one, asked in QUESTIONS.items()],
    }
    frame = {"tasks": tasks} | empty | dict(context)
    return show(request, session, "console/tasks.html", frame, status=status)
