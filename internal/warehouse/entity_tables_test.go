package warehouse

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestEnsureEntity(t *testing.T) {
	t.Parallel()
	w, err := Open(t.Context(), Options{RunAt: time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	}()
	columns := func() string {
		t.Helper()
		all, err := Columns(t.Context(), w.DB, "base", "deal")
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, c := range all {
			names = append(names, c.Name)
		}
		return strings.Join(names, " ")
	}
	for _, c := range []struct {
		fields []string
		want   string
	}{
		{[]string{"amount", "stage"}, "pair_id system object id amount stage"},
		{[]string{"amount", "stage"}, "pair_id system object id amount stage"},
		{[]string{"Amount", "close date"}, "pair_id system object id amount stage close date"},
		{nil, "pair_id system object id amount stage close date"},
	} {
		if err := EnsureEntity(t.Context(), w.DB, "deal", c.fields); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, columns()); diff != "" {
			t.Errorf("%q (-want +got):\n%s", c.fields, diff)
		}
	}
	if err := EnsureEntity(t.Context(), w.DB, "deal", []string{"ID"}); err == nil {
		t.Error("a field named ID would share a column with the record's id")
	}
}
