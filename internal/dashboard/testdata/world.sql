-- What the tests look at: two CRMs, 200 ticks of a quarter of an hour, one large run, and values that no page may take for markup.
insert into catalog.account (system, id, name, bound_at) values
    ('hubspot', '4711001', 'Example portal', '2026-01-01 00:00:00Z'),
    ('salesforce', '00Dxx0000001gEREAY', 'Example org', '2026-01-01 00:00:00Z');
insert into catalog.clock values ('hubspot', 400, '2026-03-02 08:45:00Z'), ('salesforce', -43000, '2026-03-02 08:45:00Z');

-- ticks of two weeks; one in seven has something to do, one in sixty fails
insert into history.run
select
    strftime(started, '%Y%m%dT%H%M%SZ-') || lpad(i::varchar, 6, '0'),
    'quarter_hourly',
    started,
    started + interval 8 second,
    case when i % 60 = 59 then 'failed' when i % 21 = 0 then 'refused' else 'done' end,
    case when i % 60 = 59 then 1 when i % 21 = 0 then 3 else 0 end,
    'plan-' || i,
    40 + i % 13,
    if(i % 7 = 0, 5, 0),
    if(i % 7 = 0, 6 + i % 40, 0),
    if(i % 7 = 0, 5 + i % 40, 0),
    if(i % 21 = 0, 1, 0),
    0,
    0,
    6 + i % 11, 4 + i % 5, 250000 - i * 8, 98000 - i * 5,
    if(i % 60 = 59, 'salesforce: 503 Service Unavailable after 5 attempts', null),
    'sha256:0011'
from (select i, timestamptz '2026-02-16 09:00:00Z' + i * interval 15 minute as started from range(1343) as t (i));

insert into history.run values (
    '20260302T083000Z-large0', 'nightly', '2026-03-02 08:30:00Z', '2026-03-02 08:31:04Z', 'refused', 3, 'plan-large', 2014, 240, 130, 123, 4, 2, 1,
    61, 38, 249000, 97600, null, 'sha256:0011'
);

-- one run with more changes than a page holds, many of them in the same instant
insert into history.change
select
    '20260302T083000Z-large0',
    timestamptz '2026-03-02 08:30:30Z' + (i // 40) * interval 1 second,
    if(i % 5 = 0, 'company', 'contact'),
    'pair-' || i,
    if(i % 2 = 0, 'hubspot', 'salesforce'),
    case when i % 5 = 0 then if(i % 2 = 0, 'companies', 'Account') else if(i % 2 = 0, 'contacts', 'Contact') end,
    if(i % 2 = 0, (10000000 + i)::varchar, '003Sx000000' || lpad(i::varchar, 4, '0') || 'IAA'),
    if(i % 9 = 0, 'create', 'update'),
    if(i % 3 = 0, if(i % 2 = 0, 'jobtitle', 'Title'), if(i % 2 = 0, 'phone', 'Phone')),
    case when i % 9 = 0 then null when i % 3 = 0 then 'Analyst' else '+1 555 0100' end,
    if(i % 3 = 0, 'Head of Operations', '+1 555 01' || lpad((i % 100)::varchar, 2, '0')),
    null,
    [if(i % 3 = 0, 'jobtitle', 'phone')],
    [if(i % 3 = 0, 'jobtitle', 'phone') || if(i % 2 = 0, ': salesforce changed it, hubspot did not', ': hubspot changed it, salesforce did not')],
    case when i % 31 = 7 then 'refused' when i % 61 = 9 then 'stale' else 'taken' end,
    case when i % 31 = 7 then 'INVALID_PHONE: this number is not one' when i % 61 = 9 then 'Phone is +1 555 0155 by now' end
from range(130) as t (i);

-- the outcomes that are rare, and a plan to compare them with
insert into history.change
select
    '20260302T083000Z-large0', timestamptz '2026-03-02 08:30:58Z', 'contact', 'pair-' || i, 'salesforce', 'Contact', '003Sx000000' || lpad(i::varchar, 4, '0') || 'IAA', 'update',
    'Phone', '+1 555 0100', '+1 555 0123', if(outcome = 'not_taken', '+1 555 0100', null), ['phone'], ['phone: hubspot changed it, salesforce did not'], outcome, reason
from (values
    (201, 'not_taken', 'it holds the value before: an automation may have put it back'),
    (202, 'deferred', 'no calls to salesforce left in the budget (reserve of the day 10000, at most 5000 a run)'),
    (203, 'unclear', 'the answer was lost: the next run reads the record')
) as t (i, outcome, reason);
insert into plan.change (plan_id, change_id, position, entity, pair_id, action, system, object, record_id, label) values
    ('plan-large', 'c1', 1, 'contact', 'pair-201', 'update', 'salesforce', 'Contact', '003Sx0000000201IAA', 'Ann Lee'),
    ('plan-large', 'c2', 2, 'contact', 'pair-204', 'create', 'hubspot', 'contacts', null, null);
insert into plan.value values
    ('plan-large', 'c1', 'Phone', '+1 555 0100', '+1 555 0123', ['phone'], ['phone: hubspot changed it, salesforce did not']),
    ('plan-large', 'c2', 'email', null, 'a.very.long.address.that.has.no.place.to.break.it@department.of.long.addresses.example.org', ['email'], ['created']);

-- a run of schedule --plan-only
insert into history.run values (
    '20260302T080000Z-shadow', 'quarter_hourly', '2026-03-02 08:00:00Z', '2026-03-02 08:00:05Z', 'planned', 0, 'plan-shadow', 41, 2, 1, 0, 0, 0, 0,
    12, 6, 249100, 97700, null, 'sha256:0011'
);
insert into history.change values (
    '20260302T080000Z-shadow', '2026-03-02 08:00:05Z', 'contact', 'pair-30', 'hubspot', 'contacts', '10000030', 'update', 'jobtitle', 'Buyer', 'Head of Purchasing', null,
    ['jobtitle'], ['jobtitle: salesforce changed it, hubspot did not'], 'planned', 'only planned'
);

-- what somebody typed into a CRM
insert into history.change values (
    '20260302T083000Z-large0', '2026-03-02 08:30:59Z', 'contact', 'pair-markup', 'salesforce', 'Contact', '003Sx0000009999IAA', 'update', 'Title',
    '"><script>alert(1)</script>', '<img src=x onerror=alert(2)>', null, ['jobtitle'], ['<svg onload=alert(3)>'], 'refused', '=HYPERLINK("http://example.org","x")'
);

insert into history.conflict
select
    '20260302T083000Z-large0', '2026-03-02 08:30:30Z', 'contact', 'pair-' || i, 'phone', '+1 555 0199', '+1 555 0142', '+1 555 0100', '+1 555 0100',
    if(i % 2 = 0, 'salesforce', 'hubspot'), 'most_recent', 'both changed it: the later edit wins', i % 4 = 0
from range(60) as t (i);

insert into history.call values
    ('20260302T083000Z-large0', 'hubspot', 'batch/read', 31, 1), ('20260302T083000Z-large0', 'hubspot', 'batch/update', 30, 0),
    ('20260302T083000Z-large0', 'salesforce', 'composite write and read', 38, 2);

insert into plan.plan (plan_id, run_id, pipeline, made_at, state) values ('plan-large', '20260302T083000Z-large0', 'nightly', '2026-03-02 08:30:20Z', 'applied');
insert into plan.newest values ('contact', 'plan-large');
insert into plan.notice
select 'plan-large', 'contact', if(i % 2 = 0, 'ambiguous', 'unmapped'), 'hubspot', 'contacts', (10000900 + i)::varchar, if(i % 2 = 0, null, 'leadsource'),
    if(i % 2 = 0, 'not linked: same e-mail as salesforce.Contact 003Sx0000000001IAA; same e-mail as salesforce.Lead 00QSx0000000002IAA', 'no translation for Trade show <b>2026</b>')
from range(12) as t (i);
insert into plan.field (plan_id, entity, pair_id, field, outcome, conflict, first_link, hubspot, salesforce, hubspot_base, salesforce_base, rule, reason) values
    ('plan-large', 'contact', 'pair-3', 'jobtitle', 'ask', true, false, 'Buyer', 'Head of Purchasing', 'Analyst', 'Analyst', 'ask', 'its rule asks');

insert into history.refusal values
    ('contact', 'pair-7', 'salesforce', 'Contact', '003Sx0000000007IAA', 'Phone', 'call me', 'value', 'INVALID_PHONE: this number is not one', 'correct the value in hubspot',
     '2026-02-20 10:00:00Z', '2026-03-02 08:30:30Z', '20260302T083000Z-large0', false),
    ('contact', 'pair-9', 'salesforce', 'Contact', '003Sx0000000009IAA', 'Title', repeat('long ', 40), 'length or type', 'longer than 128', 'shorten it',
     '2026-02-20 10:00:00Z', '2026-03-02 08:30:30Z', '20260302T083000Z-large0', true);
insert into history.frozen values ('contact', 'pair-11', 'phone', 'fight', '2026-02-27 11:00:00Z', '20260302T083000Z-large0', 'two automations fight over it', null);

create table link.contact (pair_id varchar, state varchar, hubspot_object varchar, hubspot_id varchar, salesforce_object varchar, salesforce_id varchar);
insert into link.contact
select 'pair-' || i, if(i % 30 = 29, 'half', 'linked'), 'contacts', (10000000 + i)::varchar, 'Contact', '003Sx000000' || lpad(i::varchar, 4, '0') || 'IAA'
from range(1, 400) as t (i);
create table link.company as from link.contact where pair_id in ('pair-5', 'pair-10', 'pair-15');
create table hubspot.contacts as select (10000000 + i)::varchar as id, 'person' || i || '@example.org' as email from range(1, 400) as t (i);
