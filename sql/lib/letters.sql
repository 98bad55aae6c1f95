-- letters(value): the letters and digits of a text as bits, for comparing: where more than four bits differ, two texts are more than two typing errors apart
create or replace macro letters(value) as
    list_aggregate(list_transform(string_split(value, ''), lambda letter: 1::ubigint << (unicode(letter) % 63)), 'bit_or');
