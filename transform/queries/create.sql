-- What create.sql may choose from: in scope, in no link of any state, named by no proposal.
{{- range $s := systems}}
create or replace temp view free_{{$s}} as
select seen.*
from seen_{{$s}} as seen
anti join (select {{$s}}_object as object, {{$s}}_id as id from pair) as tied using (object, id)
anti join (select {{$s}}_object as object, {{$s}}_id as id from proposal) as named using (object, id)
where seen.in_scope;
{{- end}}
