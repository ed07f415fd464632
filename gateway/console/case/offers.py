"""Which forms and sections of casework a ticket's page shows to whom."""

from collections.abc import Container

from gateway.console.case import kinds
from gateway.console.case.form import Asked, Field, Form, Offered, Section, Shown, Subject
from handlers.permit_table import ACT_NAMES
from handlers.staff_acts import StaffAct
from store.database import Connection

FORMS: dict[StaffAct, Form] = {form.act: form for module in kinds.MODULES for form in module.FORMS}
# Written by hand in `ticket_forms.html`: they choose from what the page has looked up.
OWN = frozenset(
    {
        StaffAct.SIGN,
        StaffAct.DISPATCH,
        StaffAct.RETOPIC,
        StaffAct.ASSIST,
        StaffAct.JOIN,
        StaffAct.SPLIT,
    }
)
# What a community or an enterprise settles for itself ends by these, and not by a result.
ENDING = frozenset({StaffAct.COMMUNITY_SOLVED, StaffAct.RECONCILED})
SECTIONS: tuple[Section, ...] = tuple(one for module in kinds.MODULES for one in module.SECTIONS)


async def offered(connection: Connection, asked: Asked, vain: Container[StaffAct]) -> list[Offered]:
    """The forms that this reader may send now, in the order of the work; none for what would be `vain`."""
    found: list[Offered] = []
    for act in asked.view.acts:
        if act in vain:
            continue
        form = FORMS.get(act)
        if act in OWN:
            found.append(Offered(act, ACT_NAMES[act], own=True))
        if form is None:
            continue
        more = await form.more(connection, asked) if form.more else ()
        if form.subjects is None:
            found.append(_offer(form, asked, None, more))
        else:
            subjects = await form.subjects(connection, asked)
            found.extend(_offer(form, asked, subject, more) for subject in subjects)
    if any(one.act in ENDING for one in found):
        return [one for one in found if one.act is not StaffAct.RESOLVE]
    return found


def _offer(form: Form, asked: Asked, subject: Subject | None, more: tuple[Field, ...]) -> Offered:
    name = ACT_NAMES[form.act]
    means = form.means if isinstance(form.means, str) else form.means(asked)
    asks = more + form.fields + (subject.fields if subject else ())
    fields = [(one, one.options(asked) if one.options else ()) for one in asks]
    return Offered(form.act, name, means, form.button or name, form.danger, fields, subject)


async def sections(connection: Connection, asked: Asked) -> list[Shown]:
    """What stands on the page beside the ticket's own record."""
    shown: list[Shown] = []
    for one in SECTIONS:
        found = await one.load(connection, asked)
        if found is not None:
            shown.append(Shown(one.title, one.template, found))
    return shown
