-- noon_in_portal(day): a day as an instant: noon in the HubSpot portal's time zone, which is the same day for offices east and west of it
create or replace macro noon_in_portal(day) as
    instant_text((day::date + interval 12 hours) at time zone coalesce((select max(time_zone) from catalog.account where system = 'hubspot'), 'UTC'));
