package dashboard

import (
	"errors"
	"net/url"
	"slices"

	"lockstep/internal/explain"
)

// personData is one record's story.
type personData struct {
	Who, Entity string
	Entities    []string
	Story       *explain.Story // nil: nobody was asked for, or there is nobody
	Nobody      bool
	All         bool // fields that neither side fills, too
	AllLink     string
	Fields      []explain.Field
	Left        int // fields that are not shown
	Pipelines   []string
}

// person tells one record's story: by its id in either CRM, or by an e-mail address.
func (s *Server) person(r *request) (any, error) {
	d := personData{Who: r.value("who"), Entity: r.value("entity"), All: r.value("all") != ""}
	p, err := s.project(r)
	if err != nil {
		return nil, err
	}
	for _, e := range p.Entities {
		if !e.Set() {
			d.Entities = append(d.Entities, e.Name)
		}
	}
	if !slices.Contains(d.Entities, d.Entity) {
		d.Entity = ""
	}
	if d.Who == "" || len(p.Entities) == 0 {
		return d, nil
	}
	d.Story, err = explain.Person(r.Context(), r.db, p, d.Entity, d.Who)
	if errors.Is(err, explain.ErrNobody) {
		d.Nobody = true
		return d, nil
	}
	if err != nil {
		return nil, err
	}
	for _, f := range d.Story.Fields {
		if !d.All && text(f.HubSpot) == "" && text(f.Salesforce) == "" && f.State != "no translation" && f.State != "waits for a link" {
			d.Left++
			continue
		}
		d.Fields = append(d.Fields, f)
	}
	d.AllLink = "/person?" + url.Values{"who": {d.Who}, "entity": {d.Entity}, "all": {"1"}}.Encode()
	d.Pipelines = s.pipelines()
	return d, nil
}

// text is a value that may be absent.
func text(v *string) string {
	if v == nil {
		return ""
	}
	return *v
}

// past is a base where it says more than the value itself: most of the time both stand at theirs.
func past(value, base *string) string {
	switch {
	case value != nil && base != nil && *value != *base && *base == "":
		return "was blank"
	case value != nil && base != nil && *value != *base:
		return "was " + *base
	case text(value) != "" && base == nil:
		return "no base yet"
	}
	return ""
}

// personTone is how a field's state looks.
func personTone(state string) string {
	switch state {
	case "agreed", "same in translation":
		return "good"
	case "refused", "frozen":
		return "bad"
	case "asks", "due", "waiting", "waits for a link", "no translation", "edited since the plan", "not decided yet":
		return "warn"
	}
	return "quiet"
}
