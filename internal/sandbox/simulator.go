package sandbox

import "net/http"

// simulator is what the two CRMs' servers have in common: their wire, and the back door that fills
// and watches them. Both are safe for concurrent use.
type simulator interface {
	http.Handler

	// Insert stores a record as it stands, valid or not, and returns its id. It honours an id and
	// stamps among the values; a column that the metadata lacks becomes a custom text column.
	Insert(object string, values map[string]string) (id string, err error)

	// Edit changes a record as a human in the CRM's own user interface does.
	Edit(object, id string, values map[string]string) error

	// Get is a live record's values; false when it is deleted or was never there.
	Get(object, id string) (map[string]string, bool)

	// All lists the live records in id order.
	All(object string) []map[string]string

	// Delete removes a record as a human does: into the recycle bin, or archived.
	Delete(object, id string) error

	// Objects names the objects that hold records.
	Objects() []string
}
