{{- /* The people of one answer, as rows. */ -}}
{{define "people"}}(
    select
        p."ID" as id, nullif(p."Email", '') as email, nullif(p."Username", '') as username, nullif(p."Name", '') as name,
        nullif(p."UserID", '') as user_id, nullif(p."Type", '') as type, p."Active" as active
    from (
        select unnest(from_json($1, '[{"ID": "VARCHAR", "Email": "VARCHAR", "Username": "VARCHAR", "Name": "VARCHAR",
            "UserID": "VARCHAR", "Type": "VARCHAR", "Active": "BOOLEAN"}]')) as p
    )
){{end}}
