-- number_text(value): a number as text without padding: 10.500 is 10.5
create or replace macro number_text(value) as
    case when contains(value::varchar, '.') then rtrim(rtrim(value::varchar, '0'), '.') else value::varchar end;
