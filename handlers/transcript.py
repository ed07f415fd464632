"""A conversation as its resident and staff read it: both sides in order, buttons by what stood on them."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from dialogs.said import Attachment, Choice, Pin, Reply, Said
from store import transcript
from store.database import Connection
from store.transcript import Line

NEWEST = 200

# What a pressed button said stands in the question it hung on, a few messages before.
_LOOK_BACK = 40

# The page's greeting is no message of ours, nor is Telegram's menu: what stands on their buttons is known only here.
_GREETING = {
    (0, "command:new"): "反映问题",
    (0, "command:status"): "查进度",
    (0, "command:human"): "找人工",
    (0, "command:help"): "帮助",
    (0, "command:language"): "语言",
    (0, "command:english"): "English",
    (0, "command:中文"): "中文",
}


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """One message to show. `id` is the sender's own id of a resident's message; `ours` is the city speaking."""

    seq: int
    at: datetime
    ours: bool
    text: str = ""
    id: str = ""
    choice: str = ""
    purpose: str = ""
    choices: tuple[Choice, ...] = ()
    prompt: int = 0
    place: bool = False
    photo: bool = False
    attachments: tuple[Attachment, ...] = ()
    pin: Pin | None = None


def from_reply(seq: int, at: datetime, reply: Reply, purpose: str = "") -> Entry:
    """A message of ours."""
    return Entry(
        seq,
        at,
        ours=True,
        text=reply.text,
        purpose=purpose,
        choices=reply.choices,
        prompt=reply.prompt,
        place=reply.place,
        photo=reply.photo,
    )


def from_said(line: Line, said: Said, labels: dict[tuple[int, str], str]) -> Entry:
    """A resident's message; `labels` are those of the buttons shown before it, by prompt and choice."""
    return Entry(
        line.seq,
        line.at,
        ours=False,
        text=said.text or labels.get((said.prompt, said.choice), ""),
        id=line.key.rpartition(":")[2],
        choice=said.choice,
        prompt=said.prompt,
        attachments=said.attachments,
        pin=said.pin,
    )


def entries(lines: Iterable[Line]) -> list[Entry]:
    """Lines as they lie in the store, oldest first, made readable."""
    labels = dict(_GREETING)
    made = []
    for line in lines:
        if line.ours:
            reply = msgspec.json.decode(line.body, type=Reply)
            labels |= {(reply.prompt, choice.id): choice.label for choice in reply.choices}
            made.append(from_reply(line.seq, line.at, reply, line.purpose))
        else:
            said = msgspec.json.decode(line.body, type=Said)
            made.append(from_said(line, said, labels))
    return made


async def read(connection: Connection, conversation_id: int, after: int = 0) -> Sequence[Entry]:
    """What was said since `after`, oldest first, at most the newest `NEWEST` messages."""
    start = max(0, after - _LOOK_BACK)
    lines = await transcript.lines(connection, conversation_id, start, NEWEST + _LOOK_BACK)
    return [entry for entry in entries(lines) if entry.seq > after][-NEWEST:]
