package salesforce

import (
	"net/http"
	"strings"

	"lockstep/internal/sandbox/salesforce/store"
)

// writeHeaders reads the headers that steer a write into its transaction: Sforce-Auto-Assign, which says what
// assignment rule runs on records of the objects written, and Sforce-Duplicate-Rule-Header.
func (c *call) writeHeaders() (answer, bool) {
	t := c.transaction()
	switch sent := c.header.Get("Sforce-Auto-Assign"); strings.ToUpper(sent) {
	case "", "TRUE":
		t.Assign = store.AssignActive
	case "FALSE":
		t.Assign = store.AssignNone
	default:
		if _, ok := store.ParseID(sent); !ok {
			return failure(http.StatusBadRequest, "MALFORMED_ID", "malformed id %s", sent), false
		}
		if !c.org.AssignmentRuleKnown(sent) {
			return failure(http.StatusBadRequest, "INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id"), false
		}
		t.Assign = sent
	}
	options, a, fine := c.duplicateHeader()
	t.AllowDuplicates = options["allowsave"]
	c.details = options["includerecorddetails"]
	return a, fine
}

// duplicateHeader reads "allowSave=true; includeRecordDetails=false; runAsCurrentUser=true".
func (c *call) duplicateHeader() (map[string]bool, answer, bool) {
	options := map[string]bool{}
	for _, part := range strings.FieldsFunc(c.header.Get("Sforce-Duplicate-Rule-Header"), func(r rune) bool { return r == ';' || r == ',' }) {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		name, value = strings.ToLower(strings.TrimSpace(name)), strings.ToLower(strings.TrimSpace(value))
		known := name == "allowsave" || name == "includerecorddetails" || name == "runascurrentuser"
		if !known || value != "true" && value != "false" {
			return nil, failure(http.StatusBadRequest, "INVALID_ARGUMENT", "Sforce-Duplicate-Rule-Header: %s", strings.TrimSpace(part)), false
		}
		options[name] = value == "true"
	}
	return options, answer{}, true
}

// duplicateResult is what a duplicate rule found, with the key misspelt as it comes over the wire. The id alone of
// each record is told unless the client asks for details.
func (c *call) duplicateResult(d *store.Duplicates) map[string]any {
	matches := []map[string]any{}
	for _, id := range d.IDs {
		record := map[string]any{
			"attributes": map[string]string{"type": d.Found.Name, "url": c.base() + "/sobjects/" + d.Found.Name + "/" + id.String()},
			"Id":         id.String(),
		}
		if c.details {
			for name, value := range c.org.Shown(c.user, d.Found, id) {
				record[name] = value
			}
		}
		matches = append(matches, map[string]any{"additionalInformation": []any{}, "fieldDiffs": []any{}, "matchConfidence": 100, "record": record})
	}
	return map[string]any{
		"allowSave": !d.Rule.Block, "duplicateRule": d.Rule.Name, "duplicateRuleEntityType": d.Object.Name, "errorMessage": d.Rule.Message,
		"matchResults": []map[string]any{{
			"entityType": d.Found.Name, "errors": []any{}, "matchEngine": "ExactMatchEngine", "matchRecords": matches,
			"rule": d.Rule.MatchingRule, "size": len(matches), "success": true,
		}},
	}
}
