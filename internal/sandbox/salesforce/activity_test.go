package salesforce_test

import (
	"strings"
	"testing"
	"time"

	"lockstep/internal/sandbox/salesforce"
)

func TestTask(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	account := x.insert("Account", "Name", "Acme")
	contact := x.insert("Contact", "LastName", "Lee", "AccountId", account)
	lead := x.insert("Lead", "LastName", "Chen", "Company", "Example")
	deal := x.insert("Opportunity", "Name", "Deal", "StageName", "Prospecting", "CloseDate", "2026-05-06", "AccountId", account)

	id := x.create("Task", `{"Subject":"Anything at all","WhoId":"`+contact+`"}`)
	x.has("Task", id, map[string]string{
		"Status": "Not Started", "Priority": "Normal", "IsClosed": "false", "IsHighPriority": "false", "CompletedDateTime": "",
		"AccountId": account, "TaskSubtype": "", "OwnerId": x.IntegrationUser(),
	})
	x.move(time.Minute)
	x.must(204, "PATCH", "/sobjects/Task/"+id, `{"Status":"Completed","Priority":"High"}`)
	x.has("Task", id, map[string]string{"IsClosed": "true", "IsHighPriority": "true", "CompletedDateTime": "2026-03-04T05:07:07.000+0000"})
	x.move(time.Minute)
	x.must(204, "PATCH", "/sobjects/Task/"+id, `{"Description":"still done"}`)
	x.has("Task", id, map[string]string{"CompletedDateTime": "2026-03-04T05:07:07.000+0000"})
	x.must(204, "PATCH", "/sobjects/Task/"+id, `{"Status":"In Progress"}`)
	x.has("Task", id, map[string]string{"IsClosed": "false", "CompletedDateTime": ""})
	x.has("Task", x.create("Task", `{"WhatId":"`+deal+`","WhoId":"`+contact+`","TaskSubtype":"Call","CallType":"Inbound"}`), map[string]string{"AccountId": account, "TaskSubtype": "Call"})
	queue := x.insert("Group", "Name", "Inbox", "Type", "Queue")
	x.has("Task", x.create("Task", `{"OwnerId":"`+queue+`","WhoId":"`+lead+`"}`), map[string]string{"AccountId": "", "OwnerId": queue})

	for _, c := range []struct{ name, method, path, body, want string }{
		{"a lead and something", "POST", "/sobjects/Task", `{"WhoId":"` + lead + `","WhatId":"` + account + `"}`, "FIELD_INTEGRITY_EXCEPTION WhoId, WhatId: an activity of a lead cannot be related to another record [WhoId WhatId]"},
		{"subtype changed", "PATCH", "/sobjects/Task/" + id, `{"TaskSubtype":"Email"}`, "INVALID_FIELD_FOR_INSERT_UPDATE Unable to create/update fields: TaskSubtype."},
		{"status cleared", "PATCH", "/sobjects/Task/" + id, `{"Status":null}`, "REQUIRED_FIELD_MISSING Required fields are missing: [Status] [Status]"},
		{"unknown subtype", "POST", "/sobjects/Task", `{"TaskSubtype":"Fax"}`, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST Task Subtype: bad value for restricted picklist field: Fax [TaskSubtype]"},
		{"unknown call type", "POST", "/sobjects/Task", `{"CallType":"Sideways"}`, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST Call Type: bad value for restricted picklist field: Sideways [CallType]"},
		{"who is an account", "POST", "/sobjects/Task", `{"WhoId":"` + account + `"}`, "FIELD_INTEGRITY_EXCEPTION Name ID: id value of incorrect type: " + account + " [WhoId]"},
		{"derived", "POST", "/sobjects/Task", `{"IsClosed":true}`, "INVALID_FIELD_FOR_INSERT_UPDATE"},
		{"recurring", "POST", "/sobjects/Task", `{"IsRecurrence":true}`, "FIELD_INTEGRITY_EXCEPTION"},
		{"a group that is no queue", "POST", "/sobjects/Task", `{"OwnerId":"` + x.insert("Group", "Name", "All", "Type", "Regular") + `"}`, "INVALID_CROSS_REFERENCE_KEY Assigned To ID: invalid cross reference id [OwnerId]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := x.refusal(c.method, c.path, c.body); !strings.HasPrefix(got, c.want) {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
	if r := x.soql("SELECT Who.Type, Who.Name, What.Type FROM Task WHERE WhatId != null"); get(r.json, "records", 0, "Who", "Type") != "Contact" || get(r.json, "records", 0, "What", "Type") != "Opportunity" {
		t.Errorf("Who.Type: %s", r.text)
	}
	old := x.insert("Task", "Subject", "Long ago", "IsArchived", "true")
	if got := x.names("Id", "SELECT Id FROM Task WHERE Subject = 'Long ago'"); got != "" {
		t.Errorf("a query finds the archived task %s", got)
	}
	if r := x.do("GET", "/queryAll?q=SELECT+Id+FROM+Task+WHERE+Subject='Long+ago'", ""); get(r.json, "records", 0, "Id") != old {
		t.Errorf("queryAll: %s", r.text)
	}
}

func TestEvent(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	for _, c := range []struct {
		name, body string
		want       map[string]string // nil: refused with the code in refused
		refused    string
	}{
		{"duration", `{"ActivityDateTime":"2026-03-04T10:00:00Z","DurationInMinutes":30}`, map[string]string{
			"StartDateTime": "2026-03-04T10:00:00.000+0000", "EndDateTime": "2026-03-04T10:30:00.000+0000", "ActivityDate": "2026-03-04", "EndDate": "2026-03-04",
			"ShowAs": "Busy", "GroupEventType": "0", "EventSubtype": "Event"}, ""},
		{"end", `{"StartDateTime":"2026-03-04T23:30:00+0000","EndDateTime":"2026-03-05T00:30:00Z"}`, map[string]string{
			"ActivityDateTime": "2026-03-04T23:30:00.000+0000", "DurationInMinutes": "60", "EndDate": "2026-03-05"}, ""},
		{"whole day", `{"ActivityDate":"2026-03-04","IsAllDayEvent":true}`, map[string]string{
			"StartDateTime": "2026-03-04T00:00:00.000+0000", "EndDateTime": "2026-03-04T00:00:00.000+0000", "DurationInMinutes": "1440"}, ""},
		{"nothing", `{"Subject":"Call"}`, nil, "REQUIRED_FIELD_MISSING Required fields are missing: [ActivityDateTime, DurationInMinutes] [ActivityDateTime DurationInMinutes]"},
		{"no end", `{"StartDateTime":"2026-03-04T10:00:00Z"}`, nil, "REQUIRED_FIELD_MISSING Required fields are missing: [DurationInMinutes] [DurationInMinutes]"},
		{"backwards", `{"StartDateTime":"2026-03-04T10:00:00Z","EndDateTime":"2026-03-04T09:00:00Z"}`, nil, "FIELD_INTEGRITY_EXCEPTION End Date Time: the event ends before it begins [EndDateTime]"},
		{"contradiction", `{"StartDateTime":"2026-03-04T10:00:00Z","EndDateTime":"2026-03-04T11:00:00Z","DurationInMinutes":30}`, nil, "FIELD_INTEGRITY_EXCEPTION Duration: the duration and the end of the event contradict each other [DurationInMinutes]"},
		{"a date without offset", `{"StartDateTime":"2026-03-04 10:00:00"}`, nil, "JSON_PARSER_ERROR Cannot deserialize instance of datetime from VALUE_STRING value 2026-03-04 10:00:00 or request may be missing a required field at [line:1, column:18] []"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.want == nil {
				if got := x.refusal("POST", "/sobjects/Event", c.body); got != c.refused {
					t.Errorf("got %s", got)
				}
				return
			}
			x.has("Event", x.create("Event", c.body), c.want)
		})
	}
	id := x.create("Event", `{"ActivityDateTime":"2026-03-04T10:00:00Z","DurationInMinutes":30}`)
	x.must(204, "PATCH", "/sobjects/Event/"+id, `{"StartDateTime":"2026-03-05T10:00:00Z"}`)
	x.has("Event", id, map[string]string{"EndDateTime": "2026-03-05T10:30:00.000+0000", "ActivityDate": "2026-03-05"})
}
