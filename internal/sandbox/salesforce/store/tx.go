package store

import "slices"

// Tx is a run of writes by one user at one instant, all of which can be taken back.
type Tx struct {
	Org  *Org
	User ID

	AllowDuplicates bool   // duplicate rules that alert let the save pass
	Assign          string // which assignment rule runs: an id, AssignActive or AssignNone

	now      int64
	undo     []step
	system   bool        // automation writes: no permission is asked
	depth    int         // saves inside saves: what automation started
	running  map[ID]bool // records whose after-save automation is at work
	held     map[ID]bool // rows that this transaction locked, when anybody asks
	noteHeld bool        // note them in held
}

// step takes back one change.
type step struct {
	object *Object
	field  *Field // nil: the row's state changed
	row    int32
	from   state
	old    Value
	do     func() // when neither
}

// Begin starts a transaction.
func (org *Org) Begin(user ID) *Tx {
	t := &Tx{Org: org, User: user, now: org.Now().Unix()}
	if user == org.Human {
		t.Assign = AssignNone // the box on the edit page is not ticked
	}
	return t
}

// Mark is a point to roll back to.
func (t *Tx) Mark() int { return len(t.undo) }

// Rollback takes back everything since the mark.
func (t *Tx) Rollback(mark int) {
	for i := len(t.undo) - 1; i >= mark; i-- {
		s := &t.undo[i]
		switch {
		case s.do != nil:
			s.do()
		case s.field == nil:
			s.object.move(s.row, s.from)
		default:
			s.object.set(s.row, s.field, s.old)
			if s.field == s.object.stamp {
				s.object.stamps.stale = true // the entry of the old stamp may have been swept
			}
		}
	}
	clear(t.undo[mark:])
	t.undo = t.undo[:mark]
}

// Keep makes what was written so far final: a long run of writes need not remember how to take back
// rows that nothing can fail any more.
func (t *Tx) Keep() {
	clear(t.undo)
	t.undo = t.undo[:0]
}

// later notes how to take back a change that is none of a row.
func (t *Tx) later(undo func()) { t.undo = append(t.undo, step{do: undo}) }

// set stores a value that Rollback can take back.
func (t *Tx) set(o *Object, row int32, f *Field, v Value) {
	t.undo = append(t.undo, step{object: o, field: f, row: row, old: f.values.get(row)})
	o.set(row, f, v)
}

func (t *Tx) newRow(o *Object, id ID) int32 {
	row := o.newRow(id)
	t.undo = append(t.undo, step{object: o, row: row, from: gone})
	return row
}

func (t *Tx) move(o *Object, row int32, to state) {
	t.undo = append(t.undo, step{object: o, row: row, from: o.state[row]})
	o.move(row, to)
}

// touch stamps a row as saved by this user now.
func (t *Tx) touch(o *Object, row int32) {
	if o.modified != nil {
		t.set(o, row, o.modified, timeValue(t.now))
		t.set(o, row, o.modifiedBy, refValue(t.User))
	}
	t.stir(o, row)
}

// stir stamps a row as saved by the system now: only SystemModstamp moves.
func (t *Tx) stir(o *Object, row int32) {
	if o.stamp != nil {
		t.set(o, row, o.stamp, timeValue(t.now))
	}
}

// inside tells whether a record's automation is at work, and marks it so until done is called.
func (t *Tx) inside(id ID) (already bool, done func()) {
	if t.running[id] {
		return true, func() {}
	}
	if t.running == nil {
		t.running = map[ID]bool{}
	}
	t.running[id] = true
	return false, func() { delete(t.running, id) }
}

// Held lists the rows that the transaction locked, in id order; none unless NoteHeld was called before.
func (t *Tx) Held() []ID {
	var out []ID
	for id := range t.held {
		out = append(out, id)
	}
	slices.SortFunc(out, ID.Compare)
	return out
}

// NoteHeld makes the transaction note the rows it locks.
func (t *Tx) NoteHeld() { t.noteHeld = true }
