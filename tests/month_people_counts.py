"""What residents, clocks and channels have left behind in the scripted month, as plain SQL finds it."""

from collections.abc import Sequence

from tests.office import Office

# Of the tickets whose clocks the script has reckoned itself.
OF_CLOCKS: dict[str, str] = {
    "clock steps": """
        select concat_ws(' ', u.code, n.audience, n.clock, n.step), count(*) from (
            select unit_id, audience,
                case when note ~ '签收(时限|已超时)' then '签收' when note ~ '首次联系(时限|已超时)' then '首次联系'
                     else '答复' end as clock,
                case when note like '%已过一半%' then 'half' when note like '%快到了%' then 'near'
                     when event = 'clock_due' then 'due' else 'over' end as step
            from unit_notices where event ~ '^clock_' and ticket_id = any($1)
        ) n left join units u on u.id = n.unit_id group by 1
    """,
    "clocks due": """
        select concat_ws(' ', u.code, to_char(a.sign_due_at at time zone 'Asia/Shanghai', 'MM-DD HH24:MI'),
            to_char(a.contact_due_at at time zone 'Asia/Shanghai', 'MM-DD HH24:MI'),
            to_char(a.due_at at time zone 'Asia/Shanghai', 'MM-DD HH24:MI')), count(*)
        from assignments a join units u on u.id = a.unit_id where a.role = 'lead' and a.ticket_id = any($1) group by 1
    """,
}


async def clocks_found(office: Office, tickets: Sequence[int]) -> dict[str, dict[str, int]]:
    """What the clocks of these tickets have come to, by what and by key."""
    return {
        what: {row[0]: row[1] for row in await office.rows(query, tickets)}
        for what, query in OF_CLOCKS.items()
    }
