package store

// pointing lists the live rows in which a reference holds an id, in row order: the rows of a child
// relationship. Without an index every row is looked at; a column that nobody filled has none.
func (f *Field) pointing(id ID) []int32 {
	if id == (ID{}) {
		return nil
	}
	if f.index != nil {
		return f.holders(refValue(id))
	}
	column, _ := f.values.(*refs)
	if column == nil {
		return nil
	}
	var out []int32
	for row, held := range column.rows {
		if held == id && f.Object.state[row] == live {
			out = append(out, int32(row))
		}
	}
	return out
}

// references calls f for every field of any object that may point to records of o.
func (org *Org) references(o *Object, visit func(f *Field)) {
	for _, other := range org.Objects() { // by name, so that what follows happens in one order
		for _, f := range other.Fields {
			if f.Type != "reference" {
				continue
			}
			for _, target := range f.RefersTo {
				if target == o.Name {
					visit(f)
				}
			}
		}
	}
}
