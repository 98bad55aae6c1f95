-- one row per object of an entity that has a record of that id, in the mirrors as they were read last
{{- range $i, $o := .Objects}}
{{if $i}}union all
{{end}}select {{str (print $o.System)}} as system, {{str $o.Name}} as object
from {{id (print $o.System)}}.{{id $o.Name}}
where id = $1 and not coalesce(_deleted, false)
{{- end}}
