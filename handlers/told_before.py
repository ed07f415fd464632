"""Has this matter been told before? By the same resident lately, or by others close by (重复诉求, 并案)."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from dialogs.known import Nearby
from dialogs.requests import Draft, TicketCard
from dialogs.understanding.place import Place
from dialogs.words import Grade, Kind
from handlers.find_tickets import ticket_card
from handlers.following import JOINABLE
from handlers.point import point_of
from handlers.world import World
from store import related
from store.database import Connection
from store.related import Related, Wanted

REPEAT_WINDOW = timedelta(days=30)
NEARBY_WINDOW = timedelta(days=14)
OUTAGE_OTHERS = (
    1  # others who have told it, for it to be worth a word, where the topic is of grade I or II
)
OTHERS = 3  # the same for all other topics

REPEATABLE = frozenset({Kind.REQUEST, Kind.COMPLAINT, Kind.TIP_OFF})

# A number is looked at from its first character on: else a long row of them takes a time that grows by the square.
_BUILDING = re.compile(
    r"(?<![0-9a-z一二三四五六七八九十百零])[0-9a-z一二三四五六七八九十百零]+(?:号?楼|栋|幢|座|单元|层|室|门|号门|户).*$",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"((?<![0-9一二三四五六七八九十百])[0-9一二三四五六七八九十百]+|[a-zA-Z])(?:号?楼|栋|幢|座)"
)
_NO_NAME = re.compile(
    r"(?:在|就|是|的|我们?|咱们?|本|这个?|那个?|整个|全)*(?:小区|院|家|楼|村|单位|公司|学校|路|街|附近|门口|旁边|里面?|内|外)*"
)
_SHORTEST_ESTATE = 3

Found = tuple[tuple[TicketCard, ...], Nearby | None]
NOTHING: Found = ((), None)


async def told_before(
    connection: Connection,
    world: World,
    asking: Sequence[tuple[int | None, Draft]],
    now: datetime,
) -> list[Found]:
    """Each resident's own tickets of the matter, newest first, and what others have told; one query for all.

    A resident (by id) may be unknown, and has no tickets then.
    """
    wanted = [_wanted(resident_id, draft) for resident_id, draft in asking]
    if not any(one.own or one.nearby for one in wanted):
        return [NOTHING for _ in asking]
    found = await related.related(connection, wanted, now - REPEAT_WINDOW, now - NEARBY_WINDOW)
    return [
        _told(world, draft, found.get(place, ()), now) for place, (_, draft) in enumerate(asking)
    ]


def _told(world: World, draft: Draft, found: Sequence[Related], now: datetime) -> Found:
    detail = draft.place.detail
    own = [one for one in found if not one.residents and may_be_one(one.address_detail, detail)]
    others = next((one for one in found if one.residents), None)
    nearby = _nearby(world, draft, others) if others is not None else None
    cards = (replace(ticket_card(world, one, now), repeats=one.repeats) for one in own)
    return tuple(cards), nearby


def may_be_one(detail: str, other: str) -> bool:
    """Whether two address details can be one address: not, where each names a building and they differ."""
    one, two = _NUMBERED.search(detail), _NUMBERED.search(other)
    return one is None or two is None or one[1] == two[1]


def estate(detail: str) -> str:
    """The compound that an address detail begins with (芳城园一区 of 芳城园一区3号楼), "" when it names none."""
    name = _BUILDING.sub("", detail).strip(" ，,。.、-")
    return "" if len(name) < _SHORTEST_ESTATE or _NO_NAME.fullmatch(name) else name


def _wanted(resident_id: int | None, draft: Draft) -> Wanted:
    """An anonymous matter is tied to nothing; one that is to be kept secret is not joined to others'."""
    place, point = draft.place, point_of(draft.pin)
    told = bool(draft.topic) and not draft.anonymous
    return Wanted(
        resident_id=resident_id or 0,
        own=told and resident_id is not None and draft.kind in REPEATABLE,
        nearby=told and draft.kind in JOINABLE and not draft.confidential and bool(place.street),
        topic=draft.topic,
        district_code=place.district,
        street_code=place.street,
        community_code=place.community,
        estate=estate(place.detail),
        latitude=point.latitude,
        longitude=point.longitude,
    )


def _nearby(world: World, draft: Draft, others: Related) -> Nearby | None:
    """What may be shown of others': how many, who handles it, and the place as far as it is common."""
    topic = world.city.reader.topic(draft.topic)
    urgent = topic is not None and topic.grade in (Grade.I, Grade.II)
    if others.residents < (OUTAGE_OTHERS if urgent else OTHERS):
        return None
    said = draft.place
    common = Place(said.district, said.street)
    if others.near == "community":
        common = Place(said.district, said.street, said.community)
    elif others.near == "estate":
        common = Place(said.district, said.street, detail=estate(said.detail))
    return Nearby(others.id, common, others.residents, others.unit)
