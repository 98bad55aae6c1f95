-- zip_key(value): a zip code for comparing; of a US ZIP+4 the first five digits
create or replace macro zip_key(value) as plain(regexp_replace(trim(value), '^([0-9]{5})-[0-9]{4}$', '\1'));
