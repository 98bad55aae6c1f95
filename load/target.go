package load

import (
	"context"
	"time"

	"lockstep/internal/crm"
)

// Action is what a change does to a record.
type Action string

// The actions.
const (
	Create Action = "create"
	Update Action = "update"
	Delete Action = "delete"
)

// Target is one CRM as the load step writes it. It translates between columns of text and the CRM's wire, and
// decides nothing: what is sent, what an outcome means and which base moves is load's.
//
// Every value is the CRM's own text for it, nil for blank. A column a CRM did not return is missing from
// Record.Values, which is not the same as nil.
//
// All methods but Update and Create may be called again at any time. An error is a *wire.Error (errors.As)
// unless stated; after one with Uncertain set nobody knows what was written until the records are read.
type Target interface {
	// Size is how many records one batch may have.
	Size() int

	// Calls are the most calls that the work takes, batch by batch, with reading the records before and after, if
	// nothing is refused and nothing has to be repeated. It grows with Work.Records.
	Calls(Work) []Calls

	// Left is how many calls are left today by the server's own count; ok is false where it does not say.
	// It asks the server only if no answer has carried the figure yet.
	Left(ctx context.Context) (calls int64, ok bool, err error)

	// Key is the unique column of object that carries the other CRM's id: creates are upserts on it. columns are
	// those that a create fills in. Empty: the object has none, and load creates nothing there.
	Key(object string, columns []string) string

	// Read reads records by id, never through a search index. A record that is deleted, merged away or
	// converted comes back with Gone saying which; one that never was, too. In no particular order.
	Read(ctx context.Context, object string, ids, columns []string) ([]Record, error)

	// Find reads records by the value of a unique column, never through a search index. Values that no
	// record has are left out. column is among each record's Values.
	Find(ctx context.Context, object, column string, values, columns []string) ([]Record, error)

	// Update writes the rows and reads them back: one outcome per row, in the order of the rows. A row
	// whose outcome has no Record was written and could not be read back.
	// A *Rejected says that nothing was written because something in the batch is not acceptable.
	Update(ctx context.Context, b Batch) (Answer, error)

	// Create upserts the rows on Batch.Key and reads them back; otherwise it is like Update.
	Create(ctx context.Context, b Batch) (Answer, error)

	// Delete deletes records so that a person can bring them back: HubSpot archives, Salesforce has its recycle
	// bin. One outcome per id, in their order, with a Record that is Gone, or refusals. What is gone already is
	// no refusal.
	Delete(ctx context.Context, object string, ids []string) (Answer, error)

	// Wrote tells per record which of the columns hold a value that this integration wrote at or after
	// since (the server's clock is allowed a minute). Recovery asks it after a crash.
	Wrote(ctx context.Context, object string, ids, columns []string, since time.Time) (map[string][]string, error)
}

// Work is what calls are forecast of: so many records of one object.
type Work struct {
	Object  string
	Action  Action
	Records int

	Associated int   // HubSpot: association columns that are read with each record
	Associates []int // HubSpot: per association column that is written, in how many of the records
}

// Targets are both CRMs. A run that plans nothing for one may leave it out.
type Targets map[crm.System]Target

// Record is one record as a CRM returned it.
type Record struct {
	ID         string
	ModifiedAt time.Time          // lastmodifieddate, SystemModstamp
	Values     map[string]*string // by column, in the CRM's spelling
	Gone       string             // empty: live; else deleted | merged | converted
	GoneAt     time.Time          // when, where the CRM proves that it is archived; zero: nothing is proven
	Foreign    bool               // Salesforce: somebody else modified it last. HubSpot's answer is the write itself: never set
}

// Batch is one call's rows, all of one object.
type Batch struct {
	Object  string
	Key     string   // Create: the unique column
	Rows    []Row    // at most Size, unless there is a Job
	Columns []string // to be read back
	Next    []string // Update: ids to be read in the same call where the CRM can: the next batch, to be verified

	Job func(id string) error // Create, of a Target with jobs: the rows go as one, whose id this commits before its data goes out
}

// Row is one record to be written.
type Row struct {
	ID     string             // Update
	Key    string             // Create: the value of Batch.Key
	Values map[string]*string // nil clears; Create: Batch.Key not among them
	Clear  []string           // Update: of these columns, which take no such value while they hold another, cleared by a call before
}

// Answer is what a CRM said to a batch.
type Answer struct {
	Outcomes []Outcome // in the order of Batch.Rows
	Next     []Record  // Batch.Next as read after the write; nil: the call could not carry them
}

// Outcome is the answer to one row.
type Outcome struct {
	ID       string
	Existed  bool      // Create: the key was taken already, and the row updated that record
	Record   *Record   // the read-back; nil when refused, postponed or unreadable
	Refusals []Refusal // not empty: nothing of the row was written
	Later    string    // not empty: nothing was written, and it is no refusal: a lock, a parent not there yet
	Open     []string  // columns whose own call failed after the rest of the row was written: Record tells which landed
	Partly   []Refusal // columns that were refused while the rest of the row was written; Record is the read-back
}

// Refusal is one reason of a CRM for not writing a record.
type Refusal struct {
	Category Category
	Columns  []string // the columns it names; none: the whole record
	Code     string   // the CRM's word
	Words    string   // the CRM's sentence; may quote values: for history, never for a log
	Existing string   // the record that already has the unique value
}

// Rejected is a batch of which nothing was written.
type Rejected struct {
	Refusals []Refusal
	All      bool  // the columns named are unacceptable in every row, whatever the value
	Err      error // what the wire client returned
}

func (r *Rejected) Error() string { return r.Err.Error() }
func (r *Rejected) Unwrap() error { return r.Err }

// Calls are the calls made to one endpoint.
type Calls struct {
	Endpoint string
	N        int
}
