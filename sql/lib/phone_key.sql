-- phone_key(value): a phone number for comparing: its digits without extension and leading zeros; less than seven are null
create or replace macro phone_key(value) as
    nullif(regexp_extract(ltrim(digits(regexp_replace(lower(value), '\(0\)|(ext|x|#).*$', '', 'g')), '0'), '^.{7,}$'), '');
