package sandbox

import (
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"lockstep/internal/crm"
)

// data is below what the org's resources lie.
const data = "/services/data/v60.0"

// TestSalesforceIsLinearizable: parallel clients that create, upsert one by one, in collections (all or none, and
// not), within a composite request and by Bulk jobs, change, delete, read and query the same few leads get answers
// that some serial order of their requests gives too, also where writes lock rows; every call is counted once, and
// the store is whole.
func TestSalesforceIsLinearizable(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			o := Options{}
			if seed == 2 { // writes take time, and collide
				o.Org.Holding = func() {
					for began := time.Now(); time.Since(began) < time.Millisecond; {
						runtime.Gosched()
					}
				}
			}
			s := start(t, o)
			h := newHistory()
			enter := func(n int) salesforceCaller {
				c := salesforceCaller{&caller{TB: t, history: h, Rand: rand.New(rand.NewPCG(seed, uint64(n))), number: n, url: s.SalesforceURL}}
				c.enter()
				return c
			}
			enter(99).makeKey(s.Salesforce.IntegrationUser())
			const clients, rounds = 6, 30
			var group sync.WaitGroup
			for n := range clients {
				c := enter(n)
				group.Go(func() {
					for range rounds {
						c.act()
					}
				})
			}
			c := enter(clients)
			group.Go(func() {
				for range 6 {
					c.bulk()
				}
			})
			group.Wait()
			h.serial(t)
			h.counted(t)
			if counted := s.Count(crm.Salesforce, "/services/data"); len(h.spent) != counted || counted < clients*rounds {
				t.Errorf("%d calls answered, %d counted", len(h.spent), counted)
			}
			if err := s.Salesforce.Check(); err != nil {
				t.Error(err)
			}
			unrepeated(t, "Ext__c", s.Salesforce.All("Lead"))
		})
	}
}

type salesforceCaller struct{ *caller }

// enter opens a session.
func (c salesforceCaller) enter() {
	a := c.send("POST", "/services/oauth2/token", "application/x-www-form-urlencoded", "grant_type=client_credentials&client_id=sandbox&client_secret=sandbox")
	c.token = str(at(a.body, "access_token"))
}

// call asks and notes what the answer says of the day's budget.
func (c salesforceCaller) call(method, path, body string) answered {
	c.Helper()
	kind := "application/json"
	if strings.HasSuffix(path, "/batches") {
		kind = "text/csv"
	}
	began := c.now()
	a := c.send(method, data+path, kind, body)
	figures, _ := strings.CutPrefix(a.header.Get("Sforce-Limit-Info"), "api-usage=")
	used, _, _ := strings.Cut(figures, "/")
	n, err := strconv.Atoi(used)
	if err != nil {
		c.Errorf("%s %s: %d %s: no Sforce-Limit-Info: %v", method, path, a.status, a.text, err)
	}
	c.spend(began, n)
	return a
}

// makeKey makes a unique external id on Lead and lets the user see it.
func (c salesforceCaller) makeKey(user string) {
	c.Helper()
	made := func(path, body string) string {
		a := c.call("POST", path, body)
		if a.status != http.StatusCreated {
			c.Fatalf("%s: %d %s", path, a.status, a.text)
		}
		return str(at(a.body, "id"))
	}
	made("/tooling/sobjects/CustomField", `{"FullName":"Lead.Ext__c","Metadata":{"label":"Ext","type":"Text","length":32,"externalId":true,"unique":true,"caseSensitive":false}}`)
	set := made("/sobjects/PermissionSet", `{"Name":"P","Label":"P"}`)
	made("/sobjects/FieldPermissions", toText(map[string]any{"ParentId": set, "SobjectType": "Lead", "Field": "Lead.Ext__c", "PermissionsRead": true, "PermissionsEdit": true}))
	made("/sobjects/PermissionSetAssignment", toText(map[string]any{"AssigneeId": user, "PermissionSetId": set}))
}

// isLocked says whether an error's code is that of a row which somebody else holds.
func isLocked(code any) bool { return code == "UNABLE_TO_LOCK_ROW" }

func salesforceKey(slot int) string { return fmt.Sprint("k", slot) }

// lead is a row as it is sent.
func lead(row asking, withKey bool) map[string]any {
	m := map[string]any{"LastName": fmt.Sprint("Lee", row.slot), "Company": fmt.Sprintf("Example Mills %d", row.slot), "Title": row.value}
	if withKey {
		m["Ext__c"] = salesforceKey(row.slot)
	}
	if row.bad {
		m["Email"] = "none"
	}
	return m
}

// act makes one request of any kind.
func (c salesforceCaller) act() {
	began := c.now()
	var in asked
	var out told
	switch c.IntN(9) {
	case 0:
		in, out = c.create()
	case 1, 2:
		in, out = c.upsertOne()
	case 3, 4:
		in, out = c.upsertMany()
	case 5:
		in, out = c.changeByID("PATCH")
	case 6:
		in, out = c.changeByID("DELETE")
	case 7:
		in, out = c.upsertAndLook()
	default:
		in, out = c.query()
	}
	c.add(c.number, began, in, out)
}

var duplicates = regexp.MustCompile(`record with id: (\w{15})`)

func (c salesforceCaller) create() (asked, told) {
	rows := c.rows(0, slots, 1)
	a := c.call("POST", "/sobjects/Lead", toText(lead(rows[0], true)))
	in := asked{kind: "create", rows: rows}
	if a.status != http.StatusCreated {
		r := result{failed: true, locked: isLocked(at(a.body, 0, "errorCode"))}
		if m := duplicates.FindStringSubmatch(a.text); m != nil && str(at(a.body, 0, "errorCode")) == "DUPLICATE_VALUE" {
			r.holder = m[1]
		} else if !r.locked {
			c.Errorf("create: %d %s", a.status, a.text)
		}
		return in, told{rows: []result{r}}
	}
	id := str(at(a.body, "id"))
	c.saw(id)
	return in, told{rows: []result{{created: true, id: id}}}
}

func (c salesforceCaller) upsertOne() (asked, told) {
	rows := c.rows(0, slots, 1)
	a := c.call("PATCH", "/sobjects/Lead/Ext__c/"+salesforceKey(rows[0].slot), toText(lead(rows[0], false)))
	created, _ := at(a.body, "created").(bool)
	if isLocked(at(a.body, 0, "errorCode")) {
		return asked{kind: "upsert", rows: rows}, told{rows: []result{{failed: true, locked: true}}}
	}
	if a.status != http.StatusOK && a.status != http.StatusCreated || created != (a.status == http.StatusCreated) {
		c.Errorf("upsert: %d %s", a.status, a.text)
	}
	id := str(at(a.body, "id"))
	c.saw(id)
	return asked{kind: "upsert", rows: rows}, told{rows: []result{{created: created, id: id}}}
}

// upsertMany is a collections request, with a bad row in some.
func (c salesforceCaller) upsertMany() (asked, told) {
	in := asked{kind: "upsert", rows: c.rows(0, slots, 4), atomic: c.IntN(2) == 0}
	if c.IntN(3) == 0 {
		in.rows[c.IntN(len(in.rows))].bad = true
	}
	var records []any
	for _, row := range in.rows {
		r := lead(row, true)
		r["attributes"] = map[string]string{"type": "Lead"}
		records = append(records, r)
	}
	a := c.call("PATCH", "/composite/sobjects/Lead/Ext__c", toText(map[string]any{"allOrNone": in.atomic, "records": records}))
	list, _ := a.body.([]any)
	if a.status != http.StatusOK || len(list) != len(in.rows) {
		c.Errorf("collection: %d %s", a.status, a.text)
		list = make([]any, len(in.rows))
	}
	var out told
	for _, r := range list {
		success, _ := at(r, "success").(bool)
		created, _ := at(r, "created").(bool)
		got := result{failed: !success, locked: isLocked(at(r, "errors", 0, "statusCode"))}
		if success {
			got.created, got.id = created, str(at(r, "id"))
			c.saw(got.id)
		}
		out.rows = append(out.rows, got)
	}
	return in, out
}

// changeByID changes or deletes a record seen before, which may be deleted.
func (c salesforceCaller) changeByID(method string) (asked, told) {
	id := c.anID()
	if id == "" {
		return c.query()
	}
	in, body := asked{kind: "delete", id: id}, ""
	if method == "PATCH" {
		in = asked{kind: "update", id: id, value: c.fresh()}
		body = toText(map[string]string{"Title": in.value})
	}
	a := c.call(method, "/sobjects/Lead/"+id, body)
	if isLocked(at(a.body, 0, "errorCode")) {
		return in, told{locked: true}
	}
	if a.status != http.StatusNoContent && str(at(a.body, 0, "errorCode")) != "ENTITY_IS_DELETED" {
		c.Errorf("%s: %d %s", method, a.status, a.text)
	}
	return in, told{failed: a.status != http.StatusNoContent}
}

const everyLead = "SELECT Id, Ext__c, Title FROM Lead"

// query reads all leads.
func (c salesforceCaller) query() (asked, told) {
	a := c.call("GET", "/query?q="+url.QueryEscape(everyLead+" ORDER BY SystemModstamp, Id"), "")
	in, out := asked{kind: "read"}, told{}
	if a.status != http.StatusOK {
		c.Errorf("query: %d %s", a.status, a.text)
	}
	c.found(a.body, &in, &out)
	return in, out
}

// found notes the records of a query's answer.
func (c salesforceCaller) found(body any, in *asked, out *told) {
	c.Helper()
	records, _ := at(body, "records").([]any)
	held := 0
	for slot := range slots {
		in.look = append(in.look, slot)
		for _, r := range records {
			if str(at(r, "Ext__c")) == salesforceKey(slot) {
				out.seen[slot].id, out.seen[slot].value = str(at(r, "Id")), str(at(r, "Title"))
				held++
			}
		}
	}
	if total, _ := at(body, "totalSize").(float64); held != len(records) || int(total) != held {
		c.Errorf("%d records of %d keys: %v", len(records), held, body)
	}
}

// upsertAndLook upserts and queries within one composite request: the query sees the record, and nobody's write
// comes between.
func (c salesforceCaller) upsertAndLook() (asked, told) {
	rows := c.rows(0, slots, 1)
	parts := []any{
		map[string]any{"method": "PATCH", "url": data + "/sobjects/Lead/Ext__c/" + salesforceKey(rows[0].slot), "referenceId": "a", "body": lead(rows[0], false)},
		map[string]any{"method": "GET", "url": data + "/query?q=" + url.QueryEscape(everyLead), "referenceId": "b"},
	}
	a := c.call("POST", "/composite", toText(map[string]any{"allOrNone": true, "compositeRequest": parts}))
	in, out := asked{kind: "upsert", rows: rows}, told{}
	if isLocked(at(a.body, "compositeResponse", 0, "body", 0, "errorCode")) {
		return in, told{rows: []result{{failed: true, locked: true}}}
	}
	created, _ := at(a.body, "compositeResponse", 0, "body", "created").(bool)
	out.rows = []result{{created: created, id: str(at(a.body, "compositeResponse", 0, "body", "id"))}}
	c.found(at(a.body, "compositeResponse", 1, "body"), &in, &out)
	return in, out
}

// bulk runs an upsert job. Its rows are written when a poll first finds it complete, or before: from when the
// upload was closed.
func (c salesforceCaller) bulk() {
	in := asked{kind: "upsert", rows: c.rows(0, slots, 4)}
	var b strings.Builder
	b.WriteString("Ext__c,LastName,Company,Title\n")
	for _, row := range in.rows {
		m := lead(row, true)
		fmt.Fprintf(&b, "%s,%s,%s,%s\n", m["Ext__c"], m["LastName"], m["Company"], m["Title"])
	}
	a := c.call("POST", "/jobs/ingest", `{"object":"Lead","operation":"upsert","externalIdFieldName":"Ext__c","contentType":"CSV","lineEnding":"LF"}`)
	job := "/jobs/ingest/" + str(at(a.body, "id"))
	c.call("PUT", job+"/batches", b.String())
	began := c.now()
	c.call("PATCH", job, `{"state":"UploadComplete"}`)
	for polls := 0; ; polls++ {
		a = c.call("GET", job, "")
		if state := str(at(a.body, "state")); state == "JobComplete" {
			break
		} else if state == "Failed" || polls == 1000 {
			c.Errorf("job: %s", a.text)
			return
		}
	}
	ended := c.now()
	out := told{rows: make([]result, len(in.rows))}
	done, err := csv.NewReader(strings.NewReader(c.call("GET", job+"/successfulResults", "").text)).ReadAll()
	if failed := c.call("GET", job+"/failedResults", "").text; strings.Contains(failed, "UNABLE_TO_LOCK_ROW") {
		for i, row := range in.rows {
			out.rows[i].locked = strings.Contains(failed, `"`+salesforceKey(row.slot)+`"`)
			out.rows[i].failed = out.rows[i].locked
		}
	} else if err != nil || len(done) != len(in.rows)+1 {
		c.Errorf("job: %d results of %d: %v", len(done), len(in.rows), err)
		return
	}
	for _, line := range done[1:] {
		for i, row := range in.rows {
			if line[2] == salesforceKey(row.slot) {
				out.rows[i] = result{id: line[0], created: line[1] == "true"}
			}
		}
	}
	c.addUntil(c.number, began, ended, in, out)
}
