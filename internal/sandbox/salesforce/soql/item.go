package soql

import "strings"

// dateFunctions take a date or a datetime and give a number, but for DAY_ONLY, which gives a date.
var dateFunctions = map[string]bool{
	"CALENDAR_MONTH": true, "CALENDAR_QUARTER": true, "CALENDAR_YEAR": true, "DAY_IN_MONTH": true, "DAY_IN_WEEK": true,
	"DAY_IN_YEAR": true, "DAY_ONLY": true, "FISCAL_MONTH": true, "FISCAL_QUARTER": true, "FISCAL_YEAR": true,
	"HOUR_IN_DAY": true, "WEEK_IN_MONTH": true, "WEEK_IN_YEAR": true,
}

var aggregates = map[string]bool{"COUNT": true, "COUNT_DISTINCT": true, "MIN": true, "MAX": true, "SUM": true, "AVG": true}

// item reads one element of SELECT.
func (p *parser) item() (Item, *Error) {
	var item Item
	var err *Error
	switch {
	case p.is("(", "SELECT"):
		item, err = p.child()
	case p.is("TYPEOF"):
		item, err = p.typeOf()
	default:
		item, err = p.column(true)
		if err == nil && item.Fields == "" {
			item.Alias = p.alias()
		}
	}
	return item, err
}

// column reads a path or a function of one. Aggregates stand in SELECT, HAVING and ORDER BY alone.
func (p *parser) column(aggregate bool) (Item, *Error) {
	if !p.calls() {
		path, err := p.path()
		return Item{Path: path}, err
	}
	name := strings.ToUpper(p.peek().text)
	known := aggregates[name] && aggregate || dateFunctions[name] || name == "TOLABEL" || (name == "FORMAT" || name == "FIELDS") && aggregate
	if !known {
		p.next()
		return Item{}, p.unexpected()
	}
	p.i += 2
	var item Item
	var err *Error
	switch {
	case name == "FIELDS":
		set := strings.ToUpper(p.peek().text)
		if set != "ALL" && set != "CUSTOM" && set != "STANDARD" {
			return item, p.unexpected()
		}
		item = Item{Fields: set, Path: Path{At: p.next().at}}
	case aggregates[name]:
		item.Path, err = p.path()
		item.Function = name
	case dateFunctions[name]:
		item.Date = name
		item.Zoned = p.take("CONVERTTIMEZONE", "(")
		if item.Path, err = p.path(); err == nil && item.Zoned {
			err = p.expect(")")
		}
	case name == "FORMAT" && p.calls(): // FORMAT(MIN(CloseDate))
		item, err = p.column(true)
		if err == nil && (item.Fields != "" || item.Wrap != "") {
			return item, p.unexpected()
		}
		item.Wrap = name
	default:
		item.Path, err = p.path()
		item.Wrap = name
	}
	if err != nil {
		return item, err
	}
	return item, p.expect(")")
}

// calls tells whether a name with an opening parenthesis comes.
func (p *parser) calls() bool {
	return p.peek().kind == word && p.i+1 < len(p.tokens) && p.tokens[p.i+1].kind == sign && p.tokens[p.i+1].text == "("
}

// child reads ( SELECT … FROM Contacts … ).
func (p *parser) child() (Item, *Error) {
	at := p.next().at
	p.depth++
	defer func() { p.depth-- }()
	if p.depth > maxNesting {
		return Item{}, p.unexpected()
	}
	sub := &Query{Text: p.q.Text, Limit: -1}
	if err := p.statement(sub); err != nil {
		return Item{}, err
	}
	return Item{Sub: sub, Path: Path{At: at}}, p.expect(")")
}

// typeOf reads TYPEOF What WHEN Account THEN Phone, Name ELSE Name END.
func (p *parser) typeOf() (Item, *Error) {
	p.next()
	path, err := p.path()
	if err != nil {
		return Item{}, err
	}
	t := &TypeOf{}
	for p.take("WHEN") {
		name, err := p.object()
		if err != nil {
			return Item{}, err
		}
		if err := p.expect("THEN"); err != nil {
			return Item{}, err
		}
		fields, err := p.paths()
		if err != nil {
			return Item{}, err
		}
		t.Cases = append(t.Cases, TypeCase{name.text, name.at, fields})
	}
	if len(t.Cases) == 0 {
		return Item{}, p.unexpected()
	}
	if p.take("ELSE") {
		if t.Else, err = p.paths(); err != nil {
			return Item{}, err
		}
	}
	return Item{Path: path, TypeOf: t}, p.expect("END")
}

func (p *parser) paths() ([]Path, *Error) {
	var out []Path
	for {
		path, err := p.path()
		if err != nil {
			return nil, err
		}
		out = append(out, path)
		if !p.take(",") {
			return out, nil
		}
	}
}

// alias reads the name after a selected column or aggregate, if there is one: more columns or FROM follow it. What
// stands elsewhere is a mistake of its own, such as a misspelt FROM.
func (p *parser) alias() string {
	t := p.peek()
	if t.kind != word || reserved(t.text) || strings.ContainsAny(t.text, ".:") || p.i+1 >= len(p.tokens) {
		return ""
	}
	if next := p.tokens[p.i+1]; next.text != "," && !strings.EqualFold(next.text, "FROM") || next.kind == text {
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
