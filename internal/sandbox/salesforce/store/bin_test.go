package store

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestDeletedAndUpdated(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	org := New(func() time.Time { return at })
	o := org.Object("Lead")
	var ids []string
	for range 4 {
		id, err := org.Insert("Lead", map[string]string{"LastName": "Lee", "Company": "Example"})
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id.String())
	}
	begin := at
	for _, id := range ids[:3] {
		at = at.Add(time.Hour)
		if err := org.Delete(o, id); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := org.Insert("Lead", map[string]string{"LastName": "Old", "Company": "Example", "IsDeleted": "true", "SystemModstamp": "2026-01-01T00:30:00Z"}); err != nil {
		t.Fatal(err)
	}
	if err := org.Undelete(o, ids[1]); err != nil {
		t.Fatal(err)
	}
	tx := org.Begin(org.Integration)
	tx.Delete(o, ids[3])
	tx.Rollback(0)
	list := func(from, to time.Time) (out []string) {
		for _, d := range o.Deleted(from, to) {
			out = append(out, d.At.Format(time.TimeOnly))
		}
		return out
	}
	if diff := cmp.Diff([]string{"00:30:00", "01:00:00", "03:00:00"}, list(begin, at.Add(time.Second))); diff != "" {
		t.Errorf("deleted: %s", diff)
	}
	if diff := cmp.Diff([]string{"00:30:00"}, list(begin, begin.Add(time.Hour))); diff != "" {
		t.Errorf("the end is not part of the time: %s", diff)
	}
	var updated []string
	for _, id := range o.Updated(begin, at.Add(time.Second)) {
		updated = append(updated, id.String())
	}
	if diff := cmp.Diff([]string{ids[3], ids[1]}, updated); diff != "" {
		t.Errorf("updated: %s", diff)
	}
	at = begin.Add(15*24*time.Hour + 2*time.Hour)
	org.Sweep()
	if diff := cmp.Diff([]string{"03:00:00"}, list(begin, at)); diff != "" {
		t.Errorf("after 15 days: %s", diff)
	}
	if err := org.Undelete(o, ids[0]); err == nil {
		t.Error("brought back after 15 days")
	}
}

func TestNumberAs(t *testing.T) {
	t.Parallel()
	for format, want := range map[string]string{"A-{0000}": "A-0042", "{0}": "42", "{0000}/x": "0042/x", "N": "N42"} {
		if got := numberAs(format, 42); got != want {
			t.Errorf("%s: %s", format, got)
		}
	}
}
