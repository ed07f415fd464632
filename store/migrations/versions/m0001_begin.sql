-- Keys: a sealing key and a look-up key, each wrapped by SECRET_KEY, so that rotating it rewraps two rows.
create table keys (
    name text primary key,
    wrapped bytea not null,
    created_at timestamptz not null default now()
);

-- The catalogue: every load is a version, in force from a date; rows belong to a version. Units live on across versions.
create table catalogue_versions (
    id int generated always as identity primary key,
    valid_from date not null,
    loaded_at timestamptz not null,
    digest text not null,
    note text not null default ''
);
create index on catalogue_versions (valid_from desc, id desc);

create table places (
    version_id int not null references catalogue_versions on delete cascade,
    code text not null,
    level text not null check (level in ('district', 'street', 'community')),
    name text not null,
    short_name text not null,
    parent_code text,
    kind text not null default '',
    aliases text[] not null default '{}',
    primary key (version_id, code)
);

create table special_areas (
    version_id int not null references catalogue_versions on delete cascade,
    area text not null,
    street_code text not null,
    primary key (version_id, area)
);

create table topics (
    version_id int not null references catalogue_versions on delete cascade,
    code text not null,
    level1 text not null,
    level2 text not null,
    level3 text not null,
    keywords text[] not null,
    weak_keywords text[] not null,
    grade text not null check (grade in ('I', 'II', 'III', 'IV')),
    domain text not null default '',
    primary key (version_id, code)
);

create table responsibilities (
    version_id int not null references catalogue_versions on delete cascade,
    topic_code text not null,
    level text not null check (level in ('street', 'department', 'both', 'enterprise')),
    lead_department text not null default '',
    assist_departments text[] not null default '{}',
    enterprises text[] not null default '{}',
    primary key (version_id, topic_code)
);

create table units (
    id int generated always as identity primary key,
    code text not null unique,
    kind text not null,
    name text not null,
    short_name text not null,
    aliases text[] not null default '{}',  -- what residents call an enterprise
    parent_id int references units,
    district_code text,
    department text,  -- the department code a city or district department goes by in responsibilities
    dispatchable boolean not null default true,
    valid_from date not null,
    valid_to date
);
create index on units (parent_id);

-- Staff.
create table staff (
    id int generated always as identity primary key,
    login text not null unique,
    name text not null,
    password_hash text not null,
    roles text[] not null,
    unit_id int references units,  -- null: the centre
    active boolean not null default true,
    failed_logins int not null default 0,
    locked_until timestamptz,
    created_at timestamptz not null
);

create table staff_sessions (
    token_hash bytea primary key,
    staff_id int not null references staff on delete cascade,
    csrf text not null,
    created_at timestamptz not null,
    expires_at timestamptz not null
);
create index on staff_sessions (expires_at);

-- A form, timer or API call that has taken effect; repeated, it gets its first result.
create table acts (
    key text primary key,
    staff_id int references staff,
    at timestamptz not null,
    result text not null default ''
);

-- Residents and their addresses: sealed, found by keyed hash.
create table residents (
    id bigint generated always as identity primary key,
    created_at timestamptz not null
);

create table addresses (
    id bigint generated always as identity primary key,
    resident_id bigint not null references residents,
    channel text not null,
    hash bytea not null,
    sealed bytea not null,
    masked text not null,
    opted_out_at timestamptz,
    blocked_at timestamptz,
    unique (channel, hash)
);
create index on addresses (resident_id);
create index on addresses (hash);

-- Conversations: one an address. `seq` numbers its messages, both ways; it is taken under the row's lock.
create table conversations (
    id bigint generated always as identity primary key,
    address_id bigint not null unique references addresses,
    resident_id bigint not null references residents,
    channel text not null,
    session json not null default '{}',
    seq bigint not null default 0,
    seen_seq bigint not null default 0,
    last_said_at timestamptz,
    wake_at timestamptz,          -- when the open question's patience ends; the timer row may be earlier, never later
    budget real not null default 0,     -- messages this address has had lately, see handlers/budget.py
    budget_at timestamptz
) with (fillfactor = 70);
create index on conversations (resident_id);

-- Inbound and outbox rows are written only while their conversation is locked, and conversations are never deleted:
-- a foreign key would check on every turn what cannot be otherwise.
create table inbound (
    channel text not null,
    key text not null,
    conversation_id bigint,
    seq bigint,
    said json not null default '{}',
    received_at timestamptz not null,
    outcome text not null default 'turned',  -- turned, silent:<why>, failed
    reply_seq bigint,
    primary key (channel, key)
);
create index on inbound (conversation_id, seq);

create table outbox (
    conversation_id bigint not null,
    seq bigint not null,
    channel text not null,
    address_id bigint not null,
    ticket_id bigint,
    purpose text not null,               -- reply, notice, survey, apology
    reply json not null,                 -- dialogs.said.Reply
    parts json not null default '[]',    -- the rendered texts
    part_states text not null default '',       -- a letter a part: p pending, s sent, d delivered, f failed
    provider_ids json not null default '[]',    -- an id a part that was taken
    state text not null,
    created_at timestamptz not null,
    due_at timestamptz not null,
    lease text,
    lease_until timestamptz,
    attempts int not null default 0,
    sent_at timestamptz,
    error text not null default '',
    doubtful int not null default 0,     -- parts that may have been taken twice
    primary key (conversation_id, seq)
) with (fillfactor = 80);
create index outbox_open on outbox (due_at) where state in ('pending', 'offered', 'sending');
create index outbox_open_address on outbox (address_id, seq) where state in ('pending', 'offered', 'sending');
create index outbox_doubtful on outbox (doubtful) where doubtful > 0;
create index outbox_failed on outbox (created_at) where state = 'failed';

-- Tickets. The id is YYMMDD * 1,000,000 + the day's sequence; the ticket number adds a check digit.
create table ticket_days (
    day date primary key,
    next_sequence int not null
);

create table tickets (
    id bigint primary key,
    source text not null default 'resident',    -- resident, walk_in
    conversation_id bigint references conversations,
    resident_id bigint references residents,
    channel text not null default '',
    state text not null,
    round int not null default 1,
    kind text not null,
    topic text not null default '',
    catalogue_version int references catalogue_versions,
    title text not null,
    matter text not null,
    wanted text not null default '',
    happened text not null default '',
    about text not null default '',
    enterprise text not null default '',
    contact_name bytea,           -- sealed
    contact bytea,                -- sealed; a contact other than the caller
    contact_masked text not null default '',
    confidential boolean not null default false,
    anonymous boolean not null default false,
    follow_up_wanted boolean not null default true,
    confirmed boolean not null default true,
    linked_ticket_id bigint references tickets,
    grade text not null,
    emergency boolean not null default false,
    district_code text not null default '',
    street_code text not null default '',
    community_code text not null default '',
    address_detail text not null default '',
    latitude double precision,
    longitude double precision,
    lead_unit_id int references units,
    why text not null default '',               -- why it went where it went
    created_by int references staff,
    opened_at timestamptz not null,
    due_at timestamptz not null,
    resolved_at timestamptz,
    closed_at timestamptz,
    last_reply text not null default '',
    urged int not null default 0
);
create index on tickets (resident_id, id desc);
create index on tickets (conversation_id);
create index on tickets (lead_unit_id, state, due_at);
create index on tickets (state, opened_at) where state = 'triage';

create table ticket_events (
    id bigint generated always as identity primary key,
    ticket_id bigint not null references tickets,
    at timestamptz not null,
    type text not null,
    actor text not null,                        -- resident, staff, system
    staff_id int references staff,
    unit_id int references units,
    note text not null default '',
    data jsonb not null default '{}'
);
create index on ticket_events (ticket_id, id);

create table assignments (
    id bigint generated always as identity primary key,
    ticket_id bigint not null references tickets,
    round int not null,
    role text not null check (role in ('lead', 'assist')),
    unit_id int not null references units,
    state text not null check (state in ('open', 'signed', 'done', 'returned', 'ended')),
    why text not null default '',
    dispatched_at timestamptz not null,
    due_at timestamptz not null,
    signed_at timestamptz,
    signed_by int references staff,
    done_at timestamptz
);
create index on assignments (ticket_id);
create index on assignments (unit_id, state, due_at);
create unique index one_running_lead on assignments (ticket_id) where role = 'lead' and state in ('open', 'signed', 'done');

create table contact_tries (
    id bigint generated always as identity primary key,
    ticket_id bigint not null references tickets,
    round int not null,
    unit_id int references units,
    staff_id int not null references staff,
    at timestamptz not null,
    outcome text not null check (outcome in ('reached', 'no_answer', 'wrong_number')),
    note text not null default ''
);
create index on contact_tries (ticket_id);

create table surveys (
    id bigint generated always as identity primary key,
    ticket_id bigint not null references tickets,
    round int not null,
    unit_id int not null references units,
    conversation_id bigint not null references conversations,
    state text not null check (state in ('waiting', 'asked', 'finished', 'expired')),
    overdue boolean not null default false,     -- began because the time limit ended
    unit_contacted boolean not null,            -- the unit's own record, shown beside the resident's word
    contacted boolean,
    solved text,
    result text,
    attitude text,
    remark text not null default '',
    created_at timestamptz not null,
    asked_at timestamptz,
    finished_at timestamptz,
    unique (ticket_id, round)
);
create index on surveys (conversation_id);
create index on surveys (unit_id, created_at);

-- Timers are rows. (subject, subject_id, kind) is armed once; `generation` tells an old arming from a new one.
create table timers (
    id bigint generated always as identity primary key,
    subject text not null,                      -- conversation, ticket, survey
    subject_id bigint not null,
    kind text not null,
    generation int not null default 0,
    conversation_id bigint,                     -- the one that must be locked before the subject; null: none
    due_at timestamptz not null,
    attempts int not null default 0,
    unique (subject, subject_id, kind)
);
create index on timers (due_at);

-- What only a person can settle: dead letters, failed turns, call-backs, alerts.
create table human_tasks (
    id bigint generated always as identity primary key,
    kind text not null,
    conversation_id bigint references conversations,
    ticket_id bigint references tickets,
    note text not null default '',
    created_at timestamptz not null,
    done_at timestamptz,
    done_by int references staff
);
create index on human_tasks (created_at) where done_at is null;

create table media (
    id text primary key,
    sha256 bytea not null,
    content_type text not null,
    size int not null,
    conversation_id bigint references conversations,
    created_at timestamptz not null
);
create table ticket_media (
    ticket_id bigint not null references tickets,
    media_id text not null references media,
    primary key (ticket_id, media_id)
);

-- Who looked at a resident's contact, and why it was shown.
create table contact_views (
    id bigint generated always as identity primary key,
    staff_id int not null references staff,
    ticket_id bigint references tickets,            -- one of these two
    human_task_id bigint references human_tasks,
    at timestamptz not null,
    purpose text not null
);
create index on contact_views (ticket_id);
