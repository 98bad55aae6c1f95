-- text_html(value): text as HTML that shows the same
create or replace macro text_html(value) as
    replace(replace(replace(replace(value, '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), chr(10), '<br>');
