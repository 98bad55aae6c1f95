package portal

import (
	"strings"
	"testing"
	"time"
)

// TestCheckFindsContradictions: Check would notice what it looks for.
func TestCheckFindsContradictions(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		harm func(o *Object)
		want string
	}{
		"nothing":      {func(*Object) {}, ""},
		"place":        {func(o *Object) { o.table.at[1] = 1 }, "is said to stand at"},
		"order":        {func(o *Object) { o.table.unsorted = false; o.table.rows[0].id = 9 }, "stands after"},
		"stamp":        {func(o *Object) { o.table.rows[0].modified++ }, "order by modified stamp"},
		"archived":     {func(o *Object) { o.table.archived++ }, "said to be archived"},
		"lost key":     {func(o *Object) { clear(o.table.keys[o.byName["email"].col]) }, `has the email "ann@example.com"`},
		"false key":    {func(o *Object) { o.table.keys[o.byName["email"].col]["x"] = 1 }, "does not hold it"},
		"dead key":     {func(o *Object) { o.table.keys[o.byName["phone"].col] = map[string]int64{}; delete(o.byName, "phone") }, "no live property"},
		"cells":        {func(o *Object) { o.table.rows[0].values += o.table.rows[0].values }, "after column"},
		"last id":      {func(o *Object) { *o.table.lastID = 1 }, "above the last id"},
		"lost version": {func(o *Object) { o.table.pending[7] = nil }, "no row"},
		"lost company": {func(o *Object) { o.portal.Object("companies").table.rows[0].archived = 1 }, "COMPANY=5 is not valid"},
		"one way":      {func(o *Object) { o.portal.Relation(o, o.portal.Object("companies")).back.edges = edges{} }, "seen from the other side"},
		"company id": {func(o *Object) {
			o.table.rows[0].values = o.table.rows[0].values.with([]cell{{o.byName["associatedcompanyid"].col, "6"}})
		}, "and the primary company 5"},
		"primaries": {func(o *Object) {
			r := o.portal.Relation(o, o.portal.Object("companies"))
			r.set(1, 6, r.types[0].bit|r.Primary().bit)
		}, "has two primary ones"},
		"lost history": {func(o *Object) { o.history[7] = nil }, "no row"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := New(1, time.Now, 0, Rules{})
			o := p.Object("contacts")
			for _, email := range []string{"ann@example.com", "bo@example.com"} {
				if _, err := o.Insert(map[string]string{"hs_object_id": map[bool]string{true: "1", false: "2"}[email[0] == 'a'], "email": email, "phone": "1"}); err != nil {
					t.Fatal(err)
				}
			}
			companies := p.Object("companies")
			for _, id := range []string{"5", "6"} {
				if _, err := companies.Insert(map[string]string{"hs_object_id": id, "name": id}); err != nil {
					t.Fatal(err)
				}
			}
			if err := p.Relation(o, companies).Associate(1, 5); err != nil {
				t.Fatal(err)
			}
			c.harm(o)
			err := p.Check()
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
}
