package portal

import (
	_ "embed"
	"strconv"
	"sync"
)

// The categories of association types. Ids are unique within a category only.
const (
	HubSpotDefined = "HUBSPOT_DEFINED"
	UserDefined    = "USER_DEFINED"
)

// AssociationType is one kind of association in one direction: contact to company 279, and company to contact 280 for the way back.
type AssociationType struct {
	ID       int64
	Category string
	Name     string // what the v3 API calls it: contact_to_company_unlabeled
	Label    string // empty for the type that only says that there is an association
	Primary  bool
	Max      int // how many records one record may have in this type, where an admin set a limit; 0 for none

	bit     uint32
	inverse *AssociationType
}

// Inverse is the same kind of association seen from the other side; a symmetric one is its own.
func (t *AssociationType) Inverse() *AssociationType { return t.inverse }

// associations.csv holds HubSpot's own types, each pair of objects from the side whose records have at most one primary.
var (
	//go:embed associations.csv
	associationsCSV string

	associationRows = sync.OnceValue(func() [][]string { return rowsOf(associationsCSV) })
)

// defaultTypes gives a new relation its HubSpot types, and the relation back the inverse ones. False: there are none.
func (r *Relation) defaultTypes() bool {
	found := false
	for _, row := range associationRows() {
		if row[0] != r.from.Singular || row[1] != r.to.Singular {
			continue
		}
		found = true
		forth := AssociationType{ID: number(row[2]), Category: HubSpotDefined, Name: row[4], Label: row[6], Primary: row[8] == "primary"}
		back := AssociationType{ID: number(row[3]), Category: HubSpotDefined, Name: row[5], Label: row[7], Primary: row[8] == "primary"}
		r.add(forth, back)
		r.holder = r.holder || forth.Primary
	}
	return found
}

func number(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		panic("portal: associations.csv: " + err.Error()) // the file is part of the program
	}
	return n
}
