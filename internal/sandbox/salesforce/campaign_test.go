package salesforce_test

import (
	"strings"
	"testing"

	"lockstep/internal/sandbox/salesforce"
)

func TestCampaignMembers(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	lead := x.insert("Lead", "LastName", "Chen", "Company", "Example")
	contact := x.insert("Contact", "LastName", "Lee")
	campaign := x.create("Campaign", `{"Name":"Spring"}`)
	x.has("Campaign", campaign, map[string]string{"Status": "Planned", "IsActive": "false"})
	if got := x.names("Label", "SELECT Label FROM CampaignMemberStatus WHERE CampaignId = '"+campaign+"' ORDER BY SortOrder"); got != "Sent Responded" {
		t.Errorf("statuses of a new campaign: %s", got)
	}
	id := x.create("CampaignMember", `{"CampaignId":"`+campaign+`","LeadId":"`+lead+`"}`)
	x.has("CampaignMember", id, map[string]string{"Status": "Sent", "HasResponded": "false", "LeadOrContactId": lead, "FirstRespondedDate": ""})
	x.must(204, "PATCH", "/sobjects/CampaignMember/"+id, `{"Status":"Responded"}`)
	x.has("CampaignMember", id, map[string]string{"HasResponded": "true", "FirstRespondedDate": "2026-03-04"})
	both := x.create("CampaignMember", `{"CampaignId":"`+campaign+`","LeadId":"`+lead+`","ContactId":"`+contact+`","Status":"Responded"}`)
	x.has("CampaignMember", both, map[string]string{"LeadId": "", "ContactId": contact, "HasResponded": "true", "LeadOrContactId": contact})
	x.create("CampaignMemberStatus", `{"CampaignId":"`+campaign+`","Label":"Came","HasResponded":true}`)
	x.must(204, "PATCH", "/sobjects/CampaignMember/"+id, `{"Status":"Came"}`)
	x.has("CampaignMember", id, map[string]string{"HasResponded": "true"})

	for _, c := range []struct{ name, method, path, body, want string }{
		{"twice", "POST", "/sobjects/CampaignMember", `{"CampaignId":"` + campaign + `","LeadId":"` + lead + `"}`, "DUPLICATE_VALUE Already a campaign member. []"},
		{"nobody", "POST", "/sobjects/CampaignMember", `{"CampaignId":"` + campaign + `"}`, "REQUIRED_FIELD_MISSING Required fields are missing: [LeadId, ContactId] [LeadId ContactId]"},
		{"of nothing", "POST", "/sobjects/CampaignMember", `{"LeadId":"` + lead + `"}`, "REQUIRED_FIELD_MISSING Required fields are missing: [CampaignId] [CampaignId]"},
		{"response given", "POST", "/sobjects/CampaignMember", `{"CampaignId":"` + campaign + `","HasResponded":true}`, "INVALID_FIELD_FOR_INSERT_UPDATE"},
		{"moved", "PATCH", "/sobjects/CampaignMember/" + id, `{"LeadId":"` + lead + `"}`, "INVALID_FIELD_FOR_INSERT_UPDATE"},
		{"no name", "POST", "/sobjects/Campaign", `{}`, "REQUIRED_FIELD_MISSING Required fields are missing: [Name] [Name]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := x.refusal(c.method, c.path, c.body); !strings.HasPrefix(got, c.want) {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
	x.must(204, "DELETE", "/sobjects/Lead/"+lead, "")
	if n := len(x.All("CampaignMember")); n != 1 {
		t.Errorf("%d members are left of two when the lead is deleted", n)
	}
	x.must(204, "DELETE", "/sobjects/Campaign/"+campaign, "")
	if n := len(x.All("CampaignMember")) + len(x.All("CampaignMemberStatus")); n != 0 {
		t.Errorf("%d records outlive their campaign", n)
	}
	if err := x.Forbid("Campaign", "Create"); err != nil {
		t.Fatal(err)
	}
	if got := x.refusal("POST", "/sobjects/Campaign", `{"Name":"Summer"}`); got != "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY entity type cannot be inserted: Campaign []" {
		t.Errorf("without the permission: %s", got)
	}
}
