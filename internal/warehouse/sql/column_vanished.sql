{{- /* Columns the metadata no longer names. Should one come back, it is read for all records again. */ -}}
update catalog.column
set state = 'vanished', complete = false, changed_at = $3
where system = $1 and object = $2 and state <> 'vanished' and name not in (select name from temp.metadata)
