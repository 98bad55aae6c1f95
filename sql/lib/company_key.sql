-- company_key(name): a company's name for comparing: its words in lower case, without accents, without what stands for its legal form
create or replace macro company_key(name) as
    nullif(array_to_string(list_filter(
        regexp_extract_all(regexp_replace(strip_accents(lower(replace(name, '&', ' and '))), '[''’`.]+', '', 'g'), '[\p{L}\p{N}]+'),
        lambda word: not list_contains(['inc', 'incorporated', 'corp', 'corporation', 'co', 'company', 'llc', 'ltd', 'limited', 'plc', 'llp', 'lp',
            'gmbh', 'ag', 'kg', 'ohg', 'se', 'sa', 'sas', 'sarl', 'srl', 'spa', 'bv', 'nv', 'ab', 'as', 'oy', 'aps', 'pty', 'kk', 'the'], word)
    ), ' '), '');
