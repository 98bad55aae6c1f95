package soql

import (
	"strconv"
	"strings"
)

// MaxLength is the longest statement the API takes, in characters.
const MaxLength = 100_000

// maxNesting bounds parentheses and NOTs, so that a hostile query cannot exhaust the stack.
const maxNesting = 200

type parser struct {
	q      *Query
	tokens []token
	i      int
	depth  int
}

// Parse reads one statement. The error is always an *Error.
func Parse(s string) (*Query, *Error) {
	q := &Query{Text: s, Limit: -1}
	if len(s) > MaxLength {
		return nil, q.Malformed(-1, "SOQL statements cannot be longer than 100000 characters.")
	}
	tokens, err := lex(q)
	if err != nil {
		return nil, err
	}
	p := &parser{q: q, tokens: tokens}
	if err := p.statement(q); err != nil {
		return nil, err
	}
	if p.peek().kind != end {
		return nil, p.unexpected()
	}
	return q, nil
}

func (p *parser) peek() token { return p.tokens[p.i] }

func (p *parser) next() token {
	t := p.tokens[p.i]
	if t.kind != end {
		p.i++
	}
	return t
}

// is tells whether the next tokens are these words or signs; take also steps over them.
func (p *parser) is(words ...string) bool {
	for k, w := range words {
		if p.i+k >= len(p.tokens) {
			return false
		}
		t := p.tokens[p.i+k]
		if t.kind != word && t.kind != sign || !strings.EqualFold(t.text, w) {
			return false
		}
	}
	return true
}

func (p *parser) take(words ...string) bool {
	if !p.is(words...) {
		return false
	}
	p.i += len(words)
	return true
}

func (p *parser) expect(w string) *Error {
	if !p.take(w) {
		return p.unexpected()
	}
	return nil
}

func (p *parser) unexpected() *Error {
	t := p.peek()
	if t.kind == end {
		return p.q.Malformed(t.at, "unexpected token: '<EOF>'")
	}
	return p.q.Malformed(t.at, "unexpected token: '%s'", t.text)
}

// statement reads SELECT … FROM … into q, which for a semi-join is not the outermost query.
func (p *parser) statement(q *Query) *Error {
	if err := p.expect("SELECT"); err != nil {
		return err
	}
	if p.take("COUNT", "(", ")") {
		q.Count = true
	} else {
		for {
			item, err := p.item()
			if err != nil {
				return err
			}
			q.Select = append(q.Select, item)
			if !p.take(",") {
				break
			}
		}
	}
	if err := p.expect("FROM"); err != nil {
		return err
	}
	t := p.next()
	if t.kind != word || strings.ContainsAny(t.text, ".:") || reserved(t.text) {
		p.i--
		if t.kind == end {
			p.i++
		}
		return p.unexpected()
	}
	q.From, q.FromAt = t.text, t.at
	as := p.take("AS")
	if t := p.peek(); t.kind == word && !reserved(t.text) && !strings.ContainsAny(t.text, ".:") {
		q.Alias = p.next().text
	} else if as {
		return p.unexpected()
	}
	return p.clauses(q)
}

func (p *parser) clauses(q *Query) *Error {
	if p.take("WHERE") {
		e, err := p.condition()
		if err != nil {
			return err
		}
		q.Where = e
	}
	if p.take("GROUP", "BY") {
		for {
			path, err := p.path()
			if err != nil {
				return err
			}
			q.GroupBy = append(q.GroupBy, path)
			if !p.take(",") {
				break
			}
		}
	}
	if p.take("ORDER", "BY") {
		for {
			o, err := p.order()
			if err != nil {
				return err
			}
			q.OrderBy = append(q.OrderBy, o)
			if !p.take(",") {
				break
			}
		}
	}
	if p.take("LIMIT") {
		n, err := p.count()
		if err != nil {
			return err
		}
		q.Limit = n
	}
	if p.take("OFFSET") {
		n, err := p.count()
		if err != nil {
			return err
		}
		q.Offset = n
	}
	q.AllRows = p.take("ALL", "ROWS")
	return nil
}

func (p *parser) count() (int, *Error) {
	t := p.peek()
	n, bad := strconv.Atoi(t.text)
	if t.kind != literal || bad != nil || n < 0 {
		return 0, p.unexpected()
	}
	p.next()
	return n, nil
}

func (p *parser) order() (Order, *Error) {
	item, err := p.item()
	if err != nil {
		return Order{}, err
	}
	o := Order{Item: item}
	if p.take("DESC") {
		o.Desc = true
	} else {
		p.take("ASC")
	}
	if p.take("NULLS", "LAST") {
		o.NullsLast = true
	} else {
		p.take("NULLS", "FIRST")
	}
	return o, nil
}

func (p *parser) item() (Item, *Error) {
	t := p.peek()
	if t.kind == word && p.i+1 < len(p.tokens) && p.tokens[p.i+1].text == "(" && p.tokens[p.i+1].kind == sign {
		return p.function()
	}
	path, err := p.path()
	if err != nil {
		return Item{}, err
	}
	return Item{Path: path, Alias: p.alias()}, nil
}

func (p *parser) function() (Item, *Error) {
	name := strings.ToUpper(p.peek().text)
	switch name {
	case "FIELDS":
		p.i += 2
		set := strings.ToUpper(p.peek().text)
		if set != "ALL" && set != "CUSTOM" && set != "STANDARD" {
			return Item{}, p.unexpected()
		}
		at := p.next().at
		return Item{Fields: set, Path: Path{At: at}}, p.expect(")")
	case "COUNT", "COUNT_DISTINCT", "MIN", "MAX", "SUM", "AVG":
		p.i += 2
		path, err := p.path()
		if err != nil {
			return Item{}, err
		}
		if err := p.expect(")"); err != nil {
			return Item{}, err
		}
		return Item{Path: path, Function: name, Alias: p.alias()}, nil
	}
	p.next()
	return Item{}, p.unexpected()
}

// alias reads the name after a selected column or aggregate, if there is one.
func (p *parser) alias() string {
	t := p.peek()
	if t.kind != word || reserved(t.text) || strings.ContainsAny(t.text, ".:") {
		return ""
	}
	p.next()
	return t.text
}

func (p *parser) path() (Path, *Error) {
	t := p.peek()
	if t.kind != word || reserved(t.text) || strings.Contains(t.text, ":") {
		return Path{}, p.unexpected()
	}
	parts := strings.Split(t.text, ".")
	for _, part := range parts {
		if part == "" {
			return Path{}, p.unexpected()
		}
	}
	p.next()
	return Path{Parts: parts, At: t.at}, nil
}

// reserved lists the words that end a name: without it "FROM Lead WHERE" would read WHERE as an alias.
func reserved(w string) bool {
	switch strings.ToUpper(w) {
	case "SELECT", "FROM", "WHERE", "GROUP", "ORDER", "LIMIT", "OFFSET", "AND", "OR", "NOT", "IN", "LIKE",
		"INCLUDES", "EXCLUDES", "ASC", "DESC", "NULLS", "ALL", "FOR", "WITH", "USING", "HAVING", "AS",
		"TRUE", "FALSE", "NULL", "TYPEOF":
		return true
	}
	return false
}
