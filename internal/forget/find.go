package forget

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"lockstep/internal/crm"
	"lockstep/internal/entity"
	"lockstep/internal/warehouse"
)

// Record is one record of the person.
type Record struct {
	crm.Record
	Why string // how it was found: e-mail, id, linked, in a set, forgotten since
}

// inSet is how an element of a set is found.
const inSet = "in a set"

// tables are the warehouse's own tables, by schema and name.
type table struct {
	schema, name string
	columns      []column
}

type column struct {
	name, typ string
	null      bool
}

func (t table) String() string { return quote(t.schema) + "." + quote(t.name) }

// object is what a mirror mirrors.
func (t table) object() crm.Object { return crm.Object{System: crm.System(t.schema), Name: t.name} }

func (t table) has(names ...string) bool {
	for _, n := range names {
		if !slices.ContainsFunc(t.columns, func(c column) bool { return c.name == n }) {
			return false
		}
	}
	return true
}

// mirror tells a CRM's object from the tables of ours in its schema.
func (t table) mirror() bool {
	return (t.schema == string(crm.HubSpot) || t.schema == string(crm.Salesforce)) && t.has("_deleted", "_landed_at")
}

// id is the name of a mirror's id column.
func (t table) id() string {
	if t.schema == string(crm.Salesforce) {
		return `"Id"`
	}
	return "id"
}

func tables(ctx context.Context, db warehouse.Conn) ([]table, error) {
	rows, err := db.QueryContext(ctx, `
		select c.schema_name, c.table_name, c.column_name, c.data_type, c.is_nullable
		from duckdb_columns() as c
		join duckdb_tables() as t on t.table_oid = c.table_oid and t.database_name = c.database_name
		where c.database_name = current_database() and not t.temporary
		order by 1, 2, c.column_index`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var all []table
	for rows.Next() {
		var t table
		var c column
		if err := rows.Scan(&t.schema, &t.name, &c.name, &c.typ, &c.null); err != nil {
			return nil, err
		}
		if n := len(all); n == 0 || all[n-1].schema != t.schema || all[n-1].name != t.name {
			all = append(all, t)
		}
		all[len(all)-1].columns = append(all[len(all)-1].columns, c)
	}
	return all, rows.Err()
}

var saysEmail = regexp.MustCompile(`(?i)\bas email\b`)

// Find looks for a person: all records with an e-mail address, or the record of an id, and the records they are linked
// with. Elements of sets (a role, a membership, an association) in which one of them stands are the person's, too.
// object narrows an id to one object, as in hubspot.contacts; empty: any.
func Find(ctx context.Context, db warehouse.Conn, p *entity.Project, what, object string) (found []Record, err error) {
	defer func() {
		var hinted *crm.Hinted
		if err != nil && !errors.As(err, &hinted) {
			err = fmt.Errorf("forget.Find: %w", warehouse.Cut(err))
		}
	}()
	all, err := tables(ctx, db)
	if err != nil {
		return nil, err
	}
	s := &search{ctx: ctx, db: db, all: all, known: map[crm.Record]bool{}}
	email := strings.Contains(what, "@")
	for _, e := range p.Entities {
		for _, f := range e.From {
			if f.Events() || e.Set() || object != "" && !strings.EqualFold(object, f.Object.String()) {
				continue
			}
			for _, t := range all {
				if !t.mirror() || t.object() != f.Object {
					continue
				}
				if err := s.start(t, what, email, saysEmail.MatchString(f.Text)); err != nil {
					return nil, err
				}
			}
		}
	}
	if objects := s.objects(); !email && len(objects) > 1 {
		return nil, crm.WithHint(fmt.Errorf("%s is the id of several records: %s", what, strings.Join(objects, ", ")), "say which one is meant: --object %s", objects[0])
	}
	for n := -1; n < len(s.found); {
		n = len(s.found)
		if err := s.linked(); err != nil {
			return nil, err
		}
	}
	if err := s.sets(p); err != nil {
		return nil, err
	}
	return s.found, nil
}

// search is one Find under way.
type search struct {
	ctx   context.Context
	db    warehouse.Conn
	all   []table
	known map[crm.Record]bool
	found []Record
}

func (s *search) objects() (names []string) {
	for _, r := range s.found {
		if !slices.Contains(names, r.Object.String()) {
			names = append(names, r.Object.String())
		}
	}
	return names
}

func (s *search) add(o crm.Object, id, why string) {
	r := crm.Record{Object: o, ID: id}
	if id != "" && !s.known[r] {
		s.known[r] = true
		s.found = append(s.found, Record{r, why})
	}
}

// ids are those of an object that were found.
func (s *search) ids(o crm.Object) (ids []string) {
	for _, r := range s.found {
		if r.Object == o {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

// start looks into a mirror for what was asked.
func (s *search) start(t table, what string, email, people bool) error {
	why, fits := "id", []string{t.id() + " = $1"}
	if t.schema == string(crm.Salesforce) {
		fits = append(fits, "length($1) = 15 and left("+t.id()+", 15) = $1")
	}
	if email {
		why, fits = "e-mail", nil
		for _, c := range t.columns {
			if people && c.typ == "VARCHAR" && strings.Contains(strings.ToLower(c.name), "email") {
				fits = append(fits, "list_contains(string_split(lower("+quote(c.name)+"), ';'), lower($1))") // more addresses stand in one text
			}
		}
	}
	if len(fits) == 0 {
		return nil
	}
	return s.records(t.object(), why, "select "+t.id()+" from "+t.String()+" where "+strings.Join(fits, " or "), strings.TrimSpace(what))
}

func (s *search) records(o crm.Object, why, query string, args ...any) error {
	rows, err := s.db.QueryContext(s.ctx, query, args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return err
		}
		s.add(o, id, why)
	}
	return rows.Err()
}

// linked adds the other sides of the pairs that the found records are or were in.
func (s *search) linked() error {
	for _, t := range s.all {
		if t.schema != "link" {
			continue
		}
		rows, err := s.db.QueryContext(s.ctx, `select coalesce(hubspot_object, ''), coalesce(hubspot_id, ''), coalesce(salesforce_object, ''), coalesce(salesforce_id, '')
			from `+t.String()+` where hubspot_id in (select unnest($1::varchar[])) or salesforce_id in (select unnest($1::varchar[]))`, s.allIDs())
		if err != nil {
			return err
		}
		var pairs [][2]crm.Record
		for rows.Next() {
			h, f := crm.Record{Object: crm.Object{System: crm.HubSpot}}, crm.Record{Object: crm.Object{System: crm.Salesforce}}
			if err := rows.Scan(&h.Object.Name, &h.ID, &f.Object.Name, &f.ID); err != nil {
				_ = rows.Close()
				return err
			}
			pairs = append(pairs, [2]crm.Record{h, f})
		}
		if err := rows.Close(); err != nil {
			return err
		}
		for _, p := range pairs {
			if s.known[p[0]] || s.known[p[1]] {
				s.add(p[0].Object, p[0].ID, "linked")
				s.add(p[1].Object, p[1].ID, "linked")
			}
		}
	}
	return nil
}

func (s *search) allIDs() []string {
	ids := []string{}
	for _, r := range s.found {
		ids = append(ids, r.ID)
	}
	return ids
}

// sets adds elements of sets: HubSpot's associations by the records they stand between, Salesforce's by their references.
func (s *search) sets(p *entity.Project) error {
	own := slices.Clone(s.found)
	var salesforce []string
	for _, r := range own {
		if r.Object.System == crm.Salesforce {
			salesforce = append(salesforce, r.ID)
		}
	}
	for _, t := range s.all {
		if !t.mirror() {
			continue
		}
		if first, second, ok := t.object().Associations(); ok {
			for column, name := range map[string]string{"from_id": first, "to_id": second} {
				ids := s.ids(crm.Object{System: crm.HubSpot, Name: name})
				if len(ids) == 0 {
					continue
				}
				if err := s.records(t.object(), inSet, "select id from "+t.String()+" where "+column+" in (select unnest($1::varchar[]))", ids); err != nil {
					return err
				}
			}
			continue
		}
		element := slices.ContainsFunc(p.Entities, func(e *entity.Entity) bool { return e.Set() && slices.Contains(e.Objects(), t.object()) })
		if !element || len(salesforce) == 0 || t.schema != string(crm.Salesforce) {
			continue
		}
		var fits []string
		for _, c := range t.columns {
			if c.typ == "VARCHAR" && c.name != "Id" {
				fits = append(fits, quote(c.name)+" in (select unnest($1::varchar[]))")
			}
		}
		if err := s.records(t.object(), inSet, "select "+t.id()+" from "+t.String()+" where "+strings.Join(fits, " or "), salesforce); err != nil {
			return err
		}
	}
	return nil
}

func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
