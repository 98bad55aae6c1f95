-- What a server refused and is not due any more: the value went back, another one is there already, the other side
-- decides, or the record is not to be created. It stands no more; a pair that is not compared in this run keeps its own.
insert into plan.refusal (plan_id, entity, pair_id, system, object, record_id, "column", value, fields, rules, category, words, lifted)
select {{str .PlanID}}, known.entity, known.pair_id, known.system, known.object, known.record_id, known."column", known.value, [], [], known.category, known.words, true
from history.refusal as known
where known.entity = {{str .Entity}} and not coalesce(known.predicted, false) and known."column" is distinct from '_deleted'
    and (
        known.pair_id in (select pair_id from pair where merges)
        and not exists (
            from moving
            where moving.pair_id = known.pair_id and moving.system = known.system
                and (known."column" is null or moving."column" = known."column"))
        or known.record_id is null and known.pair_id not in (select pair_id from pair) and known.pair_id not in (select pair_id from rejected)
    );
