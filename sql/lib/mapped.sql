-- mapped(found, original): a crosswalk's answer for original; blank stays blank, what the crosswalk lacks is unknown
create or replace macro mapped(found, original) as
    case when clean_text(original) is null then null else coalesce(found, unknown(original)) end;
