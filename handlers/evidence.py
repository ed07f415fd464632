"""Evidence (佐证): photos with when and where they were taken, as the camera says or as somebody types; recordings; PDF."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.case import ActRefusedError, By, Case, finish, take_up, worded
from handlers.file_types import is_photo
from handlers.photo_origin import origin_of
from handlers.staff_acts import StaffAct
from handlers.world import World
from store import evidence
from store.database import Connection
from store.evidence import EvidenceRow, Said

AHEAD = timedelta(minutes=10)  # a camera's clock may go wrong by as much


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that is kept already; `content` is looked at for when and where it was taken."""

    media_id: str
    content_type: str
    content: bytes


async def attach(
    connection: Connection,
    world: World,
    by: By,
    ticket_id: int,
    files: Sequence[Attached],
    said: Said,
) -> None:
    """Put files on a ticket; whoever sees the ticket sees them, the resident does not."""
    case = await take_up(connection, world, by, ticket_id, StaffAct.EVIDENCE)
    if not files:
        raise ActRefusedError("请选择文件。")
    await keep_evidence(connection, case, files, said)
    await finish(connection, case)


async def keep_evidence(
    connection: Connection, case: Case, files: Sequence[Attached], said: Said
) -> None:
    """Put files on the ticket of an act that needs proof; the caller ends it. Raises `ActRefusedError`."""
    place = worded(said.place, "拍摄地点", longest=200, needed=False)
    note = worded(said.note, "说明", longest=200, needed=False)
    said = Said(place, said.taken_at, note)
    await evidence.insert(connection, [_row(case, one, said) for one in files])
    told = f"{len(files)}个文件" + (f"：{note}" if note else "")
    case.record("evidence_added", told)


def _row(case: Case, file: Attached, said: Said) -> EvidenceRow:
    origin = origin_of(file.content)
    taken_at = origin.taken_at
    if taken_at is not None and taken_at.tzinfo is None:
        taken_at = taken_at.replace(tzinfo=case.world.timezone)
    placed = origin.latitude is not None
    if is_photo(file.content_type):
        _check(case.by.at, taken_at or said.taken_at, placed=placed or bool(said.place))
    return EvidenceRow(
        case.ticket_id,
        case.ticket.round,
        file.media_id,
        case.by.unit_id,
        case.by.staff_id,
        case.by.at,
        taken_at or said.taken_at,
        origin.latitude,
        origin.longitude,
        said.place,
        taken_at is not None and placed,
        said.note,
    )


def _check(now: datetime, taken_at: datetime | None, *, placed: bool) -> None:
    if taken_at is None:
        raise ActRefusedError("照片里没有拍摄时间，请填写。")
    if taken_at > now + AHEAD:
        raise ActRefusedError("拍摄时间在现在之后，请核对。")
    if not placed:
        raise ActRefusedError("照片里没有拍摄地点，请填写。")
