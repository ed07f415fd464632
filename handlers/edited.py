"""An edited message is heard together with the text that it replaces: with one query, and only where something was edited."""

from collections.abc import Sequence
from dataclasses import replace

import msgspec

from channels.base import Inbound
from store import transcript
from store.conversations import ConversationRow
from store.database import Connection

Message = tuple[ConversationRow, Inbound]


async def recalled(connection: Connection, messages: Sequence[Message]) -> list[Message]:
    """Give edits their former text; what was never heard, or is gone, leaves it empty."""
    wanted = [
        (row.id, one.channel, one.said.edits) if one.said.edits else None for row, one in messages
    ]
    asked = [one for one in wanted if one is not None]
    if not asked:
        return list(messages)
    former = await transcript.latest_texts(connection, asked)
    return [
        (row, _with_former(one, former.get(key, "")) if key is not None else one)
        for (row, one), key in zip(messages, wanted, strict=True)
    ]


def _with_former(inbound: Inbound, text: str) -> Inbound:
    return replace(inbound, said=msgspec.structs.replace(inbound.said, before=text))
