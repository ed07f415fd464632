"""The forms of a ticket's page: each names one act of the handlers and brings it what was typed."""

from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import replace

from aiohttp import web

from dialogs.understanding.place import Place
from dialogs.words import Grade, Kind
from gateway.console.case.choosing import unit_of
from gateway.console.case.form import Sent, Upload
from gateway.console.case.offers import FORMS
from gateway.console.case.uploads import keep, takes_files
from gateway.console.layout import missing
from gateway.console.running import let_out, run
from gateway.console.session import by, text
from gateway.console.ticket import place_text, ticket_id_of, ticket_page
from gateway.console.worklist import FILTERS
from gateway.keys import WORLD
from handlers.case import ActRefusedError, By, UnknownTicketError
from handlers.dispatch_by_hand import Dispatching, dispatch_by_hand
from handlers.join import join, split
from handlers.resolve import answer_as_assist
from handlers.retopic import Retopicing, retopic
from handlers.sign import sign
from handlers.staff_acts import StaffAct
from handlers.walk_in import read_place
from handlers.world import World
from store import ticket_page as page_rows
from store.database import Connection
from store.staff import StaffSession

LONGEST_SUBJECT = 18  # digits
TAKEN_OUT = frozenset({StaffAct.PRINT, StaffAct.EXPORT})  # what is to be opened next stands there


async def post_act(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """Do one act; what is refused comes back with a sentence and all that was typed."""
    ticket_id, name = ticket_id_of(request), request.match_info["act"]
    act = StaffAct(name) if name in set(StaffAct) else None
    doing = ACTS.get(act) if act is not None else None
    if act is not None and doing is None and act in FORMS:
        doing = FORMS[act].do
    if ticket_id is None or act is None or doing is None:
        return missing(request, session)
    sent = await _sent(request, await by(request, session), ticket_id)
    try:
        if act in FORMS and takes_files(FORMS[act]):
            sent = replace(sent, files=await keep(request, sent.who, sent.files))
        await run(request, lambda connection: doing(connection, sent))
    except UnknownTicketError:
        return missing(request, session)
    except ActRefusedError as refused:
        again = {
            "form": name,
            "error": str(refused),
            "typed": defaultdict(str, sent.typed),
            "many": sent.many,
            "sent_subject": sent.subject,
            "key": await text(request, "key"),
        }
        return await ticket_page(request, session, again, status=422)
    await let_out(request, ticket_id)
    if act in FORMS and FORMS[act].leaves:
        raise web.HTTPSeeOther(f"/console?done={name}")
    if sent.typed["list"] in FILTERS:  # done from the list, which goes on with the next
        raise web.HTTPSeeOther(f"/console?state={sent.typed['list']}&done={name}")
    anchor = "#taken-out" if act in TAKEN_OUT else ""
    raise web.HTTPSeeOther(f"/console/tickets/{ticket_id}?done={name}{anchor}")


async def _sent(request: web.Request, who: By, ticket_id: int) -> Sent:
    """The form as it was typed; a subject that is no number is none."""
    form = await request.post()
    typed: dict[str, str] = defaultdict(str)
    many: dict[str, list[str]] = defaultdict(list)
    files: list[Upload] = []
    for name, value in form.items():
        if isinstance(value, str):
            typed[name] = value
            many[name].append(value)
        elif isinstance(value, web.FileField) and value.filename:
            with value.file:
                files.append(Upload(value.filename, value.file.read()))
    subject = typed["subject"]
    known = subject.isascii() and subject.isdigit() and len(subject) <= LONGEST_SUBJECT
    return Sent(
        request.app[WORLD], who, ticket_id, typed, int(subject) if known else 0, many, files
    )


async def _sign(connection: Connection, sent: Sent) -> None:
    await sign(connection, sent.world, sent.who, sent.ticket_id)


async def _join(connection: Connection, sent: Sent) -> None:
    await join(connection, sent.world, sent.who, sent.ticket_id, sent.typed["other"])


async def _split(connection: Connection, sent: Sent) -> None:
    await split(connection, sent.world, sent.who, sent.ticket_id)


def _with_text(
    act: Callable[[Connection, World, By, int, str], Awaitable[None]],
) -> Callable[[Connection, Sent], Awaitable[None]]:
    async def doing(connection: Connection, sent: Sent) -> None:
        await act(connection, sent.world, sent.who, sent.ticket_id, sent.typed["text"])

    return doing


async def _dispatch(connection: Connection, sent: Sent) -> None:
    typed, world = sent.typed, sent.world
    order = Dispatching(
        unit_id=unit_of(world, typed["unit"]),
        reason=typed["text"],
        assist_id=unit_of(world, typed["assist"]) if typed["assist"].strip() else None,
        kind=kind_of(typed["kind"]),
        topic=typed["topic"] or None,
        grade=Grade(typed["grade"]) if typed["grade"] in set(Grade) else None,
        place=await _corrected_place(connection, sent),
    )
    await dispatch_by_hand(connection, world, sent.who, sent.ticket_id, order)


async def _retopic(connection: Connection, sent: Sent) -> None:
    typed = sent.typed
    order = Retopicing(kind_of(typed["kind"]), typed["topic"] or None, typed["text"])
    await retopic(connection, sent.world, sent.who, sent.ticket_id, order)


def kind_of(typed: str) -> Kind | None:
    """The kind that was chosen, None for none."""
    return Kind(typed) if typed in set(Kind) else None


async def _corrected_place(connection: Connection, sent: Sent) -> Place | None:
    """The place, if the dispatcher has changed it."""
    facts = await page_rows.facts(connection, sent.ticket_id)
    typed = sent.typed["place"].strip()
    if facts is None or not typed or typed == place_text(sent.world, facts):
        return None
    return read_place(sent.world, typed, Place())


ACTS: dict[StaffAct, Callable[[Connection, Sent], Awaitable[None]]] = {
    StaffAct.SIGN: _sign,
    StaffAct.ASSIST: _with_text(answer_as_assist),
    StaffAct.DISPATCH: _dispatch,
    StaffAct.RETOPIC: _retopic,
    StaffAct.JOIN: _join,
    StaffAct.SPLIT: _split,
}
