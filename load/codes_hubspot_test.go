package load_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"lockstep/internal/crm"
	"lockstep/internal/hubspot"
	"lockstep/internal/sandbox"
	hubspotsandbox "lockstep/internal/sandbox/hubspot"
	"lockstep/internal/wire"
	"lockstep/load"
)

// hubspotReference is every error code and status of the HubSpot reference by the section it comes from.
var hubspotReference = map[string][]string{
	"§1.2": {"BAD_REFRESH_TOKEN", "BAD_CLIENT_ID", "BAD_CLIENT_SECRET"},
	"§1.3": {"INVALID_AUTHENTICATION", "EXPIRED_AUTHENTICATION", "EXPIRED_AUTHENTICATION of 1970", "MISSING_SCOPES", "MISSING_SCOPES of schemas"},
	"§2": {
		"RATE_LIMIT DAILY", "RATE_LIMIT TEN_SECONDLY_ROLLING", "RATE_LIMITS secondly", "RATE_LIMIT SECONDLY", "RATE_LIMITS ten_secondly_rolling",
	},
	"§3.1": {"no category: unable to infer object type"},
	"§3.6": {
		"VALIDATION_ERROR too many inputs", "CONFLICT of a row", "VALIDATION_ERROR of a row", "CONFLICT without an id", "OBJECT_NOT_FOUND of a row",
		"VALIDATION_ERROR PROPERTY_DOESNT_EXIST", "VALIDATION_ERROR duplicate ids", "VALIDATION_ERROR not unique", "423",
	},
	"§3.8": {"414 merges"},
	"§3.9": {"404 without category", "OBJECT_NOT_FOUND", "404 HTML"},
	"§4":   {"OBJECT_ALREADY_EXISTS"},
	"§11": {
		"VALIDATION_ERROR PROPERTY_DOESNT_EXIST", "VALIDATION_ERROR READ_ONLY_VALUE", "VALIDATION_ERROR INVALID_EMAIL", "VALIDATION_ERROR INVALID_OPTION",
		"VALIDATION_ERROR INVALID_INTEGER", "VALIDATION_ERROR INVALID_LONG", "VALIDATION_ERROR INVALID_DATE", "VALIDATION_ERROR without errors[]",
		"VALIDATION_ERROR missing required", "CONFLICT", "VALIDATION_ERROR unique value", "CONFLICTING_UNIQUE_VALUE of a row", "UNIQUE_VALUE_CONFLICT",
		"no category: invalid JSON", "no category: errors of text", "405", "413", "414", "415", "423", "477", "500", "502 HTML", "502 empty", "503", "504 HTML",
		"521", "522", "523", "524", "525", "526",
	},
}

// hubspotCodes is the table.
func hubspotCodes() []errorCode {
	return []errorCode{
		// What the record's values can put right.
		{name: "VALIDATION_ERROR INVALID_EMAIL", kind: wire.Record, faults: []string{"rows INVALID_EMAIL"}, rule: setContact("email", "abc")},
		{name: "VALIDATION_ERROR INVALID_OPTION", kind: wire.Record, faults: []string{"rows INVALID_OPTION"}, rule: setContact("lifecyclestage", "foo")},
		{name: "VALIDATION_ERROR INVALID_INTEGER", kind: wire.Record, faults: []string{"rows INVALID_INTEGER"}, rule: setCompany("numberofemployees", "abc")},
		{name: "VALIDATION_ERROR INVALID_LONG", kind: wire.Record, faults: []string{"rows INVALID_LONG"}, rule: setContact("closedate", "abc")},
		{name: "VALIDATION_ERROR INVALID_DATE", kind: wire.Record, faults: []string{"rows INVALID_DATE"}, rule: setDate},
		{name: "VALIDATION_ERROR without errors[]", kind: wire.Record, faults: []string{"400 NO_ERRORS_LIST"}},
		{name: "VALIDATION_ERROR missing required", kind: wire.Record, faults: []string{"400 MISSING_REQUIRED"}},
		{name: "VALIDATION_ERROR of a row", kind: wire.Record, faults: []string{"rows VALIDATION_ERROR"}},
		{name: "VALIDATION_ERROR too many inputs", kind: wire.Record, faults: []string{"400 TOO_MANY_INPUTS"}},
		{name: "VALIDATION_ERROR duplicate ids", kind: wire.Record, faults: []string{"400 DUPLICATE_IDS"}, rule: twiceOneRecord},
		{name: "VALIDATION_ERROR not unique", kind: wire.Record, faults: []string{"400 NOT_BY_THAT_PROPERTY"}, rule: upsertBy("phone")},
		{name: "no category: invalid JSON", kind: wire.Record, odd: "-", faults: []string{"400 INVALID_JSON"}},
		{name: "no category: errors of text", kind: wire.Record, odd: "-", faults: []string{"400 ERRORS_AS_TEXT"}},

		// What names in the SQL or the setup can put right.
		{name: "VALIDATION_ERROR PROPERTY_DOESNT_EXIST", kind: wire.Mapping, faults: []string{"400 PROPERTY_DOESNT_EXIST", "rows PROPERTY_DOESNT_EXIST"}, rule: setContact("nickname", "x")},
		{name: "VALIDATION_ERROR READ_ONLY_VALUE", kind: wire.Mapping, faults: []string{"rows READ_ONLY_VALUE"}, rule: setContact("num_notes", "3")},
		{name: "no category: unable to infer object type", kind: wire.Mapping, odd: "-", faults: []string{"400 UNKNOWN_TYPE"}, rule: listOf("butterflies")},
		// lockstep reads no record by its path: such a 404 is a path that nobody has.
		{name: "404 without category", kind: wire.Mapping, odd: "-", faults: []string{"404 RESOURCE_NOT_FOUND"}},
		{name: "404 HTML", kind: wire.Mapping, odd: "-", faults: []string{"404 HTML"}},

		// What the record has become, or who has its key.
		{name: "OBJECT_NOT_FOUND", kind: wire.Follow, faults: []string{"404 OBJECT_NOT_FOUND"}},
		{name: "OBJECT_NOT_FOUND of a row", kind: wire.Follow, faults: []string{"rows OBJECT_NOT_FOUND"}, rule: updateGone},
		{name: "CONFLICT", kind: wire.Follow, faults: []string{"409 CONFLICT"}},
		{name: "CONFLICT without an id", kind: wire.Follow, faults: []string{"409 CONFLICT_UNNAMED"}},
		{name: "CONFLICT of a row", kind: wire.Follow, faults: []string{"rows CONFLICT"}, rule: createTaken},
		{name: "VALIDATION_ERROR unique value", kind: wire.Follow, faults: []string{"400 UNIQUE_VALUE"}, rule: takenValue},
		{name: "CONFLICTING_UNIQUE_VALUE of a row", kind: wire.Follow, odd: "VALIDATION_ERROR", faults: []string{"rows CONFLICTING_UNIQUE_VALUE"}},
		{name: "UNIQUE_VALUE_CONFLICT", kind: wire.Follow, faults: []string{"409 UNIQUE_VALUE_CONFLICT"}},
		{name: "OBJECT_ALREADY_EXISTS", kind: wire.Follow, faults: []string{"409 OBJECT_ALREADY_EXISTS"}, rule: propertyTwice},

		// What goes by itself.
		{name: "RATE_LIMIT TEN_SECONDLY_ROLLING", kind: wire.Retry, faults: []string{"429 TEN_SECONDLY_ROLLING"}, rule: limited(hubspotsandbox.Limits{Burst: 1}, false)},
		{name: "RATE_LIMITS ten_secondly_rolling", kind: wire.Retry, faults: []string{"429 TEN_SECONDLY_BY_CATEGORY"}},
		{name: "RATE_LIMITS secondly", kind: wire.Retry, faults: []string{"429 SECONDLY"}, rule: limited(hubspotsandbox.Limits{Search: 1}, true)},
		{name: "RATE_LIMIT SECONDLY", kind: wire.Retry, faults: []string{"429 SECONDLY_BY_POLICY"}},
		{name: "423", kind: wire.Retry, odd: "-", faults: []string{"423 LOCKED"}},
		{name: "477", kind: wire.Retry, odd: "-", faults: []string{"477 MOVING"}},
		{name: "500", kind: wire.Retry, odd: "-", faults: []string{"500 INTERNAL"}},
		{name: "502 HTML", kind: wire.Retry, odd: "-", faults: []string{"502 HTML"}},
		{name: "502 empty", kind: wire.Retry, odd: "-", faults: []string{"502 EMPTY"}},
		{name: "503", kind: wire.Retry, odd: "-", faults: []string{"503 UNAVAILABLE"}},
		{name: "504 HTML", kind: wire.Retry, odd: "-", faults: []string{"504 HTML"}},
		{name: "521", kind: wire.Retry, odd: "-", faults: []string{"521 HTML"}},
		{name: "522", kind: wire.Retry, odd: "-", faults: []string{"522 HTML"}},
		{name: "523", kind: wire.Retry, odd: "-", faults: []string{"523 HTML"}},
		{name: "524", kind: wire.Retry, odd: "-", faults: []string{"524 HTML"}},
		{name: "525", kind: wire.Retry, odd: "-", faults: []string{"525 HTML"}},
		{name: "526", kind: wire.Retry, odd: "-", faults: []string{"526 HTML"}},

		// What has to reset.
		{name: "RATE_LIMIT DAILY", kind: wire.Quota, faults: []string{"429 DAILY"}, rule: limited(hubspotsandbox.Limits{Daily: 1}, false)},

		// Secrets and scopes.
		{name: "INVALID_AUTHENTICATION", kind: wire.Credentials, faults: []string{"401 INVALID_AUTHENTICATION"}, rule: withToken("pat-na1-another")},
		{name: "EXPIRED_AUTHENTICATION", kind: wire.Credentials, faults: []string{"401 EXPIRED_AUTHENTICATION"}},
		{name: "EXPIRED_AUTHENTICATION of 1970", kind: wire.Credentials, faults: []string{"401 UNREADABLE_TOKEN"}, rule: withToken("garbage")},
		{name: "MISSING_SCOPES", kind: wire.Credentials, faults: []string{"403 MISSING_SCOPES"}, rule: unscoped},
		{name: "MISSING_SCOPES of schemas", kind: wire.Credentials, faults: []string{"403 MISSING_SCOPES_OF_SCHEMAS"}},
		{name: "BAD_REFRESH_TOKEN", kind: wire.Credentials, faults: []string{"400 BAD_REFRESH_TOKEN"}, rule: refreshed(hubspot.OAuth{
			ClientID: "sandbox", ClientSecret: wire.NewSecret("sandbox"), RefreshToken: wire.NewSecret("gone"),
		})},
		{name: "BAD_CLIENT_ID", kind: wire.Credentials, faults: []string{"400 BAD_CLIENT_ID"}, rule: refreshed(hubspot.OAuth{
			ClientID: "another", ClientSecret: wire.NewSecret("sandbox"), RefreshToken: wire.NewSecret("na1-sandbox"),
		})},
		{name: "BAD_CLIENT_SECRET", kind: wire.Credentials, faults: []string{"400 BAD_CLIENT_SECRET"}, rule: refreshed(hubspot.OAuth{
			ClientID: "sandbox", ClientSecret: wire.NewSecret("wrong"), RefreshToken: wire.NewSecret("na1-sandbox"),
		})},

		// What somebody has to look at.
		{name: "405", kind: wire.Stop, odd: "-", faults: []string{"405 WRONG_METHOD"}},
		{name: "413", kind: wire.Stop, odd: "-", faults: []string{"413 TOO_LARGE"}},
		{name: "414", kind: wire.Stop, odd: "-", faults: []string{"414 URI_TOO_LONG"}},
		{name: "414 merges", kind: wire.Stop, odd: "-", faults: []string{"414 TOO_MANY_MERGES"}},
		{name: "415", kind: wire.Stop, odd: "-", faults: []string{"415 WRONG_CONTENT_TYPE"}},
	}
}

// rowCategories is what load makes of a refused row.
var rowCategories = map[string]load.Category{
	"PROPERTY_DOESNT_EXIST": load.Permission, "READ_ONLY_VALUE": load.Permission, "INVALID_EMAIL": load.LengthOrType, "INVALID_OPTION": load.Picklist,
	"INVALID_INTEGER": load.LengthOrType, "INVALID_LONG": load.LengthOrType, "INVALID_DATE": load.LengthOrType, "CONFLICTING_UNIQUE_VALUE": load.Duplicate,
	"CONFLICT": load.Duplicate, "OBJECT_NOT_FOUND": load.Gone, "VALIDATION_ERROR": load.ValidationRule,
}

// TestHubSpotCodesByRule provokes what the simulator refuses by itself.
func TestHubSpotCodesByRule(t *testing.T) {
	t.Parallel()
	for _, e := range hubspotCodes() {
		if e.rule == nil {
			continue
		}
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			e.check(t, "by rule", e.rule(t, startCRMs(t)))
		})
	}
}

// TestHubSpotCodesOnOrder provokes every code as a fault: of a whole call; of one row of an upsert, whose neighbours are
// written; and of one row of an update, which a refused value refuses whole.
func TestHubSpotCodesOnOrder(t *testing.T) {
	t.Parallel()
	c := startCRMs(t)
	c.setup(t, true)
	target := c.targets[crm.HubSpot]
	n := 0
	for _, e := range hubspotCodes() {
		for _, text := range e.faults {
			c.Faults.Clear()
			fault := ordered(crm.HubSpot, text, "/crm/")
			switch {
			case strings.HasPrefix(fault.Code, "BAD_"):
				fault.Path = ""
				must(t, c.Faults.Add(fault))
				e.check(t, text, refreshed(hubspot.OAuth{ClientID: "sandbox", ClientSecret: wire.NewSecret("sandbox"), RefreshToken: wire.NewSecret("na1-sandbox")})(t, c))
				continue
			case fault.Kind != sandbox.Partial:
				must(t, c.Faults.Add(fault))
				e.check(t, text, listOf("contacts")(t, c))
				e.check(t, text+" of a write", setContact("phone", "1")(t, c))
				continue
			}
			fault.Path, fault.Rows = "/batch/upsert", []int{2}
			must(t, c.Faults.Add(fault))
			var b load.Batch
			b.Object, b.Key, b.Columns = "contacts", "salesforce_id", []string{"phone"}
			for range 3 {
				n++
				phone := fmt.Sprint(n)
				b.Rows = append(b.Rows, load.Row{Key: fmt.Sprintf("003%015d", n), Values: map[string]*string{"phone": &phone}})
			}
			answer, err := target.Create(t.Context(), b)
			if err != nil || answer.Outcomes[0].Record == nil || answer.Outcomes[2].Record == nil {
				t.Fatalf("%s: %+v, %v", text, answer, err)
			}
			if r := answer.Outcomes[1].Refusals; len(r) != 1 || r[0].Category != rowCategories[fault.Code] {
				t.Errorf("%s: load makes %+v of it, want %s", text, r, rowCategories[fault.Code])
			}
			if fault.Code == "OBJECT_NOT_FOUND" {
				continue // of an update it stays one row: see by rule
			}
			fault.Path, fault.Rows = "/batch/update", []int{1}
			must(t, c.Faults.Add(fault))
			e.check(t, text+" of an update", setContact("phone", "1")(t, c))
		}
	}
}

// TestHubSpotsOddAnswers are forms in which other portals and other days have put the same.
func TestHubSpotsOddAnswers(t *testing.T) {
	t.Parallel()
	gone := sandbox.Fault{System: crm.HubSpot, Kind: sandbox.Partial, Code: "OBJECT_NOT_FOUND", Rows: []int{1}}
	for _, test := range []struct {
		name     string
		faults   []sandbox.Fault
		category load.Category // of the first of two rows; empty: it is not known what became of it
		second   bool          // the other row was read back
	}{
		{"a batch that is pending says nothing of its rows", []sandbox.Fault{{System: crm.HubSpot, Kind: sandbox.Pending}}, "", false},
		{"a refusal without a category is known by its words", []sandbox.Fault{gone, {System: crm.HubSpot, Kind: sandbox.NoCategory}}, load.Gone, true},
		{"a refusal of words alone belongs to the row that is left", []sandbox.Fault{gone, {System: crm.HubSpot, Kind: sandbox.TextErrors}}, load.Gone, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := startCRMs(t)
			one := "1"
			var b load.Batch
			b.Object, b.Columns = "contacts", []string{"phone"}
			for range 2 {
				id, err := c.HubSpot.Insert("contacts", map[string]string{"firstname": "Ann"})
				must(t, err)
				b.Rows = append(b.Rows, load.Row{ID: id, Values: map[string]*string{"phone": &one}})
			}
			for _, f := range test.faults {
				f.Path = "/batch/update"
				must(t, c.Faults.Add(f))
			}
			answer, err := c.targets[crm.HubSpot].Update(t.Context(), b)
			if err != nil {
				t.Fatal(err)
			}
			first, second := answer.Outcomes[0], answer.Outcomes[1]
			if test.category == "" && (len(first.Refusals) > 0 || first.Record != nil) || test.category != "" && (len(first.Refusals) != 1 || first.Refusals[0].Category != test.category) {
				t.Errorf("%+v", first)
			}
			if (second.Record != nil) != test.second || len(second.Refusals) > 0 {
				t.Errorf("%+v", second)
			}
		})
	}
}

// TestARenewedTokenGoesOn: the access token ends between two pages, a new one is fetched once, and no row is missing.
func TestARenewedTokenGoesOn(t *testing.T) {
	t.Parallel()
	c := startCRMs(t)
	for range 150 {
		_, err := c.HubSpot.Insert("contacts", map[string]string{"firstname": "Ann"})
		must(t, err)
	}
	must(t, c.Faults.Add(sandbox.Fault{System: crm.HubSpot, Kind: sandbox.Expired, Path: "after=", Nth: 1}))
	client := hubspotClient(t, hubspot.Options{BaseURL: c.HubSpotURL, Now: c.clock.read, OAuth: &hubspot.OAuth{
		ClientID: "sandbox", ClientSecret: wire.NewSecret("sandbox"), RefreshToken: wire.NewSecret("na1-sandbox"),
	}})
	rows := 0
	for page, err := range client.List(t.Context(), "contacts", hubspot.ListQuery{Properties: []string{"firstname"}}) {
		must(t, err)
		rows += strings.Count(string(page.Body), `"firstname":"Ann"`)
	}
	if n := c.Count(crm.HubSpot, "oauth"); n != 2 || rows != 150 {
		t.Errorf("%d rows, %d tokens fetched", rows, n)
	}
}

// TestRowCategoriesAreComplete: every refusal of a row that can be ordered has its category above.
func TestRowCategoriesAreComplete(t *testing.T) {
	t.Parallel()
	for _, f := range allFaults() {
		if code, is := strings.CutPrefix(f, "hubspot rows "); is && rowCategories[code] == "" {
			t.Errorf("%s has no category", code)
		}
	}
	if !slices.Contains(allFaults(), "hubspot rows CONFLICT") {
		t.Error("the rows are not listed")
	}
}
