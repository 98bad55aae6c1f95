package extract

import (
	"context"
	"iter"
	"time"

	"lockstep/internal/crm"
	"lockstep/internal/warehouse"
)

// Source reads one CRM. It is asked from one goroutine at a time. Every error names the call and has a hint where
// something can be done; all methods end soon after ctx does.
type Source interface {
	// System is which of the two CRMs this is.
	System() crm.System

	// Account says which account the credentials are of.
	Account(ctx context.Context) (warehouse.Account, error)

	// Columns is the metadata of objects, as these credentials see it, in as few calls as the CRM allows. Of an object
	// that does not exist, or that they may not see, hidden has the CRM's answer instead.
	Columns(ctx context.Context, objects []string) (columns map[string][]crm.Column, hidden map[string]error, err error)

	// People are all users or owners, those no longer active included.
	People(ctx context.Context) ([]warehouse.Person, error)

	// Changes yields the records modified at or after Since, deleted ones too where the CRM lists them by time
	// (Salesforce; not HubSpot). It begins earlier than Since by the CRM's own lag. Pages of one object come one
	// after the other, the oldest change first, objects in the order asked; several objects may share a call.
	// A record may come more than once and then the newest version counts. Nothing is left out: neither behind the
	// CRM's largest page number, nor among records of one stamp. After an error the iteration ends; pages yielded
	// before it stand.
	Changes(ctx context.Context, asked []Changed) iter.Seq2[Page, error]

	// All yields every record of an object, live and deleted ones as far as the CRM still has them, from the
	// position of an earlier Page on; the empty position is the beginning. It may be called again with any position
	// it ever yielded. Records that appear or disappear meanwhile may or may not be among them.
	All(ctx context.Context, object string, columns []string, position string) iter.Seq2[Page, error]

	// Records yields these records as they are now, deleted ones too where the CRM still has them. Ids that it does not
	// know, or does not show, are left out. Nothing lags here, unlike in Changes. Each id comes once.
	Records(ctx context.Context, object string, columns, ids []string) iter.Seq2[Page, error]

	// Histories yields, for records of an object, every value that the columns have had. Records that are gone are
	// left out. A CRM without histories yields nothing.
	Histories(ctx context.Context, object string, ids, columns []string) iter.Seq2[Page, error]

	// ClockAhead is how far the CRM's clock is ahead of ours, by its answers so far; false before the first one.
	ClockAhead() (time.Duration, bool)
}

// namer is a Source with columns that no metadata lists.
type namer interface {
	// Named are the columns that are there because the SQL names them.
	Named(names []string) []crm.Column
}

// Changed asks for the changes of one object.
type Changed struct {
	Object  string
	Columns []string // ids, stamps and deletion marks come along unasked
	Since   time.Time
}

// Page is one raw page of records.
type Page struct {
	Object   string
	Shape    warehouse.Shape // empty: Body is CSV with a header line
	Body     []byte
	Records  int64  // how many it holds; 0 may mean that the CRM did not say
	Position string // of All: where a later call goes on after this page. The empty one begins anew
}
