package salesforce

import (
	"fmt"
	"hash/crc32"
	"net/http"
	"slices"
	"strings"
	"time"

	"lockstep/internal/sandbox/salesforce/store"
)

// objectInfo are the keys that an object has both in the list of all and in its own describe.
func (c *call) objectInfo(o *store.Object) map[string]any {
	base := c.base() + "/sobjects/" + o.Name
	record := o.Layout // the objects that users work with, unlike those of setup
	info := map[string]any{
		"activateable": false, "associateEntityType": nil, "associateParentEntity": nil, "createable": o.Createable,
		"custom": strings.HasSuffix(o.Name, "__c"), "customSetting": false, "deepCloneable": false, "deletable": o.Deletable,
		"deprecatedAndHidden": false, "feedEnabled": record, "hasSubtypes": false, "isInterface": false, "isSubtype": false,
		"keyPrefix": o.Prefix, "label": o.Label, "labelPlural": o.Plural, "layoutable": record, "mergeable": o.Mergeable,
		"mruEnabled": record, "name": o.Name, "queryable": true, "replicateable": true, "retrieveable": true,
		"searchable": record, "triggerable": record, "undeletable": record, "updateable": o.Updateable,
		"urls": map[string]string{"sobject": base, "describe": base + "/describe", "rowTemplate": base + "/{ID}"},
	}
	asRecorded(info, o)
	return info
}

// asRecorded sets what the object's describe is known to say.
func asRecorded(info map[string]any, o *store.Object) {
	for key, v := range info {
		if _, isBool := v.(bool); isBool && o.Traits != nil && key != "custom" {
			info[key] = slices.Contains(o.Traits, key)
		}
	}
}

func (c *call) describeGlobal([]string) answer {
	if a, fine := c.only(); !fine {
		return a
	}
	list := []map[string]any{}
	changed := int64(0)
	for _, o := range c.org.Objects() {
		if !o.Tooling && c.org.Seen(c.user, o) {
			list = append(list, c.objectInfo(o))
			changed = max(changed, o.Changed)
		}
	}
	return c.unlessKnown(changed, map[string]any{"encoding": "UTF-8", "maxBatchSize": 200, "sobjects": list})
}

// unlessKnown answers 304 to a client whose copy is as new as the metadata.
func (c *call) unlessKnown(changed int64, v any) answer {
	stamp := time.Unix(changed, 0).UTC().Format(http.TimeFormat)
	etag := fmt.Sprintf(`"%08x"`, crc32.ChecksumIEEE([]byte(c.user.Short()+stamp)))
	a := answer{status: http.StatusNotModified}
	if since, err := http.ParseTime(c.header.Get("If-Modified-Since")); err != nil || since.Unix() < changed {
		a = ok(v)
	}
	return a.with("Last-Modified", stamp).with("ETag", etag)
}

func (c *call) describe(args []string) answer {
	if a, fine := c.only(); !fine {
		return a
	}
	o := c.visibleObject(args[0])
	if o == nil {
		return notFound()
	}
	info := c.objectInfo(o)
	fields := []any{}
	for _, f := range o.Fields {
		if c.org.Visible(c.user, f) {
			fields = append(fields, c.fieldInfo(f))
		}
	}
	info["fields"] = fields
	info["actionOverrides"], info["childRelationships"], info["namedLayoutInfos"] = []any{}, c.childRelationships(o), []any{}
	info["compactLayoutable"], info["implementedBy"], info["implementsInterfaces"] = o.Layout, nil, nil
	info["searchLayoutable"], info["listviewable"], info["lookupLayoutable"] = o.Layout, nil, nil
	info["defaultImplementation"], info["extendedBy"], info["extendsInterfaces"] = nil, nil, nil
	info["networkScopeFieldName"], info["sobjectDescribeOption"] = nil, "FULL"
	info["supportedScopes"] = []map[string]string{{"label": "All " + strings.ToLower(o.Plural), "name": "everything"}}
	info["recordTypeInfos"] = c.recordTypes(o)
	asRecorded(info, o)
	return c.unlessKnown(o.Changed, info)
}

// childRelationships are the references that lead to an object.
func (c *call) childRelationships(o *store.Object) []map[string]any {
	list := []map[string]any{}
	for _, r := range c.org.Children(o, c.user) {
		list = append(list, map[string]any{
			"cascadeDelete": r.Field.OnDelete == store.Cascade, "childSObject": r.Object.Name, "deprecatedAndHidden": false, "field": r.Field.Name,
			"junctionIdListNames": []any{}, "junctionReferenceTo": []any{}, "relationshipName": orNil(r.Name), "restrictedDelete": r.Field.OnDelete == store.Restrict,
		})
	}
	return list
}

// basicInfo is GET /sobjects/X.
func (c *call) basicInfo(args []string) answer {
	if a, fine := c.only(); !fine {
		return a
	}
	o := c.visibleObject(args[0])
	if o == nil {
		return notFound()
	}
	return ok(map[string]any{"objectDescribe": c.objectInfo(o), "recentItems": c.recentItems(o)})
}

// visibleObject finds an object of the data API; nil when there is none.
func (c *call) visibleObject(name string) *store.Object {
	if o := c.org.Object(name); o != nil && !o.Tooling && c.org.Seen(c.user, o) {
		return o
	}
	return nil
}

var soapTypes = map[string]string{
	"id": "tns:ID", "reference": "tns:ID", "boolean": "xsd:boolean", "int": "xsd:int", "double": "xsd:double",
	"currency": "xsd:double", "percent": "xsd:double", "date": "xsd:date", "datetime": "xsd:dateTime", "time": "xsd:time", "address": "urn:address",
}

// fieldInfo is one field of a describe, with every key of API v59.
func (c *call) fieldInfo(f *store.Field) map[string]any {
	soap, known := soapTypes[f.Type]
	if !known {
		soap = "xsd:string"
	}
	options := []map[string]any{}
	for _, o := range f.Options {
		options = append(options, map[string]any{"active": !o.Inactive, "defaultValue": o.Default, "label": o.Label, "validFor": nil, "value": o.Value})
	}
	var fallback any
	switch {
	case f.Type == "boolean":
		fallback = f.Custom && f.Default == "true" // false of every standard field, also where a create sets true
	case f.Default != "":
		fallback = f.Default
	}
	refersTo := f.RefersTo
	if refersTo == nil {
		refersTo = []string{}
	}
	edit := c.org.Editable(c.user, f)
	return map[string]any{
		"aggregatable": f.Aggregatable(), "aiPredictionField": false, "autoNumber": f.AutoNumber != "", "byteLength": 3*f.Length - 2*idLength(f),
		"calculated": f.Formula != "", "calculatedFormula": orNil(f.Formula), "cascadeDelete": f.Custom && f.OnDelete == store.Cascade, "caseSensitive": f.CaseMatters,
		"compoundFieldName": orNil(f.Compound), "controllerName": nil, "createable": f.Createable && edit, "custom": f.Custom,
		"defaultValue": fallback, "defaultValueFormula": nil, "defaultedOnCreate": f.Defaulted, "dependentPicklist": false,
		"deprecatedAndHidden": false, "digits": f.Digits, "displayLocationInDecimal": false, "encrypted": false,
		"externalId": f.ExternalID, "extraTypeInfo": orNil(f.Extra), "filterable": f.Filterable(), "filteredLookupInfo": nil,
		"formulaTreatNullNumberAsZero": false, "groupable": f.Groupable(), "highScaleNumber": false, "htmlFormatted": false,
		"idLookup": f.IDLookup, "inlineHelpText": orNil(f.Help), "label": f.Label, "length": f.Length, "mask": nil, "maskType": nil,
		"name": f.Name, "nameField": f.NameField || f.Name == "Name", "namePointing": f.Polymorphic(), "nillable": f.Nillable,
		"permissionable": f.Permissionable(), "picklistValues": options, "polymorphicForeignKey": f.Polymorphic(),
		"precision": f.Precision, "queryByDistance": f.Type == "address", "referenceTargetField": nil, "referenceTo": refersTo,
		"relationshipName": orNil(f.Relationship), "relationshipOrder": nil, "restrictedDelete": f.Custom && f.OnDelete == store.Restrict,
		"restrictedPicklist": f.Restricted, "scale": f.Scale, "searchPrefilterable": f.Prefilterable || f.Custom && f.Type == "reference", "soapType": soap,
		"sortable": f.Sortable(), "type": f.Type, "unique": f.Unique, "updateable": f.Updateable && edit,
		"writeRequiresMasterRead": false,
	}
}

// idLength is 18 for ids, whose bytes are their characters, and 0 for other text.
func idLength(f *store.Field) int {
	if f.Type == "id" || f.Type == "reference" || f.Name == "Fiscal" {
		return f.Length
	}
	return 0
}

func orNil(s string) any {
	if s == "" {
		return nil
	}
	return s
}
