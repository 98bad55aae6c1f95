package salesforce

import (
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"lockstep/internal/sandbox/salesforce/store"
)

var customName = regexp.MustCompile(`^[A-Za-z](?:_?[A-Za-z0-9])*__c$`)

// customTypes leads from the metadata's type names to those of the describe.
var customTypes = map[string]string{
	"Text": "string", "TextArea": "textarea", "LongTextArea": "textarea", "Number": "double", "Currency": "currency",
	"Percent": "percent", "Checkbox": "boolean", "Date": "date", "DateTime": "datetime", "Email": "email", "Phone": "phone",
	"Url": "url", "Picklist": "picklist", "MultiselectPicklist": "multipicklist", "Lookup": "reference", "MasterDetail": "reference",
	"Html": "textarea", "EncryptedText": "encryptedstring", "Time": "time", "AutoNumber": "string",
}

// createCustomField is POST /tooling/sobjects/CustomField. The field stays hidden from every API user, the
// one who made it included, until FieldPermissions show it.
func (c *call) createCustomField([]string) answer {
	body, a, fine := c.object("FullName", "Metadata")
	if !fine {
		return a
	}
	full, _ := body["FullName"].(string)
	metadata, _ := body["Metadata"].(map[string]any)
	object, name, _ := strings.Cut(full, ".")
	activity := strings.EqualFold(object, "Activity") // one field of tasks and events
	if activity {
		object = "Task"
	}
	o := c.visibleObject(object)
	switch {
	case o == nil:
		return failure(http.StatusBadRequest, "INVALID_FIELD", "Entity of type '%s' is not available.", object)
	case metadata == nil:
		return failure(http.StatusBadRequest, "REQUIRED_FIELD_MISSING", "Required fields are missing: [Metadata]")
	case !customName.MatchString(name) || len(name) > 43:
		return failure(http.StatusBadRequest, "FIELD_INTEGRITY_EXCEPTION", "The field name provided, %s, is not a valid name for a custom field.", name)
	}
	developer := strings.TrimSuffix(name, "__c")
	if o.Field(name) != nil {
		return refused(store.Errors{{Code: "DUPLICATE_DEVELOPER_NAME", Message: fmt.Sprintf("There is already a field named %s on %s.", developer, o.Label), Fields: []string{"DeveloperName"}}})
	}
	f, problem := customField(name, metadata)
	if problem != "" {
		return refused(store.Errors{{Code: "FIELD_INTEGRITY_EXCEPTION", Message: problem, Fields: []string{}}})
	}
	id, err := c.org.AddField(o, f)
	if err == nil && activity {
		twin, _ := customField(name, metadata)
		_, err = c.org.AddField(c.org.Object("Event"), twin)
	}
	if err != nil {
		return refused(store.Errors{{Code: "FIELD_INTEGRITY_EXCEPTION", Message: err.Error(), Fields: []string{}}})
	}
	a = ok(map[string]any{"id": id.String(), "success": true, "errors": []any{}, "warnings": []any{}, "infos": []any{}})
	a.status = http.StatusCreated
	return a
}

func externalIDType(t string) bool { return t == "string" || t == "double" || t == "email" }

// customField reads the metadata of a field; problem says what it lacks.
func customField(name string, m map[string]any) (f *store.Field, problem string) {
	text := func(key string) string { s, _ := m[key].(string); return s }
	flag := func(key string) bool { b, _ := m[key].(bool); return b }
	number := func(key string) int { n, _ := strconv.Atoi(fmt.Sprint(m[key])); return n }
	for key := range m {
		switch key {
		case "label", "type", "length", "precision", "scale", "externalId", "unique", "caseSensitive", "required", "description",
			"inlineHelpText", "defaultValue", "valueSet", "visibleLines", "referenceTo", "relationshipName", "relationshipLabel",
			"deleteConstraint", "trackHistory", "trackFeedHistory", "trackTrending", "displayFormat", "startingNumber", "maskChar", "maskType":
		default:
			return nil, "Unknown metadata: " + key
		}
	}
	in := CustomField{
		Name: name, Label: text("label"), Type: text("type"), Length: number("length"), Precision: number("precision"), Scale: number("scale"),
		Required: flag("required"), Unique: flag("unique"), CaseMatters: flag("caseSensitive"), ExternalID: flag("externalId"),
		Relationship: text("relationshipName"), Format: text("displayFormat"), Help: text("inlineHelpText"), Hidden: !flag("required"),
	}
	_, known := customTypes[in.Type]
	switch {
	case known && in.Label == "":
		return nil, "Must specify a label for the CustomField"
	case in.Type == "LongTextArea" && number("visibleLines") < 2:
		return nil, "Must specify 'visibleLines' for a CustomField of type " + in.Type
	case text("referenceTo") != "":
		in.RefersTo = []string{text("referenceTo")}
	}
	if in.Type == "Checkbox" && (flag("defaultValue") || text("defaultValue") == "true") {
		in.Default = "true"
	}
	switch text("deleteConstraint") {
	case "Cascade":
		in.OnDelete = store.Cascade
	case "Restrict":
		in.OnDelete = store.Restrict
	}
	set, _ := m["valueSet"].(map[string]any)
	definition, _ := set["valueSetDefinition"].(map[string]any)
	values, _ := definition["value"].([]any)
	in.Restricted, _ = set["restricted"].(bool)
	for _, v := range values {
		o, _ := v.(map[string]any)
		value, _ := o["fullName"].(string)
		label, _ := o["label"].(string)
		isDefault, _ := o["default"].(bool)
		in.Values = append(in.Values, store.Option{Value: value, Label: label, Default: isDefault})
	}
	return in.build()
}

func (c *call) deleteCustomField(args []string) answer {
	f, found := c.org.FieldOf(args[0])
	if !found {
		return notFound()
	}
	if err := c.org.RemoveField(f); err != nil {
		return failure(http.StatusBadRequest, "DELETE_FAILED", "%s", err)
	}
	return answer{status: http.StatusNoContent}
}
