-- root_domain(value): the registered domain of a URL, a host or an e-mail address: https://shop.example.co.uk/x is example.co.uk
create or replace macro root_domain(value) as registrable_domain(host_name(value));
