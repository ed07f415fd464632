-- One resident, many channels: an address that proves a phone number carries the hash of that number's SMS address.
alter table addresses
    add column number_hash bytea,
    add column name bytea,                              -- sealed: what the resident is called there
    add column preferred_at timestamptz,                -- the resident's last wish to be told here
    add column no_texts_at timestamptz;                 -- a land line, as the provider found out
create index addresses_preferred on addresses (resident_id) where preferred_at is not null;
update addresses set number_hash = hash where channel = 'sms';
create index on addresses (number_hash) where number_hash is not null;

-- Whose a proven number is: the row in which first messages on two channels at once meet.
create table numbers (
    hash bytea primary key,
    resident_id bigint not null references residents
);
create index on numbers (resident_id);
insert into numbers (hash, resident_id) select hash, resident_id from addresses where channel = 'sms';

-- Who was made one with whom, and how it was proven; staff can split again.
create table resident_links (
    id bigint generated always as identity primary key,
    address_id bigint not null references addresses,
    from_resident_id bigint not null references residents,
    to_resident_id bigint not null references residents,
    how text not null check (how in ('number', 'contact', 'code', 'split')),
    note text not null default '',
    staff_id int references staff,
    at timestamptz not null
);
create index on resident_links (address_id, id);
create index on resident_links (from_resident_id);
create index on resident_links (to_resident_id);

-- A code sent by SMS to prove a number; the newest of a conversation counts. It is made of the id by a key, and kept nowhere.
create table link_codes (
    id bigint generated always as identity primary key,
    conversation_id bigint not null references conversations,
    number_hash bytea not null,
    sent_at timestamptz not null,
    expires_at timestamptz not null,
    tries int not null default 0,
    used boolean not null default false
);
create index on link_codes (number_hash, sent_at);
create index on link_codes (conversation_id, id);

-- A member of staff has the talk: the dialog is silent.
alter table conversations add column held_by int references staff;

-- The queue for a person, by chat and by phone: one open entry a conversation.
create table human_talks (
    id bigint generated always as identity primary key,
    conversation_id bigint not null references conversations,
    kind text not null check (kind in ('chat', 'call')),
    channel text not null,
    language text not null default 'zh-CN',
    line text not null default '',                      -- our number that was called
    call_id text,                                       -- the provider's id of the waiting call
    reason text not null default '',
    about text not null default '',
    urgent boolean not null default false,
    state text not null check (state in ('waiting', 'ringing', 'taken', 'ended', 'left', 'missed')),
    asked_at timestamptz not null,
    taken_at timestamptz,
    ended_at timestamptz,
    staff_id int references staff,                      -- who has it, or had it last
    note text not null default ''
);
create unique index human_talks_open on human_talks (conversation_id) where state in ('waiting', 'ringing', 'taken');
create index human_talks_waiting on human_talks (kind, asked_at) where state in ('waiting', 'ringing', 'taken');
create index human_talks_of_staff on human_talks (staff_id, asked_at);
create index on human_talks (call_id) where call_id is not null;
create index on human_talks (kind, taken_at) where taken_at is not null;
create index on human_talks (ended_at) where state = 'missed';

-- Phone calls, both ways; `id` is the provider's.
create table calls (
    id text primary key,
    direction text not null check (direction in ('in', 'out')),
    conversation_id bigint references conversations,
    line text not null default '',
    order_id bigint,                                    -- the outgoing call it was made for
    began_at timestamptz not null,
    ended_at timestamptz,
    outcome text not null default '',
    seconds int not null default 0
);
create index on calls (conversation_id, began_at);
create index on calls (line, began_at);

-- Calls that we make: to duty phones, to staff who take a caller, to hand a call on. Notices by phone are in the outbox.
create table call_orders (
    id bigint generated always as identity primary key,
    kind text not null check (kind in ('duty', 'staff', 'resident', 'redirect')),
    ticket_id bigint references tickets,
    human_talk_id bigint references human_talks,
    unit_id int references units,
    staff_id int references staff,
    phone bytea,                                        -- sealed; who is called
    callee text not null default '',                    -- who that is, as staff read it
    call_id text,                                       -- the call that is redirected, then the one that was made
    words text not null default '',                     -- what is said when somebody picks up
    state text not null check (state in ('due', 'calling', 'ringing', 'answered', 'acknowledged', 'given_up')),
    created_at timestamptz not null,
    due_at timestamptz not null,
    lease text,
    lease_until timestamptz,
    attempts int not null default 0,
    error text not null default ''
);
create index call_orders_open on call_orders (due_at) where state in ('due', 'calling', 'ringing');
create index on call_orders (ticket_id) where ticket_id is not null;
create index on call_orders (human_talk_id) where human_talk_id is not null;

-- Phones that ring for grades I and II, in this order until somebody acknowledges; no unit: the centre's.
create table duty_phones (
    id int generated always as identity primary key,
    unit_id int references units,
    position int not null default 1,
    name text not null default '',
    phone bytea not null,                               -- sealed
    masked text not null,
    added_by int references staff,
    added_at timestamptz not null
);
create index on duty_phones (unit_id, position);
create table duty_phone_changes (
    id bigint generated always as identity primary key,
    unit_id int references units,
    at timestamptz not null,
    staff_id int references staff,
    note text not null
);
create index on duty_phone_changes (unit_id, id);

-- Numbers that residents call: merged hotlines keep their name, greeting, topic and figures.
create table hotlines (
    number text primary key,                            -- E.164
    name text not null,
    greeting_zh text not null default '',
    greeting_en text not null default '',
    topic text not null default '',
    emergency text not null default '',
    second_line text not null default '',
    recording text not null default 'told' check (recording in ('told', 'asked', 'none')),
    changed_at timestamptz not null
);

-- Media is noted before it is here: a job fetches it from the provider.
alter table media
    add column state text not null default 'kept' check (state in ('kept', 'wanted', 'refused', 'lost')),
    add column channel text not null default '',
    add column source bytea,                            -- sealed: where it lies at the provider
    add column seconds int not null default 0,          -- of a recording
    add column purpose text not null default '',        -- talk, message: recordings of calls
    add column call_id text,
    add column due_at timestamptz,
    add column lease_until timestamptz,
    add column attempts int not null default 0,
    add column error text not null default '';
create index media_wanted on media (due_at) where state = 'wanted';
create index on media (conversation_id, created_at);

-- Which number a ticket came by; who wrote a message to a resident; what it replaces.
alter table tickets add column line text not null default '';
alter table outbox
    add column staff_id int references staff,
    add column instead_of bigint,                       -- the conversation in which the same could not be delivered
    add column instead_of_seq bigint,
    add column urgent boolean not null default false,
    add column gives_way boolean not null default false;  -- merely asks: a later reply in the same burst takes its place
create unique index outbox_instead on outbox (instead_of, instead_of_seq) where instead_of is not null;
alter table staff add column phone bytea;               -- sealed: where the next caller is put through to
