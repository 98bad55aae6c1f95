package sandbox

import (
	"errors"
	"fmt"
	"net/http"
	"sync"

	"lockstep/internal/crm"
	"lockstep/internal/sandbox/hubspot"
	"lockstep/internal/sandbox/salesforce"
)

// deed is the body of an order about a record.
type deed struct {
	Object  string   `json:"object"`
	ID      string   `json:"id"`
	Losers  []string `json:"losers"`  // of a merge
	Account string   `json:"account"` // of a conversion
	Contact string   `json:"contact"`
	To      string   `json:"to"` // of an association
	ToID    string   `json:"to_id"`
	Label   string   `json:"label"`
}

// What the simulators can do besides, each as far as it has it.
type (
	merger interface { // into a winner that keeps its id
		Merge(object, winner string, losers ...string) error
	}
	pairMerger interface { // of two, into a record that may have another id than both
		Merge(object, primary, other string) (id string, err error)
	}
	converter interface {
		Convert(lead, account, contact string) (accountID, contactID string, err error)
	}
	undeleter   interface{ Undelete(object, id string) error }
	restorer    interface{ Restore(object, id string) error }
	purger      interface{ Purge(object, id string) error }
	toucher     interface{ Touch(object, id string) error }
	dissociator interface {
		Dissociate(fromObject, fromID, toObject, toID string) error
	}
	locker interface {
		Lock(id string) (release func())
	}
	limiter interface{ LimitRequests(n int) }
	matcher interface {
		DefineDuplicateRule(object string, r salesforce.DuplicateRule) error
	}
)

// can finds what a CRM can do, or says that it cannot.
func can[T any](a *admin, what string) (T, error) {
	able, is := a.sim.(T)
	if !is {
		return able, lacks(what)
	}
	return able, nil
}

// do reads the body of an order about a record and carries it out with what the CRM can do.
func do[T any](a *admin, w http.ResponseWriter, r *http.Request, what string, act func(able T, d deed) error) {
	var d deed
	err := read(w, r, &d)
	if err == nil {
		var able T
		if able, err = can[T](a, what); err == nil {
			err = act(able, d)
		}
	}
	done(w, err)
}

// merge answers with the id of the record that is left.
func (a *admin) merge(w http.ResponseWriter, r *http.Request) {
	var d deed
	err := read(w, r, &d)
	if err == nil && len(d.Losers) == 0 {
		err = crm.WithHint(errors.New("a merge without losers"), "write %s", example(r))
	}
	if err == nil {
		switch able := a.sim.(type) {
		case merger:
			err = able.Merge(d.Object, d.ID, d.Losers...)
		case pairMerger:
			for _, loser := range d.Losers {
				if d.ID, err = able.Merge(d.Object, d.ID, loser); err != nil {
					break
				}
			}
		default:
			err = lacks("merge")
		}
	}
	if err != nil {
		fail(w, http.StatusBadRequest, err)
		return
	}
	say(w, http.StatusOK, map[string]string{"id": d.ID})
}

func (a *admin) restore(w http.ResponseWriter, r *http.Request) {
	if _, is := a.sim.(undeleter); is {
		do(a, w, r, "restore", func(able undeleter, d deed) error { return able.Undelete(d.Object, d.ID) })
		return
	}
	do(a, w, r, "restore", func(able restorer, d deed) error { return able.Restore(d.Object, d.ID) })
}

func (a *admin) touch(w http.ResponseWriter, r *http.Request) {
	do(a, w, r, "background work", func(able toucher, d deed) error { return able.Touch(d.Object, d.ID) })
}

// lock holds a record until unlock; locked twice it is held once.
func (a *admin) lock(w http.ResponseWriter, r *http.Request) {
	do(a, w, r, "row locks", func(able locker, d deed) error {
		if d.ID == "" {
			return crm.WithHint(errors.New("a lock without an id"), "write %s", example(r))
		}
		a.locks.hold(d.ID, able.Lock)
		return nil
	})
}

func (a *admin) unlock(w http.ResponseWriter, r *http.Request) {
	do(a, w, r, "row locks", func(_ locker, d deed) error { return a.locks.release(d.ID) })
}

// locks are the records held by orders.
type locks struct {
	mu   sync.Mutex
	held map[string]func()
}

func (l *locks) hold(id string, lock func(string) func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.held == nil {
		l.held = map[string]func(){}
	}
	if l.held[id] == nil {
		l.held[id] = lock(id)
	}
}

func (l *locks) release(id string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	release := l.held[id]
	if release == nil {
		return crm.WithHint(fmt.Errorf("no lock on %q", id), "write the id as it was locked")
	}
	delete(l.held, id)
	release()
	return nil
}

func (a *admin) limit(w http.ResponseWriter, r *http.Request) {
	var order struct {
		Requests int `json:"requests"`
	}
	err := read(w, r, &order)
	if err == nil {
		var able limiter
		if able, err = can[limiter](a, "daily limit that can be set while it runs"); err == nil {
			able.LimitRequests(order.Requests)
		}
	}
	done(w, err)
}

func (a *admin) addDuplicateRule(w http.ResponseWriter, r *http.Request) {
	var rule struct {
		Object  string   `json:"object"`
		Name    string   `json:"name"`
		Fields  []string `json:"fields"`
		Against string   `json:"against"`
		Block   bool     `json:"block"`
		Message string   `json:"message"`
	}
	err := read(w, r, &rule)
	if err == nil {
		var able matcher
		if able, err = can[matcher](a, "duplicate rules"); err == nil {
			err = able.DefineDuplicateRule(rule.Object, salesforce.DuplicateRule{
				Name: rule.Name, Fields: rule.Fields, Against: rule.Against, Block: rule.Block, Message: rule.Message,
			})
		}
	}
	done(w, err)
}

func (a *admin) purge(w http.ResponseWriter, r *http.Request) {
	do(a, w, r, "purge", func(able purger, d deed) error { return able.Purge(d.Object, d.ID) })
}

func (a *admin) associate(w http.ResponseWriter, r *http.Request) {
	do(a, w, r, "associations", func(able associator, d deed) error {
		return able.Associate(d.Object, d.ID, d.To, d.ToID, d.Label)
	})
}

func (a *admin) dissociate(w http.ResponseWriter, r *http.Request) {
	do(a, w, r, "associations", func(able dissociator, d deed) error { return able.Dissociate(d.Object, d.ID, d.To, d.ToID) })
}

// convert answers with the ids of the account and the contact.
func (a *admin) convert(w http.ResponseWriter, r *http.Request) {
	var d deed
	err := read(w, r, &d)
	if err == nil {
		var able converter
		if able, err = can[converter](a, "conversion"); err == nil {
			var account, contact string
			if account, contact, err = able.Convert(d.ID, d.Account, d.Contact); err == nil {
				say(w, http.StatusOK, map[string]string{"account": account, "contact": contact})
				return
			}
		}
	}
	done(w, err)
}

func (a *admin) expire(w http.ResponseWriter, _ *http.Request) {
	able, err := can[interface{ ExpireSessions() }](a, "sessions")
	if err == nil {
		able.ExpireSessions()
	}
	done(w, err)
}

func (a *admin) listRoutes(w http.ResponseWriter, _ *http.Request) {
	routes := hubspot.Routes
	if a.system == crm.Salesforce {
		routes = salesforce.Routes
	}
	say(w, http.StatusOK, map[string]any{"routes": routes()})
}

func (a *admin) listRules(w http.ResponseWriter, _ *http.Request) {
	automation, validation := a.rules.list()
	say(w, http.StatusOK, map[string]any{"automation": automation, "validation": validation})
}

func (a *admin) addAutomation(w http.ResponseWriter, r *http.Request) {
	rule := Automation{System: a.system}
	err := read(w, r, &rule)
	if err == nil && rule.System != a.system {
		err = lacks("rules of " + string(rule.System))
	}
	if err == nil {
		err = a.rules.automate(rule)
	}
	done(w, err)
}

func (a *admin) addValidation(w http.ResponseWriter, r *http.Request) {
	var rule Validation
	err := read(w, r, &rule)
	if err == nil {
		err = a.rules.validate(&rule)
	}
	done(w, err)
}

func (a *admin) clearRules(w http.ResponseWriter, _ *http.Request) {
	a.rules.clear()
	done(w, nil)
}
