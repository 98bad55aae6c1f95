-- known(value): a value that is not unknown; an unknown one is null
create or replace macro known(value) as if(starts_with(value, chr(57344)), null, value);
