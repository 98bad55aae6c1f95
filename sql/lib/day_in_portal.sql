-- day_in_portal(instant): the day that an instant falls on in the HubSpot portal's time zone
create or replace macro day_in_portal(instant) as
    (instant at time zone coalesce((select max(time_zone) from catalog.account where system = 'hubspot'), 'UTC'))::date;
