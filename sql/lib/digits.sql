-- digits(value): the digits of a phone number, for comparing; the value itself is synchronized as it was typed
create or replace macro digits(value) as nullif(regexp_replace(value, '[^0-9]', '', 'g'), '');
