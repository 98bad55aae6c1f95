package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"lockstep/internal/crm"
)

// order is one thing the admin endpoint does.
type order struct {
	method, name string
	body         string // an example of its body or query, for doc.go and the hint; empty: none
	does         string // one line
	serve        func(a *admin, w http.ResponseWriter, r *http.Request)
}

// orders is every order. doc.go lists them.
func orders() []order {
	return []order{
		{"GET", "", "", "lists the orders", (*admin).listOrders},
		{"GET", "faults", "", "the script, with requests seen and struck per fault", (*admin).listFaults},
		{"POST", "faults", `{"faults": [{"kind": "503", "nth": 2}]}`, "adds a script, YAML or JSON", (*admin).addFaults},
		{"DELETE", "faults", "", "ends all faults", (*admin).clearFaults},
		{"GET", "calls", "", "requests per system and endpoint", (*admin).listCalls},
		{"DELETE", "calls", "", "starts the counting anew", (*admin).resetCalls},
		{"GET", "routes", "", "the endpoints that this CRM has", (*admin).listRoutes},
		{"GET", "records", "?object=Lead&id=…", "the record; without id every live one", (*admin).listRecords},
		{"POST", "records", `{"object": "Lead", "values": {"LastName": "Lee"}}`, "inserts it as it stands", (*admin).insertRecord},
		{"DELETE", "records", "?object=Lead&id=…", "deletes it, as a human does", (*admin).deleteRecord},
		{"POST", "edit", `{"object": "Lead", "id": "…", "values": {"Phone": "…"}}`, "changes it, as a human does", (*admin).editRecord},
		{"POST", "merge", `{"object": "Lead", "id": "…", "losers": ["…"]}`, "makes id the survivor of the losers", (*admin).merge},
		{"POST", "convert", `{"id": "…", "account": "…", "contact": "…"}`, "converts a Lead; without account or contact into new ones", (*admin).convert},
		{"POST", "restore", `{"object": "Lead", "id": "…"}`, "takes it out of the recycle bin or the archive", (*admin).restore},
		{"POST", "purge", `{"object": "Lead", "id": "…"}`, "removes it for good", (*admin).purge},
		{"POST", "associate", `{"object": "contacts", "id": "…", "to": "companies", "to_id": "…", "label": "…"}`, "relates two records; label may be left out", (*admin).associate},
		{"POST", "dissociate", `{"object": "contacts", "id": "…", "to": "companies", "to_id": "…"}`, "ends every relation of two records", (*admin).dissociate},
		{"POST", "touch", `{"object": "Lead", "id": "…"}`, "moves its modified stamp alone, as background work does", (*admin).touch},
		{"POST", "lock", `{"id": "…"}`, "holds a record, as a long transaction does: writes meet UNABLE_TO_LOCK_ROW", (*admin).lock},
		{"POST", "unlock", `{"id": "…"}`, "lets it go", (*admin).unlock},
		{"POST", "limit", `{"requests": 100}`, "sets the calls of a day; what was used stays used", (*admin).limit},
		{"POST", "expire", "", "ends every session: the next call of each is a 401", (*admin).expire},
		{"GET", "automation", "", "the rules added here", (*admin).listRules},
		{"POST", "automation", `{"object": "Contact", "when": "Phone", "set": "Phone", "format": "phone"}`, "adds a rule that rewrites a field", (*admin).addAutomation},
		{"DELETE", "automation", "", "ends all rules added here, validation too", (*admin).clearRules},
		{"POST", "validation", `{"object": "Contact", "field": "Title", "message": "…", "blank": true}`, "adds a rule that refuses", (*admin).addValidation},
		{"POST", "duplicates", `{"object": "Contact", "name": "Contacts_DR", "fields": ["Email"], "block": true}`, "adds a duplicate rule", (*admin).addDuplicateRule},
	}
}

// newAdmin routes the orders.
func newAdmin(a *admin) http.Handler {
	mux := http.NewServeMux()
	for _, o := range orders() {
		end := ""
		if o.name == "" {
			end = "{$}" // not everything below
		}
		mux.HandleFunc(o.method+" "+adminPath+o.name+end, func(w http.ResponseWriter, r *http.Request) { o.serve(a, w, r) })
	}
	mux.HandleFunc(adminPath, func(w http.ResponseWriter, r *http.Request) {
		fail(w, http.StatusNotFound, crm.WithHint(fmt.Errorf("no order %s %s", r.Method, r.URL.Path), "GET %s lists the orders", adminPath))
	})
	return mux
}

func (a *admin) listOrders(w http.ResponseWriter, _ *http.Request) {
	type view struct {
		Order string `json:"order"`
		Takes string `json:"takes,omitempty"`
		Does  string `json:"does"`
	}
	var views []view
	for _, o := range orders() {
		views = append(views, view{o.method + " " + adminPath + o.name, o.body, o.does})
	}
	say(w, http.StatusOK, map[string]any{"orders": views})
}

// example is the body of the order that a request is for.
func example(r *http.Request) string {
	for _, o := range orders() {
		if o.method == r.Method && adminPath+o.name == r.URL.Path {
			return o.body
		}
	}
	return ""
}

// read reads a body strictly into v.
func read(w http.ResponseWriter, r *http.Request, v any) error {
	body := json.NewDecoder(http.MaxBytesReader(w, r.Body, adminBody))
	body.DisallowUnknownFields()
	if err := body.Decode(v); err != nil {
		return crm.WithHint(fmt.Errorf("body: %w", err), "write %s", example(r))
	}
	return nil
}

// wanted reads query parameters, of which there may be no others.
func wanted(r *http.Request, names ...string) (map[string]string, error) {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, crm.WithHint(fmt.Errorf("query: %w", err), "write %s", example(r))
	}
	values := map[string]string{}
	for name := range query {
		values[name] = query.Get(name)
		if !strings.Contains(" "+strings.Join(names, " ")+" ", " "+name+" ") {
			return nil, crm.WithHint(fmt.Errorf("no parameter %q", name), "write %s", example(r))
		}
	}
	return values, nil
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

// done answers an order that has nothing to say.
func done(w http.ResponseWriter, err error) {
	if err != nil {
		fail(w, http.StatusBadRequest, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}
