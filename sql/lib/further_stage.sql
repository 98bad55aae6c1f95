-- further_stage(of_object, stage, present): the lifecycle stage that stands later in a HubSpot object's order: the present one, unless stage is further
create or replace macro further_stage(of_object, stage, present) as
    case
        when stage is null then present
        when (select max(position) from catalog.option where system = 'hubspot' and object = of_object and "column" = 'lifecyclestage' and value = present)
            > (select max(position) from catalog.option where system = 'hubspot' and object = of_object and "column" = 'lifecyclestage' and value = stage)
            then present
        else stage
    end;
