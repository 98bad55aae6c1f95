-- No field is decided: what tells of decisions is empty.
create or replace temp table conflict (pair_id varchar, field varchar, hubspot varchar, salesforce varchar, hubspot_base varchar, salesforce_base varchar,
    hubspot_at timestamptz, salesforce_at timestamptz, first_link boolean);

create or replace temp table decision (pair_id varchar, unit varchar, winner varchar, conflict boolean, first_link boolean, direction varchar, blank varchar, rule varchar, reason varchar);

create or replace temp table moving (system varchar, pair_id varchar, "column" varchar, before varchar, after varchar, unknown boolean);

create or replace temp table moved_by (system varchar, pair_id varchar, "column" varchar, unit varchar);

create or replace temp table frozen (pair_id varchar, unit varchar, reason varchar, asks boolean);

create or replace temp table stopped (system varchar, pair_id varchar, "column" varchar, kind varchar, text varchar);

create or replace temp table waiting (system varchar, pair_id varchar, unit varchar);
