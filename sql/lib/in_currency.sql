-- in_currency(amount, currency, wanted): an amount in another currency by today's rates, rounded to its decimals; unknown without a rate
create or replace macro in_currency(amount, of_currency, wanted) as
    case
        when amount is null or of_currency is null or wanted is null or of_currency = wanted then amount::varchar
        else coalesce(
            number_text(round(
                amount::double / exchange_rate(of_currency) * exchange_rate(wanted),
                coalesce(
                    (select max(try_cast(listed.decimals as integer)) from list.currency_rate as listed where listed.currency = wanted),
                    (select max(decimals) from catalog.currencies where code = wanted),
                    2
                )
            )::decimal(18, 6)),
            unknown(amount || ' ' || of_currency)
        )
    end;
