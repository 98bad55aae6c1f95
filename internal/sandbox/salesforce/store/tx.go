package store

// Tx is a run of writes by one user at one instant, all of which can be taken back.
type Tx struct {
	Org  *Org
	User ID
	now  int64
	undo []func()
}

// Begin starts a transaction.
func (org *Org) Begin(user ID) *Tx {
	return &Tx{Org: org, User: user, now: org.Now().Unix()}
}

// Mark is a point to roll back to.
func (t *Tx) Mark() int { return len(t.undo) }

// Rollback takes back everything since the mark.
func (t *Tx) Rollback(mark int) {
	for i := len(t.undo) - 1; i >= mark; i-- {
		t.undo[i]()
	}
	t.undo = t.undo[:mark]
}

// set stores a value that Rollback can take back.
func (t *Tx) set(o *Object, row int32, f *Field, v Value) {
	old := f.values.get(row)
	o.set(row, f, v)
	t.undo = append(t.undo, func() {
		o.set(row, f, old)
		if f == o.stamp {
			o.stamps.stale = true // the entry of the old stamp may have been swept
		}
	})
}

func (t *Tx) newRow(o *Object, id ID) int32 {
	row := o.newRow(id)
	t.undo = append(t.undo, func() { o.move(row, gone) })
	return row
}

func (t *Tx) move(o *Object, row int32, to state) {
	from := o.state[row]
	o.move(row, to)
	t.undo = append(t.undo, func() { o.move(row, from) })
}

// touch stamps a row as saved by this user now.
func (t *Tx) touch(o *Object, row int32) {
	for name, v := range map[string]Value{
		"LastModifiedDate": timeValue(t.now), "SystemModstamp": timeValue(t.now), "LastModifiedById": refValue(t.User),
	} {
		if f := o.Field(name); f != nil {
			t.set(o, row, f, v)
		}
	}
}
