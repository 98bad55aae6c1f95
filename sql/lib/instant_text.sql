-- instant_text(value): an instant as ISO text in UTC, to the second
create or replace macro instant_text(value) as strftime(value at time zone 'UTC', '%Y-%m-%dT%H:%M:%SZ');
