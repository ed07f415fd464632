"""The frame around every page of the console: what all templates may use."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial

import aiohttp_jinja2
from aiohttp import web

from dialogs.ticket_number import format_number
from dialogs.understanding.personal import masked
from gateway import clock, templating
from gateway.console import names
from gateway.keys import CLOCK, SETTINGS, WORLD
from handlers import coordinations, decide, open_line
from handlers.call_orders import may_take_calls
from handlers.community import may_take
from handlers.duty import may_set
from handlers.edit_rules import may_read_rules
from handlers.inspected import only_inspects
from handlers.own_draft import may_read
from handlers.permit_table import CENTRE_ROLES, TRACKING_ROLES
from handlers.settle_task import may_settle
from handlers.stewards import may_decide
from handlers.surge import may_see_surges
from handlers.traced import may_read_traces
from handlers.unit_contacts import may_register
from handlers.whistle import may_list
from store.alerts import OpenAlert
from store.staff import StaffSession
from store.talk_desk import Queue

# What stands in the red bar, as `for_staff` has read it for this request.
ALERTS = web.RequestKey("ALERTS", list[OpenAlert])
# Who waits in chats, for those who talk with residents.
QUEUE = web.RequestKey("QUEUE", Queue)


def setup(app: web.Application) -> None:
    """Teach the templates the console's words."""
    templating.setup(app)
    env = aiohttp_jinja2.get_env(app)
    timezone = app[SETTINGS].timezone
    env.globals.update(names.WORDS)
    env.filters["local"] = partial(names.local_time, timezone=timezone)
    env.filters["short"] = partial(names.short_time, timezone=timezone)
    env.filters["left"] = names.time_left
    env.filters["pressing"] = names.pressing
    env.filters["number"] = format_number
    env.filters["masked"] = masked
    env.filters["percent"] = _percent


def show(
    request: web.Request,
    session: StaffSession,
    template: str,
    context: Mapping[str, object],
    *,
    status: int = 200,
) -> web.Response:
    """A page for somebody who is logged in. `key` is a fresh one for each form that is not being corrected."""
    staff = session.staff
    now: datetime = request.app[CLOCK]()
    frame = {
        "staff": staff,
        "csrf": session.csrf,
        "now": now,
        "path": request.path,
        "may_type_in": open_line.may_type_in(staff.unit_id, staff.roles),
        "sees_surges": may_see_surges(staff.unit_id, staff.roles),
        "sees_open_lines": open_line.may_see(staff.unit_id, staff.roles),
        "may_take": may_take(request.app[WORLD], staff.unit_id, staff.roles),
        "decides_stewards": may_decide(request.app[WORLD], staff.unit_id, staff.roles),
        "may_try": staff.at_centre and bool(staff.roles & CENTRE_ROLES),
        "sees_tasks": may_settle(staff.unit_id, staff.roles),
        "sees_alerts": staff.at_centre and may_settle(staff.unit_id, staff.roles),
        "alerts": request.get(ALERTS, []),
        "queue": request.get(QUEUE),
        "takes_calls": may_take_calls(staff.unit_id, staff.roles),
        "sets_duty": may_set(staff.unit_id, staff.roles),
        "sees_catalogue": may_read(staff.unit_id, staff.roles),
        "sees_rules": may_read_rules(staff.unit_id, staff.roles),
        "sees_whistles": may_list(staff.roles),
        "sets_contacts": may_register(staff.roles) and may_list(staff.roles),
        "sees_applications": decide.may_list(staff.unit_id, staff.roles),
        "sees_talks": coordinations.may_list(staff.roles),
        "tracks": bool(staff.roles & TRACKING_ROLES),
        "inspects": only_inspects(staff.roles),
        "reads_traces": may_read_traces(staff.roles),
        "fresh_key": clock.new_id,
    }
    return templating.page(request, template, frame | dict(context), status=status)


def plain(
    request: web.Request, template: str, context: Mapping[str, object], *, status: int = 200
) -> web.Response:
    """A page for somebody whom we do not know."""
    return templating.page(request, template, context, status=status)


def missing(request: web.Request, session: StaffSession) -> web.Response:
    """What is not there, and what is not theirs: nobody can tell which."""
    return show(request, session, "console/missing.html", {}, status=404)


def _percent(share: float | None) -> str:
    return "—" if share is None else f"{share:.1%}"
