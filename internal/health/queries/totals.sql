-- one row per pipeline or command and state: its runs that history holds, with what they read, wrote and called
select
    pipeline,
    state,
    count(*) as runs,
    coalesce(sum(extracted), 0)::bigint as extracted,
    coalesce(sum(taken), 0)::bigint as taken,
    coalesce(sum(refused), 0)::bigint as refused,
    coalesce(sum(hubspot_calls), 0)::bigint as hubspot_calls,
    coalesce(sum(salesforce_calls), 0)::bigint as salesforce_calls
from history.run
where state <> 'running'
group by all
order by all
