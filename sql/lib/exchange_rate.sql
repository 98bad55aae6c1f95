-- exchange_rate(currency): units of a currency for one of the home currency: sql/list/currency_rate.csv says it, or else Salesforce
create or replace macro exchange_rate(of_currency) as coalesce(
    (select max(try_cast(listed.rate as double)) from list.currency_rate as listed where listed.currency = of_currency),
    (select max(rate) from catalog.currencies where code = of_currency),
    (select max(1.0) from catalog.currencies where code = of_currency and home)
);
