// Package store holds one simulated org: objects with their fields, records in columns, the rules by
// which Salesforce accepts or refuses a write, and the running of SOQL. It knows no HTTP.
//
// Nothing here locks: the caller serves one request after the other.
package store

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Org is one simulated org.
type Org struct {
	Now         func() time.Time
	ID          ID // of the Organization
	Integration ID // the user that API clients act as
	Human       ID // the user that works in the user interface

	Rules Rules

	objects     map[string]*Object // lower case
	prefixes    map[string]*Object
	flows       map[*Object][]Flow
	afterSaves  map[*Object][]AfterSave
	triggers    map[*Object][]trigger
	rules       map[*Object][]Rule
	duplicates  map[*Object][]DuplicateRule
	assignments map[*Object][]*AssignmentRule
	closed      map[ID]bool       // records that API users may read only
	forbidden   map[string]bool   // object and permission that API users lack
	cleared     map[ID][]clearing // by deleted record, the references its deletion made null
	locks       map[ID]int        // records that somebody holds, and how often
	places      []Country         // nil: states and countries are free text
	persons     map[ID]bool       // record types of person accounts; nil: the org has none
	currencies  []string          // the corporate one first; nil: one currency
	leadFields  []leadField
	customs     int   // custom objects made so far
	batches     int32 // deletions made so far
}

// Rules are the settings of an org that change what it accepts.
type Rules struct {
	// StorageRecords is how many records the org has room for, at 2 KB each; 0 is no limit. A create beyond
	// it is refused with STORAGE_LIMIT_EXCEEDED.
	StorageRecords int
	// AllowConvertedStatus lets a plain write set Lead.Status to a status of converted leads.
	// Whether the original refuses it is not verified; it is refused here.
	AllowConvertedStatus bool
	// StillClears leaves SystemModstamp alone on records whose reference was cleared because the record it
	// pointed to was deleted. Which stamps the original moves is not verified; SystemModstamp moves here.
	StillClears bool
	// BulkHonoursDuplicateHeader makes Sforce-Duplicate-Rule-Header, sent when a Bulk job is created, count
	// for its rows. Whether the original does is not verified; it does not here.
	BulkHonoursDuplicateHeader bool
}

// New is an org as it stands on its first day: two users, the values of its picklists, no records.
func New(now func() time.Time) *Org {
	org := &Org{
		Now: now, objects: map[string]*Object{}, prefixes: map[string]*Object{}, flows: map[*Object][]Flow{}, rules: map[*Object][]Rule{},
		afterSaves: map[*Object][]AfterSave{}, triggers: map[*Object][]trigger{}, duplicates: map[*Object][]DuplicateRule{},
		assignments: map[*Object][]*AssignmentRule{}, closed: map[ID]bool{}, forbidden: map[string]bool{}, cleared: map[ID][]clearing{}, locks: map[ID]int{},
	}
	for _, o := range schema(now().Unix(), "Account", "Contact", "Lead", "Opportunity", "activity", "campaign", "case", "setup") {
		org.enter(o)
	}
	org.seed()
	return org
}

// enter makes an object known. Of objects that share a prefix the first answers to it.
func (org *Org) enter(o *Object) {
	org.objects[strings.ToLower(o.Name)] = o
	if org.prefixes[o.Prefix] == nil {
		org.prefixes[o.Prefix] = o
	}
}

func (org *Org) seed() {
	day := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC).Format(DateTimeLayout)
	add := func(object string, values map[string]string) ID {
		for _, stamp := range []string{"CreatedDate", "LastModifiedDate", "SystemModstamp"} {
			values[stamp] = day
		}
		id, err := org.Insert(object, values)
		if err != nil {
			panic(err) // the seed is part of the program
		}
		return id
	}
	org.Human = makeID("005", 1)
	org.ID = add("Organization", map[string]string{
		"Name": "Sandbox", "Country": "US", "LanguageLocaleKey": "en_US", "DefaultLocaleSidKey": "en_US", "TimeZoneSidKey": "GMT",
		"OrganizationType": "Developer Edition", "InstanceName": "SBX1", "IsSandbox": "true",
	})
	full := add("UserLicense", map[string]string{"Name": "Salesforce", "MasterLabel": "Salesforce", "LicenseDefinitionKey": "SFDC", "Status": "Active"})
	api := add("UserLicense", map[string]string{"Name": "Salesforce Integration", "MasterLabel": "Salesforce Integration", "LicenseDefinitionKey": "SFDC_INTEGRATION", "Status": "Active"})
	admin := add("Profile", map[string]string{"Name": "System Administrator", "UserLicenseId": full.String(), "UserType": "Standard"})
	minimum := add("Profile", map[string]string{"Name": "Minimum Access - API Only Integrations", "UserLicenseId": api.String(), "UserType": "Standard"})
	user := func(username, first, last, alias, profile string) ID {
		return add("User", map[string]string{
			"Username": username, "FirstName": first, "LastName": last, "Email": username, "Alias": alias, "IsActive": "true",
			"TimeZoneSidKey": "GMT", "LocaleSidKey": "en_US", "EmailEncodingKey": "UTF-8", "LanguageLocaleKey": "en_US",
			"UserType": "Standard", "ProfileId": profile,
		})
	}
	org.Human = user("admin@sandbox.example.com", "Admin", "User", "admin", admin.String())
	org.Integration = user("integration@sandbox.example.com", "Integration", "User", "integ", minimum.String())
	for n, o := range org.Object("Lead").Field("Status").Options {
		add("LeadStatus", map[string]string{
			"MasterLabel": o.Label, "ApiName": o.Value, "SortOrder": fmt.Sprint(n + 1),
			"IsDefault": fmt.Sprint(o.Default), "IsConverted": fmt.Sprint(o.Value == "Closed - Converted"),
		})
	}
	for n, o := range org.Object("Task").Field("Status").Options {
		add("TaskStatus", map[string]string{
			"MasterLabel": o.Label, "ApiName": o.Value, "SortOrder": fmt.Sprint(n + 1),
			"IsDefault": fmt.Sprint(o.Default), "IsClosed": fmt.Sprint(o.Value == "Completed"),
		})
	}
	for n, o := range org.Object("Opportunity").Field("StageName").Options {
		add("OpportunityStage", newStage(n, o))
	}
}

// Object finds an object by name, in any case; nil when there is none.
func (org *Org) Object(name string) *Object { return org.objects[strings.ToLower(name)] }

// Objects lists all objects by name.
func (org *Org) Objects() []*Object {
	var out []*Object
	for _, o := range org.objects {
		out = append(out, o)
	}
	slices.SortFunc(out, func(a, b *Object) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// ByPrefix finds the object whose ids begin so; nil when there is none.
func (org *Org) ByPrefix(prefix string) *Object {
	return org.prefixes[prefix]
}

// find leads from an id to its live or deleted record.
func (org *Org) find(id ID) (*Object, int32, bool) {
	o := org.prefixes[string(id[:3])]
	if o == nil {
		return nil, 0, false
	}
	row, ok := o.row(id)
	return o, row, ok
}

// Get is a live record's values by column, blanks left out.
func (org *Org) Get(o *Object, id string) (map[string]string, bool) {
	parsed, ok := ParseID(id)
	if !ok {
		return nil, false
	}
	row, ok := o.row(parsed)
	if !ok || o.state[row] != live {
		return nil, false
	}
	return o.texts(row), true
}

// All lists the live records in id order.
func (org *Org) All(o *Object) []map[string]string {
	var out []map[string]string
	for _, row := range o.idOrder() {
		if o.state[row] == live {
			out = append(out, o.texts(row))
		}
	}
	return out
}

// texts is a row by column, blanks and compounds left out.
func (o *Object) texts(row int32) map[string]string {
	out := o.stored(row)
	for _, f := range o.Fields {
		if f.formula != nil {
			if v := o.Value(row, f); !v.IsNull() {
				out[f.Name] = v.String()
			}
		}
	}
	return out
}

// stored is texts without the columns that a formula computes from them, and without what follows from the id.
func (o *Object) stored(row int32) map[string]string {
	out := map[string]string{}
	for _, f := range o.Fields {
		if f.Type == "address" || f.photo() || f.formula != nil {
			continue
		}
		if v := o.Value(row, f); !v.IsNull() {
			out[f.Name] = v.String()
		}
	}
	return out
}
