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

	objects  map[string]*Object // lower case
	prefixes map[string]*Object
	flows    map[*Object][]Flow
	rules    map[*Object][]Rule
}

// Flow is a before-save automation: it gets the record before (nil on create) and as it is about to be
// saved, and returns what it changes.
type Flow func(before, after map[string]string) map[string]string

// Rule is a validation rule: it returns the message, and the field it stands at (or ""); "" accepts.
type Rule func(before, after map[string]string) (message, field string)

// New is an org as it stands on its first day: two users, the lead statuses, no records.
func New(now func() time.Time) *Org {
	org := &Org{Now: now, objects: map[string]*Object{}, prefixes: map[string]*Object{}, flows: map[*Object][]Flow{}, rules: map[*Object][]Rule{}}
	for _, o := range schema(now().Unix()) {
		org.objects[strings.ToLower(o.Name)], org.prefixes[o.Prefix] = o, o
	}
	org.seed()
	return org
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

// Automate registers a flow.
func (org *Org) Automate(o *Object, f Flow) { org.flows[o] = append(org.flows[o], f) }

// Validate registers a validation rule.
func (org *Org) Validate(o *Object, r Rule) { org.rules[o] = append(org.rules[o], r) }

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
	out := map[string]string{}
	for _, f := range o.Fields {
		if v := o.Value(row, f); !v.IsNull() && f.Type != "address" {
			out[f.Name] = v.String()
		}
	}
	return out
}
