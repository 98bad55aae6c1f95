package salesforce_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"lockstep/internal/sandbox/salesforce"
)

// binned counts the deleted records of an object that queryAll still sees.
func (x *org) binned(object string) int {
	x.Helper()
	r := x.must(200, http.MethodGet, "/queryAll?q="+url.QueryEscape("SELECT Id FROM "+object+" WHERE IsDeleted = TRUE"), "")
	return len(get(r.json, "records").([]any))
}

func TestDeletesCascade(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	account := x.insert("Account", "Name", "Acme")
	daughter := x.insert("Account", "Name", "Daughter", "ParentId", account)
	contact := x.insert("Contact", "LastName", "Lee", "AccountId", account)
	stays := x.insert("Contact", "LastName", "Chen", "ReportsToId", contact)
	deal := x.create("Opportunity", `{"Name":"Deal","StageName":"Prospecting","CloseDate":"2026-05-06","AccountId":"`+account+`","ContactId":"`+contact+`"}`)
	task := x.create("Task", `{"WhoId":"`+contact+`"}`)
	x.move(time.Hour)
	x.must(204, "DELETE", "/sobjects/Account/"+account, "")
	for object, id := range map[string]string{"Account": account, "Contact": contact, "Opportunity": deal, "Task": task} {
		if _, there := x.Get(object, id); there {
			t.Errorf("%s outlives the account", object)
		}
		if n := x.binned(object); n != 1 {
			t.Errorf("%d deleted rows of %s", n, object)
		}
	}
	x.has("Account", daughter, map[string]string{"ParentId": "", "SystemModstamp": "2026-03-04T06:06:07.000+0000", "LastModifiedDate": "2026-03-04T05:06:07.000+0000"})
	x.has("Contact", stays, map[string]string{"ReportsToId": ""})
	if err := x.Undelete("Account", account); err != nil {
		t.Fatal(err)
	}
	x.has("Contact", contact, map[string]string{"AccountId": account})
	x.has("Contact", stays, map[string]string{"ReportsToId": contact})
	x.has("Account", daughter, map[string]string{"ParentId": account})
	x.has("Task", task, map[string]string{"WhoId": contact})
	if n := len(x.All("OpportunityContactRole")); n != 1 {
		t.Errorf("%d contact roles came back", n)
	}
	if x.Undelete("Account", account) == nil {
		t.Error("brought back twice")
	}
	y := start(t, salesforce.Options{Rules: salesforce.Rules{StillClears: true}})
	account = y.insert("Account", "Name", "Acme")
	daughter = y.insert("Account", "Name", "Daughter", "ParentId", account)
	y.move(time.Hour)
	y.must(204, "DELETE", "/sobjects/Account/"+account, "")
	y.has("Account", daughter, map[string]string{"ParentId": "", "SystemModstamp": "2026-03-04T05:06:07.000+0000"})
}

func TestDeleteRefused(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	contact := x.insert("Contact", "LastName", "Lee", "FirstName", "Ann", "Salutation", "Ms.", "AccountId", x.insert("Account", "Name", "Acme"))
	number := x.create("Case", `{"ContactId":"`+contact+`","Subject":"Help"}`)
	c, _ := x.Get("Case", number)
	if c["CaseNumber"] != "00001001" || c["AccountId"] == "" || c["Status"] != "New" {
		t.Errorf("the case: %v", c)
	}
	want := "DELETE_FAILED Your attempt to delete Ms. Ann Lee could not be completed because it is associated with the following cases.: 00001001\n []"
	if got := x.refusal("DELETE", "/sobjects/Contact/"+contact, ""); got != want {
		t.Errorf("a contact with a case: %s", got)
	}
	x.must(400, "DELETE", "/sobjects/Account/"+c["AccountId"], "")
	if n := x.binned("Contact") + x.binned("Account"); n != 0 {
		t.Errorf("%d records were deleted all the same", n)
	}
	if err := x.DefineObject(salesforce.CustomObject{Name: "Answer__c", Fields: []salesforce.CustomField{
		{Name: "Lead__c", Type: "Lookup", RefersTo: []string{"Lead"}, Relationship: "Answers", OnDelete: "restrict"}}}); err != nil {
		t.Fatal(err)
	}
	lead := x.insert("Lead", "LastName", "Chen", "Company", "Example")
	x.create("Answer__c", `{"Lead__c":"`+lead+`"}`)
	if got := x.refusal("DELETE", "/sobjects/Lead/"+lead, ""); got != "DELETE_FAILED Your attempt to delete Chen could not be completed because it is associated with the following answers. []" {
		t.Errorf("a lead with answers: %s", got)
	}
	if got := x.refusal("DELETE", "/sobjects/User/"+x.Human(), ""); !strings.HasPrefix(got, "INSUFFICIENT_ACCESS_OR_READONLY") {
		t.Errorf("a user: %s", got)
	}
	x.Protect(lead)
	for _, method := range []string{"PATCH", "DELETE"} {
		if got := x.refusal(method, "/sobjects/Lead/"+lead, `{"Title":"x"}`); got != "INSUFFICIENT_ACCESS_OR_READONLY insufficient access rights on object id []" {
			t.Errorf("%s of a record that may be read only: %s", method, got)
		}
	}
}

func TestRecycleBinEmptiesItself(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	id := x.insert("Lead", "LastName", "Chen", "Company", "Example")
	x.insert("Lead", "LastName", "Old", "Company", "Example", "IsDeleted", "true", "SystemModstamp", "2026-02-25T00:00:00Z")
	x.must(204, "DELETE", "/sobjects/Lead/"+id, "")
	for _, step := range []struct {
		wait time.Duration
		left int
	}{{0, 2}, {8 * 24 * time.Hour, 1}, {7 * 24 * time.Hour, 1}, {time.Second, 0}} {
		if x.move(step.wait); step.wait > time.Hour {
			x.login()
		}
		if got := x.binned("Lead"); got != step.left {
			t.Errorf("%d in the bin at %s, want %d", got, x.now(), step.left)
		}
	}
	if x.Undelete("Lead", id) == nil {
		t.Error("brought back after 15 days")
	}
	hard := x.insert("Lead", "LastName", "Gone", "Company", "Example")
	x.create("Task", `{"WhoId":"`+hard+`"}`)
	if _, job := x.ingest(`{"object":"Lead","operation":"hardDelete"}`, "Id\n"+hard+"\n"); len(x.lines(job, "successfulResults")) != 2 || x.binned("Lead")+x.binned("Task")+len(x.All("Task")) != 0 {
		t.Errorf("hard delete: %v, %d in the bin", x.lines(job, "failedResults"), x.binned("Lead"))
	}
}

func TestMergeMovesWhatHangsOn(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	x.grant("Contact", "HubSpot_Id__c", external)
	winner := x.insert("Contact", "LastName", "Lee", "HubSpot_Id__c", "1")
	a := x.insert("Contact", "LastName", "Leigh", "HubSpot_Id__c", "2")
	b := x.insert("Contact", "LastName", "Li")
	campaign := x.create("Campaign", `{"Name":"Spring"}`)
	for _, who := range []string{winner, a} {
		x.create("CampaignMember", `{"CampaignId":"`+campaign+`","ContactId":"`+who+`"}`)
	}
	task := x.create("Task", `{"WhoId":"`+a+`"}`)
	deal := x.create("Opportunity", `{"Name":"Deal","StageName":"Prospecting","CloseDate":"2026-05-06","ContactId":"`+b+`"}`)
	if x.Merge("Contact", winner, a, b, x.insert("Contact", "LastName", "Fourth")) == nil || x.Merge("Contact", winner, winner) == nil || x.Merge("Opportunity", deal, deal) == nil {
		t.Error("a merge of four, of one with itself or of opportunities passes")
	}
	x.move(time.Hour)
	if err := x.MergeKeeping("Contact", winner, map[string]string{"HubSpot_Id__c": "2", "Title": "CEO"}, a, b); err != nil {
		t.Fatal(err)
	}
	x.has("Contact", winner, map[string]string{"HubSpot_Id__c": "2", "Title": "CEO", "LastName": "Lee"})
	x.has("Task", task, map[string]string{"WhoId": winner, "SystemModstamp": "2026-03-04T06:06:07.000+0000", "LastModifiedDate": "2026-03-04T05:06:07.000+0000"})
	x.has("Opportunity", deal, map[string]string{"ContactId": winner})
	if roles := x.All("OpportunityContactRole"); len(roles) != 1 || roles[0]["ContactId"] != winner {
		t.Errorf("roles: %v", roles)
	}
	if members := x.All("CampaignMember"); len(members) != 1 || members[0]["ContactId"] != winner {
		t.Errorf("members: %v", members)
	}
	if x.Undelete("Contact", a) == nil {
		t.Error("a loser came back")
	}
}

func TestConvertLead(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	queue := x.insert("Group", "Name", "Inbound", "Type", "Queue")
	account := x.insert("Account", "Name", "Acme")
	lead := x.insert("Lead", "LastName", "Chen", "Company", "Example", "OwnerId", queue, "LeadSource", "Web")
	task := x.create("Task", `{"WhoId":"`+lead+`"}`)
	campaign := x.create("Campaign", `{"Name":"Spring"}`)
	member := x.create("CampaignMember", `{"CampaignId":"`+campaign+`","LeadId":"`+lead+`"}`)
	for name, c := range map[string]salesforce.Conversion{
		"status": {Lead: lead, Status: "Working - Contacted"}, "lead": {Lead: "00QSx0000000zzz"}, "account": {Lead: lead, Account: "001Sx0000000zzz"},
	} {
		if _, err := x.ConvertLead(c); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if n := len(x.All("Contact")) + len(x.All("Opportunity")); n != 0 {
		t.Errorf("%d records are left of conversions that failed", n)
	}
	for _, object := range []string{"Lead", "Contact", "Opportunity"} {
		if err := x.DefineField(object, salesforce.CustomField{Name: "Code__c", Type: "Text", Length: 9}); err != nil {
			t.Fatal(err)
		}
	}
	if err := x.MapLeadField("Code__c", "Contact", "Code__c"); err != nil || x.MapLeadField("Code__c", "Contact", "Nope__c") == nil {
		t.Errorf("mapping a field: %v", err)
	}
	x.must(204, "PATCH", "/sobjects/Lead/"+lead, `{"Code__c":"C7"}`)
	out, err := x.ConvertLead(salesforce.Conversion{Lead: lead, Account: account, Opportunity: "First deal"})
	if err != nil {
		t.Fatal(err)
	}
	x.has("Lead", lead, map[string]string{"IsConverted": "true", "Status": "Closed - Converted", "ConvertedAccountId": account, "ConvertedContactId": out.Contact, "ConvertedOpportunityId": out.Opportunity})
	x.has("Contact", out.Contact, map[string]string{"AccountId": account, "OwnerId": x.Human(), "LeadSource": "Web", "Code__c": "C7"})
	x.has("Opportunity", out.Opportunity, map[string]string{"Name": "First deal", "AccountId": account, "ContactId": out.Contact, "StageName": "Prospecting", "CloseDate": "2026-03-31", "Code__c": ""})
	x.has("Task", task, map[string]string{"WhoId": out.Contact})
	x.has("CampaignMember", member, map[string]string{"LeadId": lead, "ContactId": out.Contact, "LeadOrContactId": out.Contact})
	other := x.insert("Lead", "LastName", "Other", "Company", "Example")
	if got := x.refusal("PATCH", "/sobjects/Lead/"+other, `{"Status":"Closed - Converted"}`); !strings.HasPrefix(got, "INVALID_STATUS") {
		t.Errorf("converted by a plain update: %s", got)
	}
	y := start(t, salesforce.Options{Rules: salesforce.Rules{AllowConvertedStatus: true}})
	y.create("Lead", `{"LastName":"Other","Company":"Example","Status":"Closed - Converted"}`)
}
