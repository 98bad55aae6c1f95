package soql

import (
	"strconv"
	"strings"
	"unicode/utf8"
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
	having bool // inside HAVING, where aggregates may stand
}

// Parse reads one statement. The error is always an *Error.
func Parse(s string) (*Query, *Error) {
	q := &Query{Text: s, Limit: -1}
	if utf8.RuneCountInString(s) > MaxLength {
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
	t, err := p.object()
	if err != nil {
		return err
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

// object reads the name of an object. Group and Order are names too, where no BY follows.
func (p *parser) object() (token, *Error) {
	t := p.peek()
	named := strings.EqualFold(t.text, "Group") || strings.EqualFold(t.text, "Order")
	if t.kind != word || strings.ContainsAny(t.text, ".:") || reserved(t.text) && !named || p.is(t.text, "BY") {
		return t, p.unexpected()
	}
	return p.next(), nil
}

func (p *parser) clauses(q *Query) (err *Error) {
	if p.take("USING", "SCOPE") {
		if t := p.peek(); t.kind != word || reserved(t.text) {
			return p.unexpected()
		}
		q.Scope = strings.ToLower(p.next().text)
	}
	if p.take("WHERE") {
		if q.Where, err = p.condition(); err != nil {
			return err
		}
	}
	if p.is("WITH", "SECURITY_ENFORCED") {
		return p.q.Malformed(p.peek().at, "WITH SECURITY_ENFORCED not allowed in this context")
	}
	if p.take("GROUP", "BY") {
		if q.GroupBy, err = p.grouping(); err != nil {
			return err
		}
	}
	if p.take("HAVING") {
		p.having = true
		q.Having, err = p.condition()
		if p.having = false; err != nil {
			return err
		}
	}
	if p.take("ORDER", "BY") {
		if q.OrderBy, err = p.ordering(); err != nil {
			return err
		}
	}
	if p.take("LIMIT") {
		if q.Limit, err = p.count(); err != nil {
			return err
		}
	}
	if p.take("OFFSET") {
		if q.Offset, err = p.count(); err != nil {
			return err
		}
	}
	return p.ending(q)
}

// ending reads what may follow LIMIT and OFFSET. What Apex alone may say is refused by name.
func (p *parser) ending(q *Query) *Error {
	at := p.peek().at
	switch {
	case p.take("FOR", "VIEW"):
		q.For = "VIEW"
	case p.take("FOR", "REFERENCE"):
		q.For = "REFERENCE"
	case p.is("FOR", "UPDATE"):
		return p.q.Malformed(at, "FOR UPDATE not allowed in this context")
	case p.is("ALL", "ROWS"):
		return p.q.Malformed(at, "ALL ROWS not allowed in this context")
	}
	return nil
}

func (p *parser) grouping() ([]Item, *Error) {
	var out []Item
	for {
		item, err := p.column(false)
		if err != nil {
			return nil, err
		}
		if out = append(out, item); !p.take(",") {
			return out, nil
		}
	}
}

func (p *parser) ordering() ([]Order, *Error) {
	var out []Order
	for {
		o, err := p.order()
		if err != nil {
			return nil, err
		}
		if out = append(out, o); !p.take(",") {
			return out, nil
		}
	}
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
	item, err := p.column(true)
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
