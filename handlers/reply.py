"""A reply (答复): what a unit says to the resident on the way, in the conversation that the ticket came from."""

from dialogs.phrases import phrase
from handlers.case import ActRefusedError, By, Case, finish, take_up, worded
from handlers.notices import notice
from handlers.reached import Way, way_to
from handlers.staff_acts import StaffAct
from handlers.world import World
from store import inside
from store.database import Connection

REPLIED = phrase("“{title}”: {unit} replies: {text}")


async def reply(connection: Connection, world: World, by: By, ticket_id: int, text: str) -> None:
    """Tell the resident how it stands; kept as the ticket's last reply too. Of units only the lead speaks.

    Whom a unit is not to know it reaches through the centre alone.
    """
    case = await take_up(connection, world, by, ticket_id, StaffAct.REPLY)
    if case.ticket.confidential and by.unit_id is not None:
        raise ActRefusedError("市民要求保密，请用“请中心转达”，由热线中心转达给市民。")
    text = worded(text, "答复内容")
    case.effects.change(ticket_id, last_reply=text)
    case.record("replied", text)
    notice(case, REPLIED, title=case.ticket.title, unit=case.unit, text=text)
    await finish(connection, case)
    await _stop_clock(connection, case)


async def _stop_clock(connection: Connection, case: Case) -> None:
    """Who cannot be called is contacted by the first reply; its arriving is asked for when a result is given."""
    if case.by.unit_id is None:
        return
    found = await inside.reach(connection, case.ticket_id)
    if found is not None and way_to(case.world, found) is Way.TALK:
        parent = case.ticket.joined_to or case.ticket_id
        await inside.note_contact(connection, parent, None, case.by.at)
