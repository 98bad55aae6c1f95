package explain

import (
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"lockstep/internal/crm"
	"lockstep/internal/entity"
	"lockstep/internal/warehouse"
)

// find looks for the records of an id or an e-mail address, in one query over all mirrors.
func (t *teller) find(name, what string) ([]Match, error) {
	what = strings.TrimSpace(what)
	entities := slices.Clone(t.parsed.Entities)
	if name != "" {
		e, ok := t.parsed.Entity(name)
		if !ok {
			return nil, crm.WithHint(fmt.Errorf("no entity %q in sql/", name), "entities are folders of sql/; without a name all of them are asked")
		}
		entities = []*entity.Entity{e}
	}
	// people first: an id of HubSpot is unique only within its object
	slices.SortStableFunc(entities, func(a, b *entity.Entity) int { return rank(a) - rank(b) })
	email := strings.Contains(what, "@")
	var parts []string
	for i, e := range entities {
		for j, f := range e.From {
			columns, err := warehouse.Columns(t.ctx, t.conn, string(f.Object.System), f.Object.Name)
			if err != nil {
				return nil, err
			}
			if len(columns) == 0 || f.Events() {
				continue
			}
			fits := []string{"id = $1", "length($1) = 15 and length(id) = 18 and left(id, 15) = $1"} // Salesforce shows both lengths
			if f.Object.System == crm.HubSpot {
				fits = fits[:1]
			}
			if email {
				fits = t.addresses(f, columns)
			}
			for _, fit := range fits {
				parts = append(parts, fmt.Sprintf("select %d as a, %d as b, id::varchar as id, _deleted as gone from %s.%s where %s",
					i, j, f.Object.System, entity.Quote(f.Object.Name), fit))
			}
		}
	}
	if len(parts) == 0 {
		return nil, nil
	}
	rows, err := t.conn.QueryContext(t.ctx, "select distinct a, b, id, gone from ("+strings.Join(parts, "\nunion all ")+") order by gone, a, b, id limit 20", what)
	if err != nil {
		return nil, fmt.Errorf("explain: %w", err)
	}
	defer func() { _ = rows.Close() }()
	var all []Match
	for rows.Next() {
		var a, b int
		var id string
		var gone bool
		if err := rows.Scan(&a, &b, &id, &gone); err != nil {
			return nil, fmt.Errorf("explain: %w", err)
		}
		o := entities[a].From[b].Object
		all = append(all, Match{Entity: entities[a].Name, System: string(o.System), Object: o.Name, ID: id})
	}
	return all, rows.Err()
}

func rank(e *entity.Entity) int {
	if e.Name == "contact" {
		return 0
	}
	return 1
}

// addresses are the conditions for the columns of a mirror that its from file makes the field email of.
func (t *teller) addresses(f entity.ObjectFile, columns []warehouse.TableColumn) (fits []string) {
	s := t.parsed.Statement(f.File)
	if !slices.Contains(s.Output, "email") {
		return nil
	}
	feeds := s.Feeds("email")
	for _, c := range columns {
		if c.Type == "VARCHAR" && slices.Contains(feeds, strings.ToLower(c.Name)) {
			fits = append(fits, "lower(trim("+entity.Quote(c.Name)+")) = lower($1)")
		}
	}
	return fits
}

// linked is a pair with its records, HubSpot's first.
type linked struct {
	Pair
	records []crm.Record
}

// pairOf is the pair that a record is in, a linked one rather than another; nil: none.
func (t *teller) pairOf(m Match) (*linked, error) {
	columns, err := warehouse.Columns(t.ctx, t.conn, "link", m.Entity)
	if err != nil || len(columns) == 0 {
		return nil, err
	}
	var l linked
	var h, s crm.Record
	h.Object.System, s.Object.System = crm.HubSpot, crm.Salesforce
	err = t.conn.QueryRowContext(t.ctx, fmt.Sprintf(`
		select pair_id, state, coalesce(rule, ''), coalesce(reason, ''), linked_at, coalesce(run_id, ''),
			coalesce(hubspot_object, ''), coalesce(hubspot_id, ''), coalesce(salesforce_object, ''), coalesce(salesforce_id, '')
		from link.%s where %s_object = $1 and %[2]s_id = $2
		order by state <> 'linked', linked_at desc, pair_id limit 1`, entity.Quote(m.Entity), m.System), m.Object, m.ID).
		Scan(&l.ID, &l.State, &l.Rule, &l.Reason, &l.LinkedAt, &l.Run, &h.Object.Name, &h.ID, &s.Object.Name, &s.ID)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("explain: link.%s: %w", m.Entity, err)
	}
	l.LinkedAt = l.LinkedAt.UTC()
	for _, r := range []crm.Record{h, s} {
		if r.ID != "" {
			l.records = append(l.records, r)
		}
	}
	return &l, nil
}
