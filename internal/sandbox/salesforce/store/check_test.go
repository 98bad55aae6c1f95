package store

import (
	"strings"
	"testing"
)

// TestCheckFindsContradictions: Check would notice what it looks for.
func TestCheckFindsContradictions(t *testing.T) {
	t.Parallel()
	users := func(org *Org) *textIndex { return org.Object("User").Field("Username").index }
	for name, c := range map[string]struct {
		harm func(org *Org, o *Object)
		want string
	}{
		"nothing":     {func(*Org, *Object) {}, ""},
		"place":       {func(_ *Org, o *Object) { o.byID[o.ids[0]] = 1 }, "is said to stand at"},
		"count":       {func(_ *Org, o *Object) { o.live++ }, "live rows, said to be"},
		"order":       {func(_ *Org, o *Object) { o.order[0], o.order[1] = o.order[1], o.order[0] }, "stands after"},
		"lost order":  {func(_ *Org, o *Object) { o.order = o.order[1:] }, "in the order of ids"},
		"twice":       {func(_ *Org, o *Object) { o.order[0] = o.order[1] }, "stands twice"},
		"stamp":       {func(_ *Org, o *Object) { o.stamped(minTime, maxTime); o.stamps.entries = o.stamps.entries[1:] }, "in the order of stamps"},
		"lost entry":  {func(_ *Org, o *Object) { clear(o.Field("Email").index.one) }, "entries too many"},
		"false entry": {func(_ *Org, o *Object) { o.Field("Email").index.add("x", 0) }, "does not hold it"},
		"no first":    {func(_ *Org, o *Object) { o.Field("Email").index.more["x"] = []int32{0} }, "no first"},
		"duplicate": {func(org *Org, _ *Object) {
			o := org.Object("User")
			for row := range o.Rows() {
				o.Field("Username").values.set(row, textValue("x"))
			}
			clear(users(org).one)
			for row := range o.Rows() {
				users(org).add("x", row)
			}
		}, "all have the Username"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org := fewRecords(t)
			c.harm(org, org.Object("Contact"))
			err := org.Check()
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
}
