-- The tables every warehouse starts with. Mirrors (hubspot.*, salesforce.*), link.<entity> and base.<entity>
-- are made when their objects and entities are first seen. Statements are idempotent.
create schema if not exists hubspot;
create schema if not exists salesforce;
create schema if not exists catalog;
create schema if not exists crosswalk;
create schema if not exists link;
create schema if not exists base;
create schema if not exists plan;
create schema if not exists history;
create schema if not exists report;
create schema if not exists staging;

-- one row: which portal and which org this warehouse belongs to, and the schema's own version
create table if not exists catalog.account (
    system      varchar not null,          -- hubspot | salesforce
    id          varchar not null,          -- portal id, 18-character org id
    name        varchar,
    user_id     varchar,                   -- the integration user (Salesforce 005…)
    bound_at    timestamptz not null
);
alter table catalog.account add column if not exists time_zone varchar; -- HubSpot: the portal's, as America/New_York
create table if not exists catalog.version (version integer not null);

-- grain: one column of one object, as the CRM's metadata has it
create table if not exists catalog.column (
    system      varchar not null,
    object      varchar not null,
    name        varchar not null,          -- the CRM's spelling
    label       varchar,
    type        varchar not null,          -- the CRM's own word
    field_type  varchar,
    length      integer,
    precision   integer,
    scale       integer,
    required    boolean not null,
    createable  boolean not null,
    updateable  boolean not null,
    is_unique   boolean not null,
    external_id boolean not null,
    restricted  boolean not null,
    calculated  boolean not null,
    refers_to   varchar[],
    state       varchar not null,          -- live | vanished (no longer in the metadata) | absent (in it, but not in answers)
    extracted   boolean not null default false, -- the mirror has this column
    complete    boolean not null default false, -- the mirror has read it for all records
    first_seen  timestamptz not null,
    changed_at  timestamptz not null
);
-- grain: one value of one picklist or enumeration
create table if not exists catalog.option (
    system      varchar not null,
    object      varchar not null,
    "column"    varchar not null,
    value       varchar not null,
    label       varchar,
    active      boolean not null,
    position    integer not null
);
-- one row: a digest over the macros, crosswalks and lists that stand in the warehouse
create table if not exists catalog.installed (value varchar not null);
-- grain: one Salesforce user
create table if not exists catalog.users (
    id varchar not null, email varchar, username varchar, name varchar, active boolean not null, user_type varchar
);
-- grain: one HubSpot owner, archived ones included
create table if not exists catalog.owners (
    id varchar not null, email varchar, name varchar, user_id varchar, type varchar, archived boolean not null
);
-- grain: one record type of one Salesforce object; none in an org without them
create table if not exists catalog.record_types (
    object varchar not null, id varchar not null, developer_name varchar not null, name varchar, active boolean not null
);
-- grain: one currency of one CRM; of Salesforce none in an org with a single one
create table if not exists catalog.currencies (
    system      varchar not null,
    code        varchar not null,
    home        boolean not null,          -- Salesforce's corporate currency, HubSpot's company currency
    active      boolean not null,
    rate        double,                    -- units of it for one of the home currency; HubSpot does not say
    decimals    integer
);
-- grain: one object that was read to the end at least once; where its incremental read goes on
create table if not exists catalog.cursor (
    system      varchar not null,
    object      varchar not null,
    high_water  timestamptz,               -- newest stamp returned of which everything older was returned too
    full_at     timestamptz                -- when the last full read was merged; null: never
);
-- grain: one read under way, or broken off: the rows it has staged so far are in staging."<system>.<object>"
create table if not exists catalog.reading (
    system      varchar not null,
    object      varchar not null,
    kind        varchar not null,          -- full | changes | named
    position    varchar not null,          -- where the CRM is asked to go on; the source's own words
    started_at  timestamptz not null,      -- on our clock
    their_time  timestamptz not null,      -- the same instant on the CRM's clock
    records     bigint not null            -- staged so far
);
-- grain: one value one HubSpot property of one record has had; only of properties in conflict in the newest run
create table if not exists hubspot.history (
    object      varchar not null,
    id          varchar not null,
    property    varchar not null,
    value       varchar,
    "at"        timestamptz not null,
    source_type varchar,                   -- CRM_UI, API, INTEGRATION, IMPORT, CALCULATED …
    source_id   varchar
);
-- grain: one HubSpot list that sql/list/hubspot_lists.csv or campaign_lists.csv names
create table if not exists hubspot.lists (
    id     varchar not null,
    name   varchar not null,
    object varchar not null,               -- contacts, companies …; of a custom object its type id
    size   bigint not null,                -- -1 where HubSpot does not say
    stamp  varchar not null                -- moves when the list or its members do
);
alter table hubspot.lists add column if not exists processing varchar; -- MANUAL and SNAPSHOT can be written, DYNAMIC cannot
alter table hubspot.lists add column if not exists taken varchar; -- the stamp whose members stand in the mirror of the list's associations, too
-- grain: one record in one of those lists
create table if not exists hubspot.list_memberships (
    list_id varchar not null, list_name varchar not null, object varchar not null, record_id varchar not null
);
-- grain: one CRM; its clock minus ours, from its Date header
create table if not exists catalog.clock (system varchar not null, skew_ms bigint not null, seen_at timestamptz not null);
-- grain: one object: a digest of the metadata that catalog.column and catalog.option were written from
create table if not exists catalog.described (system varchar not null, object varchar not null, digest varchar not null);
-- grain: one CRM; when its metadata and people were last read
create table if not exists catalog.metadata (system varchar not null, read_at timestamptz not null);
-- grain: one value that did not fit its column's type and was not taken over
create table if not exists catalog.misfit (
    system varchar not null, object varchar not null, id varchar not null, "column" varchar not null,
    type varchar not null, length integer not null, seen_at timestamptz not null
);
-- grain: one file of the mapping as it was when the bases were last made
create table if not exists catalog.mapping (path varchar not null, text varchar not null, kept_at timestamptz not null);

-- grain: one record that was forgotten and is not read again; digest is sha256(salt || ' ' || id); the salt is one for all but after a restore
create table if not exists catalog.forgotten (
    salt varchar not null, system varchar not null, object varchar not null, digest varchar not null, forgotten_at timestamptz not null
);

-- ---------------------------------------------------------------- plan
-- grain: one plan
create table if not exists plan.plan (
    plan_id     varchar not null,
    run_id      varchar,
    pipeline    varchar,
    made_at     timestamptz not null,
    digest      varchar,                   -- sha256 over the changes, in plan order
    state       varchar not null,          -- made | applied | discarded
    undoes      varchar                    -- the run whose inverse it is; null: an ordinary plan
);
-- grain: one entity that a plan was made of; its newest plan, which tells what waits of it. An undo is none.
-- A file of an older version begins with the newest plan of all for every entity.
create table if not exists plan.newest as
select table_name as entity, newest.plan_id
from duckdb_tables()
cross join (select max_by(plan_id, (made_at, plan_id)) as plan_id from plan.plan where pipeline is distinct from 'undo') as newest
where database_name = current_database() and schema_name = 'link' and newest.plan_id is not null;
-- grain: one link the plan makes or moves; applied before any write
create table if not exists plan.link (
    plan_id varchar not null, entity varchar not null, pair_id varchar not null,
    state varchar not null,                -- linked | half | held | superseded
    hubspot_object varchar, hubspot_id varchar, salesforce_object varchar, salesforce_id varchar,
    rule varchar, reason varchar,
    replaced varchar                       -- hubspot | salesforce: whose record is another one now
);
-- grain: one record to be written
create table if not exists plan.change (
    plan_id     varchar not null,
    change_id   varchar not null,
    position    integer not null,          -- order in the plan: entity, action, object, record
    entity      varchar not null,
    pair_id     varchar not null,
    action      varchar not null,          -- create | update
    system      varchar not null,          -- written side
    object      varchar not null,
    record_id   varchar,                   -- null for a create
    source_object varchar, source_id varchar, -- the other side's record
    label       varchar,                   -- a person's name, for reading
    rule        varchar,                   -- create: the reason of create.sql
    digest      varchar                    -- sha256 over the change, its values and what it was decided from
);
-- grain: one column of a change
create table if not exists plan.value (
    plan_id varchar not null, change_id varchar not null,
    "column" varchar not null, before varchar, after varchar,
    fields varchar[] not null, rules varchar[] not null
);
-- grain: one decided, waiting or agreed field of one pair (a field left alone has no row)
create table if not exists plan.field (
    plan_id varchar not null, entity varchar not null, pair_id varchar not null, field varchar not null,
    outcome varchar not null,              -- agreed | hubspot | salesforce | ask | absent | kept_blank | no_way
    conflict boolean not null, first_link boolean not null,
    hubspot varchar, salesforce varchar,   -- the values the plan saw; blank is ''; absent is null
    hubspot_base varchar, salesforce_base varchar, -- blank is ''; no base is null
    rule varchar not null, reason varchar
);
-- grain: one base that moves without a write: agreed, kept blank, decided with nothing to send, mapping edited
create table if not exists plan.settle (
    plan_id varchar not null, entity varchar not null, pair_id varchar not null,
    system varchar not null, field varchar not null,
    value varchar,                         -- blank is ''; null drops the base (resync)
    event varchar not null
);
-- grain: one thing a person should know: ambiguous, unmapped, waiting, vanished, not created, check …
create table if not exists plan.notice (
    plan_id varchar not null, entity varchar not null, kind varchar not null,
    system varchar, object varchar, record_id varchar, field varchar, text varchar not null
);

-- grain: one pair of records that a rule names and nothing links, until a person says in same_as.csv whether they are one
create table if not exists plan.proposal (
    plan_id varchar not null, entity varchar not null,
    hubspot_object varchar not null, hubspot_id varchar not null,
    hubspot_pair varchar,                  -- the pair that the record has, or gets with this plan; null: none
    salesforce_object varchar not null, salesforce_id varchar not null,
    salesforce_pair varchar,
    rule varchar, rank integer,            -- of match.sql; no rank: it only reports
    unsettled boolean not null             -- one of them may have been made a moment ago
);

-- grain: one column that is not sent because the target's metadata says it would be refused; of a record to be created
-- also one that it needs and does not get
create table if not exists plan.refusal (
    plan_id varchar not null, entity varchar not null, pair_id varchar not null,
    change_id varchar,                     -- the change that goes without it, if there is one
    action varchar, system varchar not null, object varchar not null, record_id varchar,
    source_object varchar, source_id varchar, label varchar,
    "column" varchar not null, before varchar, value varchar,
    fields varchar[] not null, rules varchar[] not null,
    category varchar not null, words varchar not null, remedy varchar,
    lifted boolean not null default false  -- history holds it, and it is predicted no more or not due any more
);

-- ---------------------------------------------------------------- outbox
-- grain: one change whose call is under way. A row survives only a crash.
create table if not exists outbox (
    change_id varchar not null, plan_id varchar not null, run_id varchar not null, batch integer not null,
    entity varchar not null, pair_id varchar not null, action varchar not null,
    system varchar not null, object varchar not null, record_id varchar,
    key_column varchar, key_value varchar, -- how a create is found again
    sent_at timestamptz not null,
    sent     varchar not null,             -- the columns of the call, JSON: {column: text or null}
    verified varchar,                      -- the record as verified, JSON: {column: text or null}; null for a create
    job      varchar                       -- the Bulk job that carries it; null: none, or its data has not gone out
);

-- ---------------------------------------------------------------- history: a contract, analysts build on it
-- grain: one run of one pipeline or command
create table if not exists history.run (
    run_id       varchar not null,
    pipeline     varchar not null,         -- quarter_hourly, nightly, or the command: plan, apply, demo …
    started_at   timestamptz not null,
    ended_at     timestamptz,              -- null while running, or after a crash
    state        varchar not null,         -- running | done | planned (schedule --plan-only) | refused | failed | stopped | interrupted
    exit_code    integer,
    plan_id      varchar,
    extracted    bigint,                   -- records returned by the CRMs
    changed      bigint,                   -- mirror rows that became different
    planned      bigint,                   -- changes in the plan
    taken        bigint,                   -- changes written and read back
    refused      bigint,
    stale        bigint,
    deferred     bigint,
    hubspot_calls bigint, salesforce_calls bigint,
    hubspot_left  bigint, salesforce_left  bigint, -- calls left today by the server's own count
    error        varchar,                  -- of a run that is done or refused: which reports could not be made
    mapping      varchar                   -- sha256 over sql/ as the run used it
);
-- grain: one column sent, or planned and not sent, in one run
create table if not exists history.change (
    run_id      varchar not null,
    "at"        timestamptz not null,
    entity      varchar not null,
    pair_id     varchar not null,
    system      varchar not null,          -- the side that was written
    object      varchar not null,
    record_id   varchar,
    action      varchar not null,          -- create | update | link
    "column"    varchar,                   -- null for a link
    before      varchar,                   -- the value replaced; null is blank
    after       varchar,                   -- the value sent; null is blank
    stored      varchar,                   -- the value read back
    fields      varchar[],                 -- the fields of fields.sql that moved it
    rules       varchar[],                 -- who decided, in the words of the plan
    outcome     varchar not null,          -- taken | not_taken | refused | stale | deferred | unclear | planned (schedule --plan-only)
    reason      varchar                    -- the server's words, or ours, for anything but taken
);
-- grain: one conflict of one field in one run, and how it ended
create table if not exists history.conflict (
    run_id varchar not null, "at" timestamptz not null, entity varchar not null, pair_id varchar not null, field varchar not null,
    hubspot varchar, salesforce varchar, hubspot_base varchar, salesforce_base varchar,
    winner varchar not null, rule varchar not null, reason varchar, first_link boolean not null
);
-- grain: one refusal that stands: not sent again until something moves
create table if not exists history.refusal (
    entity varchar not null, pair_id varchar not null, system varchar not null, object varchar not null, record_id varchar,
    "column" varchar,                      -- null: the whole record
    value varchar, category varchar not null, words varchar not null, remedy varchar,
    first_at timestamptz not null, last_at timestamptz not null, run_id varchar not null,
    predicted boolean default false        -- by the target's metadata: it was not sent
);
-- grain: calls of one run to one endpoint
create table if not exists history.call (
    run_id varchar not null, system varchar not null, endpoint varchar not null, calls bigint not null, retries bigint not null
);
-- grain: one attempt to publish, at the end of one run
create table if not exists history.publication (
    run_id varchar not null, "at" timestamptz not null,
    ok     boolean not null,               -- false: the publication before stayed in its place
    error  varchar,
    files  bigint, bytes bigint, ms bigint -- written; null in the publication itself, which ends after it
);
-- grain: one file of the mapping that the plan was made with; kept in catalog.mapping when the plan is applied
create table if not exists plan.mapping (plan_id varchar not null, path varchar not null, text varchar not null);
-- grain: one field that one side changed and that is not decided yet: when that was first seen
create table if not exists plan.seen (
    entity varchar not null, pair_id varchar not null, system varchar not null, field varchar not null,
    value varchar not null, "at" timestamptz
);
-- grain: one field of one pair of which a person has said which side's value stands; it counts as long as both sides hold
-- the values they held then
create table if not exists history.answer (
    entity varchar not null, pair_id varchar not null, field varchar not null,
    winner varchar not null,               -- hubspot | salesforce
    hubspot varchar, salesforce varchar,   -- blank is '', absent is null
    answered_at timestamptz not null
);
-- grain: one field of one pair of which nothing is sent until it is released, or until both CRMs agree again
create table if not exists history.frozen (
    entity varchar not null, pair_id varchar not null, field varchar not null,
    kind varchar not null,                 -- fight (two automations) | unclear (a write that may have landed: asks)
    since timestamptz not null, run_id varchar not null, reason varchar not null,
    released_at timestamptz
);
-- grain: one problem that was raised, or its end; what stands is the newest row of each key
create table if not exists history.alert (
    key      varchar not null,             -- kind and subject
    kind     varchar not null,             -- failed | stopped | late | lag | refusals | budget | frozen | project | publication | reports
    subject  varchar not null,             -- a pipeline, a CRM, or a field as entity.field
    state    varchar not null,             -- raised | recovered
    text     varchar not null,             -- for people; holds no value of a CRM
    since    timestamptz not null,
    run_id   varchar,
    tries    integer not null,             -- to deliver it
    tried_at timestamptz,
    error    varchar,                      -- of the last try; null: none, or it was taken
    delivered_at timestamptz               -- null: nobody has taken it yet
);
