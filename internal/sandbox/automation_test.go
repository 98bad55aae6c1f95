package sandbox

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/internal/crm"
)

func text(s string) *string { return &s }

func TestAutomationRewritesInBothCRMs(t *testing.T) {
	t.Parallel()
	s := start(t, Options{Rules: []Automation{
		{System: crm.Salesforce, Object: "Contact", When: "Phone", Set: "Phone", Format: "phone"},
		{System: crm.Salesforce, Object: "Contact", When: "Title", Set: "Department", Copy: "Title", Format: "upper"},
		{System: crm.HubSpot, Object: "contacts", When: "email", Set: "jobtitle", To: text("met")},
	}})
	c := salesforceSession(t, s)
	_, made := c.call("POST", base+"/sobjects/Contact", `{"LastName":"Lee","Phone":"+1 555-010-0123","Title":"chair"}`)
	id, _ := made.(map[string]any)["id"].(string)
	got, _ := s.Salesforce.Get("Contact", id)
	if got["Phone"] != "(555) 010-0123" || got["Department"] != "CHAIR" {
		t.Errorf("%v", got)
	}
	// A human's save runs them too, but only where what they wait for has changed.
	if err := s.Salesforce.Edit("Contact", id, map[string]string{"Department": "Board"}); err != nil {
		t.Fatal(err)
	}
	if got, _ = s.Salesforce.Get("Contact", id); got["Department"] != "Board" {
		t.Errorf("%v", got)
	}
	h := hubspotSession(t, s)
	_, contact := h.call("POST", "/crm/v3/objects/contacts", `{"properties":{"email":"ann@example.com"}}`)
	if record, _ := s.HubSpot.Get("contacts", contact.(map[string]any)["id"].(string)); record["jobtitle"] != "met" {
		t.Errorf("%v", record)
	}
}

func TestAutomationIsOrderedAndEnded(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	for _, rule := range []string{`{"object":"Lead","set":"Rating","to":"Hot"}`, `{"object":"Lead","set":"Title","copy":"Rating"}`} {
		if status, answer := command(t, "POST", s.SalesforceURL+adminPath+"automation", rule); status != 204 {
			t.Fatalf("%d %v", status, answer)
		}
	}
	edit := func(company string) map[string]string {
		t.Helper()
		id, err := s.Salesforce.Insert("Lead", map[string]string{"LastName": "Lee", "Company": "x"})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Salesforce.Edit("Lead", id, map[string]string{"Company": company}); err != nil {
			t.Fatal(err)
		}
		got, _ := s.Salesforce.Get("Lead", id)
		return got
	}
	if got := edit("y"); got["Rating"] != "Hot" || got["Title"] != "Hot" { // the second sees what the first set
		t.Errorf("%v", got)
	}
	_, answer := command(t, "GET", s.SalesforceURL+adminPath+"automation", "")
	want := `{"automation":[{"object":"Lead","set":"Rating","system":"salesforce","to":"Hot"},{"copy":"Rating","object":"Lead","set":"Title","system":"salesforce"}],"validation":[]}`
	if got := toJSON(t, answer); got != want {
		t.Errorf("%s", got)
	}
	if status, _ := command(t, "DELETE", s.SalesforceURL+adminPath+"automation", ""); status != 204 {
		t.Error(status)
	}
	if got := edit("z"); got["Rating"] != "" {
		t.Errorf("a rule that has ended ran: %v", got)
	}
}

func TestAutomationRefuses(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ text, want, hint string }{
		{"", "a.yaml:1: no automation", "key automation"},
		{"rules: []\n", `a.yaml:1: unknown field "rules"`, "system, object"},
		{"automation:\n  - {system: salesforce, object: Lead, sett: Title}\n", `a.yaml:2: unknown field "sett"`, "system, object, when, set, to, copy, format"},
		{"automation:\n  - {object: Lead, set: Title, to: x}\n", `a.yaml:2: system is ""`, "hubspot, salesforce"},
		{"automation:\n  - {system: salesforce, set: Title, to: x}\n", "a.yaml:2: a rule without object", "field of theirs"},
		{"automation:\n  - {system: salesforce, object: Lead, set: Title}\n", "a.yaml:2: a rule sets Title to nothing", "copy and format"},
		{"automation:\n  - {system: salesforce, object: Lead, set: Title, to: x, copy: y}\n", "a.yaml:2: a rule sets Title to nothing, or to two", "copy and format"},
		{"automation:\n  - {system: salesforce, object: Lead, set: Title, format: bold}\n", `a.yaml:2: no format "bold"`, "phone"},
	} {
		rules, err := ParseAutomation("a.yaml", []byte(test.text))
		checkHinted(t, err, test.want, test.hint)
		if rules != nil {
			t.Errorf("%q: %v", test.text, rules)
		}
	}
	path := filepath.Join(t.TempDir(), "a.yaml")
	_, err := ReadAutomation(path)
	checkHinted(t, err, "a.yaml", "--automation")
	if err := os.WriteFile(path, []byte("automation:\n  - {system: hubspot, object: contacts, set: phone, to: \"\"}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if rules, err := ReadAutomation(path); err != nil || len(rules) != 1 || rules[0].To == nil {
		t.Errorf("%v, %v", rules, err)
	}
	if _, err := Start(t.Context(), Options{Rules: []Automation{{System: crm.HubSpot, Object: "butterflies", Set: "wings", To: text("2")}}}); err == nil || !strings.Contains(err.Error(), "rule 1") {
		t.Errorf("a rule of no object: %v", err)
	}
}

func TestDocumentedAutomation(t *testing.T) {
	t.Parallel()
	_, after, _ := strings.Cut(packageDoc(t, "doc.go"), "\n\tautomation:\n")
	script, _, _ := strings.Cut(after, "\n\n")
	script = "automation:\n" + strings.ReplaceAll("\n"+script, "\n\t", "\n")[1:]
	got, err := ParseAutomation("doc.go", []byte(script))
	if err != nil {
		t.Fatal(err)
	}
	want := []Automation{
		{System: crm.Salesforce, Object: "Contact", Set: "Phone", When: "Phone", Format: "phone"},
		{System: crm.HubSpot, Object: "contacts", Set: "jobtitle", Copy: "hs_email_domain"},
		{System: crm.HubSpot, Object: "contacts", When: "email", Set: "lifecyclestage", To: text("lead")},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	for _, key := range keysOf[Automation]() {
		if !strings.Contains(script, key+":") && !strings.Contains(script, ", "+key+":") {
			t.Errorf("key %s is not explained", key)
		}
	}
}

func TestPhoneFormat(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"5550100123": "(555) 010-0123", "+1 (555) 010-0123": "(555) 010-0123", "555.010.0123": "(555) 010-0123",
		"(555) 010-0123": "(555) 010-0123", "+44 1632 960001": "+44 1632 960001", "ask Ann": "ask Ann", "": "", "5550100123 x4": "5550100123 x4",
	} {
		if got := formatPhone(in); got != want {
			t.Errorf("%q: %q", in, got)
		}
	}
}

func TestValidationRulesRefuse(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	c := salesforceSession(t, s)
	for _, rule := range []string{
		`{"object":"Contact","field":"Title","message":"a title, please","blank":true}`,
		`{"object":"Contact","field":"Department","message":"for ever","changed":true}`,
		`{"object":"Contact","field":"Phone","message":"no nines","matches":"9"}`,
		`{"object":"Contact","field":"FirstName","message":"not him","equals":"Bo"}`,
	} {
		if status, answer := command(t, "POST", s.SalesforceURL+adminPath+"validation", rule); status != 204 {
			t.Fatalf("%d %v", status, answer)
		}
	}
	for body, message := range map[string]string{
		`{"LastName":"Lee"}`: "a title, please", `{"LastName":"Lee","Title":"x","Phone":"1239"}`: "no nines", `{"LastName":"Lee","Title":"x","FirstName":"Bo"}`: "not him",
	} {
		if status, answer := c.call("POST", base+"/sobjects/Contact", body); status != 400 || !strings.Contains(toJSON(t, answer), message) {
			t.Errorf("%s: %d %v", body, status, answer)
		}
	}
	_, made := c.call("POST", base+"/sobjects/Contact", `{"LastName":"Lee","Title":"x","Department":"y"}`)
	id, _ := made.(map[string]any)["id"].(string)
	if status, answer := c.call("PATCH", base+"/sobjects/Contact/"+id, `{"Department":"z"}`); status != 400 || !strings.Contains(toJSON(t, answer), "for ever") {
		t.Errorf("%d %v", status, answer)
	}
	for body, want := range map[string]string{
		`{"object":"Contact","field":"Title","message":"x"}`:                `"error":"a rule that refuses nothing"`,
		`{"object":"Contact","field":"Title","message":"x","matches":"("}`:  `"error":"matches: `,
		`{"object":"Butterfly","field":"a","message":"x","blank":true}`:     "Butterfly",
		`{"object":"Contact","field":"Title","message":"x","refuses":true}`: "unknown field",
	} {
		if status, answer := command(t, "POST", s.SalesforceURL+adminPath+"validation", body); status != 400 || !strings.Contains(toJSON(t, answer), want) {
			t.Errorf("%s: %d %v", body, status, answer)
		}
	}
}

func TestOrdersOfTheWorld(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	order := func(name, body string) (int, string) {
		status, answer := command(t, "POST", s.SalesforceURL+adminPath+name, body)
		return status, toJSON(t, answer)
	}
	insert := func(object string, values map[string]string) string {
		t.Helper()
		id, err := s.Salesforce.Insert(object, values)
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	winner, loser := insert("Contact", map[string]string{"LastName": "Lee"}), insert("Contact", map[string]string{"LastName": "Lea"})
	if status, answer := order("merge", `{"object":"Contact","id":"`+winner+`","losers":["`+loser+`"]}`); status != 200 || answer != `{"id":"`+winner+`"}` {
		t.Errorf("merge: %d %s", status, answer)
	}
	if _, live := s.Salesforce.Get("Contact", loser); live {
		t.Error("the loser lives")
	}
	lead := insert("Lead", map[string]string{"LastName": "Chen", "Company": "Kite Ltd"})
	status, answer := order("convert", `{"id":"`+lead+`"}`)
	var made struct{ Account, Contact string }
	if err := json.Unmarshal([]byte(answer), &made); err != nil || status != 200 {
		t.Fatalf("convert: %d %s", status, answer)
	}
	if record, live := s.Salesforce.Get("Contact", made.Contact); !live || record["AccountId"] != made.Account {
		t.Errorf("convert: %v", record)
	}
	if err := s.Salesforce.Delete("Contact", made.Contact); err != nil {
		t.Fatal(err)
	}
	if status, answer := order("restore", `{"object":"Contact","id":"`+made.Contact+`"}`); status != 204 {
		t.Errorf("restore: %d %s", status, answer)
	}
	if _, live := s.Salesforce.Get("Contact", made.Contact); !live {
		t.Error("not restored")
	}
	before, _ := s.Salesforce.Get("Contact", winner)
	if status, answer := order("touch", `{"object":"Contact","id":"`+winner+`"}`); status != 204 {
		t.Errorf("touch: %d %s", status, answer)
	}
	if after, _ := s.Salesforce.Get("Contact", winner); after["LastModifiedDate"] != before["LastModifiedDate"] {
		t.Error("a touch is no edit")
	}
	if status, answer := order("purge", `{"object":"Contact","id":"`+loser+`"}`); status != 204 {
		t.Errorf("purge: %d %s", status, answer)
	}
	c := salesforceSession(t, s)
	if status, _ := order("expire", ""); status != 204 {
		t.Errorf("expire: %d", status)
	}
	if status, _ := c.call("GET", base+"/limits", ""); status != 401 {
		t.Errorf("after expire: %d", status)
	}
	for name, body := range map[string]string{"merge": `{"object":"Contact","id":"` + winner + `","losers":["nobody"]}`, "restore": `{"object":"Contact","id":"` + winner + `"}`, "unlock": `{"id":"nobody"}`, "lock": `{}`, "convert": `{"id":"nobody"}`, "purge": `{}`} {
		if status, answer := order(name, body); status != 400 || !strings.Contains(answer, `"error"`) {
			t.Errorf("%s %s: %d %s", name, body, status, answer)
		}
	}
	_, routes := command(t, "GET", s.HubSpotURL+adminPath+"routes", "")
	if !strings.Contains(toJSON(t, routes), "POST /crm/objects/{type}/search") {
		t.Errorf("%v", routes)
	}
	if status, answer := command(t, "GET", s.HubSpotURL+adminPath+"records?objekt=contacts", ""); status != 400 || !strings.Contains(toJSON(t, answer), `no parameter \"objekt\"`) {
		t.Errorf("%d %v", status, answer)
	}
}

func TestLocksLimitsAndDuplicateRulesOnOrder(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	c := salesforceSession(t, s)
	id, err := s.Salesforce.Insert("Contact", map[string]string{"LastName": "Lee"})
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		order, body  string
		status       int // of an update or create after it
		method, path string
	}{
		{"lock", `{"id":"` + id + `"}`, 400, "PATCH", "/sobjects/Contact/" + id},
		{"lock", `{"id":"` + id + `"}`, 400, "PATCH", "/sobjects/Contact/" + id},
		{"unlock", `{"id":"` + id + `"}`, 204, "PATCH", "/sobjects/Contact/" + id},
		{"duplicates", `{"object":"Contact","name":"Contacts_DR","fields":["LastName"],"block":true}`, 400, "POST", "/sobjects/Contact"},
		{"limit", `{"requests":1}`, 403, "PATCH", "/sobjects/Contact/" + id},
	} {
		if status, answer := command(t, "POST", s.SalesforceURL+adminPath+step.order, step.body); status != 204 {
			t.Errorf("%s: %d %v", step.order, status, answer)
		}
		if status, answer := c.call(step.method, base+step.path, `{"LastName":"Lee"}`); status != step.status {
			t.Errorf("after %s: %d %v", step.order, status, answer)
		}
	}
}

// TestOrdersOfHubSpotRecords: a merge of several, an archive and its end, on order.
func TestOrdersOfHubSpotRecords(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	var ids []string
	for _, name := range []string{"Ann", "Bo", "Cy"} {
		id, err := s.HubSpot.Insert("contacts", map[string]string{"firstname": name})
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	order := func(name, body string, want int) any {
		t.Helper()
		status, answer := command(t, "POST", s.HubSpotURL+adminPath+name, body)
		if status != want {
			t.Errorf("%s: %d %v", name, status, answer)
		}
		return answer
	}
	answer := order("merge", `{"object":"contacts","id":"`+ids[0]+`","losers":["`+ids[1]+`","`+ids[2]+`"]}`, 200)
	all := s.HubSpot.All("contacts")
	if len(all) != 1 || all[0]["hs_merged_object_ids"] != ids[1]+";"+ids[2] {
		t.Fatalf("after the merge: %v", all)
	}
	left := all[0]["hs_object_id"]
	if toJSON(t, answer) != `{"id":"`+left+`"}` {
		t.Errorf("the merge answers %v", answer)
	}
	if err := s.HubSpot.Delete("contacts", left); err != nil {
		t.Fatal(err)
	}
	order("restore", `{"object":"contacts","id":"`+left+`"}`, 204)
	if len(s.HubSpot.All("contacts")) != 1 {
		t.Error("not restored")
	}
	order("purge", `{"object":"contacts","id":"`+left+`"}`, 204)
	if all := s.HubSpot.All("contacts"); len(all) != 0 {
		t.Errorf("after the purge: %v", all)
	}
}

func TestOrderedAssociations(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	ids := map[string]string{}
	for _, object := range []string{"contacts", "companies"} {
		id, err := s.HubSpot.Insert(object, map[string]string{"phone": "1"})
		if err != nil {
			t.Fatal(err)
		}
		ids[object] = id
	}
	pair := `{"object":"contacts","id":"` + ids["contacts"] + `","to":"companies","to_id":"` + ids["companies"] + `"}`
	for i, name := range []string{"associate", "dissociate"} {
		if status, answer := command(t, "POST", s.HubSpotURL+adminPath+name, pair); status != 204 {
			t.Errorf("%s: %d %v", name, status, answer)
		}
		if n := len(s.HubSpot.Associations("contacts", ids["contacts"], "companies")); (n > 0) != (i == 0) {
			t.Errorf("%s: %d associations", name, n)
		}
	}
}

// TestOrdersThatACRMLacks: what has no counterpart is refused in words, not served as nothing.
func TestOrdersThatACRMLacks(t *testing.T) {
	t.Parallel()
	s, _ := working(t) // fakes, which can do nothing besides
	for _, name := range []string{"merge", "convert", "restore", "purge", "associate", "dissociate", "expire", "touch", "lock", "unlock", "limit", "duplicates", "automation", "validation"} {
		body := `{}`
		switch name {
		case "automation":
			body = `{"object":"contacts","set":"phone","to":"1"}`
		case "merge":
			body = `{"losers":["1"]}`
		case "validation":
			body = `{"object":"contacts","field":"phone","message":"no","blank":true}`
		}
		status, answer := command(t, "POST", s.HubSpotURL+adminPath+name, body)
		if status != 400 || !strings.Contains(toJSON(t, answer), " has no ") {
			t.Errorf("%s: %d %v", name, status, answer)
		}
	}
}

// TestDocumentedOrders: doc.go lists the orders as the admin endpoint does.
func TestDocumentedOrders(t *testing.T) {
	t.Parallel()
	told := strings.Join(strings.Fields(packageDoc(t, "doc.go")), " ")
	s, _ := working(t)
	_, answer := command(t, "GET", s.HubSpotURL+adminPath, "")
	listed := toJSON(t, answer)
	for _, o := range orders() {
		if line := o.method + " " + adminPath + o.name + " " + o.does; !strings.Contains(told, line) {
			t.Errorf("doc.go lacks: %s", line)
		}
		if !strings.Contains(listed, `"does":"`+o.does+`"`) {
			t.Errorf("not listed: %s", o.does)
		}
	}
}
