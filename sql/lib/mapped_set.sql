-- mapped_set(value, translation): a multi-select whose values are translated by a map, one by one; what the map lacks is unknown
create or replace macro mapped_set(value, translation) as
    set_text(array_to_string(list_transform(
        string_split(set_text(value), ';'), lambda item: coalesce(translation[item], unknown(item))
    ), ';'));
