-- Who decides each unit, by which rule, in words.
create or replace temp table decision as
with
times as (
    select cell.unit, conflict.pair_id, max(hubspot_at) as hubspot_at, max(salesforce_at) as salesforce_at
    from conflict
    join cell using (pair_id, field)
    group by all
),

spoken as (
    select cell.unit, won.pair_id, any_value(won.winner) as winner, any_value(won.reason) as reason
    from won
    join cell using (pair_id, field)
    group by all
),

ruled as (
    select
        unit.*,
        times.hubspot_at,
        times.salesforce_at,
        case when verdict.winner is not null then 'answer' when spoken.winner is not null then 'winner.sql' else unit.rule end as decider,
        spoken.reason as spoken_reason,
        case
            when unit.state <> 'conflict' then unit.side
            when spoken.winner is not null then spoken.winner
            when unit.rule in ('hubspot', 'salesforce', 'ask') then unit.rule
            when unit.rule = 'prefer_salesforce_unless_blank' then if(unit.salesforce_blank, 'hubspot', 'salesforce')
            when unit.rule = 'prefer_hubspot_unless_blank' then if(unit.hubspot_blank, 'salesforce', 'hubspot')
            -- most_recent: under two minutes apart is a tie, and a tie goes to Salesforce
            when times.hubspot_at > times.salesforce_at + interval 2 minutes then 'hubspot'
            else 'salesforce'
        end as winner
    from unit
    left join times using (pair_id, unit)
    left join spoken using (pair_id, unit)
    left join verdict using (pair_id, unit)
    where unit.state in ('fill', 'hubspot', 'salesforce', 'conflict')
)

select
    pair_id,
    unit,
    winner,
    state = 'conflict' as conflict,
    first_link,
    direction,
    blank,
    case
        when state = 'conflict' then decider
        when rule = 'opt_out_wins' then rule
        when direction <> 'two_way' then direction
        when state = 'fill' then 'fill'
        else 'changed'
    end as rule,
    case
        when state = 'fill' then winner || ' has a value, ' || if(winner = 'hubspot', 'salesforce', 'hubspot') || ' has none'
        when state = 'conflict' then
            if(first_link, 'first link, both have a value: ', 'both changed it: ')
            || case winner when 'ask' then 'a person decides' else winner || ' wins' end
            || ', ' || case
                when spoken_reason is not null then spoken_reason || ' (' || decider || ')'
                when rule = 'most_recent' and abs(epoch(hubspot_at - salesforce_at)) <= 120 then 'the edits are under two minutes apart (most_recent)'
                when rule = 'most_recent' then 'its edit is newer (most_recent)'
                else 'rule ' || rule
            end
        when rule = 'opt_out_wins' then
            case
                when winner = 'hubspot' and salesforce_moved then 'salesforce took it back, hubspot did not: '
                when winner = 'salesforce' and hubspot_moved then 'hubspot took it back, salesforce did not: '
                else winner || ' has it: '
            end
            || 'an opt-out wins'
        when direction <> 'two_way' then 'only ' || winner || ' may change it'
        else winner || ' changed it, ' || if(winner = 'hubspot', 'salesforce', 'hubspot') || ' did not'
    end as reason
from ruled;
