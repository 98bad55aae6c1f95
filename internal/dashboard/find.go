package dashboard

import (
	"database/sql"
	"fmt"
	"regexp"
	"strings"

	"lockstep/internal/crm"
)

// pairs are the pairs of the record that is asked for, by its id in either CRM or by an e-mail address: what was written to
// the other side's record is told, too. They are looked up once for a request.
func (r *request) pairs() ([]string, error) {
	if r.paired == nil {
		found, err := r.lookUp(r.value("record"))
		if err != nil {
			return nil, err
		}
		r.paired = &found
	}
	return *r.paired, nil
}

func (r *request) lookUp(asked string) ([]string, error) {
	if strings.Contains(asked, "@") {
		ids, err := r.mailed(asked)
		if err != nil || len(ids) == 0 {
			return nil, err
		}
		asked = strings.Join(ids, "\n")
	}
	asked = crm.Asked(asked)
	entities, err := r.linked()
	if err != nil || asked == "" || len(entities) == 0 {
		return nil, err
	}
	// One id is compared and not looked for in a list: whole row groups are left out by it.
	among := `in (select unnest(string_split($asked, chr(10))))`
	if !strings.Contains(asked, "\n") {
		among = "= $asked"
	}
	parts := make([]string, 0, 2*len(entities))
	for _, e := range entities {
		for _, side := range []string{"hubspot_id", "salesforce_id"} {
			parts = append(parts, fmt.Sprintf(`select pair_id from link.%s where %s %s`, quoted(e), side, among))
		}
	}
	return r.texts(`select distinct pair_id from (`+strings.Join(parts, "\nunion all\n")+`) limit 1000`, sql.Named("asked", asked))
}

// mailed are the ids of the records with that e-mail address, in every mirror that has a column of e-mail addresses.
func (r *request) mailed(address string) ([]string, error) {
	var parts []string
	err := read(r.Context(), r.db, `select table_schema, table_name, column_name from information_schema.columns
		where table_schema in ('hubspot', 'salesforce') and lower(column_name) = 'email' order by all`, nil, ignored, func(row []any) error {
		parts = append(parts, fmt.Sprintf(`select id from %s.%s where lower(%s) = lower($address)`,
			quoted(fmt.Sprint(row[0])), quoted(fmt.Sprint(row[1])), quoted(fmt.Sprint(row[2]))))
		return nil
	})
	if err != nil || len(parts) == 0 {
		return nil, err
	}
	return r.texts(strings.Join(parts, "\nunion all\n")+` limit 1000`, sql.Named("address", address))
}

// runEnd is the end of a run's id, which is what tables show of it beside its time.
var runEnd = regexp.MustCompile(`^[0-9a-z]{6}$`)

// runID is the id of the newest run whose id ends so, or what was given.
func (r *request) runID(given string) (string, error) {
	if !runEnd.MatchString(given) {
		return given, nil
	}
	ids, err := r.texts(`select run_id from history.run where ends_with(run_id, '-' || $given) order by started_at desc limit 1`, sql.Named("given", given))
	if err != nil || len(ids) == 0 {
		return given, err
	}
	return ids[0], nil
}

// linked are the entities that have a table of links.
func (r *request) linked() ([]string, error) {
	return r.texts(`select table_name from information_schema.tables where table_schema = 'link' order by table_name`)
}

// links are the pairs of all entities with their records' ids.
func (r *request) links() (string, error) {
	entities, err := r.linked()
	parts := []string{`select null::varchar as entity, null::varchar as pair_id, null::varchar as hubspot_id, null::varchar as salesforce_id where false`}
	for _, e := range entities {
		parts = append(parts, fmt.Sprintf(`select %s, pair_id, hubspot_id, salesforce_id from link.%s`, literal(e), quoted(e)))
	}
	return strings.Join(parts, "\nunion all\n"), err
}

// texts are the values of a query's only column.
func (r *request) texts(text string, args ...any) (all []string, err error) {
	err = read(r.Context(), r.db, text, args, ignored, func(row []any) error {
		all = append(all, fmt.Sprint(row[0]))
		return nil
	})
	return all, err
}

func ignored([]*sql.ColumnType) error { return nil }

// quoted and literal write a name of the catalog into SQL. What people typed goes as a parameter.
func quoted(name string) string  { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
func literal(name string) string { return `'` + strings.ReplaceAll(name, `'`, `''`) + `'` }
