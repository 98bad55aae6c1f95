package store

import (
	"strings"

	"lockstep/internal/sandbox/salesforce/soql"
)

// maxSemiJoins is how many IN ( SELECT … ) one WHERE may have.
const maxSemiJoins = 2

// checkSemiJoins holds the rules on where a subquery may stand: among conditions joined by AND at the top, no
// more than two, and not within another.
func (b *binder) checkSemiJoins(where soql.Expr) *soql.Error {
	count := 0
	var walk func(e soql.Expr, depth int, under string) *soql.Error
	all := func(parts []soql.Expr, depth int, under string) *soql.Error {
		for _, e := range parts {
			if err := walk(e, depth, under); err != nil {
				return err
			}
		}
		return nil
	}
	walk = func(e soql.Expr, depth int, under string) *soql.Error {
		switch e := e.(type) {
		case soql.And:
			return all(e, depth+1, under)
		case soql.Or:
			return all(e, depth+1, "OR")
		case soql.Not:
			return walk(e.Expr, depth+1, "NOT")
		case soql.In:
			if e.Sub == nil {
				return nil
			}
			at := e.Left.Path.At
			count++
			switch {
			case under != "":
				return b.q.Malformed(at, "Semi join sub-selects are not allowed with the '%s' operator", under)
			case depth > 1:
				return b.q.Malformed(at, "Semi join sub-selects are only allowed at the top level WHERE expressions and not in nested WHERE expressions.")
			case count > maxSemiJoins:
				return b.q.Malformed(at, "Maximum %d semi join sub-selects are allowed", maxSemiJoins)
			case strings.EqualFold(e.Sub.From, b.object.Name):
				return b.q.Malformed(at, "The inner and outer selects should not be on the same object type")
			case hasSub(e.Sub.Where):
				return b.q.Malformed(at, "Nesting of semi join sub-selects is not supported")
			case e.Sub.Count || len(e.Sub.OrderBy)+len(e.Sub.GroupBy)+e.Sub.Offset > 0 || e.Sub.Limit >= 0:
				return b.q.Malformed(e.Sub.FromAt, "COUNT(), GROUP BY, ORDER BY, LIMIT and OFFSET are not supported in semi join sub-selects")
			}
		}
		return nil
	}
	return walk(where, 0, "")
}

// hasSub tells whether a condition holds a subquery.
func hasSub(e soql.Expr) bool {
	var parts []soql.Expr
	switch e := e.(type) {
	case soql.And:
		parts = e
	case soql.Or:
		parts = e
	case soql.Not:
		return hasSub(e.Expr)
	case soql.In:
		return e.Sub != nil
	}
	for _, p := range parts {
		if hasSub(p) {
			return true
		}
	}
	return false
}

// semiJoin runs the query inside IN ( … ) and collects its one column.
func (b *binder) semiJoin(sub *soql.Query, left path, at soql.Path) (map[string]bool, *soql.Error) {
	if len(left.hops) > 0 {
		return nil, b.q.Malformed(at.At, "The left operand '%s' cannot have more than one level of relationships", left.name())
	}
	if left.leaf.kind() != Ref {
		return nil, b.q.Malformed(at.At, "The left operand '%s' in a semi join must be an id or a reference field", left.name())
	}
	if len(sub.Select) != 1 || sub.Select[0].Function != "" || len(sub.Select[0].Path.Parts) != 1 {
		return nil, b.q.Malformed(sub.FromAt, "The inner select of a semi join must name one id or reference field")
	}
	res, err := b.org.Query(sub, b.user, b.all, false)
	if err != nil {
		return nil, err
	}
	if res.paths[0].leaf.kind() != Ref {
		return nil, b.q.Invalid("INVALID_FIELD", sub.Select[0].Path.At, "The inner select field '%s' cannot have an IN operator", strings.Join(sub.Select[0].Path.Parts, "."))
	}
	set := map[string]bool{}
	for _, row := range res.Rows {
		if v := res.paths[0].value(b.org, row); !v.IsNull() {
			set[memberKey(v)] = true
		}
	}
	if b.subs == nil {
		b.subs = map[*soql.Query]map[string]bool{}
	}
	b.subs[sub] = set
	return set, nil
}
