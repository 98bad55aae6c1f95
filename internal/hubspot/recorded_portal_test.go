package hubspot

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// TestRecordedPortal: account (AMP), owners (VCR), properties and groups (AMP, VCR), in their recorded shapes.
func TestRecordedPortal(t *testing.T) {
	t.Parallel()
	p := script(t,
		reply{body: `{"portalId":12345678,"accountType":"STANDARD","timeZone":"US/Eastern","companyCurrency":"USD","additionalCurrencies":[],"utcOffset":"-04:00","utcOffsetMilliseconds":-14400000,"uiDomain":"app.hubspot.com","dataHostingLocation":"na1"}`},
		reply{body: `{"results":[{"id":"101","email":"owner@example.com","type":"PERSON","firstName":"Olga","lastName":"Owens","userId":7,"userIdIncludingInactive":7,"createdAt":"2019-12-25T13:01:35.228Z","updatedAt":"2023-08-22T13:40:26.790Z","archived":false}]}`},
		reply{body: `{"results":[
			{"updatedAt":"2024-09-05T17:14:04.747Z","createdAt":"2019-08-06T02:41:09.377Z","name":"associatedcompanyid","label":"Primary Associated Company ID","type":"number","fieldType":"number","description":"d","groupName":"contactinformation","options":[],"referencedObjectType":"COMPANY","displayOrder":24,"calculated":false,"externalOptions":true,"hasUniqueValue":false,"hidden":true,"hubspotDefined":true,"modificationMetadata":{"archivable":true,"readOnlyDefinition":true,"readOnlyValue":false},"formField":false,"dataSensitivity":"non_sensitive"},
			{"updatedAt":"2026-02-26T21:21:01.773Z","createdAt":"2025-09-03T01:02:41.146Z","name":"interests__c","label":"Interests","type":"enumeration","fieldType":"select","description":"d","groupName":"made","options":[{"label":"Art","value":"art","description":"d","displayOrder":3,"hidden":false},{"label":"Travel","value":"travel","description":"d","displayOrder":1,"hidden":true}],"createdUserId":"7","updatedUserId":"7","displayOrder":-1,"calculated":false,"externalOptions":false,"archived":false,"hasUniqueValue":true,"hidden":false,"modificationMetadata":{"archivable":true,"readOnlyDefinition":false,"readOnlyOptions":false,"readOnlyValue":false},"formField":true,"dataSensitivity":"non_sensitive"}]}`},
		reply{status: 201, body: `{"name":"made","label":"Made","displayOrder":9,"archived":false}`},
		reply{status: 201, body: `{"name":"age","label":"Age","type":"number","fieldType":"number","description":"d","groupName":"made","options":[],"displayOrder":-1,"calculated":false,"externalOptions":false,"hasUniqueValue":false,"hidden":false,"modificationMetadata":{"archivable":true,"readOnlyDefinition":false,"readOnlyValue":false},"formField":true,"dataSensitivity":"non_sensitive"}`},
	)
	c := p.client(t)
	account, err := c.Account(t.Context())
	if diff := cmp.Diff(&Account{PortalID: 12345678, Type: "STANDARD", TimeZone: "US/Eastern", Currency: "USD", Currencies: []string{}, UIDomain: "app.hubspot.com", DataHostLocation: "na1"}, account); diff != "" || err != nil {
		t.Errorf("account: %v\n%s", err, diff)
	}
	owners, err := c.Owners(t.Context(), false)
	wantOwners := []Owner{{ID: "101", Email: "owner@example.com", Type: "PERSON", FirstName: "Olga", LastName: "Owens", UserID: 7,
		CreatedAt: time.Date(2019, 12, 25, 13, 1, 35, 228e6, time.UTC), UpdatedAt: time.Date(2023, 8, 22, 13, 40, 26, 790e6, time.UTC)}}
	if diff := cmp.Diff(wantOwners, owners); diff != "" || err != nil {
		t.Errorf("owners: %v\n%s", err, diff)
	}
	properties, err := c.Properties(t.Context(), "contacts")
	if err != nil || len(properties) != 2 {
		t.Fatalf("properties: %+v, %v", properties, err)
	}
	if company := properties[0].Column("contacts"); company.Name != "associatedcompanyid" {
		t.Errorf("column %+v", company)
	}
	wantOptions := []Option{{Value: "art", Label: "Art"}, {Value: "travel", Label: "Travel", Hidden: true}}
	if diff := cmp.Diff(wantOptions, properties[1].Options, cmpopts.IgnoreFields(Option{}, "DisplayOrder", "Description")); diff != "" {
		t.Errorf("options: %s", diff)
	}
	if group, err := c.CreateGroup(t.Context(), "contacts", Group{Name: "made", Label: "Made"}); err != nil || group.Name != "made" {
		t.Errorf("group %+v, %v", group, err)
	}
	if made, err := c.CreateProperty(t.Context(), "contacts", Property{Name: "age", Label: "Age", Type: "number", FieldType: "number", GroupName: "made"}); err != nil || made.Name != "age" || made.Type != "number" {
		t.Errorf("property %+v, %v", made, err)
	}
}
