package load

import "strings"

// A create is found again by a key: the stamped column, which holds the other CRM's id, or, of an object whose to file
// names them, several columns that together are unique. Their names stand between commas, their values between colons.

// key is how records of the batch's object are told apart; empty: they are not.
func (b *batch) key() string {
	if f, ok := b.entity.of.ToOf(b.mirror.object); ok && len(f.Key()) > 0 {
		return strings.Join(f.Key(), ",")
	}
	var filled []string
	for _, c := range b.changes {
		for _, col := range c.columns {
			filled = append(filled, col.name)
		}
	}
	return b.target.Key(b.mirror.object.Name, filled)
}

// several tells a key of several columns.
func several(key string) bool { return strings.Contains(key, ",") }

// identify gives a create its key and the value that its record will have there.
func (c *change) identify(key string) {
	c.key, c.keyed = key, c.source
	if !several(key) {
		return
	}
	rec := Record{Values: map[string]*string{}}
	for _, col := range c.columns {
		rec.Values[col.name] = col.after
	}
	c.keyed = valueOf(rec, key)
}

// valueOf is a record's value of a key.
func valueOf(rec Record, key string) string {
	var all []string
	for _, column := range strings.Split(key, ",") {
		all = append(all, or(rec.Values[column], ""))
	}
	return strings.Join(all, ":")
}

// carries says how a record is the one to be created.
func carries(key string) string {
	if several(key) {
		return "is there"
	}
	return "carries its id"
}
