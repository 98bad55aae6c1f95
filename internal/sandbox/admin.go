package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
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
}

// newAdmin routes the orders.
func newAdmin(system crm.System, sim simulator, faults *Faults, calls *counter) http.Handler {
	a := &admin{system, sim, faults, calls}
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+adminPath+"faults", a.listFaults)
	mux.HandleFunc("POST "+adminPath+"faults", a.addFaults)
	mux.HandleFunc("DELETE "+adminPath+"faults", a.clearFaults)
	mux.HandleFunc("GET "+adminPath+"calls", a.listCalls)
	mux.HandleFunc("DELETE "+adminPath+"calls", a.resetCalls)
	mux.HandleFunc("GET "+adminPath+"records", a.listRecords)
	mux.HandleFunc("POST "+adminPath+"records", a.insertRecord)
	mux.HandleFunc("DELETE "+adminPath+"records", a.deleteRecord)
	mux.HandleFunc("POST "+adminPath+"edit", a.editRecord)
	mux.HandleFunc(adminPath, func(w http.ResponseWriter, r *http.Request) {
		fail(w, http.StatusNotFound, crm.WithHint(fmt.Errorf("no order %s %s", r.Method, r.URL.Path),
			"orders: GET POST DELETE faults, GET DELETE calls, GET POST DELETE records, POST edit, all under %s", adminPath))
	})
	return mux
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
	object, id := r.URL.Query().Get("object"), r.URL.Query().Get("id")
	records := a.sim.All
	if id != "" {
		records = func(object string) []map[string]string {
			if record, ok := a.sim.Get(object, id); ok {
				return []map[string]string{record}
			}
			return nil
		}
	}
	found := records(object)
	if len(found) == 0 {
		found = []map[string]string{}
	}
	say(w, http.StatusOK, map[string]any{"records": found})
}

// order is the body of an insert or an edit.
type order struct {
	Object string            `json:"object"`
	ID     string            `json:"id"` // of an edit
	Values map[string]string `json:"values"`
}

func (a *admin) insertRecord(w http.ResponseWriter, r *http.Request) {
	o, err := readOrder(w, r)
	if err == nil && o.ID != "" {
		err = errors.New("an insert names no id beside its values")
	}
	if err != nil {
		fail(w, http.StatusBadRequest, err)
		return
	}
	id, err := a.sim.Insert(o.Object, o.Values)
	if err != nil {
		fail(w, http.StatusBadRequest, err)
		return
	}
	say(w, http.StatusCreated, map[string]string{"id": id})
}

func (a *admin) editRecord(w http.ResponseWriter, r *http.Request) {
	o, err := readOrder(w, r)
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
	if err := a.sim.Delete(r.URL.Query().Get("object"), r.URL.Query().Get("id")); err != nil {
		fail(w, http.StatusBadRequest, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// readOrder reads a body strictly.
func readOrder(w http.ResponseWriter, r *http.Request) (order, error) {
	var o order
	body := json.NewDecoder(http.MaxBytesReader(w, r.Body, adminBody))
	body.DisallowUnknownFields()
	if err := body.Decode(&o); err != nil {
		return order{}, crm.WithHint(fmt.Errorf("body: %w", err), `write {"object": "Lead", "id": "…", "values": {"Phone": "…"}}`)
	}
	return o, nil
}

// say answers with JSON.
func say(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // the client may have gone
}

// fail answers with the two lines of an error.
func fail(w http.ResponseWriter, status int, err error) {
	v := map[string]string{"error": err.Error()}
	if h := (*crm.Hinted)(nil); errors.As(err, &h) {
		v["hint"] = h.Hint
	}
	say(w, status, v)
}
