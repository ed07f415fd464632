"""Photos, recordings and files from residents: their names, which prove whose they are, and what is noted before it is here."""

import hmac
import re
from collections.abc import Sequence
from datetime import datetime

from channels.base import CallEvent, Inbound, RemoteMedia
from dialogs.said import Attachment
from handlers.file_types import EXTENSIONS, NO_EXTENSION, TYPES, UNKNOWN, tidied
from store.keys import Keys
from store.media import WantedRow

_ID = re.compile(rf"([0-9a-f]{{32}})-([0-9a-f]{{32}})\.({'|'.join((*TYPES, NO_EXTENSION))})")


def media_id(keys: Keys, owner: str, nonce: str, content_type: str) -> str:
    """The id of a file: it proves whose it is, so that a photo can be sent while the database is away.

    `owner` is the address it came from, `nonce` 32 hexadecimal digits that are used once.
    """
    extension = EXTENSIONS.get(content_type, NO_EXTENSION)
    return f"{nonce}-{_proof(keys, owner, nonce, extension)}.{extension}"


def own_attachment(keys: Keys, owner: str, text: str) -> Attachment | None:
    """The attachment that `text` names; None when it is no id, or was given to another address."""
    match = _ID.fullmatch(text)
    if match is None:
        return None
    nonce, proof, extension = match.groups()
    if not hmac.compare_digest(proof, _proof(keys, owner, nonce, extension)):
        return None
    return Attachment(text, TYPES.get(extension, UNKNOWN))


def _proof(keys: Keys, owner: str, nonce: str, extension: str) -> str:
    return keys.lookup(f"media:{owner}:{nonce}.{extension}").hex()[:32]


def attachments(keys: Keys, inbound: Inbound) -> tuple[Attachment, ...]:
    """What came with a message, that which still lies at the provider included; a repeat gives the same ids."""
    remote = tuple(
        Attachment(remote_id(keys, inbound, place), tidied(one.content_type), one.name)
        for place, one in enumerate(inbound.media)
    )
    return inbound.said.attachments + remote


def remote_id(keys: Keys, inbound: Inbound, place: int) -> str:
    """The id of the file at this place of a message, the same whenever it is asked for."""
    nonce = keys.lookup(f"media:{inbound.channel}:{inbound.key}:{place}").hex()[:32]
    owner = f"{inbound.channel}:{inbound.address}"
    return media_id(keys, owner, nonce, tidied(inbound.media[place].content_type))


def wanted(
    keys: Keys, inbound: Inbound, conversation_id: int, now: datetime
) -> Sequence[WantedRow]:
    """Rows of what is to be fetched from the provider for a message."""
    return [
        _wanted(keys, inbound.channel, remote_id(keys, inbound, place), one, conversation_id, now)
        for place, one in enumerate(inbound.media)
    ]


def _wanted(
    keys: Keys, channel: str, media_id: str, one: RemoteMedia, conversation_id: int, now: datetime
) -> WantedRow:
    return WantedRow(
        id=media_id,
        content_type=tidied(one.content_type),
        size=one.size,
        conversation_id=conversation_id,
        created_at=now,
        channel=channel,
        source=keys.seal(one.source),
        due_at=now,
    )


def recording(
    keys: Keys, event: CallEvent, conversation_id: int | None, now: datetime
) -> WantedRow:
    """The row of a recorded call or message; a repeated report gives the same one."""
    nonce = keys.lookup(f"recording:{event.channel}:{event.url}").hex()[:32]
    return WantedRow(
        id=media_id(keys, f"{event.channel}:{event.call}", nonce, "audio/wav"),
        content_type="audio/wav",
        size=0,
        conversation_id=conversation_id,
        created_at=now,
        channel=event.channel,
        source=keys.seal(event.url),
        due_at=now,
        seconds=event.seconds,
        purpose=event.purpose or "talk",
        call_id=event.call,
    )
