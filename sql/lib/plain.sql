-- plain(value): text for comparing: its letters and digits in lower case, without accents
create or replace macro plain(value) as nullif(regexp_replace(strip_accents(lower(value)), '[^\p{L}\p{N}]+', '', 'g'), '');
