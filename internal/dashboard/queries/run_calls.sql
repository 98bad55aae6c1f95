-- grain: calls of the run to one endpoint
select
    system,
    endpoint,
    calls,
    retries
from history.call
where run_id = $run
order by system, calls desc, endpoint
