-- clean_text(value): text without the spaces around it; empty is null
create or replace macro clean_text(value) as nullif(trim(value, e' \t\n\r\u00a0'), '');
