{{- /* What was known of the same properties before. */ -}}
delete from hubspot.history
where object = $1 and (id, property) in (select (id, property) from temp.said)
