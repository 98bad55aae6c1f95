{{- $of := "outgoing"}}{{if .Creates}}{{$of = "birth"}}{{end}}
{{- /* Creates: the columns that new records are filled with; else those that move. */ -}}
-- What is about to be sent, as the target's metadata sees it.
create or replace temp table outgoing as
{{- if .Creates}}
select
    birth.change_id,
    birth.pair_id,
    'create' as action,
    birth.system,
    birth.object,
    null::varchar as record_id,
    birth.source_object,
    birth.source_id,
    filled."column",
    null::varchar as before,
    filled.value
from filled
join birth using (probe_id)
where not contains(filled.value, chr(57344));
{{- else}}
select
    left(md5(concat_ws('/', {{str .Entity}}, 'update', moving.system, moving.pair_id)), 16) as change_id,
    moving.pair_id,
    'update' as action,
    moving.system,
    if(moving.system = 'hubspot', pair.hubspot_object, pair.salesforce_object) as object,
    if(moving.system = 'hubspot', pair.hubspot_id, pair.salesforce_id) as record_id,
    if(moving.system = 'hubspot', pair.salesforce_object, pair.hubspot_object) as source_object,
    if(moving.system = 'hubspot', pair.salesforce_id, pair.hubspot_id) as source_id,
    moving."column",
    moving.before,
    nullif(moving.after, '') as value
from moving
join pair using (pair_id)
where not moving.unknown;
{{- end}}

create or replace temp table told_against as
with
offered as (
    -- HubSpot takes an option that is hidden, Salesforce none that is inactive
    select system, object, "column", list(value) as known, list(value) filter (active or system = 'hubspot') as taken
    from catalog.option
    semi join outgoing using (system, object, "column")
    group by all
),

gone as (
    select '' as system, '' as object, '' as id
    where false
    {{- range .Mirrors}}
    union all
    select {{str .System}}, {{str .Object}}, id
    from {{.Table}}
    where _deleted and id in (select value from outgoing)
    {{- end}}
),

said as (
    select
        outgoing.change_id,
        outgoing."column",
        outgoing.action,
        outgoing.system,
        outgoing.value,
        "column".type,
        "column".state,
        "column".required,
        "column".calculated,
        "column".calculated or not if(outgoing.action = 'create', "column".createable, "column".updateable) as locked,
        "column".is_unique,
        "column".length as characters,
        "column".precision - "column".scale as digits,
        "column".restricted,
        coalesce("column".refers_to, []) as refers_to,
        -- neither a blank nor the id of a record that is not there yet
        outgoing.value is not null and not starts_with(outgoing.value, chr(57345)) as judged,
        try_cast(regexp_extract(outgoing.value, '^(\d{4})-\d\d-\d\d', 1) as integer) as year,
        regexp_full_match(outgoing.value, '-?\d{9,14}') as milliseconds,
        offered.known,
        offered.taken,
        list_filter(
            if("column".type = 'multipicklist' or "column".field_type = 'checkbox', string_split(outgoing.value, ';'), [outgoing.value]),
            lambda one: one <> '' and not list_contains(offered.taken, one)
        )[1] as odd
    from outgoing
    join catalog.column as "column"
        on "column".system = outgoing.system and "column".object = outgoing.object and "column".name = outgoing."column"
    left join offered
        on offered.system = outgoing.system and offered.object = outgoing.object and offered."column" = outgoing."column"
)

select
    said.change_id,
    said."column",
    said.is_unique,
    said.required,
    case
        when said.state = 'vanished' then {'category': 'permission', 'words': said.system || ' has no such column any more'}
        when said.locked then {'category': 'permission', 'words': if(said.calculated, said.system || ' computes it', 'read only for the integration user')}
        when said.value is null and said.required and said.system = 'salesforce' then {'category': 'required field', 'words': 'it cannot be blank'}
        when starts_with(said.value, chr(57345))
            and not exists (from birth where birth.change_id = substr(said.value, 5))
            and not exists (from plan.change as made where made.plan_id = {{str .PlanID}} and made.change_id = substr(said.value, 5))
            then {'category': 'association', 'words': 'it begins as the id of a record that this plan makes, and it makes none'}
        when not said.judged then null
        when said.type = 'reference' and not regexp_full_match(said.value, '[0-9A-Za-z]{15}([0-9A-Za-z]{3})?')
            then {'category': 'association', 'words': '"' || left(said.value, 80) || '" is no id'}
        when said.type = 'reference' and len(said.refers_to) > 0
            and len(list_filter(said.refers_to, lambda one: starts_with(said.value, coalesce(map {'Account': '001', 'Contact': '003', 'User': '005', 'Opportunity': '006', 'Group': '00G', 'Lead': '00Q', 'RecordType': '012', 'Campaign': '701'}[one], '')))) = 0
            then {'category': 'association', 'words': said.value || ' is no id of ' || array_to_string(said.refers_to, ' or ')}
        when gone.id is not null then {'category': 'association', 'words': gone.object || ' ' || gone.id || ' was deleted'}
        when said."column" = 'OwnerId' and starts_with(said.value, '005') and users.id is null and exists (from catalog.users)
            then {'category': 'association', 'words': 'there is no user ' || said.value}
        when said."column" = 'OwnerId' and not users.active then {'category': 'owner', 'words': 'user ' || said.value || ' is inactive'}
        when list_contains(said.refers_to, 'OWNER') and coalesce(owners.archived, true) and exists (from catalog.owners)
            then {
                'category': if(said."column" = 'hubspot_owner_id', 'owner', 'picklist'),
                'words': 'owner ' || said.value || if(owners.archived, ' is deactivated', ' is not there')
            }
        when said.restricted and said.taken is not null and said.odd is not null
            then {
                'category': 'picklist',
                'words': 'the picklist ' || if(list_contains(said.known, said.odd), 'has "' || left(said.odd, 80) || '" as inactive', 'does not have "' || left(said.odd, 80) || '"')
            }
        when said.type in ('number', 'int', 'double', 'currency', 'percent')
            and (
                not regexp_full_match(said.value, '[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,2})?')
                or (said.type = 'int' and try_cast(said.value as double) <> trunc(try_cast(said.value as double)))
            )
            then {'category': 'length or type', 'words': '"' || left(said.value, 80) || '" is no ' || if(said.type = 'int', 'whole number', 'number')}
        when said.system = 'salesforce' and said.type in ('int', 'double', 'currency', 'percent') and said.digits > 0
            and abs(try_cast(said.value as double)) >= pow(10, said.digits)
            then {'category': 'length or type', 'words': said.value || ' has more than ' || said.digits || ' digits before the point'}
        when said.type in ('date', 'datetime') and not said.milliseconds
            and (said.year is null or try_cast(said.value as timestamptz) is null or contains(said.value, '(BC)'))
            then {'category': 'length or type', 'words': '"' || left(said.value, 80) || '" is no ' || if(said.type = 'date', 'date', 'instant')}
        when said.system = 'salesforce' and said.type in ('date', 'datetime') and said.year not between 1700 and 4000
            then {'category': 'length or type', 'words': left(said.value, 10) || ' is not between the years 1700 and 4000'}
        when said.type = 'boolean' and lower(said.value) not in ('true', 'false', '1', '0')
            then {'category': 'length or type', 'words': '"' || left(said.value, 80) || '" is neither true nor false'}
        when said.characters > 0 and said.type not in ('id', 'reference') and length(trim(said.value)) > said.characters
            then {'category': 'length or type', 'words': length(trim(said.value)) || ' characters, it takes ' || said.characters}
    end as refusal
from said
left join gone on gone.system = said.system and gone.id = said.value and list_contains(said.refers_to, gone.object)
left join catalog.users as users on said."column" = 'OwnerId' and left(users.id, 15) = left(said.value, 15)
left join catalog.owners as owners on list_contains(said.refers_to, 'OWNER') and owners.id = said.value;

insert into foreseen
with
-- of the records that would take one unique value the first gets it: creates are sent before updates
turns as (
    select
        change_id,
        "column",
        earlier,
        value,
        first_value(source_id) over taking as taker,
        row_number() over taking as turn
    from (
        select outgoing.*, false as earlier
        from outgoing
        join told_against using (change_id, "column")
        where told_against.is_unique and told_against.refusal is null and outgoing.value is not null
        {{- if not .Creates}}
        union all
        select birth.change_id, birth.pair_id, 'create', birth.system, birth.object, null, birth.source_object, birth.source_id, filled."column", null, filled.value, true
        from filled
        join birth using (probe_id)
        semi join outgoing using (system, object, "column")
        {{- end}}
    )
    window taking as (partition by system, object, "column", lower(trim(value)) order by not earlier, source_id, change_id)
),

missing as (
    {{- if .Creates}}
    select birth.change_id, said.name as "column"
    from birth
    join catalog.column as said on said.system = birth.system and said.object = birth.object
    where said.required and said.createable and said.state <> 'vanished'
        and not exists (from outgoing where outgoing.change_id = birth.change_id and outgoing."column" = said.name)
        -- a person account has no name of its own
        and not (
            birth.object = 'Account' and said.name = 'Name'
            and exists (from outgoing where outgoing.change_id = birth.change_id and outgoing."column" = 'LastName')
        )
    union all
    -- a HubSpot company has a name or a domain
    select birth.change_id, 'name'
    from birth
    where birth.system = 'hubspot' and birth.object = 'companies'
        and not exists (from outgoing where outgoing.change_id = birth.change_id and outgoing."column" in ('name', 'domain'))
        and exists (from catalog.column as said where said.system = 'hubspot' and said.object = 'companies')
    {{- else}}
    select '' as change_id, '' as "column"
    where false
    {{- end}}
),

against as (
    select change_id, "column", refusal.category as category, refusal.words as words, required
    from told_against
    where refusal is not null
    union all
    select change_id, "column", 'duplicate', 'the record made of ' || taker || ' takes "' || left(value, 80) || '" in this run', true
    from turns
    where turn > 1 and not earlier
    union all
    select change_id, "column", 'required field', 'a new record needs it', true
    from missing
)

select
    {{$of}}.change_id,
    {{$of}}.pair_id,
    {{if .Creates}}'create'{{else}}'update'{{end}},
    {{$of}}.system,
    {{$of}}.object,
    outgoing.record_id,
    {{$of}}.source_object,
    {{$of}}.source_id,
    against."column",
    outgoing.before,
    outgoing.value,
    -- of a new record what it needs, and a value that another one has, takes the whole
    {{if .Creates}}against.required{{else}}false{{end}},
    against.category,
    against."column" || ': ' || against.words
from against
{{- if .Creates}}
join birth using (change_id)
left join outgoing on outgoing.change_id = against.change_id and outgoing."column" = against."column";
{{- else}}
join outgoing using (change_id, "column");
{{- end}}
{{- if .Creates}}

-- What goes together falls together, and is sent with the record's next change.
insert into foreseen
select distinct on (outgoing.change_id, outgoing."column")
    outgoing.*, told_against.required, foreseen.category, outgoing."column" || ': goes together with ' || foreseen."column"
from foreseen
join column_fields as refused
    on refused.system = foreseen.system and refused.object = foreseen.object and refused."column" = foreseen."column"
join rule as mine on list_contains(refused.fields, mine.field)
join rule as other on other.unit = mine.unit and other.field <> mine.field
join column_fields as beside
    on beside.system = foreseen.system and beside.object = foreseen.object and list_contains(beside.fields, other.field)
join outgoing on outgoing.change_id = foreseen.change_id and outgoing."column" = beside."column"
join told_against on told_against.change_id = outgoing.change_id and told_against."column" = outgoing."column"
where foreseen.action = 'create' and not foreseen.whole
    and not exists (from foreseen as known where known.change_id = outgoing.change_id and known."column" = outgoing."column");

delete from filled
using birth, foreseen
where filled.probe_id = birth.probe_id and foreseen.change_id = birth.change_id and (foreseen.whole or foreseen."column" = filled."column");

-- What refers to a record that is not made waits for it.
delete from {{id (print "tie_" .Entity)}} where pair_id in (select pair_id from foreseen where whole);

delete from pair where pair_id in (select pair_id from foreseen where whole);

delete from birth where change_id in (select change_id from foreseen where whole);
{{- end}}
