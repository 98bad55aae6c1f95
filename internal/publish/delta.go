package publish

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
)

// most is the share of a table's rows from which on it is written whole again rather than as what changed.
const most = 3 // a third

// large are the tables that are published as what changed since they were whole, with the condition for that.
//
// A mirror's rows say when they became different. What only got a newer stamp has one that is newer than all were then;
// the rare one that came late, behind a lagging search, shows its older stamp until the night. Links and bases say
// nothing: their pairs are those of the plans and of history since then. Should a row have changed in a way that neither
// knows, the numbers of rows differ, or it is seen at night.
func (p *publication) large(ctx context.Context, tables []*source) (map[string]string, error) {
	all := map[string]string{}
	var pairs []*source
	for _, s := range tables {
		before := p.old(s)
		switch {
		case s.key() == nil || s.rows <= p.o.Small || p.o.Whole || before == nil || before.Whole == nil:
		case s.schema == "base" && p.before.Mapping != p.o.Mapping: // a field that is turned off loses all its bases
		case s.schema == "link" || s.schema == "base":
			pairs = append(pairs, s)
			all[s.title()] = "pair_id in (select pair_id from temp.lockstep_touched where entity = " + text(s.name) + ")"
		default:
			all[s.title()] = since(before.Whole)
		}
	}
	return all, p.touched(ctx, pairs)
}

// since is the condition for the rows of a mirror that changed after it was written whole.
func since(w *Whole) string {
	var any []string
	if w.Landed != nil {
		any = append(any, "_landed_at > "+instant(*w.Landed), "_deleted_at > "+instant(*w.Landed))
	}
	if w.Modified != nil {
		any = append(any, "_modified_at > "+instant(*w.Modified))
	}
	if any == nil {
		return "true"
	}
	return "(" + strings.Join(any, " or ") + ")"
}

// touched lists the pairs that runs since the oldest of these files may have moved, and those of their deltas.
func (p *publication) touched(ctx context.Context, tables []*source) error {
	if len(tables) == 0 {
		return nil
	}
	run := p.o.Run
	var q []string
	for _, s := range tables {
		before := p.old(s)
		run = min(run, before.Whole.Run)
		if before.Delta != nil {
			q = append(q, "select "+text(s.name)+", pair_id from "+p.before.parquet([]File{*before.Delta}))
		}
	}
	for _, t := range []struct{ table, id string }{{"plan.link", "plan_id"}, {"plan.settle", "plan_id"}, {"plan.change", "plan_id"}, {"history.change", "run_id"}} {
		q = append(q, "select entity, pair_id from "+t.table+" where "+after(t.id, run))
	}
	_, err := p.conn.ExecContext(ctx, "create or replace temp table lockstep_touched as select distinct * from ("+strings.Join(q, " union all ")+") as t(entity, pair_id)")
	return err
}

// after is the condition for the ids of later runs, and of others of the same second: ids sort by time up to that.
func after(column, run string) string {
	second, _, _ := strings.Cut(run, "-")
	return fmt.Sprintf("(%[1]s > %[2]s or starts_with(%[1]s, %[3]s) and %[1]s <> %[2]s)", column, text(run), text(second+"-"))
}

// delta is a table as its whole file and what changed since; without files where that will not do.
func (p *publication) delta(ctx context.Context, s *source, before *Table, d digest, changed string) (*Table, error) {
	none := &Table{}
	if d.rows*most > d.total || len(before.Files) == 0 {
		return none, nil
	}
	now := &Table{Columns: s.columns, Key: s.key(), Files: before.Files, Whole: before.Whole, Digest: before.Digest, Rows: d.total}
	if d.rows > 0 {
		if before.Delta != nil && before.Delta.Digest == d.sum && before.Rows == d.total {
			now.Delta = before.Delta
			return now, nil
		}
		f, err := p.copy(ctx, s, "since", "where "+changed)
		if err != nil {
			return nil, err
		}
		f.Digest = d.sum
		now.Delta = &f
	}
	n := now.Files[0].Rows
	if now.Delta != nil {
		var over []string
		for _, k := range s.key() {
			over = append(over, quote(k))
		}
		if err := p.conn.QueryRowContext(ctx, fmt.Sprintf(`select $1 + count(*) from %s as whole anti join %s as delta using (%s)`,
			p.next.parquet(now.Files), p.next.parquet([]File{*now.Delta}), strings.Join(over, ", ")), now.Delta.Rows).Scan(&n); err != nil {
			return nil, err
		}
	}
	if n != d.total {
		return none, p.unwrite(now.Delta)
	}
	return now, nil
}

// unwrite removes a file of this attempt that nothing is to name.
func (p *publication) unwrite(f *File) error {
	if f == nil {
		return nil
	}
	p.report.Files--
	p.report.Bytes -= f.Bytes
	path := p.path(f.Path)
	p.written = slices.DeleteFunc(p.written, func(w string) bool { return w == path })
	return os.Remove(path)
}

// mark notes from when on changes are told apart, if the table's rows ever need that.
func (p *publication) mark(ctx context.Context, s *source) (*Whole, error) {
	if s.key() == nil || s.rows <= p.o.Small {
		return nil, nil
	}
	w := &Whole{Run: p.o.Run}
	if s.schema == "link" || s.schema == "base" {
		return w, nil
	}
	return w, p.conn.QueryRowContext(ctx, "select max(_landed_at), max(_modified_at) from "+s.from()).Scan(&w.Landed, &w.Modified)
}
