-- name_key(first, last): a full name for comparing: its words in lower case, without accents, in alphabetical order; one word is no full name and null
create or replace macro name_key(first, last) as
    nullif(regexp_extract(array_to_string(list_sort(regexp_extract_all(
        regexp_replace(strip_accents(lower(concat_ws(' ', first, last))), '[''’`.]+', '', 'g'), '[\p{L}\p{N}]+'
    )), ' '), '.+ .+'), '');
