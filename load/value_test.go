package load

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCanonicalText(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind kind
		in   string
		want string // "-" is blank, "!" is no value of the kind
	}{
		{text, "", "-"},
		{text, " Ann ", " Ann "},
		{number, "1500.00", "1500"},
		{number, "9.12E7", "91200000"},
		{number, "-0.0", "0"},
		{number, ".5", "0.5"},
		{number, "12.500000000000", "12.5"},
		{number, "1e999999999", "!"},
		{number, "12 EUR", "!"},
		{truth, "True", "true"},
		{truth, "yes", "!"},
		{day, "2026-03-01", "2026-03-01"},
		{day, "1772323200000", "2026-03-01"},
		{instant, "2026-03-01T10:00:00.000+0000", "2026-03-01T10:00:00.000Z"},
		{instant, "2026-03-01T12:00:00.5+02:00", "2026-03-01T10:00:00.500Z"},
		{instant, "2026-03-01T10:00:00Z", "2026-03-01T10:00:00.000Z"},
		{instant, "2026-03-01 10:00:00+00", "2026-03-01T10:00:00.000Z"},
		{instant, "1772359200000", "2026-03-01T10:00:00.000Z"},
		{instant, "soon", "!"},
		{set, ";b;a", "a;b"},
		{set, "a; b;a", "a;b"},
		{set, ";", "-"},
	} {
		got, ok := c.kind.canon(&c.in)
		shown := or(got, "-")
		if !ok {
			shown = "!"
		}
		if diff := cmp.Diff(c.want, shown); diff != "" {
			t.Errorf("%s %q (-want +got):\n%s", c.kind, c.in, diff)
		}
	}
}

func TestKindByTypes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		duck, crm, field string
		want             kind
	}{
		{"VARCHAR", "string", "text", text},
		{"VARCHAR", "enumeration", "checkbox", set},
		{"VARCHAR", "enumeration", "select", text},
		{"VARCHAR", "multipicklist", "", set},
		{"DECIMAL(38,12)", "currency", "", number},
		{"BIGINT", "int", "", number},
		{"BOOLEAN", "bool", "booleancheckbox", truth},
		{"DATE", "date", "date", day},
		{"TIMESTAMP WITH TIME ZONE", "datetime", "", instant},
	} {
		if got := kindOf(c.duck, c.crm, c.field); got != c.want {
			t.Errorf("kindOf(%s, %s, %s) = %s, want %s", c.duck, c.crm, c.field, got, c.want)
		}
	}
}
