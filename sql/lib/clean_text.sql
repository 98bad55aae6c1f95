-- clean_text(value): text without the spaces (no-break ones too) around it; empty is null
create or replace macro clean_text(value) as nullif(trim(value, e' \t\n\r' || chr(160)), '');
