"""Two lines of `jiesu dev`: the hotline itself, and one that was merged into it."""

from datetime import datetime

from store import hotlines
from store.database import Connection
from store.hotlines import HotlineRow

HEATING_TOPIC = "T001"


async def seed_lines(connection: Connection, own: str, merged: str, now: datetime) -> int:
    """Name our number and that of a merged hotline where no number has a name yet; returns how many were named."""
    if await hotlines.all_lines(connection):
        return 0
    known = await hotlines.known_topics(connection)
    rows = [
        HotlineRow(own, "12345热线", "", "", "", "119", "", "told", now),
        HotlineRow(
            number=merged,
            name="供热热线",
            greeting_zh="您好，这里是供热热线，通话有录音。请说在什么地方、遇到什么事。转人工请按0。",
            greeting_en="Hello, this is the heating line. The call is recorded. Say where you are and "
            "what is wrong. For a person press 0.",
            topic=HEATING_TOPIC if HEATING_TOPIC in known else "",
            emergency="119",
            second_line="",
            recording="told",
            changed_at=now,
        ),
    ]
    await hotlines.replace(connection, rows)
    return len(rows)
