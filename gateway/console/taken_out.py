"""Tickets on paper and as files: opened by the trace that was left first, without any contact."""

from collections.abc import Mapping, Sequence

from aiohttp import web

from dialogs.ticket_number import format_number
from dialogs.words import Kind
from gateway.console.event_names import EVENT_NAMES
from gateway.console.layout import missing, show
from gateway.console.running import run
from gateway.console.session import by, text
from gateway.console.table_file import table_file
from gateway.console.ticket import ticket_id_of
from gateway.console.worklist import FILTERS, below_of, read, wanted_by
from gateway.keys import CLOCK, POOL, SETTINGS, WORLD
from handlers.case import ActRefusedError
from handlers.permits import STATE_NAMES
from handlers.retopic import KIND_NAMES
from handlers.ticket_view import TicketView, view_ticket
from handlers.traces import EXPORT, MOST_EXPORTED, PRINT, Reader, export_list, may_export, opened
from store import worklist
from store.staff import StaffSession
from store.traces import Trace
from store.worklist import WorkItem

HEAD = (
    *("编号", "标题", "类型", "分类", "等级", "状态", "地点", "承办", "受理", "时限"),
    *("催单", "第几次反映"),
)


async def get_print(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """One ticket to be printed, with a watermark."""
    found = await _opened(request, session, PRINT)
    if found is None:
        return missing(request, session)
    view, trace = found
    frame = {"view": view, "facts": view.facts, "trace": trace}
    return show(request, session, "console/print.html", frame)


async def get_export(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """One ticket as a file: its facts, then what happened."""
    found = await _opened(request, session, EXPORT)
    if found is None:
        return missing(request, session)
    view, trace = found
    facts, zone = view.facts, request.app[SETTINGS].timezone
    rows: list[Sequence[str]] = [
        ("编号", format_number(facts.id)),
        ("标题", facts.title),
        ("反映内容", facts.matter),
        ("地点", facts.place),
        ("承办", facts.unit),
        ("最近答复", facts.last_reply),
    ]
    rows += [
        (
            f"{event.at.astimezone(zone):%Y-%m-%d %H:%M}",
            EVENT_NAMES.get(event.type, event.type),
            event.unit,
            event.note,
        )
        for event in view.events
    ]
    rows.append(("导出", session.staff.name, trace.purpose))
    return table_file(rows, f"{format_number(facts.id)}.csv")


async def get_list(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """The form for a whole list."""
    if not may_export(session.staff.unit_id, session.staff.roles):
        return missing(request, session)
    return await _form(request, session, {"asked": read(request.query)})


async def post_list(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """The list that somebody sees as a file; each ticket on it keeps the trace."""
    who, purpose = await by(request, session), await text(request, "purpose")
    if not may_export(who.unit_id, who.roles):
        return missing(request, session)
    asked = read({name: await text(request, name) for name in ("state", "q", "scope")})
    async with request.app[POOL].acquire() as connection:
        wanted = wanted_by(session.staff, asked, await below_of(connection, session.staff))
        most = MOST_EXPORTED + 1
        items = await worklist.page(connection, wanted, None, most, request.app[CLOCK]())
    ids = [item.ticket_id for item in items]
    try:
        await run(request, lambda connection: export_list(connection, who, ids, purpose))
    except ActRefusedError as refused:
        typed = {"asked": asked, "purpose": purpose, "error": str(refused)}
        return await _form(request, session, typed, status=422)
    return table_file([HEAD, *(_line(request, item) for item in items)], "tickets.csv")


async def _form(
    request: web.Request,
    session: StaffSession,
    context: Mapping[str, object],
    *,
    status: int = 200,
) -> web.Response:
    async with request.app[POOL].acquire() as connection:
        below = await below_of(connection, session.staff)
    filters = [(name, label) for name, (label, _) in FILTERS.items()]
    frame: dict[str, object] = {"purpose": "", "error": "", "has_below": bool(below)}
    frame |= {"filters": filters, "most": MOST_EXPORTED}
    return show(request, session, "console/export.html", frame | dict(context), status=status)


def _line(request: web.Request, item: WorkItem) -> Sequence[str]:
    zone = request.app[SETTINGS].timezone
    return (
        format_number(item.ticket_id),
        item.title,
        KIND_NAMES[Kind(item.kind)],
        item.topic,
        item.grade,
        {str(state): name for state, name in STATE_NAMES.items()}[item.state],
        item.place,
        item.unit,
        f"{item.opened_at.astimezone(zone):%Y-%m-%d %H:%M}",
        f"{item.due_at.astimezone(zone):%Y-%m-%d %H:%M}",
        str(item.urged),
        str(item.repeats + 1),
    )


async def _opened(
    request: web.Request, session: StaffSession, what: str
) -> tuple[TicketView, Trace] | None:
    """The ticket as its reader sees it, and the trace left for it just now; None where there is none."""
    ticket_id, staff = ticket_id_of(request), session.staff
    if ticket_id is None:
        return None
    reader = Reader(request.app[WORLD], staff.id, request.app[CLOCK]())
    trace_id = int(request.match_info["trace"])
    async with request.app[POOL].acquire() as connection:
        trace = await opened(connection, reader, ticket_id, trace_id, what)
        view = await view_ticket(connection, staff.unit_id, staff.roles, ticket_id)
    return (view, trace) if view is not None and trace is not None else None
