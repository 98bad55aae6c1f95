-- An element of a set that was taken away, and told on, and is there again comes back under its old id: it is new.
delete from pair
where state = 'half'
    and (
        {{- range $i, $s := systems}}
        {{if $i}}or {{end}}(
            (starts_with(reason, 'the {{$s}} record is deleted') or reason = 'both records are deleted')
            and exists (from row_{{$s}} as back where back.object = pair.{{$s}}_object and back.id = pair.{{$s}}_id and not back.deleted)
        )
        {{- end}}
    );
