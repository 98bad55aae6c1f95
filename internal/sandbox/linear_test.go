package sandbox

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
)

// slots is how many keys the histories are about: few, so that clients meet.
const slots = 5

// held is what a slot's record is: its id, "" for none, and the value last written.
type held struct{ id, value string }

// stored is the model of a CRM: a record or none per key. Every request takes effect at one instant between its
// start and its end, whole or not at all.
type stored [slots]held

// asked is a request to the model.
type asked struct {
	kind   string // create, upsert, update, delete, archive (a delete that does not mind what is gone), read
	rows   []asking
	id     string // of update and delete by id
	value  string // of update
	atomic bool   // one row that fails fails all
	look   []int  // the slots whose records the answer tells, as they are afterwards
}

// asking is one row of a create, an upsert or an update by key.
type asking struct {
	slot  int
	value string
	bad   bool // holds a value that is refused
}

// told is what came back.
type told struct {
	rows   []result
	failed bool   // an update or delete found nothing
	locked bool   // an update or delete was refused, for somebody else holds the row
	seen   stored // at asked.look
}

// result is what became of a row.
type result struct {
	failed, created bool
	locked          bool // failed, for somebody else holds the row: that may be at any time
	id              string
	holder          string // of a row that failed: who is said to have the key; "" when nobody is
}

// step says whether a CRM in a state may give that answer, and the state it leaves.
func (before stored) step(in asked, out told) (bool, stored) {
	after, fine := before, true
	switch in.kind {
	case "create", "upsert":
		after, fine = before.save(in, out)
	case "update", "delete", "archive":
		if out.locked {
			break
		}
		slot := slices.IndexFunc(before[:], func(h held) bool { return in.id != "" && h.id == in.id })
		if len(in.rows) > 0 && before[in.rows[0].slot].id != "" {
			slot = in.rows[0].slot
		}
		fine = out.failed == (slot < 0) || in.kind == "archive" && !out.failed
		if slot >= 0 && in.kind != "update" {
			after[slot] = held{}
		} else if slot >= 0 {
			after[slot].value = in.value
		}
	}
	for _, slot := range in.look {
		fine = fine && out.seen[slot] == after[slot]
	}
	return fine, after
}

// save is step for rows that are made or changed.
func (before stored) save(in asked, out told) (after stored, fine bool) {
	after = before
	refused := false
	for i, row := range in.rows {
		have, got := after[row.slot], out.rows[i]
		taken := in.kind == "create" && have.id != ""
		if got.locked {
			refused = true
			continue
		}
		if row.bad || taken {
			refused = true
			if !got.failed || taken && got.holder != "" && !strings.HasPrefix(have.id, got.holder) {
				return before, false
			}
			continue
		}
		if got.failed {
			if !in.atomic {
				return before, false
			}
			continue
		}
		other := slices.ContainsFunc(after[:], func(h held) bool { return h.id == got.id })
		if got.id == "" || got.created != (have.id == "") || have.id != "" && got.id != have.id || have.id == "" && other {
			return before, false
		}
		after[row.slot] = held{got.id, row.value}
	}
	if !in.atomic {
		return after, true
	}
	for _, got := range out.rows {
		if got.failed != refused {
			return before, false
		}
	}
	if refused {
		return before, true
	}
	return after, true
}

// oneByOne is the model for the checker.
var oneByOne = porcupine.Model{
	Init: func() any { return stored{} },
	Step: func(state, in, out any) (bool, any) {
		fine, after := state.(stored).step(in.(asked), out.(told))
		return fine, after
	},
	DescribeOperation: func(in, out any) string { return fmt.Sprintf("%+v → %+v", in, out) },
}

// history gathers what clients did. It is safe for concurrent use.
type history struct {
	began time.Time
	mu    sync.Mutex
	done  []porcupine.Operation
	spent []spending
}

// spending is what a counted call said of the day's budget.
type spending struct {
	call, end int64
	used      int
}

func newHistory() *history { return &history{began: time.Now()} }

func (h *history) now() int64 { return time.Since(h.began).Nanoseconds() }

// add records an operation that was called when and has just come back.
func (h *history) add(client int, call int64, in asked, out told) {
	h.addUntil(client, call, h.now(), in, out)
}

// addUntil records an operation that took effect between two moments.
func (h *history) addUntil(client int, call, end int64, in asked, out told) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.done = append(h.done, porcupine.Operation{ClientId: client, Input: in, Call: call, Output: out, Return: end})
}

func (h *history) spend(call int64, used int) {
	end := h.now()
	h.mu.Lock()
	defer h.mu.Unlock()
	h.spent = append(h.spent, spending{call, end, used})
}

// serial fails unless some order of the requests, one after the other, gives every answer that came.
func (h *history) serial(t *testing.T) {
	t.Helper()
	result, info := porcupine.CheckOperationsVerbose(oneByOne, h.done, time.Minute)
	if result == porcupine.Ok {
		return
	}
	longest := []int{}
	for _, partial := range info.PartialLinearizations()[0] {
		if len(partial) > len(longest) {
			longest = partial
		}
	}
	var lines []string
	for i, op := range h.done {
		if !slices.Contains(longest, i) {
			lines = append(lines, fmt.Sprintf("client %d [%d, %d] %s", op.ClientId, op.Call, op.Return, oneByOne.DescribeOperation(op.Input, op.Output)))
		}
	}
	t.Errorf("%s: no serial order gives these answers. Left over of %d:\n%s", result, len(h.done), strings.Join(lines, "\n"))
}

// counted fails unless the calls were counted one by one: every figure came once, and one that came back before
// another call began is smaller.
func (h *history) counted(t *testing.T) {
	t.Helper()
	slices.SortFunc(h.spent, func(a, b spending) int { return a.used - b.used })
	latest := int64(0) // of the calls with smaller figures, the last one's beginning
	for i, s := range h.spent {
		if i > 0 && s.used != h.spent[i-1].used+1 {
			t.Errorf("figure %d follows %d", s.used, h.spent[i-1].used)
		}
		if s.end < latest {
			t.Errorf("figure %d came back before a call with a smaller one began", s.used)
		}
		latest = max(latest, s.call)
	}
}

// TestModelRefuses: histories that no serial order explains are found out.
func TestModelRefuses(t *testing.T) {
	t.Parallel()
	type op struct {
		in  asked
		out told
	}
	made := func(slot int, id, value string) op {
		return op{asked{kind: "create", rows: []asking{{slot: slot, value: value}}}, told{rows: []result{{created: true, id: id}}}}
	}
	upserted := func(id string, created bool) op {
		return op{asked{kind: "upsert", rows: []asking{{slot: 0, value: "v"}}}, told{rows: []result{{created: created, id: id}}}}
	}
	reads := func(id, value string) op {
		return op{asked{kind: "read", look: []int{0}}, told{seen: stored{{id, value}}}}
	}
	two := []asking{{slot: 0, value: "a"}, {slot: 1, value: "b", bad: true}}
	for name, c := range map[string]struct {
		ops  []op
		want bool
	}{
		"create, upsert, read":         {[]op{made(0, "1", "u"), upserted("1", false), reads("1", "v")}, true},
		"a key twice":                  {[]op{made(0, "1", "u"), made(0, "2", "u")}, false},
		"created twice":                {[]op{upserted("1", true), upserted("1", true)}, false},
		"another id":                   {[]op{upserted("1", true), upserted("2", false)}, false},
		"an id twice":                  {[]op{made(0, "1", "u"), made(1, "1", "u")}, false},
		"a lost write":                 {[]op{upserted("1", true), reads("1", "u")}, false},
		"a read of nothing":            {[]op{upserted("1", true), reads("", "")}, false},
		"deleted and there":            {[]op{upserted("1", true), {asked{kind: "delete", id: "1"}, told{}}, reads("1", "v")}, false},
		"half of all or none":          {[]op{{asked{kind: "upsert", rows: two, atomic: true}, told{rows: []result{{created: true, id: "1"}, {failed: true}}}}}, false},
		"none of all or none":          {[]op{{asked{kind: "upsert", rows: two, atomic: true}, told{rows: []result{{failed: true}, {failed: true}}}}, reads("", "")}, true},
		"none of some":                 {[]op{{asked{kind: "upsert", rows: two}, told{rows: []result{{failed: true}, {failed: true}}}}}, false},
		"refused by another holder":    {[]op{made(0, "1", "u"), {asked{kind: "create", rows: two[:1]}, told{rows: []result{{failed: true, holder: "9"}}}}}, false},
		"an update of nothing, taken":  {[]op{{asked{kind: "update", id: "1", value: "x"}, told{}}}, false},
		"all or none, a row locked":    {[]op{{asked{kind: "upsert", rows: two[:1], atomic: true}, told{rows: []result{{failed: true, locked: true}}}}, reads("", "")}, true},
		"some, a row locked":           {[]op{{asked{kind: "upsert", rows: two[:1]}, told{rows: []result{{failed: true, locked: true}}}}, reads("1", "a")}, false},
		"an update of nothing refused": {[]op{{asked{kind: "update", id: "1", value: "x"}, told{failed: true}}}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var ops []porcupine.Operation
			for i, o := range c.ops {
				ops = append(ops, porcupine.Operation{Input: o.in, Output: o.out, Call: int64(2 * i), Return: int64(2*i + 1)})
			}
			if got := porcupine.CheckOperations(oneByOne, ops); got != c.want {
				t.Errorf("serial: %v, want %v", got, c.want)
			}
		})
	}
}

// caller is one client of one CRM over HTTP.
type caller struct {
	testing.TB
	*history
	*rand.Rand
	number     int
	url, token string
	writes     int
	ids        []string // seen, the last ones
}

// answered is a response, decoded where it is JSON.
type answered struct {
	status int
	header http.Header
	text   string
	body   any
}

// send asks and reads the answer whole.
func (c *caller) send(method, path, kind, body string) answered {
	c.Helper()
	req, err := http.NewRequestWithContext(c.Context(), method, c.url+path, strings.NewReader(body))
	if err != nil {
		c.Error(err)
		return answered{}
	}
	req.Header.Set("Content-Type", kind)
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		c.Error(err)
		return answered{}
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		c.Error(err)
	}
	a := answered{status: resp.StatusCode, header: resp.Header, text: string(text)}
	if strings.HasPrefix(resp.Header.Get("Content-Type"), "application/json") {
		if err := json.Unmarshal(text, &a.body); err != nil {
			c.Errorf("%s %s: %s: %v", method, path, text, err)
		}
	}
	return a
}

// fresh is a value that nobody has written.
func (c *caller) fresh() string {
	c.writes++
	return fmt.Sprintf("c%d-%d", c.number, c.writes)
}

// rows draws some of the slots from..to-1, in any order, and fresh values for them.
func (c *caller) rows(from, to, most int) (rows []asking) {
	order := c.Perm(to - from)
	for _, n := range order[:1+c.IntN(min(most, to-from))] {
		rows = append(rows, asking{slot: from + n, value: c.fresh()})
	}
	return rows
}

// saw remembers ids to change and delete by.
func (c *caller) saw(id string) {
	if id != "" {
		c.ids = append(c.ids, id)
	}
}

// anID is one of the last ids seen; "" before there was one.
func (c *caller) anID() string {
	if len(c.ids) == 0 {
		return ""
	}
	return c.ids[max(0, len(c.ids)-1-c.IntN(3))]
}

// at follows names and places into a JSON value; nil where they lead nowhere.
func at(v any, path ...any) any {
	for _, step := range path {
		switch s := step.(type) {
		case string:
			m, _ := v.(map[string]any)
			v = m[s]
		case int:
			list, _ := v.([]any)
			if s >= len(list) {
				return nil
			}
			v = list[s]
		}
	}
	return v
}

func str(v any) string { s, _ := v.(string); return s }

func toText(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // maps of texts
	}
	return string(b)
}
