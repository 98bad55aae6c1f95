{{- /* The histories in some pages, one row per value that a property has had. */ -}}
create or replace temp table said as
with
    record as (
        select unnest(json_extract(page, '$.results[*]')) as j
        from (select unnest($1::varchar[]) as page)
    ),
    property as (
        select j->>'$.id' as id, unnest(map_entries(from_json(j->'$.propertiesWithHistory',
            '"MAP(VARCHAR, STRUCT(value VARCHAR, \"timestamp\" VARCHAR, sourceType VARCHAR, sourceId VARCHAR)[])"'))) as p
        from record
    )
select id, p.key as property, unnest(p.value) as past
from property
