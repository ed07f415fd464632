-- Rules of casework that an operator has changed; what nobody has changed is as `handlers/rules.py` says. The last row of a key counts.
create table rule_values (
    id bigint generated always as identity primary key,
    key text not null,
    value int not null,
    note text not null,
    staff_id int references staff,
    at timestamptz not null
);
create index on rule_values (key, id desc);

-- Days that are otherwise than the public calendar says: a holiday of the city's own, a make-up day announced late.
create table calendar_days (
    day date primary key,
    working boolean not null,
    note text not null default '',
    staff_id int references staff,
    at timestamptz not null
);

-- The catalogue: a change is drafted, compared, approved by a second person. What `jiesu load` brings is approved by the operator.
alter table catalogue_versions
    add column state text not null default 'approved' check (state in ('draft', 'approved', 'refused')),
    add column base_id int references catalogue_versions,
    add column drafted_by int references staff,
    add column approved_by int references staff,
    add column approved_at timestamptz,
    add column compared jsonb not null default '{}',  -- what the comparison said when it was approved
    add column units jsonb;                      -- the units it brings, until its day has come and they are brought
alter table topics
    add column statutory_minutes int,            -- a statute's own time, instead of the grade's
    add column statutory_working boolean not null default false,
    add column statute text not null default '';
alter table responsibilities
    add column green boolean not null default false,        -- a consumer dispute, which its enterprise may reconcile first
    add column dual boolean not null default false,         -- the first of those who assist is dispatched too
    add column valid_from date,
    add column valid_to date;

-- Places and topics that others answer for than the catalogue's rule says; empty: all topics, all places.
create table jurisdictions (
    version_id int not null references catalogue_versions on delete cascade,
    position int not null,
    topic_code text not null default '',
    place_code text not null default '',       -- a district, street or community
    area text not null default '',             -- or a special area by its name
    lead_code text not null,                   -- a unit's code
    assist_codes text[] not null default '{}',
    source text not null default '',
    valid_from date,
    valid_to date,
    primary key (version_id, position)
);

-- Units that merge, split and close: who goes on with their work, staff and figures.
create table unit_successors (
    id int generated always as identity primary key,
    unit_id int not null references units,
    successor_id int not null references units,
    kind text not null check (kind in ('merge', 'split', 'close')),
    topic_codes text[] not null default '{}',  -- split: what goes to this one; none of both: all the rest
    place_codes text[] not null default '{}',
    from_date date not null,
    note text not null default '',
    staff_id int references staff,             -- null: the operator, or nobody had named one
    at timestamptz not null,
    done_at timestamptz                        -- since when its people are the successor's; tickets follow by timers
);
create index on unit_successors (unit_id);

-- Inside a unit (分办): offices and communities below it, and who of its people has a ticket in hand.
create table offices (
    id int generated always as identity primary key,
    unit_id int not null references units,
    name text not null,
    kind text not null default 'office' check (kind in ('office', 'community')),
    place_code text not null default '',       -- of a community
    active boolean not null default true,
    unique (unit_id, name)
);
alter table staff
    add column office_id int references offices,
    add column away_until timestamptz,
    add column deputy_id int references staff,
    add column valid_until timestamptz,        -- an account for a time, for people sent to help
    add column surge_id int;
create index on staff (unit_id);

alter table contact_tries add column number text not null default '';  -- that was dialled, masked

create table rosters (                           -- night duty (值班表)
    id int generated always as identity primary key,
    unit_id int references units,                -- null: the centre
    staff_id int not null references staff,
    begins_at timestamptz not null,
    ends_at timestamptz not null,
    added_by int not null references staff,
    added_at timestamptz not null,
    check (ends_at > begins_at)
);
create index on rosters (unit_id, ends_at);

create table reply_templates (                   -- by topic; an empty one is for all topics
    id int generated always as identity primary key,
    unit_id int references units,                -- null: for all units
    topic_code text not null default '',
    result text not null default '',
    title text not null,
    body text not null,
    changed_by int not null references staff,
    changed_at timestamptz not null
);

-- Shares: 'called' by a whistle, 'party' to a conference or coordination. `subject_id` is that whistle or coordination.
alter table assignments drop constraint assignments_role_check;
alter table assignments add constraint assignments_role_check check (role in ('lead', 'assist', 'called', 'party'));
alter table assignments
    add column subject_id bigint,
    add column sign_due_at timestamptz,          -- the three clocks; `due_at` is the feedback's
    add column contact_due_at timestamptz,
    add column contacted_at timestamptz,
    add column office_id int references offices,
    add column handler_id int references staff,
    add column sent_back_at timestamptz;         -- since when the green channel's or an extension's clock runs anew
create index on assignments (handler_id) where handler_id is not null and state in ('open', 'signed');

alter table tickets
    add column counted boolean not null default true,      -- whether it counts as a complaint and for the rates
    add column result text not null default '',            -- solved, partly, explained, cannot
    add column result_why text not null default '',
    add column first_unit_id int references units,         -- first receiver (首接负责)
    add column returns int not null default 0,             -- how often units have tried to give it back
    add column group_size int not null default 0,          -- a group complaint (群诉): how many
    add column extended boolean not null default false,
    add column hold_until timestamptz,                     -- on hold (挂账) until its review
    add column surge_id int,
    add column open_line_id int;

-- What a unit applies for (申请) and others decide: its result's review, return, extension, hold, write-off, unreasonable demand, correction.
create table applications (
    id bigint generated always as identity primary key,
    ticket_id bigint not null references tickets,
    round int not null,
    kind text not null,
    unit_id int references units,                          -- null: the centre
    staff_id int references staff,
    reason text not null default '',                       -- a code of the kind's list
    note text not null,
    data jsonb not null default '{}',
    stage int not null default 0,                          -- a place in the kind's route
    state text not null default 'open' check (state in ('open', 'upheld', 'refused', 'taken_back', 'lapsed')),
    made_at timestamptz not null,
    due_at timestamptz,                                    -- by when the present stage decides
    decided_by int references staff,
    decided_at timestamptz,
    decision text not null default ''
);
create index on applications (ticket_id);
create unique index one_open_application on applications (ticket_id, kind) where state = 'open';
create index on applications (unit_id, decided_at);
create index applications_open on applications (kind, made_at) where state = 'open';
create table application_steps (
    id bigint generated always as identity primary key,
    application_id bigint not null references applications,
    stage int not null,
    at timestamptz not null,
    staff_id int references staff,
    unit_id int references units,
    upheld boolean not null,
    note text not null
);
create index on application_steps (application_id);

-- Evidence (佐证): a photo or file of staff, with its time and place.
create table evidence (
    id bigint generated always as identity primary key,
    ticket_id bigint not null references tickets,
    round int not null,
    media_id text references media,
    unit_id int references units,
    staff_id int references staff,
    at timestamptz not null,
    taken_at timestamptz,
    latitude double precision,
    longitude double precision,
    place text not null default '',                        -- as somebody typed it
    from_photo boolean not null default false,             -- time and place stand in the photo itself
    note text not null default ''
);
create index on evidence (ticket_id);

-- Whistles (吹哨): the called units are assignments of role 'called'.
create table whistles (
    id bigint generated always as identity primary key,
    ticket_id bigint not null references tickets,
    unit_id int not null references units,
    staff_id int references staff,
    type text not null,                                    -- urgent, daily, hard
    purpose text not null,                                 -- establish: whose is it; act: together
    place text not null default '',
    note text not null,
    at timestamptz not null,
    report_by timestamptz not null,
    state text not null default 'open' check (state in ('open', 'closed')),
    conclusion text not null default '',
    found_unit_id int references units,                    -- whose it is, where that was the question
    closed_by int references staff,
    closed_at timestamptz
);
create index on whistles (ticket_id);
create table whistle_calls (
    whistle_id bigint not null references whistles,
    unit_id int not null references units,
    reported_at timestamptz,
    how text not null default '' check (how in ('', 'on_the_spot', 'on_line')),
    reported_by int references staff,
    late boolean not null default false,
    opinion text not null default '',
    opinion_at timestamptz,
    released_at timestamptz,
    of_called int check (of_called between 1 and 5),       -- what the caller thinks of the called
    of_caller int check (of_caller between 1 and 5),
    primary key (whistle_id, unit_id)
);
create index on whistle_calls (unit_id);

-- Conferences (会商), coordination (提级协调) along the area and the trade, deliberation (议事协商).
create table coordinations (
    id bigint generated always as identity primary key,
    ticket_id bigint not null references tickets,
    kind text not null check (kind in ('conference', 'area', 'trade', 'deliberation')),
    level text not null default '',                        -- street, district, city
    asked_by_unit int references units,
    asked_by int references staff,
    host_unit_id int references units,                     -- null: the centre
    reason text not null,
    at timestamptz not null,
    due_at timestamptz not null,
    state text not null default 'open' check (state in ('open', 'decided', 'passed_up', 'taken_back')),
    application_id bigint references applications,         -- the return that is conferred about
    decision text not null default '',
    lead_unit_id int references units,
    joint_unit_ids int[] not null default '{}',
    decided_by int references staff,
    decided_at timestamptz
);
create index on coordinations (ticket_id);
create index coordinations_open on coordinations (host_unit_id, due_at) where state = 'open';
create table coordination_parties (
    id bigint generated always as identity primary key,
    coordination_id bigint not null references coordinations,
    unit_id int references units,
    name text not null default '',                         -- of one who takes no orders: a resident, a company
    opinion text not null default '',
    opinion_by int references staff,
    opinion_at timestamptz
);
create index on coordination_parties (coordination_id);

-- Holds (挂账), supervision (督办), marks of shirking and false closing.
create table holds (
    id bigint generated always as identity primary key,
    ticket_id bigint not null references tickets,
    application_id bigint not null references applications,
    unit_id int not null references units,
    reason text not null,
    plan text not null,
    began_at timestamptz not null,
    review_at timestamptz not null,
    due_before timestamptz not null,                       -- the limit that the hold has moved
    reviews int not null default 0,
    state text not null default 'open' check (state in ('open', 'written_off', 'ended')),
    ended_at timestamptz,
    ended_note text not null default ''
);
create unique index one_open_hold on holds (ticket_id) where state = 'open';
create index holds_open on holds (review_at) where state = 'open';
create index on holds (ticket_id);
alter table surveys
    add column manner boolean not null default false,  -- of an unreasonable demand: result and solved do not count
    add column at_once boolean not null default false; -- answered as it came: no unit had a hand in it, and none's rates have it
create table supervisions (
    id bigint generated always as identity primary key,
    ticket_id bigint not null references tickets,
    unit_id int not null references units,
    staff_id int references staff,
    by_unit_id int references units,                       -- null: the centre
    demand text not null,
    at timestamptz not null,
    due_at timestamptz not null,
    answer text not null default '',
    answered_by int references staff,
    answered_at timestamptz,
    rings int not null default 0,                          -- how often its silence was named
    ended_at timestamptz
);
create index on supervisions (ticket_id);
create index supervisions_open on supervisions (due_at) where ended_at is null;
create table marks (
    id bigint generated always as identity primary key,
    ticket_id bigint not null references tickets,
    unit_id int not null references units,
    kind text not null check (kind in ('shirking', 'false_closing')),
    note text not null,
    staff_id int not null references staff,
    at timestamptz not null,
    confirmed_by int references staff,
    confirmed_at timestamptz,
    handed_over_by int references staff,                   -- to the discipline inspectors
    handed_over_at timestamptz,
    taken_back_by int references staff,
    taken_back_at timestamptz,
    check (confirmed_by is null or confirmed_by <> staff_id)
);
create index on marks (ticket_id);

-- Green channel: an enterprise may reconcile before the regulator is dispatched.
create table reconciliations (
    ticket_id bigint primary key references tickets,
    enterprise_unit_id int not null references units,
    regulator_unit_id int references units,
    assist_unit_ids int[] not null default '{}',  -- who assist the regulator by the catalogue
    consented_at timestamptz not null,
    due_at timestamptz not null,
    state text not null default 'open' check (state in ('open', 'reconciled', 'failed', 'late', 'ended')),
    note text not null default '',
    ended_at timestamptz
);
create index on reconciliations (consented_at);

-- Community intake (不诉自办): matters that a community takes and solves; outside the rates until they become tickets.
create table community_matters (
    ticket_id bigint primary key references tickets,
    office_id int references offices,
    due_at timestamptz not null,
    state text not null default 'open' check (state in ('open', 'solved', 'became_ticket')),
    ended_at timestamptz
);

-- Stewards (小巷管家), their patrols and reports.
create table stewards (
    id int generated always as identity primary key,
    resident_id bigint not null unique references residents,
    conversation_id bigint references conversations,
    unit_id int not null references units,
    community_code text not null default '',
    name bytea,                                            -- sealed
    state text not null default 'asked' check (state in ('asked', 'active', 'refused', 'ended')),
    asked_at timestamptz not null,
    decided_by int references staff,
    decided_at timestamptz
);
create index on stewards (unit_id, state);
create table patrols (
    id bigint generated always as identity primary key,
    steward_id int not null references stewards,
    began_at timestamptz not null,
    ended_at timestamptz,
    note text not null default ''
);
create index on patrols (steward_id, id desc);
create unique index one_round_at_a_time on patrols (steward_id) where ended_at is null;

-- Confidential, traces, abuse.
create table ticket_traces (
    id bigint generated always as identity primary key,
    ticket_id bigint not null references tickets,
    staff_id int not null references staff,
    unit_id int references units,
    at timestamptz not null,
    what text not null check (what in ('forward', 'print', 'export')),
    purpose text not null
);
create index on ticket_traces (ticket_id);
create index on ticket_traces (at);
create index contact_views_at on contact_views (at);
create table abuse_marks (
    id bigint generated always as identity primary key,
    resident_id bigint not null references residents,
    ticket_id bigint references tickets,
    reason text not null,
    proposed_by int not null references staff,
    proposed_at timestamptz not null,
    confirmed_by int references staff,
    confirmed_at timestamptz,
    until timestamptz,
    lifted_by int references staff,
    lifted_at timestamptz,
    check (confirmed_by is null or confirmed_by <> proposed_by)
);
create index on abuse_marks (resident_id);

-- Surge mode (平战转换) and open-line days (听民意解民忧).
create table surges (
    id int generated always as identity primary key,
    name text not null,
    kind text not null,
    expert_line text not null default '',                  -- the seat's phone number
    expert_ids int[] not null default '{}',                -- staff who take its chats, and its calls at the console
    topic_codes text[] not null default '{}',
    place_codes text[] not null default '{}',
    words text[] not null default '{}',
    grade text,
    lead_unit_id int references units,
    script text not null default '',
    script_en text not null default '',
    article_ids int[] not null default '{}',
    declared_by int not null references staff,
    began_at timestamptz not null,
    ended_by int references staff,
    ended_at timestamptz,
    report jsonb not null default '{}'
);
create index surges_open on surges (began_at) where ended_at is null;
create table surge_lines (                                 -- 专线: each also has an entry of the residents' page
    id int generated always as identity primary key,
    surge_id int not null references surges,
    name text not null,
    numbers text[] not null default '{}',                  -- E.164
    topic_codes text[] not null default '{}'
);
create index on surge_lines (surge_id);
create table open_lines (
    id int generated always as identity primary key,
    name text not null,
    unit_id int references units,
    leader_ids int[] not null,
    begins_at timestamptz not null,
    ends_at timestamptz not null,
    made_by int not null references staff,
    note text not null default ''
);
create index on open_lines (ends_at);
alter table tickets
    add column surge_line_id int references surge_lines,
    add foreign key (surge_id) references surges,
    add foreign key (open_line_id) references open_lines;
alter table staff add foreign key (surge_id) references surges;
create index tickets_surge on tickets (surge_id) where surge_id is not null;
create index tickets_open_line on tickets (open_line_id) where open_line_id is not null;
alter table human_talks
    add column surge_id int references surges,             -- whose experts are asked for
    add column experts_until timestamptz;                  -- from then on the centre takes it too
create index on human_talks (surge_id) where surge_id is not null;

-- What units are told (单位通知): on their pages, and where they have asked for it by SMS, Telegram or a signed POST.
create table unit_notices (
    id bigint generated always as identity primary key,
    unit_id int references units,                          -- null: the centre
    audience text not null default 'desk' check (audience in ('desk', 'handler', 'head')),
    staff_id int references staff,                         -- one person, where it is theirs alone
    ticket_id bigint references tickets,
    event text not null,                                   -- the type of the ticket's event that it goes with
    note text not null,
    urgent boolean not null default false,
    created_at timestamptz not null,
    seen_at timestamptz,
    seen_by int references staff
);
create index on unit_notices (unit_id, created_at desc) where seen_at is null;
create index on unit_notices (ticket_id);
create table unit_contacts (
    id int generated always as identity primary key,
    unit_id int references units,                          -- null: the centre
    audience text not null default 'desk' check (audience in ('desk', 'head')),
    channel text not null check (channel in ('sms', 'telegram', 'webhook')),
    name text not null default '',
    hash bytea not null,                                   -- of the address, as conversations are found
    sealed bytea not null,
    masked text not null,
    secret bytea,                                          -- sealed; signs a webhook's POST
    conversation_id bigint references conversations,
    staff_id int references staff,               -- in whose name its replies act: a row of its own that nobody can log in by
    duty_staff_id int references staff,          -- told only while that person is on duty, unless nobody else would be
    added_by int references staff,
    added_at timestamptz not null,
    verified_at timestamptz,                     -- since when it has said that it is the unit's
    ended_at timestamptz
);
create unique index unit_contact on unit_contacts (channel, hash) where ended_at is null;
create index on unit_contacts (unit_id);
create index on unit_contacts (conversation_id) where ended_at is null;
create table unit_sendings (
    id bigint generated always as identity primary key,
    notice_id bigint not null references unit_notices,
    contact_id int not null references unit_contacts,
    state text not null default 'pending' check (state in ('pending', 'sent', 'failed')),
    code text not null default '',                         -- what a reply names it by
    due_at timestamptz not null,
    lease_until timestamptz,
    attempts int not null default 0,
    sent_at timestamptz,
    error text not null default ''
);
create index unit_sendings_open on unit_sendings (due_at) where state = 'pending';
create index on unit_sendings (contact_id, sent_at desc);
create index on unit_sendings (notice_id);
create index unit_sendings_code on unit_sendings (contact_id, code, id) where code <> '';
create table unit_replies (                      -- what a unit writes back; carried out as its act
    id bigint generated always as identity primary key,
    contact_id int not null references unit_contacts,
    text text not null,
    received_at timestamptz not null,
    done_at timestamptz,
    answer text not null default '',
    answered_at timestamptz
);
create index unit_replies_open on unit_replies (id) where answered_at is null;

-- A resident is owed one call-back, whoever writes it down first: the turn that heard the message, or the notice of its recording.
update human_tasks kept set
    note = concat_ws(E'\n', nullif(kept.note, ''), twice.note), urgent = kept.urgent or twice.urgent
from (
    select conversation_id, min(id) as id, string_agg(nullif(note, ''), E'\n' order by id) filter (where place > 1) as note,
        bool_or(urgent) as urgent
    from (
        select *, row_number() over (partition by conversation_id order by id) as place
        from human_tasks where kind = 'call_back' and done_at is null and conversation_id is not null
    ) owed
    group by conversation_id having count(*) > 1
) twice
where kept.id = twice.id;
update human_tasks spare set done_at = now(), note = concat_ws(E'\n→ ', nullif(spare.note, ''), '并入同一市民的另一条回电')
from human_tasks kept
where spare.kind = 'call_back' and kept.kind = 'call_back' and spare.done_at is null and kept.done_at is null
  and spare.conversation_id = kept.conversation_id and spare.id > kept.id;
create unique index human_tasks_call_back on human_tasks (conversation_id) where kind = 'call_back' and done_at is null;

-- What one at a time decides, for there is no other row to lock (`store/turnstiles.py`).
create table turnstiles (matter text primary key);
insert into turnstiles values
    ('catalogue'), ('duty_phones'), ('hotlines'), ('rules'), ('successions'), ('surges'), ('unit_contacts'), ('untold');

-- Units that merge, split or close with a draft, named before it is approved; then they stand in unit_successors.
alter table catalogue_versions add column successions jsonb not null default '[]';
alter table unit_successors add column people int[] not null default '{}';  -- split: staff that go to this one

-- Lists of units and of the whole city (store/worklist.py), without a look at what is long over, in place of two by due_at that nothing asked for.
drop index tickets_lead_unit_id_state_due_at_idx;
drop index assignments_unit_id_state_due_at_idx;
create index tickets_live on tickets (id) include (state, due_at, counted, joined_to, lead_unit_id)
    where state in ('triage', 'dispatched', 'handling', 'resolved');
create index tickets_ended on tickets (id) where state in ('closed', 'withdrawn');
create index assignments_of_unit on assignments (unit_id, state, ticket_id);
create index assignments_new on assignments (dispatched_at) where state = 'open';

-- Tickets of the release before have clocks from now on: their first timers set them, once its processes have ended.
insert into timers (subject, subject_id, kind, due_at)
select 'case', id, case state when 'triage' then 'triage:' || round else 'clocks:0' end, now() + interval '10 minutes'
from tickets where state in ('triage', 'dispatched', 'handling') and joined_to is null;

-- Figures of a month read that month: by ranges of pages, since tickets lie in the order in which they were opened; and few are no complaints.
create index tickets_opened on tickets using brin (opened_at) with (pages_per_range = 32, autosummarize = on);
create index tickets_uncounted on tickets (id) where not counted;
drop index surveys_unit_id_created_at_idx;
create index surveys_created on surveys (created_at);

-- The number of a steward whose channel tells none, and who has looked at a steward's number.
alter table stewards add column contact bytea;          -- sealed
alter table contact_views add column steward_id int references stewards;
