-- No record is created: no to file is asked.
create or replace temp table filled (probe_id bigint, "column" varchar, value varchar);

create or replace temp table rejected (probe_id bigint, pair_id varchar, words varchar);
{{- range systems}}
create or replace temp table ask_{{.}} (probe_id bigint, object varchar{{range $.Fields}}, {{id .Name}} varchar{{end}});
{{- end}}
