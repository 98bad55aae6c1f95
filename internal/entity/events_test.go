package entity_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/internal/crm"
	"lockstep/internal/entity"
)

// Only the comment lines that a file begins with say that it makes events of its records, and those records are not its own.
func TestEvents(t *testing.T) {
	t.Parallel()
	calls, contacts := crm.Object{System: crm.HubSpot, Name: "calls"}, crm.Object{System: crm.HubSpot, Name: "contacts"}
	e := entity.Entity{Name: "activity", From: []entity.ObjectFile{
		{Object: calls, File: entity.File{Text: "-- one row per call\nselect 1\n-- several rows per record"}},
		{Object: contacts, File: entity.File{Text: "-- one row per form\n-- Several rows per record, or none\nselect 1"}},
	}}
	if d := cmp.Diff([]crm.Object{calls}, e.Own()); d != "" {
		t.Error(d)
	}
}
