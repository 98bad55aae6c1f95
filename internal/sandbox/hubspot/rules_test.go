package hubspot_test

import (
	"strings"
	"testing"
	"time"

	"lockstep/internal/sandbox/hubspot"
)

// shows reads properties of any object's record.
func (w *world) shows(object, id string, names ...string) m {
	w.t.Helper()
	r := w.call("GET", "/crm/v3/objects/"+object+"/"+id+"?properties="+strings.Join(names, ","), nil)
	r.want(w.t, 200, nil)
	return r.body["properties"].(m)
}

// wantShown fails unless a record reads as wanted.
func (w *world) wantShown(object, id string, want m) {
	w.t.Helper()
	var names []string
	for name := range want {
		names = append(names, name)
	}
	got := w.shows(object, id, names...)
	for name, v := range want {
		if got[name] != v {
			w.t.Errorf("%s %s: %v, want %v", object, name, got[name], v)
		}
	}
}

func TestDealsStandInAPipeline(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	const deals = "/crm/v3/objects/deals"
	id := w.makes("deals", m{"dealname": "Ten seats", "dealstage": "contractsent", "amount": "100.50"})
	w.wantShown("deals", id, m{
		"pipeline": "default", "hs_is_closed": "false", "hs_is_closed_won": "false", "hs_deal_stage_probability": "0.9", "closedate": nil,
		"amount_in_home_currency": "100.5", "hs_projected_amount": "90.45", "hs_closed_amount": "0", "hs_analytics_source": "OFFLINE",
	})
	refused := func(body m, name string) {
		t.Helper()
		w.call("PATCH", deals+"/"+id, m{"properties": body}).want(t, 400, m{"errors.0.code": "INVALID_OPTION", "errors.0.context.propertyName": list{name}})
	}
	refused(m{"dealstage": "Closed Won"}, "dealstage")
	refused(m{"dealstage": ""}, "dealstage")
	refused(m{"pipeline": "nope"}, "pipeline")
	r := w.call("POST", "/crm/v3/pipelines/deals", m{"label": "Renewals", "displayOrder": 1, "stages": list{
		m{"label": "Due", "displayOrder": 0, "metadata": m{"probability": "0.5"}}, m{"label": "Lost", "displayOrder": 1, "metadata": m{"probability": 0}},
	}})
	r.want(t, 201, nil)
	renewals, due := r.at("id").(string), r.at("stages.0.id").(string)
	refused(m{"pipeline": renewals}, "dealstage")
	refused(m{"dealstage": due}, "dealstage")
	w.call("PATCH", deals+"/"+id, m{"properties": m{"pipeline": renewals, "dealstage": due}}).want(t, 200, m{"properties.dealstage": due})
	w.wantShown("deals", id, m{"hs_deal_stage_probability": "0.5"})

	w.clock.pass(72 * time.Hour)
	w.call("PATCH", deals+"/"+id, m{"properties": m{"pipeline": "default", "dealstage": "closedwon"}}).want(t, 200, nil)
	w.wantShown("deals", id, m{"hs_is_closed": "true", "hs_is_closed_won": "true", "hs_is_closed_lost": "false", "hs_closed_amount": "100.5", "closedate": "2026-11-24T10:00:00.250Z", "days_to_close": "3"})
	w.call("PATCH", deals+"/"+id, m{"properties": m{"dealstage": "closedlost", "closedate": "2026-12-01T00:00:00Z"}}).want(t, 200, nil)
	w.wantShown("deals", id, m{"closedate": "2026-12-01T00:00:00Z", "hs_is_closed_lost": "true"})
	w.call("PATCH", deals+"/"+id, m{"properties": m{"dealstage": "closedwon"}}).want(t, 200, nil)
	w.wantShown("deals", id, m{"closedate": "2026-12-01T00:00:00Z"}) // it was closed already

	w = start(t, hubspot.Options{Rules: hubspot.Rules{KeepCloseDate: true}})
	id = w.makes("deals", m{"dealname": "x", "dealstage": "closedwon"})
	w.wantShown("deals", id, m{"closedate": nil})
}

func TestCreateDateOfADealIsSettable(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	id := w.makes("deals", m{"dealname": "x", "dealstage": "closedwon", "createdate": "2026-01-02T00:00:00Z"})
	w.wantShown("deals", id, m{"createdate": "2026-01-02T00:00:00Z"})
	w.call("PATCH", "/crm/v3/objects/deals/"+id, m{"properties": m{"createdate": "2026-01-03T00:00:00Z"}}).want(t, 200, m{"createdAt": "2026-01-03T00:00:00Z", "updatedAt": "2026-11-21T10:00:00.251Z"})
	w.call("PATCH", "/crm/v3/objects/deals/"+id, m{"properties": m{"createdate": "2026-01-03T00:00:00Z"}}).want(t, 200, m{"updatedAt": "2026-11-21T10:00:00.251Z"})
	w.call("POST", "/crm/v3/objects/companies", m{"properties": m{"name": "x", "createdate": "2026-01-02"}}).want(t, 400, m{"errors.0.code": "READ_ONLY_VALUE"})
}

func TestTicketsCloseAndReopen(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	id := w.makes("tickets", m{"subject": "Help", "hs_pipeline_stage": "1", "hs_ticket_category": "BILLING_ISSUE;PRODUCT_ISSUE"})
	w.wantShown("tickets", id, m{"hs_pipeline": "0", "closed_date": nil, "hs_ticket_id": id})
	w.clock.pass(time.Minute)
	w.call("PATCH", "/crm/v3/objects/tickets/"+id, m{"properties": m{"hs_pipeline_stage": 4}}).want(t, 200, nil)
	w.wantShown("tickets", id, m{"closed_date": "2026-11-21T10:01:00.250Z", "time_to_close": "60000"})
	w.call("PATCH", "/crm/v3/objects/tickets/"+id, m{"properties": m{"hs_pipeline_stage": "2"}}).want(t, 200, nil)
	w.wantShown("tickets", id, m{"closed_date": "", "time_to_close": nil})
	w.call("PATCH", "/crm/v3/objects/tickets/"+id, m{"properties": m{"hs_pipeline_stage": "Closed"}}).want(t, 400, nil)
}

// GET /engagements/v1/engagements/{id} finds any of them by its number alone.
func TestEngagementsShareOneCount(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	stamp := m{"hs_timestamp": 1}
	seen := map[string]string{}
	for _, object := range []string{"calls", "emails", "meetings", "notes", "tasks", "calls"} {
		delete(stamp, "hs_email_direction")
		if object == "emails" {
			stamp["hs_email_direction"] = "EMAIL"
		}
		id := w.makes(object, stamp)
		if other, taken := seen[id]; taken {
			t.Errorf("%s %s has the id of one of %s", object, id, other)
		}
		seen[id] = object
	}
}

func TestActivitiesFillWhatFollows(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	owner, err := w.AddOwner(hubspot.Owner{Email: "sam@example.com", UserID: 77, Teams: []hubspot.Team{{ID: "9", Name: "Sales", Primary: true}}})
	if err != nil {
		t.Fatal(err)
	}
	r := w.call("POST", "/crm/v3/objects/tasks", m{"properties": m{
		"hs_timestamp": "2026-11-20T00:00:00Z", "hs_task_subject": "Call back", "hs_task_body": "i am a <b>task</b>", "hubspot_owner_id": owner,
	}})
	r.want(t, 201, m{"properties": m{
		"hs_all_owner_ids": owner, "hs_all_team_ids": "9", "hs_body_preview": "i am a task",
		"hs_body_preview_html": "<html>\n <head></head>\n <body>\n  i am a <b>task</b>\n </body>\n</html>", "hs_body_preview_is_truncated": "false",
		"hs_createdate": "2026-11-21T10:00:00.250Z", "hs_lastmodifieddate": "2026-11-21T10:00:00.250Z", "hs_object_id": r.at("id"),
		"hs_object_source": "INTEGRATION", "hs_object_source_id": "1000001", "hs_object_source_label": "INTEGRATION", "hs_task_body": "i am a <b>task</b>",
		"hs_task_completion_count": "0", "hs_task_family": "SALES", "hs_task_for_object_type": "OWNER", "hs_task_is_all_day": "false", "hs_task_is_completed": "0",
		"hs_task_is_completed_call": "0", "hs_task_is_completed_email": "0", "hs_task_is_completed_linked_in": "0", "hs_task_is_completed_sequence": "0",
		"hs_task_is_overdue": "true", "hs_task_is_past_due_date": "true", "hs_task_missed_due_date": "true", "hs_task_missed_due_date_count": "1",
		"hs_task_priority": "NONE", "hs_task_status": "NOT_STARTED", "hs_task_subject": "Call back", "hs_task_type": "TODO", "hs_timestamp": "2026-11-20T00:00:00Z",
		"hs_user_ids_of_all_owners": "77", "hubspot_owner_assigneddate": "2026-11-21T10:00:00.250Z", "hubspot_owner_id": owner, "hubspot_team_id": "9",
	}})
	id := r.at("id").(string)
	w.call("PATCH", "/crm/v3/objects/tasks/"+id, m{"properties": m{"hs_task_status": "COMPLETED"}}).want(t, 200, nil)
	w.wantShown("tasks", id, m{"hs_task_is_completed": "1", "hs_task_is_overdue": "false", "hs_task_completion_date": "2026-11-21T10:00:00.250Z"})
	w.call("POST", "/crm/v3/objects/tasks", m{"properties": m{"hs_timestamp": 1, "hs_task_status": "DONE"}}).want(t, 400, m{"errors.0.code": "INVALID_OPTION"})
	w.call("POST", "/crm/v3/objects/meetings", m{"properties": m{"hs_timestamp": 1, "hs_meeting_start_time": "invalid"}}).want(t, 400, m{
		"errors.0.code": "INVALID_LONG", "errors.0.message": "invalid was not a valid long. Portal 12345678, object type 0-47",
	})
	long := w.makes("notes", m{"hs_timestamp": 1, "hs_note_body": strings.Repeat("é", 300)})
	w.wantShown("notes", long, m{"hs_body_preview": strings.Repeat("é", 200), "hs_body_preview_is_truncated": "true", "hs_timestamp": "1970-01-01T00:00:00.001Z"})
	w.call("POST", "/crm/v3/objects/notes", m{"properties": m{"hs_timestamp": 1, "hs_note_body": strings.Repeat("é", 65_537)}}).want(t, 400, m{"errors.0.code": "INVALID_STRING_LENGTH"})
	call := w.makes("calls", m{"hs_timestamp": 1, "hs_call_disposition": "f240bbac-87c9-4f6e-bf70-924b57d47db7", "hs_call_status": "COMPLETED", "hs_call_direction": "INBOUND"})
	w.call("PATCH", "/crm/v3/objects/calls/"+call, m{"properties": m{"hs_call_disposition": "Connected"}}).want(t, 400, nil)
}

func TestEmailHeadersFillAddresses(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	id := w.makes("emails", m{
		"hs_timestamp": 1, "hs_email_direction": "EMAIL", "hs_email_subject": "Hi",
		"hs_email_headers": `{"from":{"email":"ann@example.com","firstName":"Ann","lastName":"Lee"},"to":[{"email":"bo@example.com"},{"email":"cy@example.com","firstName":"Cy"}],"cc":[],"bcc":[]}`,
	})
	w.wantShown("emails", id, m{
		"hs_email_from_email": "ann@example.com", "hs_email_from_firstname": "Ann", "hs_email_from_lastname": "Lee",
		"hs_email_to_email": "bo@example.com;cy@example.com", "hs_email_to_firstname": "Cy", "hs_email_cc_email": nil,
	})
	w.call("PATCH", "/crm/v3/objects/emails/"+id, m{"properties": m{"hs_email_headers": "From: ann"}}).want(t, 400, m{"category": "VALIDATION_ERROR"})
	w.call("PATCH", "/crm/v3/objects/emails/"+id, m{"properties": m{"hs_email_from_email": "x@example.com"}}).want(t, 400, m{"errors.0.code": "READ_ONLY_VALUE"})
	w.call("PATCH", "/crm/v3/objects/emails/"+id, m{"properties": m{"hs_email_direction": "OUT"}}).want(t, 400, m{"errors.0.code": "INVALID_OPTION"})
}

func TestLineItemAmounts(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	id := w.makes("line_items", m{"name": "Seat", "price": "10.10", "quantity": 3, "hs_discount_percentage": 10})
	w.wantShown("line_items", id, m{"hs_pre_discount_amount": "30.3", "hs_total_discount": "3.03", "amount": "27.27"})
	id = w.makes("line_items", m{"price": 10, "quantity": 2, "discount": 1})
	w.wantShown("line_items", id, m{"amount": "18"})
}

func TestDomainsAreBareHosts(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		"https://www.Example.com/about?x=1": "example.com", "example.com": "example.com", "WWW.shop.example.org": "shop.example.org", "http://example.net:8080": "example.net",
	} {
		w := start(t, hubspot.Options{})
		w.call("POST", "/crm/v3/objects/companies", m{"properties": m{"domain": raw}}).want(t, 201, m{"properties.domain": want, "properties.website": want})
		w = start(t, hubspot.Options{Rules: hubspot.Rules{RawDomain: true}})
		w.call("POST", "/crm/v3/objects/companies", m{"properties": m{"domain": raw}}).want(t, 201, m{"properties.domain": raw})
	}
	w := start(t, hubspot.Options{})
	a, b := w.makes("companies", m{"domain": "example.com"}), w.makes("companies", m{"domain": "example.com"})
	if a == b {
		t.Error("companies are told apart by domain")
	}
	w.call("PATCH", "/crm/v3/objects/companies/"+a, m{"properties": m{"domain": "example.org"}}).want(t, 200, nil)
	w.wantShown("companies", a, m{"domain": "example.org", "website": "example.com", "lifecyclestage": nil})
}

func TestUsersAreOwnersPeople(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	for _, o := range []hubspot.Owner{{Email: "sam@example.com", FirstName: "Sam", LastName: "Ode", UserID: 77}, {Email: "q@example.com", Type: "QUEUE"}} {
		if _, err := w.AddOwner(o); err != nil {
			t.Fatal(err)
		}
	}
	r := w.call("GET", "/crm/v3/objects/users?properties=hs_email,hs_internal_user_id,hs_given_name,hs_searchable_calculated_name", nil)
	r.want(t, 200, m{
		"results.1": absent, "results.0.properties.hs_email": "sam@example.com", "results.0.properties.hs_internal_user_id": "77",
		"results.0.properties.hs_searchable_calculated_name": "Sam Ode",
	})
	id := r.at("results.0.id").(string)
	w.call("PATCH", "/crm/v3/objects/users/"+id, m{"properties": m{"hs_job_title": "Seller"}}).want(t, 200, nil)
	w.call("PATCH", "/crm/v3/objects/users/"+id, m{"properties": m{"hs_email": "x@example.com"}}).want(t, 400, m{"errors.0.code": "READ_ONLY_VALUE"})
	if _, err := w.AddOwner(hubspot.Owner{ID: w.ownerID("sam@example.com"), Email: "sam@example.com", FirstName: "Samuel", LastName: "Ode", UserID: 77}); err != nil {
		t.Fatal(err)
	}
	w.wantShown("users", id, m{"hs_given_name": "Samuel", "hs_job_title": "Seller"})
}

// ownerID finds an owner through the API.
func (w *world) ownerID(email string) string {
	w.t.Helper()
	r := w.call("GET", "/crm/v3/owners?email="+email, nil)
	r.want(w.t, 200, nil)
	return r.at("results.0.id").(string)
}

func TestOwnersTeamsAndQueues(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	for _, o := range []hubspot.Owner{
		{ID: "9", Email: "Ann@example.com", UserID: 1, Teams: []hubspot.Team{{ID: "368389", Name: "Sales Team", Primary: true}}},
		{ID: "10", Email: "bo@example.com", UserID: 2}, {ID: "11", Type: "QUEUE"}, {ID: "12", Email: "cy@example.com", UserID: 3, Archived: true},
	} {
		if _, err := w.AddOwner(o); err != nil {
			t.Fatal(err)
		}
	}
	const owners = "/crm/v3/owners"
	r := w.call("GET", owners+"?limit=2", nil)
	r.want(t, 200, m{
		"results.0.id": "9", "results.0.userId": 1, "results.0.type": "PERSON", "results.0.teams": list{m{"id": "368389", "name": "Sales Team", "primary": true}},
		"results.1.id": "10", "results.1.teams": absent, "results.2": absent, "paging.next.after": "10",
	})
	w.call("GET", owners+"?limit=2&after=10", nil).want(t, 200, m{"results.0.id": "11", "results.0.type": "QUEUE", "results.1": absent, "paging": absent})
	w.call("GET", "/crm/owners/2026-03?archived=true", nil).want(t, 200, m{"results.0.id": "12", "results.0.userId": nil, "results.0.userIdIncludingInactive": 3, "results.1": absent})
	w.call("GET", owners+"?email=ann@EXAMPLE.com", nil).want(t, 200, m{"results.0.id": "9", "results.1": absent})
	w.call("GET", owners+"/2?idProperty=userId", nil).want(t, 200, m{"id": "10"})
	w.call("GET", owners+"/12", nil).want(t, 404, nil)
	w.call("GET", owners+"/12?archived=true", nil).want(t, 200, m{"archived": true})
	w.call("GET", owners+"?limit=500", nil).want(t, 200, nil)
	w.call("GET", owners+"?limit=501", nil).want(t, 400, nil)
	id := w.create(m{"hubspot_owner_id": "9"})
	w.wantShown("contacts", id, m{"hubspot_team_id": "368389", "hs_all_owner_ids": "9", "hs_all_team_ids": "368389"})
	for _, unknown := range []string{"99", "12", "ann@example.com"} {
		w.call("PATCH", contacts+"/"+id, m{"properties": m{"hubspot_owner_id": unknown}}).want(t, 400, m{"errors.0.code": "INVALID_OPTION"})
	}
	if err := w.Delete("owners", "9"); err != nil {
		t.Fatal(err)
	}
	w.wantShown("contacts", id, m{"hubspot_owner_id": "9"})
}

func TestLeadsAreAboutSomebody(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	const leads = "/crm/v3/objects/leads"
	ann, deal := w.create(m{"email": "ann@example.com"}), w.makes("deals", m{"dealname": "x", "dealstage": "closedwon"})
	about := func(id string, kind int) m {
		return m{"properties": m{"hs_lead_name": "Ann"}, "associations": list{m{"to": m{"id": id}, "types": list{m{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": kind}}}}}
	}
	w.call("POST", leads, m{"properties": m{"hs_lead_name": "Ann"}}).want(t, 400, m{"category": "VALIDATION_ERROR"})
	w.call("POST", leads, about(deal, 582)).want(t, 400, nil)
	w.call("POST", leads+"/batch/create", m{"inputs": list{m{"properties": m{"hs_lead_name": "Ann"}}}}).want(t, 400, nil)
	r := w.call("POST", leads, about(ann, 578))
	r.want(t, 201, m{"properties.hs_pipeline": "lead-pipeline-id", "properties.hs_pipeline_stage": "new-stage-id"})
	id := r.at("id").(string)
	w.call("PATCH", leads+"/"+id, m{"properties": m{"hs_pipeline_stage": "qualified-stage-id", "hs_lead_label": "HOT"}}).want(t, 200, nil)
	w.call("PATCH", leads+"/"+id, m{"properties": m{"hs_pipeline_stage": "closedwon"}}).want(t, 400, nil)
	w.call("POST", leads+"/batch/create", m{"inputs": list{about(ann, 578)}}).want(t, 201, nil)

	w = start(t, hubspot.Options{Rules: hubspot.Rules{LooseLeads: true}})
	w.call("POST", leads, m{"properties": m{"hs_lead_name": "Ann"}}).want(t, 201, nil)
}

func TestWhatEmailsSayIsWithheld(t *testing.T) {
	t.Parallel()
	contactScopes := []string{"crm.objects.contacts.read", "crm.objects.contacts.write"}
	w := start(t, hubspot.Options{Tokens: []hubspot.Token{
		{Value: hubspot.DefaultToken, Scopes: contactScopes}, {Value: "pat-na1-mail", Scopes: append(contactScopes, "sales-email-read")},
	}})
	id := w.makes("emails", m{"hs_timestamp": 1, "hs_email_direction": "EMAIL", "hs_email_subject": "Hi", "hs_email_status": "SENT"})
	w.wantShown("emails", id, m{"hs_email_subject": nil, "hs_email_status": "SENT"})
	w.token = "pat-na1-mail"
	w.wantShown("emails", id, m{"hs_email_subject": "Hi", "hs_email_status": "SENT"})
}

func TestRecordsCountTheirAssociations(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	deal, company := w.makes("deals", m{"dealname": "x", "dealstage": "closedwon"}), w.makes("companies", m{"name": "Example"})
	w.wantShown("companies", company, m{"num_associated_contacts": nil, "num_associated_deals": nil})
	for _, email := range []string{"ann@example.com", "bo@example.com"} {
		id := w.create(m{"email": email})
		for _, to := range []string{"companies/" + company, "deals/" + deal} {
			w.call("PUT", "/crm/v4/objects/contacts/"+id+"/associations/default/"+to, nil).want(t, 200, nil)
		}
		w.wantShown("contacts", id, m{"num_associated_deals": "1"})
	}
	w.call("PUT", "/crm/v4/objects/deals/"+deal+"/associations/default/companies/"+company, nil).want(t, 200, nil)
	w.wantShown("companies", company, m{"num_associated_contacts": "2", "num_associated_deals": "1"})
	w.wantShown("deals", deal, m{"num_associated_contacts": "2", "hs_primary_associated_company": company})
}

func TestHistoriesOfEveryObject(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	deal := w.makes("deals", m{"dealname": "x", "dealstage": "qualifiedtobuy"})
	w.clock.pass(time.Minute)
	w.call("PATCH", "/crm/v3/objects/deals/"+deal, m{"properties": m{"dealstage": "closedwon"}}).want(t, 200, nil)
	w.clock.pass(time.Minute)
	if err := w.Edit("deals", deal, map[string]string{"dealstage": "closedlost"}); err != nil {
		t.Fatal(err)
	}
	r := w.call("GET", "/crm/v3/objects/deals/"+deal+"?propertiesWithHistory=dealstage", nil)
	for i, want := range []m{
		{"value": "closedlost", "timestamp": "2026-11-21T10:02:00.250Z", "sourceType": "CRM_UI", "sourceId": "userId:76070032", "updatedByUserId": 76070032.0},
		{"value": "closedwon", "timestamp": "2026-11-21T10:01:00.250Z", "sourceType": "INTEGRATION", "sourceId": "1000001", "sourceLabel": "Sandbox app"},
		{"value": "qualifiedtobuy", "timestamp": "2026-11-21T10:00:00.250Z", "sourceType": "INTEGRATION", "sourceId": "1000001", "sourceLabel": "Sandbox app"},
	} {
		r.want(t, 200, m{"propertiesWithHistory.dealstage." + string(rune('0'+i)): want})
	}
	other := w.makes("deals", m{"dealname": "y", "dealstage": "closedwon", "amount": 5})
	if _, err := w.Merge("deals", deal, other); err != nil {
		t.Fatal(err)
	}
	w.call("GET", "/crm/v3/objects/deals/"+deal+"?propertiesWithHistory=amount", nil).want(t, 200, m{
		"propertiesWithHistory.amount.0.value": "5", "propertiesWithHistory.amount.0.sourceType": "MERGE_OBJECTS",
	})
}
