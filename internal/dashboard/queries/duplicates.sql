-- grain: two live records that may be one, and a rule that says so
select
    entity, scope, kind, rule, score, evidence,
    a_system, a_object, a_id, a_label,
    b_system, b_object, b_id, b_label,
    keep, keep_reason
from report.duplicates
where true
    and entity = $entity                                            -- if entity
    and scope = $scope                                              -- if scope
    and kind = $kind                                                -- if kind
    and (a_id = $id or b_id = $id)                                  -- if id
order by entity, scope, a_label, a_id, score desc, b_id, rule
