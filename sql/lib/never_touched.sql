-- never_touched(system, object, id, address): whether list.never_touch names the record, or the domain of its URL, host or e-mail address
create or replace macro never_touched(of_system, of_object, record, address) as
    record in (select never.id from list.never_touch as never where never.system = of_system and never.object = of_object and never.id is not null)
    or coalesce(host_name(address) in (select host_name(never.domain) from list.never_touch as never where never.domain is not null), false)
    or coalesce(root_domain(address) in (select host_name(never.domain) from list.never_touch as never where never.domain is not null), false);
