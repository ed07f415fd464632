"""A ticket's page: what is known, what was said, what was done, and a form for each thing that can be done now."""

from collections.abc import Mapping, Sequence

from aiohttp import web

from dialogs.ticket_number import parse_number
from dialogs.understanding.place import Place
from dialogs.words import Grade, Kind, Language
from gateway.console.case.form import Asked, Input, Offered, Shown
from gateway.console.case.grouping import lay_out
from gateway.console.case.offers import FORMS, offered, sections
from gateway.console.case.templates import filled
from gateway.console.case.vain import in_vain
from gateway.console.layout import missing, show
from gateway.console.running import run
from gateway.console.session import by, text
from gateway.console.told import notified, reached
from gateway.keys import CLOCK, POOL, WORLD
from handlers.case import ActRefusedError, UnknownTicketError
from handlers.permit_table import ACT_NAMES
from handlers.reached import Way, contacting
from handlers.second_reading import Suggestion, suggestion
from handlers.show_contact import Contact, show_contact
from handlers.split_resident import may_look
from handlers.staff_acts import StaffAct
from handlers.ticket_view import TicketView, view_ticket
from handlers.world import World
from store import inside
from store.database import Connection
from store.staff import StaffSession
from store.ticket_page import Facts

DONE = {
    "sign": "已签收。主办单位请尽快联系市民。",
    "assist": "协办情况已交主办单位。",
    "dispatch": "已派单。",
    "retopic": "已改分类。",
    "join": "已并案，市民会收到通知。",
    "split": "已拆出，由主办单位单独办理。",
    "walk_in": "工单已录入。",
    "walk_in_added": "已补充到这张工单，没有另开新单；如果不是同一件事，请返回录入页选“单独受理”。",
}

_CHOOSING = {StaffAct.DISPATCH, StaffAct.RETOPIC}


def ticket_id_of(request: web.Request) -> int | None:
    """The ticket that an address names, by its id or by its number as residents know it."""
    written = request.match_info["ticket"]
    if written.isascii() and written.isdigit() and len(written) == 12:  # noqa: PLR2004
        return int(written)
    return parse_number(written)


def done_words(act: str) -> str:
    """What is said when an act has been done, "" for what is none."""
    form = FORMS.get(StaffAct(act)) if act in set(StaffAct) else None
    return form.done if form is not None else DONE.get(act, "")


async def get_ticket(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """The page as it stands; after a form it says what has been done."""
    done = {"done": done_words(request.query.get("done", ""))}
    return await ticket_page(request, session, done | await filled(request, session.staff))


async def post_contact_view(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """Open the contact on this one answer; the look is logged before it is shown."""
    ticket_id, who = ticket_id_of(request), await by(request, session)
    purpose = await text(request, "purpose")
    if ticket_id is None:
        return missing(request, session)
    try:
        contact = await run(
            request, lambda c: show_contact(c, request.app[WORLD], who, ticket_id, purpose)
        )
    except UnknownTicketError:
        return missing(request, session)
    except ActRefusedError as refused:
        typed = {"form": "open_contact", "error": str(refused), "typed": {"purpose": purpose}}
        return await ticket_page(request, session, typed, status=422)
    if not isinstance(contact, Contact):
        raise web.HTTPBadRequest
    return await ticket_page(request, session, {"contact": contact})


async def ticket_page(
    request: web.Request,
    session: StaffSession,
    context: Mapping[str, object],
    *,
    status: int = 200,
) -> web.StreamResponse:
    """The page; `context` holds what a form has just brought: done, or form, error, typed and its key."""
    ticket_id, staff = ticket_id_of(request), session.staff
    view, suggested, contact, world = None, None, None, request.app[WORLD]
    offers: list[Offered] = []
    vain: Mapping[StaffAct, str] = {}
    shown: list[Shown] = []
    if ticket_id is not None:
        async with request.app[POOL].acquire() as connection, connection.transaction():
            view = await view_ticket(connection, staff.unit_id, staff.roles, ticket_id)
            suggested = await _suggested(connection, world, view)
            if view is not None:
                asked = Asked(world, view, staff, request.app[CLOCK]())
                vain = await in_vain(connection, asked)
                offers = await offered(connection, asked, vain)
                contact = await _contact(connection, asked)
                shown = await sections(connection, asked)
    if view is None:
        return missing(request, session)
    empty: dict[str, object] = {
        "done": "",
        "form": "",
        "error": "",
        "typed": {},
        "key": "",
        "contact": None,
        "many": {},
        "sent_subject": 0,
    }
    frame = {
        "view": view,
        "facts": view.facts,
        "notified": notified(view),
        "reached": reached(view.facts),
        "suggested": suggested,
        "layout": lay_out(offers, view.facts.state, contact),
        "refusals": [(ACT_NAMES[act], why) for act, why in vain.items() if why],
        "sections": shown,
        "case_units": _units(world, offers),
        "sees_resident": may_look(staff.unit_id, staff.roles) and not view.facts.anonymous,
        "dispatching": dispatching(world, view.facts) if _CHOOSING & set(view.acts) else None,
    }
    given = empty | dict(context)
    frame["homeless"] = bool(given["error"]) and not _has_form(offers, given)
    return show(request, session, "console/ticket.html", frame | given, status=status)


def _has_form(offers: Sequence[Offered], given: Mapping[str, object]) -> bool:
    """Whether what was refused still has a form on the page that can say so and hold what was typed."""
    act, subject = given["form"], given["sent_subject"]
    fits = (one for one in offers if one.act == act and one.subject is None)
    of_subject = (
        one for one in offers if one.subject and (one.act, one.subject.id) == (act, subject)
    )
    return act == "open_contact" or any(fits) or any(of_subject)


async def _contact(connection: Connection, asked: Asked) -> StaffAct | None:
    """How this unit contacts the resident now: through the centre, in the talk, by phone; None: it has."""
    found = await inside.reach(connection, asked.view.facts.id)
    so_far = contacting(asked.world, found) if found is not None else None
    if so_far is None or so_far.enough or asked.staff.unit_id is None:
        return None
    if asked.view.facts.confidential:
        return StaffAct.ASK_RELAY
    return StaffAct.REPLY if so_far.way is Way.TALK else StaffAct.CONTACT


def _units(world: World, offers: Sequence[Offered]) -> list[tuple[str, str]]:
    """Names to choose from, where a form asks for units."""
    fields = (one for offer in offers for one, _ in offer.fields)
    if not any(one.input in (Input.UNIT, Input.UNITS) for one in fields):
        return []
    units = world.city.responsibilities.units.values()
    return sorted({(unit.name, unit.code) for unit in units})


async def _suggested(
    connection: Connection, world: World, view: TicketView | None
) -> Suggestion | None:
    """What a language model makes of the matter, for who may put it right."""
    if view is None or StaffAct.RETOPIC not in view.acts:
        return None
    return await suggestion(connection, world, view.facts, view.events)


def dispatching(world: World, facts: Facts) -> dict[str, object]:
    """What the dispatcher can choose from."""
    return {
        "units": sorted(
            {(unit.name, unit.code) for unit in world.city.responsibilities.units.values()}
        ),
        "topics": topics_of(world),
        "grades": list(Grade),
        "kinds": list(Kind),
        "place": place_text(world, facts),
    }


def topics_of(world: World) -> dict[str, list[tuple[str, str]]]:
    """Topics by their first level, as (code, name)."""
    grouped: dict[str, list[tuple[str, str]]] = {}
    for topic in world.city.reader.topics:
        grouped.setdefault(topic.level1, []).append((topic.code, topic.level3))
    return grouped


def place_text(world: World, facts: Facts) -> str:
    """The place as the dispatcher may correct it."""
    place = Place(
        facts.district_code, facts.street_code, facts.community_code, facts.address_detail
    )
    return world.city.reader.full_name(place, Language.CHINESE)
