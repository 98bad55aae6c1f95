package sandbox

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"lockstep/internal/crm"
)

// columnsFile is the name of the file, in a folder for both CRMs, that defines custom objects and columns before any record.
const columnsFile = "columns.csv"

// columnsColumns are the columns of that file. All but the first three may be left out.
var columnsColumns = []string{"object", "column", "type", "length", "scale", "values", "refers_to"}

// definer is a simulator that can be given custom objects and columns.
type definer interface {
	// DefineColumn makes a column of columnsColumns, and its object where that is custom and not there yet.
	DefineColumn(object string, row map[string]string) error

	// Has says whether the CRM has an object by that name.
	Has(object string) bool
}

// has says whether a CRM has an object by that name.
func has(sim simulator, object string) bool {
	if d, ok := sim.(definer); ok {
		return d.Has(object)
	}
	return slices.Contains(sim.Objects(), object)
}

// loadColumns defines what columns.csv says, if the folder has one: object is salesforce.Subscription__c or hubspot.p_subscription.
func loadColumns(dir string, sims map[crm.System]simulator) error {
	path := filepath.Join(dir, columnsFile)
	text, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		return crm.WithHint(fmt.Errorf("load: %w", err), "make the file readable")
	}
	rows := csv.NewReader(strings.NewReader(string(text)))
	all, err := rows.ReadAll()
	if err != nil {
		return rowError(path, rows, err, len(columnsColumns))
	}
	for i, line := range all {
		if i == 0 {
			for _, column := range line {
				if !slices.Contains(columnsColumns, column) {
					return crm.WithHint(fmt.Errorf("%s:1: no column is named %q", path, column), "want %s", strings.Join(columnsColumns, ", "))
				}
			}
			continue
		}
		row := map[string]string{}
		for k, cell := range line {
			row[all[0][k]] = cell
		}
		object, err := crm.ParseObject(row["object"])
		if err == nil {
			d, can := sims[object.System].(definer)
			if !can {
				err = fmt.Errorf("%s takes no columns", object.System)
			} else {
				err = d.DefineColumn(object.Name, row)
			}
		}
		if err != nil {
			return crm.WithHint(fmt.Errorf("%s:%d: %w", path, i+1, err),
				"a line is an object (salesforce.Subscription__c, hubspot.p_subscription), a column and its type in the CRM's own word")
		}
	}
	return nil
}
