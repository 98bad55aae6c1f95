-- not_provided(value): text, with the stand-ins people type to get past a required field read as blank
create or replace macro not_provided(value) as
    case when lower(trim(value)) not in ('', 'unknown', '[not provided]', '[unknown]', 'n/a', '-') then clean_text(value) end;
