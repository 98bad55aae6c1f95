package sandbox

import (
	"errors"
	"io"
	"net/http"
	"time"

	"lockstep/internal/crm"
)

// adminPath is where both servers take orders that no CRM takes. doc.go lists them.
const adminPath = "/__sandbox/"

// adminBody is the most an order may hold, in bytes.
const adminBody = 1 << 20

// admin takes orders for one CRM; faults and calls are those of both.
type admin struct {
	system crm.System
	sim    simulator
	faults *Faults
	calls  *counter
	rules  *rules
	locks  locks
}

// faultView is a fault as the admin endpoint shows it, in the script's own keys.
type faultView struct {
	System      crm.System `json:"system,omitempty"`
	Method      string     `json:"method,omitempty"`
	Path        string     `json:"path,omitempty"`
	Nth         int        `json:"nth,omitempty"`
	Count       int        `json:"count,omitempty"`
	Probability float64    `json:"probability,omitempty"`
	Kind        Kind       `json:"kind"`
	Code        string     `json:"code,omitempty"`
	Field       string     `json:"field,omitempty"`
	RetryAfter  string     `json:"retry_after,omitempty"`
	Rows        []int      `json:"rows,omitempty"`
	Share       float64    `json:"share,omitempty"`
	Age         string     `json:"age,omitempty"`
	Chunk       int        `json:"chunk,omitempty"`
	Pause       string     `json:"pause,omitempty"`
	Skew        string     `json:"skew,omitempty"`
	Seen        int        `json:"seen"`
	Struck      int        `json:"struck"`
}

func (a *admin) listFaults(w http.ResponseWriter, _ *http.Request) {
	views := []faultView{}
	for _, c := range a.faults.Counts() {
		views = append(views, faultView{
			c.System, c.Method, c.Path, c.Nth, c.Count, c.Probability, c.Kind, c.Code, c.Field,
			span(c.RetryAfter), c.Rows, c.Share, span(c.Age), c.Chunk, span(c.Pause), span(c.Skew), c.Seen, c.Struck,
		})
	}
	say(w, http.StatusOK, map[string]any{"faults": views})
}

// span prints a duration as a script writes it; none is empty.
func span(d time.Duration) string {
	if d == 0 {
		return ""
	}
	return d.String()
}

func (a *admin) addFaults(w http.ResponseWriter, r *http.Request) {
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, adminBody))
	if err != nil {
		fail(w, http.StatusBadRequest, err)
		return
	}
	faults, err := ParseFaults("body", text)
	if err == nil {
		err = a.faults.Add(faults...)
	}
	if err != nil {
		fail(w, http.StatusBadRequest, err)
		return
	}
	a.listFaults(w, r)
}

func (a *admin) clearFaults(w http.ResponseWriter, _ *http.Request) {
	a.faults.Clear()
	w.WriteHeader(http.StatusNoContent)
}

// callsView is Calls as the admin endpoint shows it.
type callsView struct {
	System   crm.System `json:"system"`
	Endpoint string     `json:"endpoint"`
	Requests int        `json:"requests"`
	Struck   int        `json:"struck"`
}

func (a *admin) listCalls(w http.ResponseWriter, _ *http.Request) {
	views := []callsView{}
	for _, c := range a.calls.all() {
		views = append(views, callsView(c))
	}
	say(w, http.StatusOK, map[string]any{"calls": views})
}

func (a *admin) resetCalls(w http.ResponseWriter, _ *http.Request) {
	a.calls.reset()
	w.WriteHeader(http.StatusNoContent)
}

func (a *admin) listRecords(w http.ResponseWriter, r *http.Request) {
	asked, err := wanted(r, "object", "id")
	if err != nil {
		fail(w, http.StatusBadRequest, err)
		return
	}
	var found []map[string]string
	if asked["id"] == "" {
		found = a.sim.All(asked["object"])
	} else if record, ok := a.sim.Get(asked["object"], asked["id"]); ok {
		found = append(found, record)
	}
	if len(found) == 0 {
		found = []map[string]string{}
	}
	say(w, http.StatusOK, map[string]any{"records": found})
}

// write is the body of an insert or an edit.
type write struct {
	Object string            `json:"object"`
	ID     string            `json:"id"` // of an edit
	Values map[string]string `json:"values"`
}

func (a *admin) insertRecord(w http.ResponseWriter, r *http.Request) {
	var o write
	err := read(w, r, &o)
	if err == nil && o.ID != "" {
		err = errors.New("an insert names no id beside its values")
	}
	var id string
	if err == nil {
		id, err = a.sim.Insert(o.Object, o.Values)
	}
	if err != nil {
		fail(w, http.StatusBadRequest, err)
		return
	}
	say(w, http.StatusCreated, map[string]string{"id": id})
}

func (a *admin) editRecord(w http.ResponseWriter, r *http.Request) {
	var o write
	err := read(w, r, &o)
	if err == nil {
		err = a.sim.Edit(o.Object, o.ID, o.Values)
	}
	if err != nil {
		fail(w, http.StatusBadRequest, err)
		return
	}
	record, _ := a.sim.Get(o.Object, o.ID)
	say(w, http.StatusOK, map[string]any{"record": record})
}

func (a *admin) deleteRecord(w http.ResponseWriter, r *http.Request) {
	asked, err := wanted(r, "object", "id")
	if err == nil {
		err = a.sim.Delete(asked["object"], asked["id"])
	}
	done(w, err)
}
