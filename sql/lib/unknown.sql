-- unknown(value): a value that has no counterpart; the field counts as absent and is reported, never sent
create or replace macro unknown(value) as chr(57344) || value::varchar;
