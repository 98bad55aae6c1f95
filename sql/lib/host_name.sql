-- host_name(value): the host of a URL, a host or an e-mail address, in lower case and without www.
create or replace macro host_name(value) as
    nullif(regexp_extract(lower(trim(value)), '^(?:[a-z][a-z0-9+.-]*://)?(?:[^/@?#]*@)?(?:www\.)?([^/:?# ]+)', 1), '');
