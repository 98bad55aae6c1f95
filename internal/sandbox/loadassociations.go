package sandbox

import (
	"fmt"
	"slices"
	"strings"
)

// associationsFile is the name of the file that associates HubSpot's records: associations.csv, or hubspot.associations.csv in a
// folder for both CRMs.
const associationsFile = "associations"

// associationColumns are the columns of that file. label may be left out.
var associationColumns = []string{"from_object", "from_id", "to_object", "to_id", "label"}

// associator is a simulator whose records can be associated.
type associator interface {
	// Associate associates two records. An empty label is the default association.
	Associate(fromObject, fromID, toObject, toID, label string) error

	// InsertAssociation does so to records as they stand, without moving a stamp.
	InsertAssociation(fromObject, fromID, toObject, toID, label string) error
}

func isAssociations(path string) bool {
	name := stem(path)
	return name == associationsFile || strings.HasSuffix(name, "."+associationsFile)
}

// associateRow carries out one line of an associations file.
func associateRow(a associator, values map[string]string) error {
	for column := range values {
		if !slices.Contains(associationColumns, column) {
			return fmt.Errorf("associations have no column %q: want %s", column, strings.Join(associationColumns, ", "))
		}
	}
	return a.InsertAssociation(values["from_object"], values["from_id"], values["to_object"], values["to_id"], values["label"])
}
