package shape_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/internal/sandbox/shape"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, value, shape string
		want               []string
	}{
		{"as recorded", `{"n":1,"ok":true,"rows":[{"id":"1","mail":null},{"id":"2","mail":"a"}]}`, "n:number ok:bool rows:array rows[].id:string rows[].mail:string|null", nil},
		{"an empty list has no elements to check", `{"rows":[]}`, "rows:array rows[].id:string", nil},
		{"another type", `{"id":1}`, "id:string", []string{".id: is number, recorded as string"}},
		{"a member too many", `{"id":"1","new":true}`, "id:string", []string{".new: was not recorded"}},
		{"a member too few", `{"id":"1"}`, "id:string mail:string", []string{".mail: is not there"}},
		{"a member that may be absent", `{"id":"1"}`, "id:string mail:string?", nil},
		{"below what may be absent", `{"id":"1"}`, "id:string paging:object? paging.next.after:string", nil},
		{"not listed, all below may be absent", `{"id":"1"}`, "id:string paging.next.after:string?", nil},
		{"a map", `{"p":{"a":"1","b":null}}`, "p.*:string|null", nil},
		{"a map with another value", `{"p":{"a":"1","b":3}}`, "p.*:string|null", []string{".p.b: is number, recorded as string or null"}},
		{"a map's value beside a named one", `{"p":{"a":1,"b":"x"}}`, "p.a:number p.*:string", nil},
		{"an array at the root", `[{"id":"1"},{}]`, "[].id:string", []string{"[1].id: is not there"}},
		{"a text at the root", `"x"`, ":string", nil},
		{"a text where an object was", `{"p":"x"}`, "p.a:string", []string{".p: is string, has no members"}},
	} {
		var v any
		if err := json.Unmarshal([]byte(c.value), &v); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, shape.Check(v, c.shape)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		got, want string
		ok        bool
	}{
		{"entity is deleted", "entity is deleted", true},
		{"entity is deleted!", "entity is deleted", false},
		{"Existing ID: 51", "Existing ID: {{id}}", true},
		{"Existing ID: ", "Existing ID: {{id}}", false},
		{"1 is on A. 2 has it", "{{a}} is on A. {{b}} has it", true},
		{"1 is on B. 2 has it", "{{a}} is on A. {{b}} has it", false},
		{"C{n=7} on 1", "C{n={{n}}} on {{id}}", true},
		{"x: y: z", "{{any}}: z", true},
		{"Object 7 cannot (7)", "Object {{id}} cannot ({{id}})", true},
	} {
		if ok := shape.Text(c.got, c.want); ok != c.ok {
			t.Errorf("Text(%q, %q) = %v", c.got, c.want, ok)
		}
	}
}
