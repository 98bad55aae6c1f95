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
	"Url": "url", "Picklist": "picklist", "MultiselectPicklist": "multipicklist", "Lookup": "reference",
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
	if problem == "" && f.ExternalID && !externalIDType(f.Type) {
		problem = "Can not specify 'externalId' for a CustomField of type " + fmt.Sprint(metadata["type"])
	}
	if problem != "" {
		return refused(store.Errors{{Code: "FIELD_INTEGRITY_EXCEPTION", Message: problem, Fields: []string{}}})
	}
	id, err := c.org.AddField(o, f)
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
			"deleteConstraint", "trackHistory", "trackFeedHistory", "trackTrending":
		default:
			return nil, "Unknown metadata: " + key
		}
	}
	kind, known := customTypes[text("type")]
	switch {
	case !known:
		return nil, "Field Type: bad value for restricted picklist field: " + text("type")
	case text("label") == "":
		return nil, "Must specify a label for the CustomField"
	}
	f = &store.Field{
		Name: name, Label: text("label"), Type: kind, Createable: true, Updateable: true, Nillable: !flag("required"), Custom: true,
		Governed: !flag("required"), ExternalID: flag("externalId"), IDLookup: flag("externalId"), Unique: flag("unique"),
		CaseMatters: flag("unique") && flag("caseSensitive"), Help: text("inlineHelpText"),
	}
	switch text("type") {
	case "Text", "LongTextArea":
		f.Length = number("length")
		longest := map[string]int{"Text": 255, "LongTextArea": 131072}[text("type")]
		if f.Length < 1 || f.Length > longest {
			return nil, fmt.Sprintf("Must specify a length between 1 and %d for a CustomField of type %s", longest, text("type"))
		}
		if text("type") == "LongTextArea" && number("visibleLines") < 2 {
			return nil, "Must specify 'visibleLines' for a CustomField of type LongTextArea"
		}
	case "TextArea", "Url":
		f.Length = 255
	case "Email":
		f.Length = 80
	case "Phone":
		f.Length = 40
	case "Number", "Currency", "Percent":
		f.Precision, f.Scale = number("precision"), number("scale")
		if f.Precision < 1 || f.Precision > 18 || f.Scale < 0 || f.Scale > f.Precision {
			return nil, "Must specify 'precision' up to 18 and 'scale' within it for a CustomField of type " + text("type")
		}
	case "Checkbox":
		f.Defaulted, f.Nillable = true, false
		f.Governed = true
		if flag("defaultValue") || text("defaultValue") == "true" {
			f.Default = "true"
		}
	case "Picklist", "MultiselectPicklist":
		f.Length = 255
		set, _ := m["valueSet"].(map[string]any)
		definition, _ := set["valueSetDefinition"].(map[string]any)
		values, _ := definition["value"].([]any)
		if len(values) == 0 {
			return nil, "Must specify a valueSet with values for a CustomField of type " + text("type")
		}
		f.Restricted, _ = set["restricted"].(bool)
		for _, v := range values {
			o, _ := v.(map[string]any)
			value, _ := o["fullName"].(string)
			label, _ := o["label"].(string)
			isDefault, _ := o["default"].(bool)
			f.Options = append(f.Options, store.Option{Value: value, Label: label, Default: isDefault})
			if isDefault {
				f.Default, f.Defaulted = value, true
			}
		}
	case "Lookup":
		f.Length, f.RefersTo, f.Relationship = 18, []string{text("referenceTo")}, strings.TrimSuffix(name, "__c")+"__r"
		if text("referenceTo") == "" || text("relationshipName") == "" {
			return nil, "Must specify 'referenceTo' and 'relationshipName' for a CustomField of type Lookup"
		}
	}
	return f, ""
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
