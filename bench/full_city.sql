-- A city after five months: 100,000 tickets, of which one street has led 20,000, with 7,000 still open; all by number, so that
-- every run has the same rows. `number` is the ticket's place, 0 to 99,999.
create temp table street on commit drop as select id, code, parent_id from units where code = '110108021';
create temp table others on commit drop as
    select id, code, parent_id, (row_number() over (order by id) - 1)::int as place
    from units where kind in ('street', 'district_department', 'department') and dispatchable and code <> '110108021';
create temp table desks on commit drop as
    select id, code, parent_id, (row_number() over (order by id) - 1)::int as place
    from units where kind = 'district_department' and dispatchable;

insert into staff (login, name, password_hash, roles, unit_id, created_at)
values ('street', '街道', '', '{desk,handler,reviewer,head}', (select id from street), now()),
    ('district', '区', '', '{desk,head,coordinator,supervisor,district_admin}', (select parent_id from street), now()),
    ('centre', '中心', '', '{intake,dispatcher,surveyor,quality,coordinator,supervisor,admin}', null, now());
insert into offices (unit_id, name) select id, '城管办' from street;

with people as (
    insert into residents (created_at) select now() from generate_series(1, 50000) returning id
), homes as (
    insert into addresses (resident_id, channel, hash, sealed, masked)
    select id, 'sms', sha256(('full' || id)::bytea), '', '138****0000' from people returning id, resident_id
)
insert into conversations (address_id, resident_id, channel, seq) select id, resident_id, 'sms', 4 from homes;

create temp table planned on commit drop as
select *, to_char(opened_at, 'YYMMDD')::bigint * 1000000 + number as id,
    opened_at + case when number % 3 = 0 then interval '24 hours' else interval '7 days' end as due_at
from (
    select number, (number / 5 * 7919) % 100 as luck, number % 5 = 0 as big,
        now() - interval '150 days' * (1 - number / 100000.0) as opened_at
    from generate_series(0, 99999) number
) drawn;
alter table planned add column state text, add column unit_id int, add column code text, add column district text;
-- Half of what the street was sent in the newer half of the time is open, a fifth of the older; of others 20 and 4 of a hundred.
update planned p set
    state = case
        when number % 200 = 1 then 'triage'
        when luck < case when number >= 50000 then case when big then 50 else 20 end else case when big then 20 else 4 end end
            then case when number % 4 = 0 then 'dispatched' else 'handling' end
        when luck < 52 and number > 99000 then 'resolved'
        when luck = 99 then 'withdrawn'
        else 'closed' end,
    unit_id = case when big then s.id else o.id end, code = case when big then s.code else o.code end
from street s, others o where o.place = (p.number * 31) % (select count(*) from others);

insert into tickets (id, conversation_id, resident_id, channel, state, kind, topic, catalogue_version, title, matter, grade,
    district_code, street_code, address_detail, lead_unit_id, opened_at, due_at, resolved_at, closed_at, urged, counted, confidential)
select p.id, c.id, c.resident_id, 'sms', p.state, case when number % 7 = 0 then 'complaint' else 'request' end, t.code, t.version_id,
    t.level3 || '：' || number % 90 || '号楼', repeat('楼道里的灯坏了一直没有人来修，晚上老人不敢下楼。', 1 + number % 6), t.grade,
    left(p.code, 6), case when length(p.code) = 9 and p.code ~ '^\d+$' then p.code else '' end, number % 90 || '号楼',
    case when p.state <> 'triage' then p.unit_id end, p.opened_at, p.due_at,
    case when p.state in ('resolved', 'closed') then p.opened_at + interval '3 days' end,
    case when p.state in ('closed', 'withdrawn') then p.opened_at + interval '4 days' end,
    case when number % 11 = 0 then 1 else 0 end, number % 100 <> 3, number % 50 = 7
from planned p
join (select id, resident_id, row_number() over (order by id) - 1 as place from conversations) c on c.place = p.number % 50000
join (select *, row_number() over (order by code) - 1 as place, count(*) over () as all_of_them from topics) t
    on t.place = p.number % t.all_of_them
order by p.number;
-- Three of a hundred have joined an earlier one of the same unit.
update tickets k set joined_to = e.id
from planned p join planned e on e.number = p.number - 5 * 97 and e.big = p.big
where k.id = p.id and p.number % 33 = 0 and e.number % 33 <> 0;

insert into assignments (ticket_id, round, role, unit_id, state, dispatched_at, due_at, signed_at, sign_due_at, contact_due_at,
    contacted_at, done_at, handler_id, office_id)
select id, 1, 'lead', unit_id, case state when 'dispatched' then 'open' when 'handling' then 'signed' else 'done' end, opened_at, due_at,
    case when state <> 'dispatched' then opened_at + interval '1 hour' end, opened_at + interval '4 hours', opened_at + interval '1 day',
    case when state <> 'dispatched' and number % 9 > 0 then opened_at + interval '5 hours' end,
    case when state in ('resolved', 'closed', 'withdrawn') then opened_at + interval '3 days' end,
    case when big and number % 20 = 0 then (select id from staff where login = 'street') end,
    case when big and number % 35 = 0 then (select id from offices limit 1) end
from planned where state <> 'triage' order by number;
insert into assignments (ticket_id, round, role, unit_id, state, dispatched_at, due_at, signed_at)
select p.id, 1, 'assist', d.id, case when p.state in ('dispatched', 'handling') then 'open' else 'done' end, opened_at, due_at, opened_at
from planned p join desks d on d.place = (p.number * 13) % (select count(*) from desks) and d.id is distinct from p.unit_id
where p.state <> 'triage' and p.number % 2 = 0;
insert into assignments (ticket_id, round, role, unit_id, state, dispatched_at, due_at, done_at)
select p.id, 1, 'lead', d.id, 'returned', opened_at, due_at, opened_at
from planned p join desks d on d.place = (p.number * 17) % (select count(*) from desks) where p.number % 20 = 4;

insert into ticket_events (ticket_id, at, type, actor, unit_id, note)
select id, opened_at + step * interval '2 hours', kind, 'system', unit_id, '已按派单目录处理'
from planned cross join unnest(array['opened', 'dispatched', 'signed', 'contacted', 'replied', 'resolved', 'closed'])
    with ordinality as k (kind, step)
where step <= case state when 'triage' then 1 when 'dispatched' then 2 when 'handling' then 5 else 7 end
order by number;
insert into contact_tries (ticket_id, round, unit_id, staff_id, at, outcome)
select id, 1, unit_id, (select min(id) from staff), opened_at + interval '5 hours', 'reached'
from planned where state not in ('triage', 'dispatched');
insert into unit_notices (unit_id, audience, ticket_id, event, note, created_at, seen_at)
select unit_id, case when step = 4 then 'head' else 'desk' end, id, 'dispatched', '新工单，请签收', opened_at + step * interval '1 hour',
    case when number % 3 > 0 then opened_at + interval '1 day' end
from planned cross join generate_series(1, 4) step where state <> 'triage';
insert into timers (subject, subject_id, kind, conversation_id, due_at)
select 'case', id, 'clocks:' || unit_id, null::bigint, now() + interval '1 day' from planned where state in ('dispatched', 'handling')
union all
select 'ticket', p.id, 'deadline', t.conversation_id, now() + interval '1 day'
from planned p join tickets t on t.id = p.id where p.state in ('dispatched', 'handling');

insert into surveys (ticket_id, round, unit_id, conversation_id, state, unit_contacted, contacted, solved, result, attitude, created_at,
    asked_at, finished_at)
select p.id, 1, p.unit_id, t.conversation_id, case p.state when 'resolved' then 'asked' else 'finished' end, number % 9 > 0,
    case when p.state = 'closed' then number % 10 > 0 end,
    case when p.state = 'closed' then (array['yes', 'yes', 'partly', 'no'])[1 + number % 4] end,
    case when p.state = 'closed' then (array['satisfied', 'basically', 'satisfied', 'not'])[1 + number % 4] end, null,
    p.opened_at + interval '3 days', p.opened_at + interval '3 days', case when p.state = 'closed' then p.opened_at + interval '4 days' end
from planned p join tickets t on t.id = p.id where p.state in ('resolved', 'closed');

insert into applications (ticket_id, round, kind, unit_id, staff_id, reason, note, stage, state, made_at, due_at, decided_at)
select id, 1, (array['result', 'extension', 'return', 'hold'])[1 + number % 4], unit_id, null, 'other', '说明', 0,
    case when state = 'handling' and number % 40 = 5 then 'open' when number % 8 = 5 then 'refused' else 'upheld' end,
    opened_at + interval '1 day', opened_at + interval '2 days',
    case when not (state = 'handling' and number % 40 = 5) then opened_at + interval '2 days' end
from planned where number % 4 = 1 or number % 40 = 10;
insert into coordinations (ticket_id, kind, level, asked_by_unit, host_unit_id, reason, at, due_at, state, decided_at)
select p.id, (array['conference', 'area', 'trade', 'deliberation'])[1 + number % 4], 'district', p.unit_id,
    case when number % 3 > 0 then u.parent_id end, '需要多方配合', opened_at, due_at,
    case when p.state = 'handling' then 'open' else 'decided' end, case when p.state <> 'handling' then due_at end
from planned p join units u on u.id = p.unit_id where number % 30 = 11;
insert into coordination_parties (coordination_id, unit_id, opinion)
select c.id, d.id, case when c.state = 'open' then '' else '同意' end
from coordinations c join desks d on d.place in (c.id % 300, (c.id + 1) % 300);
insert into whistles (ticket_id, unit_id, type, purpose, note, at, report_by, state)
select id, unit_id, 'daily', 'act', '请到场', opened_at, due_at, case when state = 'handling' then 'open' else 'closed' end
from planned where number % 30 = 13;
insert into whistle_calls (whistle_id, unit_id, opinion)
select w.id, d.id, case when w.state = 'open' then '' else '已处理' end
from whistles w join desks d on d.place in (w.id % 300, (w.id + 7) % 300);
insert into supervisions (ticket_id, unit_id, by_unit_id, demand, at, due_at, answered_at, ended_at)
select p.id, p.unit_id, u.parent_id, '请说明', opened_at, due_at, case when p.state <> 'handling' then due_at end,
    case when p.state <> 'handling' then due_at end
from planned p join units u on u.id = p.unit_id where number % 25 = 17;
insert into marks (ticket_id, unit_id, kind, note, staff_id, at, taken_back_at)
select id, unit_id, 'shirking', '推诿', (select min(id) from staff), due_at, case when number % 3 > 0 then due_at end
from planned where number % 100 = 19;
insert into holds (ticket_id, application_id, unit_id, reason, plan, began_at, review_at, due_before, state)
select ticket_id, a.id, a.unit_id, 'plan', '列入计划', opened_at, now() + interval '30 days', due_at,
    case when a.state = 'handling' then 'open' else 'ended' end
from (select a.id, a.ticket_id, p.unit_id, p.opened_at, p.due_at, p.state
      from applications a join planned p on p.id = a.ticket_id where p.number % 40 = 21) a;
insert into community_matters (ticket_id, office_id, due_at, state)
select id, null, due_at, case when state = 'handling' then 'open' else 'solved' end from planned where number % 100 = 3;
insert into human_tasks (kind, conversation_id, ticket_id, note, created_at, done_at, unit_id)
select 'dead_letter', null, id, '未送达', opened_at, case when number % 400 > 0 then opened_at end, null from planned where number % 20 = 0;
insert into outbox (conversation_id, seq, channel, address_id, ticket_id, purpose, reply, state, created_at, due_at, sent_at)
select c.id, step, 'sms', c.address_id, null, 'notice', '{"text":"好"}', 'delivered', now() - interval '10 days', now(), now()
from conversations c cross join generate_series(1, 4) step;
insert into inbound (channel, key, conversation_id, seq, said, received_at)
select 'sms', 'full' || c.id || '-' || step, c.id, step + 4, '{"text":"好"}', now() - interval '10 days' from conversations c cross join generate_series(1, 4) step;
