"""Templates on a ticket's page: those that fit its topic, and a form that one of them has filled."""

from collections import defaultdict
from dataclasses import dataclass

from aiohttp import web

from gateway.console.case.form import Asked
from gateway.console.typed import number
from gateway.keys import POOL
from handlers.staff_acts import StaffAct
from store import reply_templates
from store.database import Connection
from store.reply_templates import Template
from store.staff import Staff


@dataclass(frozen=True, slots=True)
class Fitting:
    """A template with the act that it is for."""

    id: int
    title: str
    body: str
    act: StaffAct


def act_of(template: Template) -> StaffAct:
    """Where a template goes."""
    return StaffAct.RESOLVE if template.result else StaffAct.REPLY


async def offered_templates(connection: Connection, asked: Asked) -> object | None:
    """Those that fit, for whoever may write one of the two now."""
    view, unit_id = asked.view, asked.staff.unit_id
    found = await reply_templates.fitting(connection, unit_id, view.facts.topic_code)
    fitting = [Fitting(one.id, one.title, one.body, act_of(one)) for one in found]
    return [one for one in fitting if one.act in view.acts] or None


async def filled(request: web.Request, staff: Staff) -> dict[str, object]:
    """What the page shows when a template is put into its form (`?template=`); nothing without one."""
    template_id = number(request.query.get("template", ""))
    if template_id is None:
        return {}
    async with request.app[POOL].acquire() as connection:
        found = await reply_templates.find(connection, template_id)
    if found is None or found.unit_id not in (None, staff.unit_id):
        return {}
    typed = {"text": found.body} | ({"kind": found.result} if found.result else {})
    return {"form": act_of(found), "typed": defaultdict(str, typed)}
