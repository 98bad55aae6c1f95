package extract

import (
	"context"
	"fmt"
	"slices"

	"lockstep/internal/crm"
	"lockstep/internal/entity"
	"lockstep/internal/hubspot"
	"lockstep/internal/warehouse"
)

// listFiles are the lists of a project, sql/list/hubspot_lists.csv and sql/list/campaign_lists.csv, whose first column
// names the HubSpot lists to read: by name or id.
var listFiles = []string{"campaign_lists", "hubspot_lists"}

// lister is a Source that has lists of records.
type lister interface {
	RecordLists(ctx context.Context) ([]warehouse.RecordList, error)
	ListMembers(ctx context.Context, list string) ([]string, error)
}

// wantedList is a row of one of them, and where it stands.
type wantedList struct{ name, at string }

func wantedLists(p *entity.Project) []wantedList {
	var all []wantedList
	for _, l := range p.Lists {
		if !slices.Contains(listFiles, l.Name) {
			continue
		}
		for i, row := range l.Rows {
			named := slices.ContainsFunc(all, func(w wantedList) bool { return w.name == row[0] })
			if row[0] != "" && !named {
				all = append(all, wantedList{row[0], fmt.Sprintf("%s:%d", l.Path, l.Lines[i])})
			}
		}
	}
	return all
}

// lists reads the lists that the project names. A list is read again where its size or stamp has moved, and in a full
// read; one that is not there is told, keeps the members it had, and stops nothing else. moved: one was read or forgotten.
func (s *session) lists(ctx context.Context) (moved bool, err error) {
	s.problems = nil
	from, ok := s.source.(lister)
	if !ok {
		return false, nil
	}
	known, err := warehouse.RecordLists(ctx, s.w.DB)
	if err != nil || len(s.o.lists) == 0 && len(known) == 0 {
		return false, err
	}
	var all []warehouse.RecordList
	if len(s.o.lists) > 0 {
		if all, err = from.RecordLists(ctx); err != nil {
			return moved, err
		}
	}
	wanted := map[string]bool{}
	for _, want := range s.o.lists {
		found := false
		for _, l := range all {
			if l.ID != want.name && l.Name != want.name {
				continue
			}
			found = true
			wanted[l.ID] = true
			if known[l.ID] == l && l.Size >= 0 && !s.o.Full {
				continue
			}
			members, err := from.ListMembers(ctx, l.ID)
			if err != nil {
				return moved, err
			}
			forgot, err := s.w.Forgot(ctx, crm.Object{System: crm.HubSpot, Name: l.Object})
			if err != nil {
				return moved, err
			}
			if forgot != nil {
				members = slices.DeleteFunc(members, forgot)
			}
			moved = true
			if err := s.w.InTx(ctx, func(tx *warehouse.Tx) error { return warehouse.WriteRecordList(ctx, tx, l, members) }); err != nil {
				return moved, err
			}
		}
		if !found {
			s.problems = append(s.problems, crm.WithHint(fmt.Errorf("%s: HubSpot has no list %q", want.at, want.name), "name a list as HubSpot shows it, or its id; the members read before stand until then"))
			for id, l := range known {
				wanted[id] = wanted[id] || id == want.name || l.Name == want.name
			}
		}
	}
	for id := range known {
		if !wanted[id] {
			moved = true
			if err := s.w.InTx(ctx, func(tx *warehouse.Tx) error { return warehouse.ForgetRecordList(ctx, tx, id) }); err != nil {
				return moved, err
			}
		}
	}
	return moved, nil
}

// listObjects are the names of HubSpot's own objects by the type that a list gives.
var listObjects = map[string]string{"0-1": "contacts", "0-2": "companies", "0-3": "deals", "0-5": "tickets"}

func (s *hubspotSource) RecordLists(ctx context.Context) ([]warehouse.RecordList, error) {
	all, err := s.client.RecordLists(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]warehouse.RecordList, len(all))
	for i, l := range all {
		out[i] = warehouse.RecordList{ID: l.ID, Name: l.Name, Object: listObject(l), Size: l.Size, Stamp: l.Stamp, Processing: l.Processing}
	}
	return out, nil
}

func listObject(l hubspot.RecordList) string {
	if name, ok := listObjects[l.ObjectType]; ok {
		return name
	}
	return l.ObjectType
}

func (s *hubspotSource) ListMembers(ctx context.Context, list string) ([]string, error) {
	return s.client.ListMembers(ctx, list)
}
