package dashboard

import (
	"net/url"
	"slices"
	"strconv"

	"lockstep/internal/crm"
	"lockstep/internal/duplicates"
)

// duplicatesData are groups of records that may be one.
type duplicatesData struct {
	Entity, Scope, Kind, ID string
	Entities, Scopes, Kinds []string
	Groups                  []groupSideBySide
	Made                    bool // the report is there
	From, Total             int
	First, Next, CSV        string // addresses; empty: none
}

// groupSideBySide is one group with what its records hold.
type groupSideBySide struct {
	duplicates.Group
	Shown []duplicates.Record   // the first few
	Rest  []duplicates.Record   // some of the others
	Told  []duplicates.Evidence // some of it; the CSV has all
	More  int                   // records that are neither shown nor named
	Else  int                   // evidence that is not told
	Lines []fieldLine
	Alike []fieldLine
	Pair  *pairOfRecords // of two records of different CRMs: whether they are one may be said here
}

type pairOfRecords struct{ HubSpot, Salesforce string }

// Shown on one page, and side by side.
const (
	groupsShown  = 20
	recordsShown = 4
	recordsNamed = 40
	evidenceTold = 10
	evidenceRead = 100 // of a group of thousands; some evidence names no record anew
)

// duplicates shows the groups, strongest evidence first. Merging is done in the CRM.
func (s *Server) duplicates(r *request) (any, error) {
	d := duplicatesData{
		Entity: r.value("entity"), Scope: r.value("scope"), Kind: r.value("kind"), ID: r.value("id"),
		Scopes: duplicates.Scopes, Kinds: duplicates.Kinds,
	}
	// one of a time before it had groups is made anew at night
	made, err := r.texts(`select column_name from information_schema.columns
		where table_catalog = current_database() and table_schema = 'report' and table_name = 'duplicates' and column_name = 'group_number'`)
	if err != nil || len(made) == 0 {
		return d, err
	}
	d.Made, d.CSV = true, r.csvOf("duplicates")
	if d.Entities, err = r.texts(`select distinct entity from report.duplicates order by entity`); err != nil {
		return nil, err
	}
	at, _ := strconv.Atoi(r.value("from")) // what is no number is the beginning
	page := duplicates.Page{Limit: groupsShown, Offset: max(at, 0), Evidence: evidenceRead}
	groups, total, err := duplicates.Read(r.Context(), r.db, duplicates.Filter{Entity: d.Entity, Scope: d.Scope, Kind: d.Kind, ID: crm.Asked(d.ID)}, page)
	if err != nil {
		return nil, err
	}
	d.From, d.Total = min(page.Offset, total), total
	if d.From > 0 {
		d.First = r.from(0)
	}
	if next := d.From + len(groups); next < total {
		d.Next = r.from(next)
	}
	return d, s.beside(r, &d, groups)
}

// beside reads what the records of the groups hold.
func (s *Server) beside(r *request, d *duplicatesData, groups []duplicates.Group) error {
	p, err := s.project(r)
	if err != nil {
		return err
	}
	var wanted []crm.Record
	for _, g := range groups {
		for _, x := range g.Records[:min(len(g.Records), recordsShown)] {
			wanted = append(wanted, recordOf(x))
		}
	}
	all, err := r.records(wanted)
	if err != nil {
		return err
	}
	for _, g := range groups {
		one := groupSideBySide{Group: g, Shown: g.Records[:min(len(g.Records), recordsShown)], Told: g.Evidence[:min(len(g.Evidence), evidenceTold)]}
		one.Rest = g.Records[len(one.Shown):min(len(g.Records), recordsNamed)]
		one.More, one.Else = g.Size-len(one.Shown)-len(one.Rest), g.Said-len(one.Told)
		var records []crm.Record
		for _, x := range one.Shown {
			records = append(records, recordOf(x))
		}
		lines, err := s.sideBySide(r, p, g.Entity, records, all)
		if err != nil {
			return err
		}
		one.Lines, one.Alike = apart(lines)
		if len(records) == 2 && g.Size == 2 && records[0].Object.System != records[1].Object.System {
			slices.SortFunc(records, func(a, _ crm.Record) int { return map[bool]int{true: -1, false: 1}[a.Object.System == crm.HubSpot] })
			one.Pair = &pairOfRecords{records[0].ID, records[1].ID}
		}
		d.Groups = append(d.Groups, one)
	}
	return nil
}

func recordOf(x duplicates.Record) crm.Record {
	return crm.Record{Object: crm.Object{System: crm.System(x.System), Name: x.Object}, ID: x.ID}
}

// from is the address of this page from another place on.
func (r *request) from(n int) string {
	v := r.URL.Query()
	v.Set("from", strconv.Itoa(n))
	return (&url.URL{Path: r.URL.Path, RawQuery: v.Encode()}).String()
}
