{{- /* What was wrong with records that have now been read anew is no longer known to be. */ -}}
delete from catalog.misfit
where system = $1 and object = $2 and id in (select id from {{.Staging}})
