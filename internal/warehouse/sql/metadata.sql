{{- /* A CRM's metadata, one row per column, names unique without regard to case: a mirror has one column of a name. */ -}}
create or replace temp table metadata as
with
    said as (
        select unnest(from_json($1, '[{"Name": "VARCHAR", "Label": "VARCHAR", "Type": "VARCHAR", "FieldType": "VARCHAR",
            "Length": "INTEGER", "Precision": "INTEGER", "Scale": "INTEGER", "Required": "BOOLEAN", "Createable": "BOOLEAN",
            "Updateable": "BOOLEAN", "Unique": "BOOLEAN", "ExternalID": "BOOLEAN", "Restricted": "BOOLEAN",
            "Calculated": "BOOLEAN", "RefersTo": ["VARCHAR"], "Options": [{"Value": "VARCHAR", "Label": "VARCHAR", "Active": "BOOLEAN"}]}]')) as c
    )
select
    c."Name" as name, c."Label" as label, c."Type" as type, c."FieldType" as field_type,
    c."Length" as length, c."Precision" as precision, c."Scale" as scale,
    c."Required" as required, c."Createable" as createable, c."Updateable" as updateable, c."Unique" as is_unique,
    c."ExternalID" as external_id, c."Restricted" as restricted, c."Calculated" as calculated,
    c."RefersTo" as refers_to, c."Options" as options
from said
qualify row_number() over (partition by lower(c."Name")) = 1
