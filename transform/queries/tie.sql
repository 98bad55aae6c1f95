-- The pairs of this entity as others may refer to them. A record that this plan creates has no id yet: chr(57345)
-- marks the place, and load puts the id in once the record is there.
create or replace temp table {{id (print "tie_" .Entity)}} as
select
    pair.pair_id,
    {{- range $s := systems}}
    pair.{{$s}}_object,
    coalesce(pair.{{$s}}_id, if(birth.system = '{{$s}}', chr(57345) || 'id:' || birth.change_id, null)) as {{$s}}_id,
    {{- end}}
from pair
left join birth using (pair_id)
where pair.state in ('linked', 'create');

create or replace temp table {{id (print "heir_" .Entity)}} as
from survivor;
