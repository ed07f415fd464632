"""Typing in a ticket for somebody at the desk."""

from aiohttp import web

from dialogs.requests import TicketOpened
from dialogs.words import Kind
from gateway.console.layout import missing, show
from gateway.console.running import TRIES, let_out, run
from gateway.console.session import by, text
from gateway.console.ticket import topics_of
from gateway.keys import CLOCK, WORLD
from handlers.case import ActRefusedError
from handlers.open_line import may_type_in
from handlers.walk_in import WalkIn, walk_in
from handlers.walk_in_again import Choice, ToldBeforeError
from handlers.world import World
from store.staff import StaffSession

_FIELDS = (
    "matter",
    "place",
    "kind",
    "topic",
    "title",
    "wanted",
    "contact_name",
    "phone",
    "confidential",
    "told_before",
)


async def get_walk_in(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """The empty form."""
    if not _may(session):
        return missing(request, session)
    return _form(request, session, dict.fromkeys(_FIELDS, ""))


async def post_walk_in(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """Open the ticket and show it."""
    if not _may(session):
        return missing(request, session)
    typed = {field: await text(request, field) for field in _FIELDS}
    who, world = await by(request, session), request.app[WORLD]
    form = WalkIn(
        matter=typed["matter"],
        place=typed["place"],
        kind=Kind(typed["kind"]) if typed["kind"] in set(Kind) else None,
        topic=typed["topic"],
        title=typed["title"],
        wanted=typed["wanted"],
        contact_name=typed["contact_name"],
        phone=typed["phone"],
        confidential=bool(typed["confidential"]),
        told_before=typed["told_before"],
    )
    try:
        async with world.numbers.held(TRIES, request.app[CLOCK]()):
            opened = await run(request, lambda connection: walk_in(connection, world, who, form))
    except ActRefusedError as refused:
        key = await text(request, "key")
        before = refused if isinstance(refused, ToldBeforeError) else None
        return _form(request, session, typed, str(refused), key, before, status=422)
    ticket_id = opened.ticket_id if isinstance(opened, TicketOpened) else int(opened)
    await let_out(request, ticket_id)
    if not session.staff.at_centre:  # a leader, whose own unit need have no share of it
        raise web.HTTPSeeOther("/console/open-lines?done=opened")
    done = "walk_in_added" if typed["told_before"] == Choice.ADD else "walk_in"
    raise web.HTTPSeeOther(f"/console/tickets/{ticket_id}?done={done}")


def _may(session: StaffSession) -> bool:
    return may_type_in(session.staff.unit_id, session.staff.roles)


def _form(
    request: web.Request,
    session: StaffSession,
    typed: dict[str, str],
    error: str = "",
    key: str = "",
    before: ToldBeforeError | None = None,
    *,
    status: int = 200,
) -> web.Response:
    world = request.app[WORLD]
    context = {
        "typed": typed,
        "error": error,
        "key": key,
        "kinds": list(Kind),
        "topics": topics_of(world),
        "streets": _streets(world),
        "before": before,
    }
    return show(request, session, "console/walk_in.html", context, status=status)


def _streets(world: World) -> list[str]:
    """Every street with its district, as the place may be typed."""
    reader = world.city.reader
    return [
        district.name + street.name
        for district in reader.districts
        for street in reader.streets_of(district.code)
    ]
