package soql

import "strings"

// condition reads terms joined by AND or by OR. SOQL refuses to mix the two without parentheses.
func (p *parser) condition() (Expr, *Error) {
	p.depth++
	defer func() { p.depth-- }()
	if p.depth > maxNesting {
		return nil, p.q.Invalid("QUERY_TOO_COMPLICATED", -1, "Query is either selecting too many fields or the filter conditions are too complicated.")
	}
	first, err := p.term()
	if err != nil {
		return nil, err
	}
	terms := []Expr{first}
	join := ""
	for p.is("AND") || p.is("OR") {
		w := strings.ToUpper(p.peek().text)
		if join != "" && w != join {
			return nil, p.unexpected()
		}
		join = w
		p.next()
		t, err := p.term()
		if err != nil {
			return nil, err
		}
		terms = append(terms, t)
	}
	switch join {
	case "AND":
		return And(terms), nil
	case "OR":
		return Or(terms), nil
	}
	return first, nil
}

func (p *parser) term() (Expr, *Error) {
	p.depth++
	defer func() { p.depth-- }()
	if p.depth > maxNesting {
		return nil, p.q.Invalid("QUERY_TOO_COMPLICATED", -1, "Query is either selecting too many fields or the filter conditions are too complicated.")
	}
	switch {
	case p.take("NOT"):
		e, err := p.term()
		if err != nil {
			return nil, err
		}
		return Not{e}, nil
	case p.take("("):
		e, err := p.condition()
		if err != nil {
			return nil, err
		}
		return e, p.expect(")")
	}
	return p.comparison()
}

func (p *parser) comparison() (Expr, *Error) {
	left, err := p.column(p.having)
	if err != nil {
		return nil, err
	}
	if left.Fields != "" || left.Wrap == "FORMAT" {
		return nil, p.unexpected()
	}
	switch {
	case p.take("NOT", "IN"):
		return p.list(left, "NOT IN")
	case p.take("IN"):
		return p.list(left, "IN")
	case p.take("INCLUDES"):
		return p.list(left, "INCLUDES")
	case p.take("EXCLUDES"):
		return p.list(left, "EXCLUDES")
	}
	op := strings.ToUpper(p.peek().text)
	switch op {
	case "<>":
		op = "!="
	case "=", "!=", "<", "<=", ">", ">=", "LIKE":
	default:
		return nil, p.unexpected()
	}
	if t := p.peek(); t.kind != sign && t.kind != word {
		return nil, p.unexpected()
	}
	p.next()
	v, err := p.value()
	if err != nil {
		return nil, err
	}
	return Compare{left, op, v}, nil
}

func (p *parser) list(left Item, op string) (Expr, *Error) {
	if err := p.expect("("); err != nil {
		return nil, err
	}
	if p.is("SELECT") && strings.HasSuffix(op, "IN") {
		p.depth++
		defer func() { p.depth-- }()
		if p.depth > maxNesting {
			return nil, p.unexpected()
		}
		sub, having := &Query{Text: p.q.Text, Limit: -1}, p.having
		p.having = false
		if err := p.statement(sub); err != nil {
			return nil, err
		}
		p.having = having
		return In{Left: left, Op: op, Sub: sub}, p.expect(")")
	}
	in := In{Left: left, Op: op}
	for {
		v, err := p.value()
		if err != nil {
			return nil, err
		}
		in.Values = append(in.Values, v)
		if !p.take(",") {
			break
		}
	}
	return in, p.expect(")")
}
