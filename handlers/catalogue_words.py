"""By which names a draft of the catalogue knows its places; what it would hear otherwise in what residents told lately."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import date

from msgspec import structs

from dialogs.understanding.reader import Reader
from dialogs.words import Language
from handlers.case import ActRefusedError, By
from handlers.catalogue import catalogue_of
from handlers.catalogue_duty import LONGEST_WORD, lines
from handlers.own_draft import own_draft
from handlers.world import World
from store.catalogue import words
from store.catalogue.columns import SHORTEST_NAME
from store.catalogue.read import CatalogueRows, read_catalogue
from store.database import Connection

MOST = 300  # tickets whose words are read again: a second of work, beside the turns
UNCLEAR = "没听出"


async def change_names(connection: Connection, by: By, version: int, typed: dict[str, str]) -> int:
    """Let one's own draft know a place by names more or less: `place`, `added` and `removed`, a line each."""
    draft = await own_draft(connection, by, version)
    found = await words.places_called(connection, draft.id, typed["place"].strip())
    if len(found) != 1:
        raise ActRefusedError(f"地点“{typed['place'].strip()}”没有找到或者有几个，请填全称或代码。")
    added, removed = lines(typed["added"]), lines(typed["removed"])
    if not added and not removed:
        raise ActRefusedError("请填写要添加或者去掉的叫法。")
    for name in added:
        if not SHORTEST_NAME <= len(name) <= LONGEST_WORD:
            raise ActRefusedError(f"“{name}”要有{SHORTEST_NAME}到{LONGEST_WORD}个字。")
    other = await words.other_called(connection, draft.id, found[0].code, added)
    if other is not None:
        raise ActRefusedError(f"“{other[0]}”已经是{other[1]}的叫法。")
    await words.change_names(connection, draft.id, found[0], added, removed)
    return draft.id


async def heard_otherwise(
    connection: Connection, world: World, version: int, today: date
) -> tuple[int, list[tuple[str, str, int]]]:
    """How many of the newest tickets' words were read again, and what would be heard of them: before, after, how many.

    Nothing is read where a version knows matters and places by the same words as the one in force.
    """
    before = world.city.version
    same = not await words.words_differ(connection, before, version)
    if same and not await words.name_changes(connection, before, version):
        return 0, []
    rows = await read_catalogue(connection, version, today)
    told = await words.told(connection, MOST)
    heard = await asyncio.to_thread(_heard, world.city.reader, rows, told)
    return len(told), heard


def _heard(now: Reader, rows: CatalogueRows, told: Sequence[str]) -> list[tuple[str, str, int]]:
    then = Reader(catalogue_of(rows), now.model)
    pairs = ((_gist(now, text), _gist(then, text)) for text in told)
    return [
        (*pair, count) for pair, count in Counter(p for p in pairs if p[0] != p[1]).most_common()
    ]


def _gist(reader: Reader, text: str) -> str:
    """Topic and place as they would be understood at once."""
    understood = reader.understand(text)
    topic = reader.topic(understood.topic)
    bare = structs.replace(understood.place.place, detail="")
    where = reader.full_name(bare, Language.CHINESE) if bare.district else ""
    return f"{topic.level3 if topic else UNCLEAR}（{where or '地点' + UNCLEAR}）"
