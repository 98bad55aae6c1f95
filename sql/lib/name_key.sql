-- name_key(first, last): a person's name for comparing: lower case, no accents, no punctuation
create or replace macro name_key(first, last) as
    nullif(regexp_replace(strip_accents(lower(concat_ws(' ', first, last))), '[^a-z0-9 ]', '', 'g'), '');
