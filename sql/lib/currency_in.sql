-- currency_in(in_crm, currency): the currency itself where a CRM has it, else the CRM's own one; null where a CRM does not tell currencies apart
create or replace macro currency_in(in_crm, of_currency) as coalesce(
    (select max(code) from catalog.currencies where system = in_crm and active and code = of_currency),
    (select max(code) from catalog.currencies where system = in_crm and home)
);
