package store

import "time"

// Modified is LastModifiedDate of a record; the zero time when there is no such record or column.
func (o *Object) Modified(id ID) time.Time {
	row, there := o.row(id)
	f := o.Field("LastModifiedDate")
	if !there || f == nil {
		return time.Time{}
	}
	at, err := time.Parse(DateTimeLayout, o.Value(row, f).String())
	if err != nil {
		return time.Time{}
	}
	return at
}
