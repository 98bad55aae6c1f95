package store

import (
	"fmt"
	"strings"
)

// Error is why one record is refused, in the words of the API.
type Error struct {
	Code    string
	Message string
	Fields  []string
	Request bool   // the request itself cannot be read: it is refused whole, not this record alone
	Matches []ID   // DUPLICATE_EXTERNAL_ID: the records that hold the key
	Member  string // of a request that cannot be read: the member of the record at whose value reading stopped

	Duplicates *Duplicates // DUPLICATES_DETECTED
}

// Errors is all that is wrong with one record; nil when nothing is.
type Errors []Error

// Error is the errors as Bulk results write them.
func (e Errors) Error() string {
	var parts []string
	for _, x := range e {
		parts = append(parts, x.Code+": "+x.Message)
	}
	return strings.Join(parts, "; ")
}

func refuse(code string, fields []string, format string, args ...any) Error {
	return Error{Code: code, Message: fmt.Sprintf(format, args...), Fields: fields}
}
