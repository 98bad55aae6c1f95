package forget

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"lockstep/internal/crm"
	"lockstep/internal/warehouse"
)

// words are what texts about the person are recognised by, as regular expressions over lower-case text.
type words struct {
	sure   []string // nobody else has them: addresses and ids
	likely []string // others may have them, too: names and numbers
}

// pattern is one expression for all of them; empty: there are none.
func pattern(all []string) string {
	all = slices.Compact(slices.Sorted(slices.Values(all)))
	return strings.Join(all, "|")
}

var (
	isName  = regexp.MustCompile(`(?i)^(name|fullname|full_name)$`)
	isPhone = regexp.MustCompile(`(?i)(phone|mobile|fax)`)
)

// know reads the words out of the person's rows.
func know(ctx context.Context, db warehouse.Conn, all []table, records []Record) (w words, err error) {
	for _, r := range records {
		if r.Object.System == crm.Salesforce {
			w.sure = append(w.sure, regexp.QuoteMeta(strings.ToLower(r.ID)))
		} else {
			w.sure = append(w.sure, `\b`+regexp.QuoteMeta(strings.ToLower(r.Object.Name+" "+r.ID))+`\b`)
			w.likely = append(w.likely, `^`+regexp.QuoteMeta(r.ID)+`$`)
		}
		if r.Why == inSet {
			continue
		}
		for _, t := range all {
			if t.mirror() && t.object() == r.Object {
				if err := w.read(ctx, db, t, r.ID); err != nil {
					return w, err
				}
			}
		}
	}
	return w, nil
}

func (w *words) read(ctx context.Context, db warehouse.Conn, t table, id string) error {
	var names []string
	for _, c := range t.columns {
		if c.typ == "VARCHAR" {
			names = append(names, c.name)
		}
	}
	if len(names) == 0 {
		return nil
	}
	quoted := make([]string, len(names))
	into, values := make([]any, len(names)), make([]string, len(names))
	for i, n := range names {
		quoted[i], into[i] = "coalesce("+quote(n)+", '')", &values[i]
	}
	if err := db.QueryRowContext(ctx, "select "+strings.Join(quoted, ", ")+" from "+t.String()+" where "+t.id()+" = $1", id).Scan(into...); err != nil {
		return nil // linked once, and not in the mirror any more
	}
	first, last := "", ""
	for i, n := range names {
		v := strings.ToLower(strings.TrimSpace(values[i]))
		switch lower := strings.ToLower(n); {
		case len(v) < 3:
		case strings.Contains(lower, "email") && strings.Contains(v, "@"):
			for _, one := range strings.Split(v, ";") {
				w.sure = append(w.sure, regexp.QuoteMeta(strings.TrimSpace(one)))
			}
		case isPhone.MatchString(lower), isName.MatchString(lower):
			w.likely = append(w.likely, regexp.QuoteMeta(v))
		case lower == "firstname":
			first = v
		case lower == "lastname":
			last = v
		}
	}
	if first != "" && last != "" {
		w.likely = append(w.likely, regexp.QuoteMeta(first+" "+last), regexp.QuoteMeta(last+", "+first))
	}
	return nil
}
