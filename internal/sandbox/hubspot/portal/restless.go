package portal

// restless is a new record whose calculated properties HubSpot has yet to fill: its modified stamp moves then, and nothing else.
type restless struct{ id, due int64 }

// agitate has a new record's stamp move after a while, by Rules.AutoTouch.
func (o *Object) agitate(id int64) {
	if after := o.portal.Rules.AutoTouch; after > 0 {
		o.restless = append(o.restless, restless{id, o.portal.ms() + after.Milliseconds()})
	}
}

// calm moves the stamps that are due.
func (o *Object) calm() *Object {
	n, now := 0, int64(0)
	for ; n < len(o.restless); n++ {
		if now == 0 {
			now = o.portal.ms()
		}
		due := o.restless[n].due
		if due > now {
			break
		}
		if r, ok := o.table.get(o.restless[n].id); ok && r.archived == 0 {
			r.written = max(due, r.written)
			r.modified = max(due, r.modified+1)
			o.store(r)
		}
	}
	o.restless = o.restless[n:]
	return o
}
