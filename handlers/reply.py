"""A reply (答复): what a unit says to the resident on the way, in the conversation that the ticket came from."""

from dialogs.phrases import phrase
from handlers.case import By, finish, take_up, worded
from handlers.notices import notice
from handlers.staff_acts import StaffAct
from handlers.world import World
from store.database import Connection

REPLIED = phrase("“{title}”: {unit} replies: {text}")


async def reply(connection: Connection, world: World, by: By, ticket_id: int, text: str) -> None:
    """Tell the resident how it stands; kept as the ticket's last reply too."""
    case = await take_up(connection, world, by, ticket_id, StaffAct.REPLY)
    text = worded(text, "答复内容")
    case.effects.change(ticket_id, last_reply=text)
    case.record("replied", text)
    notice(case, REPLIED, title=case.ticket.title, unit=case.unit, text=text)
    await finish(connection, case)
