package soql

import (
	"fmt"
	"strings"
)

// Error is a query the API refuses, in the API's own words.
type Error struct {
	Code    string // MALFORMED_QUERY, INVALID_FIELD, …
	Message string // without the frame that shows where
	Query   string
	At      int // byte offset into Query; -1 when the API does not say where
}

// window is how much of the query the API shows on either side of the fault, in bytes.
const window = 60

// Error is the message as the API sends it: the piece of the query, a caret, row and column, the reason.
func (e *Error) Error() string {
	if e.At < 0 || e.At > len(e.Query) {
		return e.Message
	}
	row := strings.Count(e.Query[:e.At], "\n") + 1
	start := strings.LastIndexByte(e.Query[:e.At], '\n') + 1
	column := e.At - start + 1
	end := len(e.Query)
	if i := strings.IndexByte(e.Query[e.At:], '\n'); i >= 0 {
		end = e.At + i
	}
	from, to := start, end
	if e.At-from > window {
		from = e.At - window
		for from < e.At && e.Query[from-1] != ' ' {
			from++
		}
	}
	if to-e.At > window {
		to = e.At + window
		for to < end && e.Query[to] != ' ' && e.Query[to] != ',' {
			to++
		}
	}
	return fmt.Sprintf("\n%s\n%s^\nERROR at Row:%d:Column:%d\n%s",
		e.Query[from:to], strings.Repeat(" ", e.At-from), row, column, e.Message)
}

// Malformed is a MALFORMED_QUERY at a place in the text.
func (q *Query) Malformed(at int, format string, args ...any) *Error {
	return &Error{Code: "MALFORMED_QUERY", Message: fmt.Sprintf(format, args...), Query: q.Text, At: at}
}

// Invalid is an error of another code at a place in the text.
func (q *Query) Invalid(code string, at int, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...), Query: q.Text, At: at}
}
