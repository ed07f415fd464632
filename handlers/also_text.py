"""What was said on the phone is sent as a text too, where the number takes texts: a ticket's number above all."""

from datetime import datetime

from dialogs.requests import SendText
from dialogs.said import Reply
from handlers.outgoing import Errand, outbox_row, render
from handlers.visit import Visit
from handlers.world import World
from store.turns import OutboxRow


def also_texts(world: World, visit: Visit, seq: int, now: datetime) -> list[OutboxRow]:
    """The texts of a turn as outbox rows, numbered from `seq` on; none for a land line or a hidden number."""
    row = visit.row
    home = world.channels[row.channel]
    texts = [order.text for order in visit.orders if isinstance(order, SendText)]
    if not texts or home.abilities.voice:
        return []
    language = visit.session.language
    wait = world.limits.wait(home.prefix(visit.address), now)
    errand = Errand("notice", now, wait, stopped=row.stopped, urgent=True)
    rendered = [
        render(home, language, Reply(text, language=language), row.id, seq + place)
        for place, text in enumerate(texts)
    ]
    return [outbox_row(home, row.address_id, message, errand) for message in rendered]
