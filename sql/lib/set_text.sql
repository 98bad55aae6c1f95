-- set_text(value): the values of a multi-select, which both CRMs join by semicolons, each once and in alphabetical order: their order says nothing
create or replace macro set_text(value) as
    nullif(array_to_string(list_sort(list_distinct(list_filter(
        list_transform(string_split(value, ';'), lambda item: trim(item)), lambda item: item <> ''
    ))), ';'), '');
