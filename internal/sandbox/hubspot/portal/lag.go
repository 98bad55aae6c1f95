package portal

import "math"

// young gives, for every record whose current version a search cannot see yet, the version it sees instead;
// a row without an id means that it sees none. Versions that no search will need again are forgotten.
func (o *Object) young(now int64) map[int64]row {
	horizon := now - max(o.portal.Lag, o.portal.Stale).Milliseconds()
	forget := now - max(o.portal.Lag, o.portal.Keep).Milliseconds()
	seen := map[int64]row{}
	for id, versions := range o.table.pending {
		current, _ := o.table.get(id)
		if current.written <= forget {
			delete(o.table.pending, id)
		}
		if current.written <= horizon {
			continue
		}
		visible := row{}
		for i, v := range versions {
			if v.written <= forget && o.table.pending[id] != nil {
				o.table.pending[id] = versions[i:]
			}
			if v.written <= horizon {
				visible = v
			}
		}
		seen[id] = visible
	}
	return seen
}

// nextVisible is when a search will next see a version that it cannot see now.
func (o *Object) nextVisible(now int64) int64 {
	lag := o.portal.Lag.Milliseconds()
	next := int64(math.MaxInt64)
	for id, versions := range o.table.pending {
		current, _ := o.table.get(id)
		for _, v := range append(versions[:len(versions):len(versions)], current) {
			if at := v.written + lag; at > now {
				next = min(next, at)
			}
		}
	}
	return next
}
