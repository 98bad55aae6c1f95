-- clean_email(value): an e-mail address in lower case; what has no @ is null
create or replace macro clean_email(value) as
    case when trim(value) like '%_@_%' then lower(trim(value)) end;
