"""What the script has counted, as plain SQL finds it in the tables: each query gives a key and how often."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import timedelta

from store.rates import three_rates
from tests.office import Office

A_YEAR = timedelta(days=365)
BEST = {"answers contacted": "yes", "answers solved": "yes", "answers result": "satisfied"}

FOUND: dict[str, str] = {
    "opened by channel": """
        select a.channel, count(*) from tickets t join conversations c on c.id = t.conversation_id
        join addresses a on a.id = c.address_id group by 1
    """,
    "state": "select state, count(*) from tickets group by 1",
    "rounds": "select round::text, count(*) from tickets group by 1",
    "leads": """
        select concat_ws(' ', u.code, a.role, a.round), count(*) from assignments a join units u on u.id = a.unit_id
        group by 1
    """,
    "event": "select type, count(*) from ticket_events group by 1",
    "signed late": """
        select u.code, count(*) from ticket_events e join units u on u.id = e.unit_id
        where e.type = 'clock_due' and e.note like '签收%' group by 1
    """,
    "tries": "select outcome, count(*) from contact_tries group by 1",
    "results": "select result, count(*) from tickets group by 1",
    "applications": "select concat_ws(' ', kind, state), count(*) from applications group by 1",
    "holds": "select state, count(*) from holds group by 1",
    "coordinations": "select concat_ws(' ', kind, state), count(*) from coordinations group by 1",
    "whistle calls": """
        select concat_ws(' ', u.code, case when w.late then 'late' else 'in time' end), count(*)
        from whistle_calls w join units u on u.id = w.unit_id group by 1
    """,
    "whistle scores": """
        select concat_ws(' ', u.code, w.of_called), count(*) from whistle_calls w join units u on u.id = w.unit_id
        where w.of_called is not null group by 1
    """,
    "supervisions": """
        select case when answered_at is null then 'silent' else 'answered' end, count(*) from supervisions group by 1
    """,
    "marks": """
        select u.code || case when handed_over_at is null then '' else ' handed over' end, count(*)
        from marks m join units u on u.id = m.unit_id where confirmed_by is not null group by 1
    """,
    "uncounted": "select source, count(*) from tickets where not counted group by 1",
    "community": "select state, count(*) from community_matters group by 1",
    "green": "select state, count(*) from reconciliations group by 1",
    "stewards": "select state, count(*) from stewards group by 1",
    "abuse": "select case when lifted_at is null then 'in force' else 'lifted' end, count(*) from abuse_marks group by 1",
    "kinds": "select kind, count(*) from tickets where confidential group by 1",
    "catalogue": "select state, count(*) from catalogue_versions where base_id is not null group by 1",
    "surges": "select name, count(*) from surges group by 1",
    "surge tickets": """
        select case when surge_id is null then 'none' else 'marked' end, count(*) from tickets
        where topic = 'T001' group by 1
    """,
    "open line": """
        select o.name, count(*) from tickets t join open_lines o on o.id = t.open_line_id group by 1
    """,
    "in hands": """
        select u.code, count(*) from assignments a join units u on u.id = a.unit_id
        where a.handler_id is not null group by 1
    """,
    "phones": "select channel, count(*) from unit_contacts where verified_at is not null group by 1",
    "surveys": "select state, count(*) from surveys group by 1",
    "surveys of units": """
        select concat_ws(' ', u.code, to_char(s.created_at at time zone 'Asia/Shanghai', 'YYYY-MM')), count(*)
        from surveys s join units u on u.id = s.unit_id group by 1
    """,
    "answers contacted": """
        select concat_ws(' ', u.code, case when s.contacted then 'yes' else 'no' end), count(*)
        from surveys s join units u on u.id = s.unit_id where s.contacted is not null group by 1
    """,
    "answers solved": """
        select concat_ws(' ', u.code, s.solved), count(*)
        from surveys s join units u on u.id = s.unit_id where s.solved is not null group by 1
    """,
    "answers result": """
        select concat_ws(' ', u.code, s.result), count(*)
        from surveys s join units u on u.id = s.unit_id where s.result is not null group by 1
    """,
}


async def found(office: Office, query: str) -> dict[str, int]:
    """How often each key is there."""
    rows = await office.rows(query)
    return {row[0]: row[1] for row in rows}


def rates_told(
    expected: Mapping[str, Mapping[str, int]], heirs: Mapping[str, str]
) -> dict[str, tuple[int, ...]]:
    """The figures behind the three rates of each unit, from what the script has counted of answers.

    Those of a unit that has ended are its heir's.
    """
    told: dict[str, list[int]] = defaultdict(lambda: [0] * 7)
    for key, times in expected["surveys of units"].items():
        code = key.split()[0]
        told[heirs.get(code, code)][0] += times
    for place, (what, best) in enumerate(BEST.items()):
        for key, times in expected[what].items():
            code, answer = key.split()
            code = heirs.get(code, code)
            told[code][1 + 2 * place] += times
            told[code][2 + 2 * place] += times if answer == best else 0
    return {code: tuple(counts) for code, counts in told.items()}


async def rates_found(office: Office) -> dict[str, tuple[int, ...]]:
    """The same as the city's own figures have them."""
    async with office.pool.acquire() as connection:
        rows = await three_rates(connection, office.at - A_YEAR, office.at + A_YEAR)
        units = await connection.fetch("select id, code from units")
    codes = {row["id"]: row["code"] for row in units}
    return {
        codes[row.unit_id]: (
            row.surveys,
            row.contact_answers,
            row.contacted,
            row.solved_answers,
            row.solved,
            row.result_answers,
            row.satisfied,
        )
        for row in rows
    }
