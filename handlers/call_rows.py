"""What is noted of a call in the turn that hears it begin."""

from channels.base import Inbound
from dialogs.words import Moment
from store.calls import CallRow


def call_begun(inbound: Inbound, conversation_id: int) -> list[CallRow]:
    """The row of a call that this message begins; none for any other message."""
    if inbound.said.moment is not Moment.BEGAN:
        return []
    call_id, _ = call_step(inbound.key)
    return [CallRow(call_id, "in", conversation_id, inbound.line, None, inbound.received_at)]


def call_step(key: str) -> tuple[str, int]:
    """The provider's id of a call and the step in it, from a message's key (`CA…-3`); step 0 where none is named."""
    call_id, _, step = key.rpartition("-")
    return (call_id, int(step)) if call_id and step.isdecimal() else (key, 0)
