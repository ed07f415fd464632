"""What must hold of every ticket, whoever has done whatever: each check is a query that finds what breaks it."""

from tests.office import Office

CHECKS: dict[str, str] = {
    "an open ticket has exactly one lead, and it is the one it names": """
        select t.id from tickets t
        where t.state in ('dispatched', 'handling') and t.joined_to is null and 1 <> (
            select count(*) from assignments a where a.ticket_id = t.id and a.role = 'lead'
            and a.state in ('open', 'signed', 'done') and a.unit_id = t.lead_unit_id)
    """,
    "a ticket that nobody leads is in nobody's hands": """
        select t.id from tickets t join assignments a on a.ticket_id = t.id
        where t.state = 'triage' and a.role = 'lead' and a.state in ('open', 'signed')
    """,
    "a ticket that has ended is worked on by nobody": """
        select t.id from tickets t join assignments a on a.ticket_id = t.id
        where t.state in ('closed', 'withdrawn') and a.state in ('open', 'signed')
    """,
    "an open ticket has one running feedback clock, or has been asked about because it ran out": """
        select t.id from tickets t
        where t.state in ('dispatched', 'handling') and t.conversation_id is not null and 1 <> (
            select count(*) from timers i
            where i.subject = 'ticket' and i.subject_id = t.id and i.kind = 'deadline')
          and not exists (select from surveys s where s.ticket_id = t.id and s.round = t.round and s.overdue)
          and not exists (select from reconciliations r where r.ticket_id = t.id and r.state = 'open')
    """,
    "who may settle a matter first has a clock for it": """
        select r.ticket_id from reconciliations r
        where r.state = 'open' and not exists (
            select from timers i where i.subject = 'case' and i.subject_id = r.ticket_id
            and i.kind like 'reconciliation:%')
    """,
    "nothing that has ended has a clock": """
        select t.id from tickets t join timers i on i.subject = 'ticket' and i.subject_id = t.id
        where t.state in ('closed', 'withdrawn') and i.kind = 'deadline'
    """,
    "nothing closes without a reply or the resident's own word": """
        select t.id from tickets t
        where t.state = 'closed' and t.counted and not t.anonymous and t.last_reply = ''
          and t.source in ('resident', 'walk_in')
          and not exists (select from surveys s where s.ticket_id = t.id and s.finished_at is not null)
          and not exists (select from ticket_events e where e.ticket_id = t.id and e.type = 'invalid')
    """,
    "nothing closes without a survey, but for those that have none by right": """
        select t.id from tickets t
        where t.state = 'closed' and t.counted and not t.anonymous and t.conversation_id is not null
          and t.source in ('resident', 'walk_in')
          and not exists (select from surveys s where s.ticket_id = t.id)
          and not exists (select from ticket_events e where e.ticket_id = t.id and e.type = 'invalid')
    """,
    "every notice to a resident goes with an event of the ticket": """
        select o.ticket_id from outbox o
        where o.purpose = 'notice' and o.ticket_id is not null and o.instead_of is null and not exists (
            select from ticket_events e where e.ticket_id = o.ticket_id and e.at = o.created_at)
    """,
    "every notice to a unit goes with the event that it names": """
        select n.ticket_id from unit_notices n
        where n.ticket_id is not null and not exists (
            select from ticket_events e
            where e.ticket_id = n.ticket_id and e.type = n.event and e.at = n.created_at)
    """,
    "a unit is told of no ticket that it has nothing to do with": """
        select n.ticket_id from unit_notices n
        where n.ticket_id is not null and n.unit_id is not null and n.event <> 'forwarded'
          and not exists (
            select from assignments a join units u on u.id = a.unit_id
            where n.unit_id in (u.id, u.parent_id) and a.ticket_id in (
                select n.ticket_id union all
                select (e.data ->> 'to')::bigint from ticket_events e
                where e.ticket_id = n.ticket_id and e.type = 'joined'))
    """,
    "one round has one survey": """
        select ticket_id from surveys group by ticket_id, round having count(*) > 1
    """,
    "an application is open on open tickets alone": """
        select a.ticket_id from applications a join tickets t on t.id = a.ticket_id
        where a.state = 'open' and t.state in ('closed', 'withdrawn')
    """,
    "a whistle is open on tickets that are worked on alone": """
        select w.ticket_id from whistles w join tickets t on t.id = w.ticket_id
        where w.state = 'open' and t.state in ('resolved', 'closed', 'withdrawn')
    """,
    "nobody who was called goes before the whistle has ended": """
        select w.ticket_id from whistles w join assignments a on a.subject_id = w.id and a.role = 'called'
        where w.state = 'open' and a.state = 'ended'
    """,
    "nobody decides an application of one's own": """
        select ticket_id from applications where decided_by = staff_id and state in ('upheld', 'refused')
    """,
    "a hold runs on tickets that are worked on alone": """
        select h.ticket_id from holds h join tickets t on t.id = h.ticket_id
        where h.state = 'open' and t.state in ('resolved', 'closed', 'withdrawn')
    """,
    "two people mark a resident, never one": """
        select ticket_id from abuse_marks where confirmed_by = proposed_by
    """,
    "what a ticket has come to stands among its events": """
        select t.id from tickets t
        where t.state in ('handling', 'resolved', 'closed', 'withdrawn') and t.joined_to is null and not exists (
            select from ticket_events e where e.ticket_id = t.id
            and e.type = case t.state when 'handling' then 'signed' else t.state end)
    """,
    "whoever leads a ticket that is not answered has a clock, unless its last bell has rung": """
        select t.id from tickets t join assignments a on a.ticket_id = t.id and a.role = 'lead'
        where t.state in ('dispatched', 'handling') and a.state in ('open', 'signed') and t.joined_to is null
          and not exists (select from timers i where i.subject = 'case' and i.subject_id = t.id
                          and i.kind in ('clocks:0', 'clocks:' || a.unit_id))
          and t.hold_until is null
          and not exists (select from ticket_events e where e.ticket_id = t.id and e.type like 'clock%')
    """,
}


async def broken(office: Office) -> list[str]:
    """What does not hold, with the tickets that break it."""
    query = " union all ".join(
        f"(select {place} as place, id::text from ({check}) as found (id) limit 3)"  # noqa: S608 - our own
        for place, check in enumerate(CHECKS.values())
    )
    names = list(CHECKS)
    rows = await office.rows(query)
    return [f"{names[row['place']]}: {row['id']}" for row in rows]
