// Package soql parses SOQL, the query language of Salesforce, into a tree. It knows the grammar and
// no object: which columns exist and what may be filtered is decided by whoever runs the tree.
//
// Understood: SELECT with paths, aliases, aggregate functions and FIELDS(); FROM with an alias;
// WHERE with AND, OR, NOT, IN, NOT IN (lists and semi-joins), LIKE, INCLUDES, EXCLUDES and all literals;
// GROUP BY paths; ORDER BY with NULLS FIRST and LAST; LIMIT; OFFSET; ALL ROWS.
// Not understood, and answered MALFORMED_QUERY: child subqueries in SELECT, TYPEOF, HAVING, ROLLUP and CUBE,
// USING SCOPE, WITH, FOR VIEW/REFERENCE/UPDATE, date functions, DISTANCE, toLabel, convertCurrency and format.
package soql

// Query is one SELECT statement.
type Query struct {
	Text    string  // as it was sent; positions point into it
	Select  []Item  // empty when Count
	Count   bool    // SELECT COUNT(): only the number is wanted
	From    string  // object name as written
	FromAt  int     // where it stands
	Alias   string  // of the object; "" when none
	Where   Expr    // nil when none
	GroupBy []Path  // empty when none
	OrderBy []Order // empty when none
	Limit   int     // -1 when none
	Offset  int     // 0 when none
	AllRows bool    // ALL ROWS: deleted records too
}

// Item is one thing selected: a path, an aggregate over a path, or FIELDS(ALL).
type Item struct {
	Path     Path
	Function string // COUNT, COUNT_DISTINCT, MIN, MAX, SUM, AVG; "" for a plain path
	Fields   string // ALL, CUSTOM or STANDARD of FIELDS(); "" otherwise
	Alias    string // of an aggregate or a grouped path; "" when none
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

// Compare holds a column against one value.
type Compare struct {
	Path  Path
	Op    string // = != < <= > >= LIKE
	Value Value
}

// In holds a column against a list or the column of another query.
type In struct {
	Path   Path
	Op     string // IN, NOT IN, INCLUDES, EXCLUDES
	Values []Value
	Sub    *Query // a semi-join; nil for a list
}

func (And) expr()     {}
func (Or) expr()      {}
func (Not) expr()     {}
func (Compare) expr() {}
func (In) expr()      {}
