"""What is said on calls outside the dialog: short, and with what the call does next."""

from channels.base import Message
from dialogs.said import Call, Choice, Reply
from dialogs.words import CallAct, Language


def said(
    text: str,
    act: CallAct | None = None,
    *,
    language: Language = Language.CHINESE,
    seconds: int = 0,
    room: str = "",
    key: str = "",
) -> tuple[Message, ...]:
    """A message that lies in no outbox. `key` is what pressing 1 does, where nothing else is listened to."""
    call = Call(act, room=room, seconds=seconds) if act is not None else None
    choices = (Choice("1", key),) if key else ()
    reply = Reply(text, choices=choices, keys_only=bool(key), call=call, language=language)
    return (Message(0, 0, reply, ()),)


def room_of(talk_id: int) -> str:
    """The conference in which a resident and a member of staff meet."""
    return f"talk-{talk_id}"
