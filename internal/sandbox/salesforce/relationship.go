package salesforce

import (
	"strings"

	"lockstep/internal/sandbox/salesforce/store"
)

// follow is GET /sobjects/X/{id}/{relationship}: the record that a reference leads to, or those that refer to this
// one, as a query would answer them. false when the path means something else.
func (c *call) follow(o *store.Object, sent, relationship string) (answer, bool) {
	id, valid := store.ParseID(sent)
	if !valid || id.Prefix() != o.Prefix {
		return answer{}, false
	}
	if f := o.Relation(relationship); f != nil && c.org.Visible(c.user, f) {
		values, found := c.org.Get(o, sent)
		parent, set := store.ParseID(values[f.Name])
		target := c.org.ByPrefix(parent.Prefix())
		if !found || !set || target == nil {
			return notFound(), true
		}
		return c.record(target, parent), true
	}
	child, found := c.org.ChildNamed(o, c.user, relationship)
	if !found {
		return answer{}, false
	}
	if _, there := c.org.Get(o, sent); !there {
		return notFound(), true
	}
	fields := c.query.Get("fields")
	if fields == "" {
		var names []string
		for _, f := range child.Object.Fields {
			if c.org.Visible(c.user, f) {
				names = append(names, f.Name)
			}
		}
		fields = strings.Join(names, ",")
	}
	result, a, fine := c.runSOQL("SELECT "+fields+" FROM "+child.Object.Name+" WHERE "+child.Field.Name+" = '"+id.String()+"'", false, false)
	if !fine {
		return a, true
	}
	batch, a, fine := c.batchSize()
	if !fine {
		return a, true
	}
	return c.open(result, batch), true
}
