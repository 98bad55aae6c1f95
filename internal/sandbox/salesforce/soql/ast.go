// Package soql parses SOQL, the query language of Salesforce, into a tree. It knows the grammar and
// no object: which columns exist and what may be filtered is decided by whoever runs the tree.
//
// Understood: SELECT with paths, aliases, aggregate and date functions, toLabel, FORMAT, FIELDS(), child
// subqueries and TYPEOF; FROM with an alias; USING SCOPE; WHERE with AND, OR, NOT, IN, NOT IN (lists and
// semi-joins), LIKE, INCLUDES, EXCLUDES and all literals; GROUP BY columns and date functions; HAVING;
// ORDER BY with NULLS FIRST and LAST; LIMIT; OFFSET; FOR VIEW and FOR REFERENCE.
// Refused as the API refuses them, since they belong to Apex: ALL ROWS, FOR UPDATE, WITH SECURITY_ENFORCED and
// bind variables. Not understood, and answered MALFORMED_QUERY: ROLLUP and CUBE, WITH DATA CATEGORY, DISTANCE,
// convertCurrency, currency literals, several objects in FROM, UPDATE TRACKING and VIEWSTAT.
package soql

// Query is one SELECT statement.
type Query struct {
	Text    string  // as it was sent; positions point into it
	Select  []Item  // empty when Count
	Count   bool    // SELECT COUNT(): only the number is wanted
	From    string  // object name as written; of a child subquery the relationship's
	FromAt  int     // where it stands
	Alias   string  // of the object; "" when none
	Scope   string  // USING SCOPE, lower case: mine, everything …; "" when none
	Where   Expr    // nil when none
	GroupBy []Item  // paths and date functions; empty when none
	Having  Expr    // nil when none
	OrderBy []Order // empty when none
	Limit   int     // -1 when none
	Offset  int     // 0 when none
	For     string  // VIEW or REFERENCE; "" when none
}

// Item is one thing selected, grouped, sorted or compared: a path and what is made of it, FIELDS(ALL), a
// child subquery or a TYPEOF.
type Item struct {
	Path     Path
	Function string  // COUNT, COUNT_DISTINCT, MIN, MAX, SUM, AVG; "" for no aggregate
	Date     string  // CALENDAR_YEAR, DAY_ONLY …; "" for none
	Zoned    bool    // the date function counts in the user's time zone: convertTimezone
	Wrap     string  // TOLABEL or FORMAT; "" for neither
	Fields   string  // ALL, CUSTOM or STANDARD of FIELDS(); "" otherwise
	Sub      *Query  // a child subquery; nil otherwise
	TypeOf   *TypeOf // nil otherwise; Path is the relationship
	Alias    string  // "" when none
}

// TypeOf selects columns of a polymorphic reference by the object it leads to.
type TypeOf struct {
	Cases []TypeCase
	Else  []Path // empty when none
}

// TypeCase is one WHEN … THEN ….
type TypeCase struct {
	Object string // as written
	At     int
	Fields []Path
}

// Path is a column, reached through relationships: Owner.Profile.Name.
type Path struct {
	Parts []string
	At    int // where it stands in the text, in bytes
}

// Order is one key of ORDER BY.
type Order struct {
	Item      Item
	Desc      bool
	NullsLast bool
}

// Expr is a condition: And, Or, Not, Compare or In.
type Expr interface{ expr() }

// And holds when all its parts hold; Or when one does.
type (
	And []Expr
	Or  []Expr
	Not struct{ Expr Expr }
)

// Compare holds a column, or in HAVING an aggregate, against one value.
type Compare struct {
	Left  Item
	Op    string // = != < <= > >= LIKE
	Value Value
}

// In holds a column against a list or the column of another query.
type In struct {
	Left   Item
	Op     string // IN, NOT IN, INCLUDES, EXCLUDES
	Values []Value
	Sub    *Query // a semi-join; nil for a list
}

func (And) expr()     {}
func (Or) expr()      {}
func (Not) expr()     {}
func (Compare) expr() {}
func (In) expr()      {}
