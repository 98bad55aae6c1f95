-- digits(value): the digits of a text, for comparing
create or replace macro digits(value) as nullif(regexp_replace(value, '[^0-9]+', '', 'g'), '');
