package sandbox

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"regexp"
	"strconv"
	"sync"
	"testing"
)

// Slots below byMail are held apart by the unique property ext_id, the others by e-mail address.
const byMail = 3

func hubspotKey(slot int) (property, value string) {
	if slot < byMail {
		return "ext_id", fmt.Sprint("k", slot)
	}
	return "email", fmt.Sprintf("k%d@example.com", slot)
}

// TestHubSpotIsLinearizable: parallel clients that create, upsert, change, archive, read, search and list the same few
// contacts get answers that some serial order of their requests gives too; every call is counted once, and the
// store is whole.
func TestHubSpotIsLinearizable(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			s := start(t, Options{})
			h := newHistory()
			admin := hubspotCaller{&caller{TB: t, history: h, url: s.HubSpotURL, token: "pat-na1-sandbox"}}
			if a := admin.call("POST", "/crm/v3/properties/contacts", map[string]any{"name": "ext_id", "label": "Ext", "type": "string", "fieldType": "text", "groupName": "contactinformation", "hasUniqueValue": true}); a.status != 201 {
				t.Fatal(a.text)
			}
			const clients, rounds = 6, 30
			var group sync.WaitGroup
			for n := range clients {
				group.Go(func() {
					c := hubspotCaller{&caller{TB: t, history: h, Rand: rand.New(rand.NewPCG(seed, uint64(n))), number: n, url: s.HubSpotURL, token: "pat-na1-sandbox"}}
					for range rounds {
						c.act()
					}
				})
			}
			group.Wait()
			h.serial(t)
			h.counted(t)
			if want := clients*rounds + 1; len(h.spent) != want || s.Count("hubspot", "") != want {
				t.Errorf("%d calls answered, %d counted, want %d", len(h.spent), s.Count("hubspot", ""), want)
			}
			if err := s.HubSpot.Check(); err != nil {
				t.Error(err)
			}
			for _, property := range []string{"ext_id", "email"} {
				unrepeated(t, property, s.HubSpot.All("contacts"))
			}
		})
	}
}

// unrepeated fails when two records have one value.
func unrepeated(t *testing.T, column string, records []map[string]string) {
	t.Helper()
	seen := map[string]bool{}
	for _, r := range records {
		if v := r[column]; v != "" && seen[v] {
			t.Errorf("two records have the %s %s", column, v)
		}
		seen[r[column]] = true
	}
}

type hubspotCaller struct{ *caller }

// call asks and notes what the daily limit has left.
func (c hubspotCaller) call(method, path string, body any) answered {
	c.Helper()
	began := c.now()
	text := ""
	if body != nil {
		text = toText(body)
	}
	a := c.send(method, path, "application/json", text)
	limit, err := strconv.Atoi(a.header.Get("X-HubSpot-RateLimit-Daily"))
	left, err2 := strconv.Atoi(a.header.Get("X-HubSpot-RateLimit-Daily-Remaining"))
	if err != nil || err2 != nil {
		c.Errorf("%s %s: %d %s: no daily limit: %v %v", method, path, a.status, a.text, err, err2)
	}
	c.spend(began, limit-left)
	return a
}

const contactsPath = "/crm/v3/objects/contacts"

// act makes one request of any kind.
func (c hubspotCaller) act() {
	began := c.now()
	var in asked
	var out told
	switch c.IntN(9) {
	case 0:
		in, out = c.create()
	case 1:
		in, out = c.createSome()
	case 2, 3:
		in, out = c.upsert()
	case 4:
		in, out = c.update()
	case 5:
		in, out = c.archive()
	case 6:
		in, out = c.read()
	case 7:
		in, out = c.search()
	default:
		in, out = c.list()
	}
	c.add(c.number, began, in, out)
}

var existing = regexp.MustCompile(`(?:Existing ID: |\. )(\d+)(?: already has that value)?`)

// failedRow is a create that was refused, as every refusal here must be: for a key that is taken, by whom.
func (c hubspotCaller) failedRow(a answered) result {
	c.Helper()
	r := result{failed: true}
	if a.status != http.StatusConflict && a.status != http.StatusBadRequest {
		c.Errorf("refused with %d %s", a.status, a.text)
	}
	if m := existing.FindStringSubmatch(str(at(a.body, "message"))); m != nil {
		r.holder = m[1]
	}
	return r
}

func properties(row asking, withKey bool) map[string]string {
	p := map[string]string{"phone": row.value}
	if name, value := hubspotKey(row.slot); withKey {
		p[name] = value
	}
	if row.bad {
		p["nosuch"] = "x"
	}
	return p
}

func (c hubspotCaller) create() (asked, told) {
	rows := c.rows(0, slots, 1)
	a := c.call("POST", contactsPath, map[string]any{"properties": properties(rows[0], true)})
	if a.status != http.StatusCreated {
		return asked{kind: "create", rows: rows}, told{rows: []result{c.failedRow(a)}}
	}
	id := str(at(a.body, "id"))
	c.saw(id)
	return asked{kind: "create", rows: rows}, told{rows: []result{{created: true, id: id}}}
}

// createSome makes several at once, all or none.
func (c hubspotCaller) createSome() (asked, told) {
	rows := c.rows(0, slots, 3)
	var inputs []any
	for _, row := range rows {
		inputs = append(inputs, map[string]any{"properties": properties(row, true)})
	}
	a := c.call("POST", contactsPath+"/batch/create", map[string]any{"inputs": inputs})
	out := told{rows: make([]result, len(rows))}
	for i, row := range rows {
		if a.status != http.StatusCreated {
			out.rows[i] = c.failedRow(a)
			out.rows[i].holder = "" // which row's it is, is not said
			continue
		}
		name, value := hubspotKey(row.slot)
		for n := range rows {
			if str(at(a.body, "results", n, "properties", name)) == value {
				out.rows[i] = result{created: true, id: str(at(a.body, "results", n, "id"))}
				c.saw(out.rows[i].id)
			}
		}
	}
	return asked{kind: "create", rows: rows, atomic: true}, out
}

// upsert writes several by one of the two keys. By ext_id a bad row fails alone, by e-mail with all others.
func (c hubspotCaller) upsert() (asked, told) {
	rows, mail := c.rows(0, byMail, 3), false
	if c.IntN(2) == 0 {
		rows, mail = c.rows(byMail, slots, 2), true
	}
	if len(rows) > 1 && c.IntN(4) == 0 {
		rows[c.IntN(len(rows))].bad = true
	}
	var inputs []any
	for i, row := range rows {
		name, value := hubspotKey(row.slot)
		inputs = append(inputs, map[string]any{"id": value, "idProperty": name, "objectWriteTraceId": fmt.Sprint(i), "properties": properties(row, false)})
	}
	a := c.call("POST", contactsPath+"/batch/upsert", map[string]any{"inputs": inputs})
	out := told{rows: make([]result, len(rows))}
	for i := range rows {
		out.rows[i].failed = true
	}
	results, _ := at(a.body, "results").([]any)
	for _, r := range results {
		i, err := strconv.Atoi(str(at(r, "objectWriteTraceId")))
		if err != nil || i >= len(rows) {
			c.Errorf("upsert: %s", a.text)
			continue
		}
		created, _ := at(r, "new").(bool)
		out.rows[i] = result{created: created, id: str(at(r, "id"))}
		c.saw(out.rows[i].id)
	}
	return asked{kind: "upsert", rows: rows, atomic: mail}, out
}

func (c hubspotCaller) update() (asked, told) {
	row := c.rows(0, slots, 1)[0]
	name, value := hubspotKey(row.slot)
	a := c.call("PATCH", contactsPath+"/"+value+"?idProperty="+name, map[string]any{"properties": properties(row, false)})
	if a.status != http.StatusOK && a.status != http.StatusNotFound {
		c.Errorf("update: %d %s", a.status, a.text)
	}
	return asked{kind: "update", rows: []asking{row}, value: row.value}, told{failed: a.status != http.StatusOK}
}

// archive archives a record seen before, which may be gone.
func (c hubspotCaller) archive() (asked, told) {
	id := c.anID()
	if id == "" {
		return c.list()
	}
	if a := c.call("DELETE", contactsPath+"/"+id, nil); a.status != http.StatusNoContent {
		c.Errorf("archive: %d %s", a.status, a.text)
	}
	return asked{kind: "archive", id: id}, told{}
}

// put notes a record as it was read.
func (s *stored) put(properties any, id string) {
	for slot := range slots {
		if name, value := hubspotKey(slot); str(at(properties, name)) == value {
			s[slot] = held{id, str(at(properties, "phone"))}
		}
	}
}

func (c hubspotCaller) read() (asked, told) {
	slot := c.IntN(slots)
	name, value := hubspotKey(slot)
	a := c.call("GET", contactsPath+"/"+value+"?properties=phone,ext_id,email&idProperty="+name, nil)
	var out told
	if a.status == http.StatusOK {
		out.seen.put(at(a.body, "properties"), str(at(a.body, "id")))
		c.saw(out.seen[slot].id)
	} else if a.status != http.StatusNotFound {
		c.Errorf("read: %d %s", a.status, a.text)
	}
	return asked{kind: "read", look: []int{slot}}, out
}

// list reads all records in one page.
func (c hubspotCaller) list() (asked, told) {
	return c.several(c.call("GET", contactsPath+"?limit=100&properties=phone,ext_id,email", nil))
}

// search finds all records, for no lag is set here.
func (c hubspotCaller) search() (asked, told) {
	return c.several(c.call("POST", contactsPath+"/search", map[string]any{"limit": 100, "properties": []string{"phone", "ext_id", "email"}, "sorts": []string{"-lastmodifieddate"}}))
}

func (c hubspotCaller) several(a answered) (asked, told) {
	in, out := asked{kind: "read"}, told{}
	if a.status != http.StatusOK {
		c.Errorf("list: %d %s", a.status, a.text)
	}
	results, _ := at(a.body, "results").([]any)
	ids := map[string]bool{}
	for _, r := range results {
		id := str(at(r, "id"))
		out.seen.put(at(r, "properties"), id)
		ids[id] = true
	}
	if total, _ := at(a.body, "total").(float64); a.body != nil && at(a.body, "total") != nil && int(total) != len(results) {
		c.Errorf("a total of %v, %d results", total, len(results))
	}
	held := 0
	for slot := range slots {
		in.look = append(in.look, slot)
		if ids[out.seen[slot].id] {
			held++
		}
	}
	if len(ids) != held {
		c.Errorf("%d records of %d keys:\n%s", len(ids), held, a.text)
	}
	return in, out
}
