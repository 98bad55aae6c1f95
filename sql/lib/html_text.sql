-- html_text(value): the text of HTML: breaks and ends of paragraphs as new lines, no tags
create or replace macro html_text(value) as
    clean_text(replace(replace(replace(replace(replace(replace(
        regexp_replace(regexp_replace(value, '<(br|/p|/div|/li)\b[^>]*>', chr(10), 'gi'), '<[^>]*>', '', 'g'),
        '&nbsp;', ' '), '&#39;', ''''), '&lt;', '<'), '&gt;', '>'), '&quot;', '"'), '&amp;', '&'));
