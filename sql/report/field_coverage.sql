-- one row per object and field: in how many of its live records the field is filled, and where both sides are, how often they differ
-- unknown: a value without a translation; not read: the object's from file does not say the field, or its column cannot be read
select
    coverage.entity,
    field.position,
    field.field,
    field.direction,
    coverage.system,
    coverage.object,
    coverage.records,
    coverage.filled,
    round(100.0 * coverage.filled / nullif(coverage.records - coverage.absent, 0), 1) as percent,
    coverage.unknown,
    coverage.absent as not_read,
    coalesce(difference.pairs, 0) as pairs_differ -- linked pairs of the entity, whichever their objects
from mapped._coverage as coverage
join mapped._field as field using (entity, field)
left join (
    select entity, field, count(*) as pairs
    from mapped._difference
    group by all
) as difference using (entity, field)
order by coverage.entity, field.position, coverage.system, coverage.object
