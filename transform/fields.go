package transform

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"lockstep/internal/crm"
	"lockstep/internal/entity"
	"lockstep/internal/warehouse"
)

// Field is one row of fields.sql.
type Field struct {
	Name      string
	Direction string          // two_way | hubspot_to_salesforce | salesforce_to_hubspot | off
	Rule      string          // who wins a conflict that winner.sql does not decide
	Blank     string          // keep: a blank never overwrites; clear: it does
	RefersTo  string          // the entity a reference points to; empty: a value
	Unit      string          // fields with the same unit are decided as one; a field alone is its own unit
	Backwards bool            // a stage may go back to an earlier one
	Unmapped  entity.Unmapped // what becomes of a value without a translation
}

var (
	directions = []string{"two_way", "hubspot_to_salesforce", "salesforce_to_hubspot", "off"}
	rules      = []string{"hubspot", "salesforce", "most_recent", "prefer_salesforce_unless_blank", "prefer_hubspot_unless_blank", "ask", optOutWins}
	blanks     = []string{"keep", "clear"}
	// reserved are what a from file says of a record beside our fields.
	reserved = []string{"id", "modified_at", "modified_by", "in_scope", "deleted", "told_on", "superseded_by", "superseded_by_object"}
)

// optOutWins is the rule of consent: who has an opt-out has it in both CRMs, whatever the direction says. A field that is
// off has no direction and stays where it is.
const optOutWins = "opt_out_wins"

// readFields runs fields.sql and refuses what no merge could follow.
func (r *run) readFields() ([]Field, error) {
	f := *r.entity.Fields
	rows, err := r.conn.QueryContext(r.ctx, "select field, direction, rule, coalesce(blank, 'keep'), coalesce(refers_to, ''), coalesce(together, field), "+
		// a column that fields.sql may leave out
		"coalesce(try_cast(to_json(said)->>'$.backwards' as boolean), false) from (\n"+f.Text+"\n) as said")
	if err != nil {
		return nil, f.Error(err, 1)
	}
	defer func() { _ = rows.Close() }()
	var fields []Field
	for rows.Next() {
		var name, direction, rule sql.NullString
		x := Field{}
		if err := rows.Scan(&name, &direction, &rule, &x.Blank, &x.RefersTo, &x.Unit, &x.Backwards); err != nil {
			return nil, f.Error(err, 1)
		}
		x.Name, x.Direction, x.Rule = name.String, direction.String, rule.String
		x.Unmapped = r.entity.Unmapped[x.Name]
		fields = append(fields, x)
	}
	if err := rows.Err(); err != nil {
		return nil, f.Error(err, 1)
	}
	for i, x := range fields {
		if err := checkField(f, x, fields[:i], r.parsed.Project); err != nil {
			return nil, err
		}
	}
	for i, x := range fields {
		if x.Rule == optOutWins && x.Direction != "off" {
			fields[i].Direction = "two_way"
		}
	}
	return fields, r.checkUnmapped(fields)
}

func checkField(f entity.File, x Field, before []Field, p *entity.Project) error {
	one := func(what, got string, of []string) error {
		if slices.Contains(of, got) {
			return nil
		}
		return crm.WithHint(fmt.Errorf("%s: field %q: %s %q", f.Path, x.Name, what, got), "%s is one of %s", what, strings.Join(of, ", "))
	}
	if x.Name == "" || slices.Contains(reserved, x.Name) {
		return crm.WithHint(fmt.Errorf("%s: %q is not a name for a field", f.Path, x.Name), "these words are taken: %s", strings.Join(reserved, ", "))
	}
	for _, err := range []error{one("direction", x.Direction, directions), one("rule", x.Rule, rules), one("blank", x.Blank, blanks)} {
		if err != nil {
			return err
		}
	}
	if x.RefersTo != "" {
		parent, ok := p.Entity(x.RefersTo)
		if !ok {
			return crm.WithHint(fmt.Errorf("%s: field %q refers to %q, which is no entity", f.Path, x.Name, x.RefersTo), "refers_to names a folder of sql/")
		}
		if n := len(slices.DeleteFunc(parent.Objects(), func(o crm.Object) bool { return o.System != crm.HubSpot })); n > 1 {
			return crm.WithHint(fmt.Errorf("%s: field %q refers to %q, which has %d HubSpot objects", f.Path, x.Name, x.RefersTo, n),
				"HubSpot's ids are unique only within an object, so such an entity cannot be referred to by id alone")
		}
	}
	for _, y := range before {
		if y.Name == x.Name {
			return crm.WithHint(fmt.Errorf("%s: field %q stands twice", f.Path, x.Name), "keep one of the two rows")
		}
		if y.Unit == x.Unit && (y.Direction != x.Direction || y.Rule != x.Rule || y.Blank != x.Blank) {
			return crm.WithHint(fmt.Errorf("%s: fields %q and %q are together but differ in direction, rule or blank", f.Path, y.Name, x.Name), "fields that are decided as one need the same direction, rule and blank")
		}
	}
	return nil
}

// checkResync refuses a --resync that names nothing.
func (r *run) checkResync() error {
	for _, s := range r.o.Resync {
		e, f, ok := strings.Cut(s, ".")
		if e != r.entity.Name {
			if _, known := r.parsed.Entity(e); !known || !ok {
				return crm.WithHint(fmt.Errorf("--resync %s: no such entity or field", s), "write entity.field, such as contact.phone")
			}
			continue
		}
		if !slices.ContainsFunc(r.fields, func(x Field) bool { return x.Name == f }) {
			return crm.WithHint(fmt.Errorf("--resync %s: fields.sql has no field %q", s, f), "sql/%s/fields.sql lists the fields", e)
		}
	}
	return nil
}

// ensure makes link.<entity> and base.<entity> of every entity, with a column per field.
func (r *run) ensure() error {
	all := map[string][]string{}
	for name, fields := range r.rules {
		all[name] = nil
		for _, f := range fields {
			all[name] = append(all[name], f.Name)
		}
	}
	if err := warehouse.EnsureEntities(r.ctx, r.conn, all); err != nil {
		return fmt.Errorf("transform.ensure: %w", err)
	}
	return nil
}
