"""Somebody has picked up a call of ours: the dialog is given what it was to tell."""

from collections.abc import Sequence

import msgspec

from channels.base import Inbound, MalformedError, Reference
from dialogs.said import Reply
from handlers.visit import Visit
from store import told
from store.database import Connection


async def load_told(connection: Connection, visits: Sequence[Visit]) -> None:
    """Read with one query what the calls that were picked up are about; another conversation's words are not told."""
    marks = {index: key for index, one in enumerate(visits) if (key := _key(one)) is not None}
    if not marks:
        return
    found = await told.replies(connection, sorted(set(marks.values())))
    for index, key in marks.items():
        if key in found:
            visits[index].told_texts = (msgspec.json.decode(found[key], type=Reply).text,)


def _key(visit: Visit) -> tuple[int, int] | None:
    inbound: Inbound | None = visit.inbound
    if inbound is None or not inbound.mark:
        return None
    try:
        reference = Reference.parse(inbound.mark)
    except MalformedError:
        return None
    mine = reference.conversation_id == visit.row.id
    return (reference.conversation_id, reference.seq) if mine else None
