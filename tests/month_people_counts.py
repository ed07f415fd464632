"""What residents, clocks and channels have left behind in the scripted month, as plain SQL finds it."""

from collections.abc import Sequence

from tests.office import Office

# Of the tickets whose clocks the script has reckoned itself.
OF_CLOCKS: dict[str, str] = {
    "clock steps": """
        select concat_ws(' ', u.code, n.audience, n.clock, n.step), count(*) from (
            select unit_id, audience,
                (regexp_match(note, '((?:协办)?(?:签收|首次联系|答复))(?:时限|已超时)'))[1] as clock,
                case when note like '%已过一半%' then 'half' when note like '%快到了%' then 'near'
                     when event = 'clock_due' then 'due' else 'over' end as step
            from unit_notices where event ~ '^clock_' and ticket_id = any($1)
        ) n left join units u on u.id = n.unit_id group by 1
    """,
    "clocks due": """
        select concat_ws(' ', u.code, to_char(a.sign_due_at at time zone 'Asia/Shanghai', 'MM-DD HH24:MI'),
            to_char(a.contact_due_at at time zone 'Asia/Shanghai', 'MM-DD HH24:MI'),
            to_char(a.due_at at time zone 'Asia/Shanghai', 'MM-DD HH24:MI')), count(*)
        from assignments a join units u on u.id = a.unit_id where a.role in ('lead', 'assist') and a.ticket_id = any($1) group by 1
    """,
}

PEOPLE: dict[str, str] = {
    "dispatch clock": """
        select concat_ws(' ', t.source, n.event, n.audience), count(*) from unit_notices n
        join tickets t on t.id = n.ticket_id where n.event in ('dispatch_due', 'dispatch_late') and n.unit_id is null
        group by 1
    """,
    "groups": "select group_size::text, count(*) from tickets where group_size > 0 group by 1",
    "presses": """
        select concat_ws(' ', u.code, n.audience), count(*) from unit_notices n join units u on u.id = n.unit_id
        where n.event in ('urged', 'urged_head') group by 1
    """,
    "told of reopening": """
        select concat_ws(' ', u.code, n.audience), count(*) from unit_notices n join units u on u.id = n.unit_id
        where n.event = 'reopened' group by 1
    """,
    "repeats": "select repeats::text, count(*) from tickets where repeats > 0 group by 1",
    "tasks": """
        select concat_ws(' ', h.kind, coalesce(u.code, 'centre')), count(*) from human_tasks h
        left join units u on u.id = h.unit_id where h.kind in ('repeated', 'survey_by_hand', 'call_back') group by 1
    """,
    "evidence of stewards": """
        select u.code, count(*) from evidence e join tickets t on t.id = e.ticket_id
        join units u on u.id = t.lead_unit_id where t.source = 'steward' group by 1
    """,
    "finds with a place": """
        select concat_ws(' ', latitude, longitude), count(*) from tickets
        where source = 'steward' and latitude is not null group by 1
    """,
    "patrols": """
        select concat_ws(' ', u.code, case when p.ended_at is null then 'under way' else 'ended' end), count(*)
        from patrols p join stewards s on s.id = p.steward_id join units u on u.id = s.unit_id group by 1
    """,
    "community dues": """
        select to_char(t.due_at at time zone 'UTC', 'MM-DD HH24:MI'), count(*) from tickets t
        join community_matters c on c.ticket_id = t.id where c.state = 'became_ticket' group by 1
    """,
    "told of judgement": """
        select u.code, count(*) from outbox o join tickets t on t.id = o.ticket_id join units u on u.id = t.lead_unit_id
        where o.purpose = 'notice' and o.reply ->> 'text' like '%经区里复核、12345认定，不能按您的要求办%' group by 1
    """,
    "calls": "select direction, count(*) from calls group by 1",
    "unit replies": "select left(text, 2), count(*) from unit_replies where answered_at is not null group by 1",
    "traces": """
        select concat_ws(' ', u.code, r.what), count(*) from ticket_traces r join units u on u.id = r.unit_id group by 1
    """,
}

# Of contacts of units, each with a ticket that it was told of.
OF_CONTACTS = """
    select concat_ws(' ', c.channel, n.event, s.state), count(*)
    from unnest($1::int[], $2::bigint[]) as l (contact_id, ticket_id)
    join unit_contacts c on c.id = l.contact_id join unit_sendings s on s.contact_id = c.id
    join unit_notices n on n.id = s.notice_id and n.ticket_id = l.ticket_id
    where n.event in ('dispatched', 'whistled') group by 1
"""


async def told_found(office: Office, lent: Sequence[tuple[int, int]]) -> dict[str, int]:
    """How units were told of these tickets."""
    contacts, tickets = [one for one, _ in lent], [one for _, one in lent]
    return {row[0]: row[1] for row in await office.rows(OF_CONTACTS, contacts, tickets)}


async def clocks_found(office: Office, tickets: Sequence[int]) -> dict[str, dict[str, int]]:
    """What the clocks of these tickets have come to, by what and by key."""
    return {
        what: {row[0]: row[1] for row in await office.rows(query, tickets)}
        for what, query in OF_CLOCKS.items()
    }
