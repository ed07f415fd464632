"""Surveys (回访): one a round of a ticket; answers are kept one by one, the first round's stay as they were."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from store.database import Connection


class SurveyRow(NamedTuple):
    """A survey as it is made; `unit_contacted` is the unit's own record, `manner` asks about contact and attitude alone.

    `at_once`: what was asked about was answered as it came, by no unit.
    """

    ticket_id: int
    round: int
    unit_id: int
    conversation_id: int
    overdue: bool
    unit_contacted: bool
    created_at: datetime
    manner: bool = False
    at_once: bool = False


@dataclass(frozen=True, slots=True)
class SurveyState:
    """A survey with its answers so far."""

    id: int
    ticket_id: int
    round: int
    unit_id: int
    conversation_id: int
    state: str
    overdue: bool
    contacted: bool | None
    solved: str | None
    result: str | None
    attitude: str | None
    manner: bool
    at_once: bool


class SurveyAnswer(NamedTuple):
    """One answer; `question` is a column of the table, `value` its text."""

    survey_id: int
    question: str
    value: str


CREATE = """
    insert into surveys (ticket_id, round, unit_id, conversation_id, state, overdue, unit_contacted, created_at,
                         manner, at_once)
    select t.ticket_id, t.round, t.unit_id, t.conversation_id, 'waiting', t.overdue, t.unit_contacted, t.created_at,
        t.manner, t.at_once
    from unnest($1::bigint[], $2::int[], $3::int[], $4::bigint[], $5::bool[], $6::bool[], $7::timestamptz[], $8::bool[],
                $9::bool[])
        as t (ticket_id, round, unit_id, conversation_id, overdue, unit_contacted, created_at, manner, at_once)
    on conflict (ticket_id, round) do nothing
    returning id, ticket_id
"""

_COLUMNS = """
    id, ticket_id, round, unit_id, conversation_id, state, overdue, contacted, solved, result, attitude, manner, at_once
"""

BY_IDS = f"select {_COLUMNS} from surveys where id = any($1::bigint[]) order by id"

OF_ROUNDS = """
    select s.ticket_id, s.state from surveys s
    join unnest($1::bigint[], $2::int[]) as t (ticket_id, round) on t.ticket_id = s.ticket_id and t.round = s.round
"""

RECORD = """
    update surveys s set
        contacted = coalesce(t.contacted::bool, s.contacted),
        solved = coalesce(t.solved, s.solved),
        result = coalesce(t.result, s.result),
        attitude = coalesce(t.attitude, s.attitude),
        remark = coalesce(t.remark, s.remark)
    from (
        select survey_id,
               max(value) filter (where question = 'contacted') as contacted,
               max(value) filter (where question = 'solved') as solved,
               max(value) filter (where question = 'result') as result,
               max(value) filter (where question = 'attitude') as attitude,
               max(value) filter (where question = 'remark') as remark
        from unnest($1::bigint[], $2::text[], $3::text[]) as a (survey_id, question, value)
        group by survey_id
    ) t
    where s.id = t.survey_id and s.state in ('waiting', 'asked')
"""

SET_ASKED = """
    update surveys set state = 'asked', asked_at = $2 where id = any($1::bigint[]) and state = 'waiting'
"""

END = """
    update surveys s set state = case when t.expired then 'expired' else 'finished' end, finished_at = $3
    from unnest($1::bigint[], $2::bool[]) as t (id, expired)
    where s.id = t.id and s.state in ('waiting', 'asked')
    returning s.id
"""


async def create(connection: Connection, rows: Sequence[SurveyRow]) -> dict[int, int]:
    """Make surveys; returns survey id by ticket id, without those whose round has one already."""
    made = await connection.fetch(CREATE, *map(list, zip(*rows, strict=True)))
    return {row[1]: row[0] for row in made}


ASK_MANNER = "update surveys set manner = true where ticket_id = $1 and round = $2"


async def ask_manner(connection: Connection, ticket_id: int, round_number: int) -> None:
    """Let only contact and attitude count in a round's survey, if the limit has brought one already."""
    await connection.execute(ASK_MANNER, ticket_id, round_number)


END_NOW = """
    update timers set due_at = $2
    where subject = 'survey' and kind = 'end'
      and subject_id in (select id from surveys where ticket_id = $1 and state in ('waiting', 'asked'))
"""


async def end_now(connection: Connection, ticket_id: int, now: datetime) -> None:
    """Let a survey that a person was to hold end with the next run of timers."""
    await connection.execute(END_NOW, ticket_id, now)


async def by_ids(connection: Connection, ids: Sequence[int]) -> dict[int, SurveyState]:
    """Surveys by id."""
    return {row[0]: SurveyState(*row) for row in await connection.fetch(BY_IDS, ids)}


async def of_rounds(connection: Connection, rounds: Sequence[tuple[int, int]]) -> dict[int, str]:
    """The state of the survey of each (ticket id, round) that has one, by ticket id."""
    rows = await connection.fetch(OF_ROUNDS, [r[0] for r in rounds], [r[1] for r in rounds])
    return {row[0]: row[1] for row in rows}


async def record(connection: Connection, answers: Sequence[SurveyAnswer]) -> None:
    """Keep answers; a later one to the same question replaces an earlier, never after the end."""
    last = {(answer.survey_id, answer.question): answer for answer in answers}
    await connection.execute(RECORD, *map(list, zip(*last.values(), strict=True)))


async def set_asked(connection: Connection, ids: Sequence[int], now: datetime) -> None:
    """Note that these surveys have begun."""
    await connection.execute(SET_ASKED, ids, now)


async def end(connection: Connection, ends: Sequence[tuple[int, bool]], now: datetime) -> set[int]:
    """End surveys of (id, expired); returns those that had not ended before."""
    rows = await connection.fetch(END, [e[0] for e in ends], [e[1] for e in ends], now)
    return {row[0] for row in rows}
