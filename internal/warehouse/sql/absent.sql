{{- /* The columns that were missing from a record's answer, and the newest stamp. */ -}}
select
    coalesce((
        select list(distinct name order by name)
        from (
            select unnest(_kept) as name, list_transform(coalesce(_misfit, []), lambda m: m."column") as misfit
            from {{.Staging}}
            where _kept is not null
        )
        where not list_contains(misfit, name)
    ), []),
    (select max(_modified_at) from {{.Staging}})
