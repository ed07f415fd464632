-- What a ticket knows besides: how many are affected, since when, for whom; the ticket it has joined, and how often it was told.
alter table tickets
    add column affected int not null default 0,
    add column since date,
    add column on_behalf boolean not null default false,
    add column joined_to bigint references tickets,     -- 并案: the ticket whose units answer for this one too
    add column repeats int not null default 0;          -- earlier complaints of the same resident about the same matter
create index on tickets (joined_to) where joined_to is not null;
create index tickets_nearby on tickets (street_code, topic, opened_at)
    where state in ('triage', 'dispatched', 'handling') and joined_to is null;

-- A task that a unit's own people settle (the third complaint of a matter goes to the superior); null: the centre.
alter table human_tasks
    add column unit_id int references units,
    add column urgent boolean not null default false,
    add column taken_at timestamptz,                    -- an urgent one: who sees to it, and since when
    add column taken_by int references staff;
create index human_tasks_untaken on human_tasks (created_at) where urgent and done_at is null and taken_at is null;

-- Names of compounds, roads and zones that an operator has added to the catalogue.
create table gazetteer_names (
    version_id int not null references catalogue_versions on delete cascade,
    name text not null,
    kind text not null check (kind in ('compound', 'road', 'landmark', 'zone')),
    street_code text not null,
    community_code text not null default '',
    aliases text[] not null default '{}',
    primary key (version_id, name, street_code, community_code)
);

-- Outlines of districts and streets, GeoJSON in WGS-84.
create table boundaries (
    version_id int not null references catalogue_versions on delete cascade,
    code text not null,
    geojson text not null,
    primary key (version_id, code)
);

-- The knowledge base: what a question is answered with.
create table articles (
    id int generated always as identity primary key,
    question text not null,
    variants text[] not null default '{}',
    answer text not null,
    language text not null default 'zh-CN',
    topic text not null default '',
    unit_id int references units,                       -- who answers for its being right
    valid_until date,
    published boolean not null default false,
    words tsvector not null,                            -- pairs of ideographs, Latin words: question A, answer D
    edited_by int references staff,
    edited_at timestamptz not null,
    version int not null default 1
);
create index articles_words on articles using gin (words);

-- Every act on an article: `content` as it stood afterwards.
create table article_versions (
    article_id int not null references articles,
    version int not null,
    act text not null check (act in ('added', 'edited', 'published', 'withdrawn')),
    content jsonb not null,
    edited_by int references staff,
    edited_at timestamptz not null,
    primary key (article_id, version)
);

-- Whether an answer helped, as residents said; rows instead of a count, for many rate the same article at once.
create table article_ratings (
    id bigint generated always as identity primary key,
    article_id int not null references articles,
    version int not null,
    conversation_id bigint not null,
    helped boolean not null,
    at timestamptz not null
);
create index on article_ratings (article_id, at);
create index tickets_asked on tickets (opened_at) where kind = 'question';

-- What `jiesu learn` has learnt, version by version; one at most is in force.
create table topic_models (
    id int generated always as identity primary key,
    made_at timestamptz not null,
    digest text not null,                               -- of the rows it was learnt from and the settings
    report jsonb not null,
    weights bytea not null,
    in_force boolean not null default false
);

-- Messages that the rules did not settle, for the language model to read a second time. The text is masked.
create table second_readings (
    id bigint generated always as identity primary key,
    conversation_id bigint not null,
    seq int not null,                                   -- of the conversation's last message then: another one makes it late
    prompt int not null,                                -- the question that was open
    text text not null,
    place text not null,                                -- the resident's words for the place, as far as they stand apart
    topics text[] not null,                             -- codes to choose from; none: all
    state text not null default 'waiting' check (state in ('waiting', 'reading', 'read', 'failed', 'late')),
    taken boolean not null default false,               -- it has gone into the draft
    result jsonb,
    created_at timestamptz not null,
    lease_until timestamptz,
    attempts int not null default 0,
    settled_at timestamptz
);
create index on second_readings (created_at) where state in ('waiting', 'reading');
create index on second_readings (conversation_id, id);
create index on second_readings (settled_at) where settled_at is not null;
