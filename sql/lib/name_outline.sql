-- name_outline(name): what typing errors leave of a name_key: words of five letters or more become their first and last letter
create or replace macro name_outline(name) as
    array_to_string(list_transform(string_split(name, ' '), lambda word: if(length(word) < 5, word, left(word, 1) || right(word, 1))), ' ');
