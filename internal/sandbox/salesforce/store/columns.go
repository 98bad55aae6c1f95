package store

import "strings"

// Column is one column of a result, as /query?columns=true tells of it: of a child subquery and of a parent
// with what is selected of them.
type Column struct {
	Name      string // the column's, the relationship's, the alias or expr0
	Display   string // of an aggregate: COUNT(Id)
	Object    string // what the column belongs to
	Field     *Field // nil for an aggregate and for relationships
	Aggregate bool   // an aggregate, or a child subquery
	Inner     []Column
}

// Describe lists the columns of the result in the order they were selected.
func (r *Result) Describe() []Column {
	var out []Column
	for i, m := range r.measures {
		out = append(out, Column{Name: r.Columns[i], Display: m.display, Object: r.Object.Name, Aggregate: true})
		if m.function == "" {
			out[i].Aggregate, out[i].Field = m.path.date != "", m.path.leaf
		}
	}
	return append(out, columnsOf(r.Object.Name, r.shape)...)
}

func columnsOf(object string, shape []*node) []Column {
	var out []Column
	for _, n := range shape {
		c := Column{Name: n.key, Display: n.key, Object: object}
		switch {
		case n.leaf != nil:
			c.Field = n.leaf.leaf
		case n.children != nil:
			c.Aggregate, c.Inner = true, n.children.result.Describe()
		default:
			c.Inner = columnsOf(strings.Join(n.ref.RefersTo, ","), n.inner)
			for _, inner := range n.cases {
				c.Inner = append(c.Inner, columnsOf(object, inner)...)
			}
		}
		out = append(out, c)
	}
	return out
}

// LongTexts is how many custom columns of the record itself that are long texts are selected.
func (r *Result) LongTexts() int {
	n := 0
	for i := range r.paths {
		if f := r.paths[i].leaf; f.Custom && f.Type == "textarea" && f.Length > 255 && len(r.paths[i].hops) == 0 {
			n++
		}
	}
	return n
}
