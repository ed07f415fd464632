"""Messages that buttons hang on: those before a reply are used up, or out of date."""

from collections.abc import Sequence

from store.database import Connection

# Of the last messages before each reply, those that buttons hang on. A keyboard that shares a number is none of theirs.
WITH_BUTTONS = """
    select wanted.place - 1, o.provider_ids ->> -1
    from unnest($1::bigint[], $2::bigint[]) with ordinality as wanted (conversation_id, before_seq, place)
    cross join lateral (
        select provider_ids, reply from outbox
        where conversation_id = wanted.conversation_id and seq < wanted.before_seq
          and json_array_length(provider_ids) > 0
        order by seq desc limit 3
    ) o
    where json_array_length(o.reply -> 'choices') > 0 and o.reply -> 'contact' is null
"""


async def with_buttons(
    connection: Connection, before: Sequence[tuple[int, int]]
) -> list[tuple[int, str]]:
    """For (conversation id, seq of the reply): the provider's ids of the latest messages before it that had buttons.

    Each with its place in `before`.
    """
    rows = await connection.fetch(WITH_BUTTONS, [b[0] for b in before], [b[1] for b in before])
    return [(row[0], row[1]) for row in rows]
