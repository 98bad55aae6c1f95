package salesforce

import (
	"errors"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/internal/crm"
	"lockstep/internal/wire"
)

// As recorded, cut to what matters; and two more fields in the recorded form.
const leadDescribe = `{"createable":true,"custom":false,"deletable":true,"keyPrefix":"00Q","label":"Lead","mergeable":true,"name":"Lead","queryable":true,"replicateable":true,"undeletable":true,"updateable":true,
"recordTypeInfos":[{"active":true,"available":true,"defaultRecordTypeMapping":true,"developerName":"Master","master":true,"name":"Master","recordTypeId":"012000000000000AAA","urls":{}}],
"fields":[
{"aggregatable":true,"autoNumber":false,"byteLength":765,"calculated":false,"compoundFieldName":null,"createable":true,"custom":false,"defaultValue":"Open - Not Contacted","defaultedOnCreate":true,"digits":0,"externalId":false,"filterable":true,"idLookup":false,"label":"Status","length":255,"name":"Status","nillable":false,"permissionable":false,"picklistValues":[{"active":true,"defaultValue":true,"label":"Open - Not Contacted","validFor":null,"value":"Open - Not Contacted"},{"active":false,"defaultValue":false,"label":"Working","validFor":null,"value":"Working - Contacted"}],"precision":0,"referenceTo":[],"relationshipName":null,"restrictedPicklist":false,"scale":0,"sortable":true,"type":"picklist","unique":false,"updateable":true},
{"calculated":false,"compoundFieldName":"Name","createable":true,"defaultValue":null,"defaultedOnCreate":false,"digits":0,"label":"Last Name","length":80,"name":"LastName","nillable":false,"picklistValues":[],"precision":0,"referenceTo":[],"scale":0,"type":"string","updateable":true},
{"calculated":false,"createable":true,"defaultValue":false,"defaultedOnCreate":true,"digits":0,"label":"Converted","length":0,"name":"IsConverted","nillable":false,"picklistValues":[],"precision":0,"referenceTo":[],"scale":0,"type":"boolean","updateable":false},
{"calculated":false,"createable":true,"defaultValue":null,"defaultedOnCreate":true,"digits":0,"label":"Owner ID","length":18,"name":"OwnerId","nillable":false,"picklistValues":[],"polymorphicForeignKey":true,"precision":0,"referenceTo":["Group","User"],"relationshipName":"Owner","scale":0,"type":"reference","updateable":true},
{"calculated":false,"createable":true,"defaultedOnCreate":false,"digits":8,"label":"Employees","length":0,"name":"NumberOfEmployees","nillable":true,"picklistValues":[],"precision":0,"referenceTo":[],"scale":0,"type":"int","updateable":true},
{"calculated":false,"createable":true,"custom":true,"externalId":true,"idLookup":true,"label":"HubSpot Id","length":32,"name":"HubSpot_Id__c","nillable":true,"permissionable":true,"picklistValues":[],"referenceTo":[],"type":"string","unique":true,"updateable":true}]}`

func TestDescribe(t *testing.T) {
	t.Parallel()
	o := newOrg(t, map[string][]http.HandlerFunc{"GET /services/data/v60.0/sobjects/Lead/describe": one(says(200, leadDescribe))})
	d, err := o.client(t).Describe(t.Context(), "Lead")
	if err != nil {
		t.Fatal(err)
	}
	if d.Name != "Lead" || d.KeyPrefix != "00Q" || !d.Mergeable || len(d.RecordTypes) != 1 || !d.RecordTypes[0].Master {
		t.Errorf("got %+v", d.Object)
	}
	got := []crm.Column{}
	for _, f := range d.Fields {
		got = append(got, f.Column())
	}
	want := []crm.Column{
		{Name: "Status", Label: "Status", Type: "picklist", Length: 255, Createable: true, Updateable: true, RefersTo: []string{},
			Options: []crm.Option{{Value: "Open - Not Contacted", Label: "Open - Not Contacted", Active: true}, {Value: "Working - Contacted", Label: "Working"}}},
		{Name: "LastName", Label: "Last Name", Type: "string", Length: 80, Required: true, Createable: true, Updateable: true, RefersTo: []string{}},
		{Name: "IsConverted", Label: "Converted", Type: "boolean", Createable: true, RefersTo: []string{}},
		{Name: "OwnerId", Label: "Owner ID", Type: "reference", Length: 18, Createable: true, Updateable: true, RefersTo: []string{"Group", "User"}},
		{Name: "NumberOfEmployees", Label: "Employees", Type: "int", Precision: 8, Createable: true, Updateable: true, RefersTo: []string{}},
		{Name: "HubSpot_Id__c", Label: "HubSpot Id", Type: "string", Length: 32, Createable: true, Updateable: true, Unique: true, ExternalID: true, RefersTo: []string{}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestDescribeOfAnUnknownObject(t *testing.T) {
	t.Parallel()
	_, err := newOrg(t, nil).client(t).Describe(t.Context(), "Nope")
	var e *wire.Error
	if !errors.As(err, &e) || e.Kind != wire.Mapping || err.Error() != "salesforce: GET describe Nope: 404 NOT_FOUND" {
		t.Errorf("got %v", err)
	}
}

func TestGlobal(t *testing.T) {
	t.Parallel()
	o := newOrg(t, map[string][]http.HandlerFunc{"GET /services/data/v60.0/sobjects": one(says(200, `{"encoding":"UTF-8","maxBatchSize":200,"sobjects":[
{"activateable":false,"createable":true,"custom":false,"deletable":true,"keyPrefix":"001","label":"Account","mergeable":true,"name":"Account","queryable":true,"replicateable":true,"undeletable":true,"updateable":true}]}`))})
	got, err := o.client(t).Global(t.Context())
	want := []Object{{Name: "Account", Label: "Account", KeyPrefix: "001", Queryable: true, Createable: true, Updateable: true, Deletable: true, Mergeable: true, Replicable: true, Undeletable: true}}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Error(err, diff)
	}
}
