package sandbox

import (
	"net/http"

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
	merger interface {
		Merge(object, winner string, losers ...string) error
	}
	joiner interface {
		Merge(object, primary, other string) (id string, err error)
	}
	converter interface {
		Convert(lead, account, contact string) (accountID, contactID string, err error)
	}
	restorer    interface{ Restore(object, id string) error }
	purger      interface{ Purge(object, id string) error }
	dissociator interface {
		Dissociate(fromObject, fromID, toObject, toID string) error
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

func (a *admin) merge(w http.ResponseWriter, r *http.Request) {
	able, is := a.sim.(joiner)
	if !is {
		do(a, w, r, "merge", func(able merger, d deed) error { return able.Merge(d.Object, d.ID, d.Losers...) })
		return
	}
	// HubSpot merges two at a time, and what is left may have another id, under which the next one is merged.
	do(a, w, r, "merge", func(_ simulator, d deed) (err error) {
		for _, loser := range d.Losers {
			if d.ID, err = able.Merge(d.Object, d.ID, loser); err != nil {
				return err
			}
		}
		return nil
	})
}

func (a *admin) restore(w http.ResponseWriter, r *http.Request) {
	do(a, w, r, "restore", func(able restorer, d deed) error { return able.Restore(d.Object, d.ID) })
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
