-- grain: two live records that may be one, and a rule that says so; all of the groups that the page lists
select
    group_number, group_records, group_keep,
    entity, scope, kind, rule, score, evidence,
    a_system, a_object, a_id, a_label,
    b_system, b_object, b_id, b_label,
    keep, keep_reason
from report.duplicates
where true
    and entity = $entity                                            -- if entity
    and scope = $scope                                              -- if scope
    and group_number in (select group_number from report.duplicates where kind = $kind) -- if kind
    and group_number in (select group_number from report.duplicates where a_id = $id or b_id = $id) -- if id
order by group_number, a_object || ' ' || a_id <> group_keep, score desc, a_label, a_id, b_label, b_id, rule
