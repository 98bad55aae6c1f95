package load_test

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"lockstep/internal/crm"
	"lockstep/internal/sandbox"
	"lockstep/internal/wire"
)

// errorCode is one error of the references, how it is provoked, and what the clients must make of it.
type errorCode struct {
	name   string    // as the reference has it, with what tells two meanings of a code apart
	kind   wire.Kind // what has to happen before the same call can succeed
	faults []string  // "400 STRING_TOO_LONG", "rows STRING_TOO_LONG": provoked on order
	rule   func(t *testing.T, c *crms) heard
	odd    string // the word a client hears where it is not the first word of name; "-": none
}

// heard is what came of a call: the kind and the CRM's word.
type heard struct {
	kind wire.Kind
	code string
}

// told reads the wire's error out of err.
func told(err error) heard {
	var e *wire.Error
	if !errors.As(err, &e) {
		return heard{}
	}
	return heard{e.Kind, e.Code}
}

// word is the code that a client should hear.
func (e errorCode) word() string {
	switch e.odd {
	case "-":
		return ""
	case "":
		return strings.Fields(e.name)[0]
	}
	return e.odd
}

func (e errorCode) check(t *testing.T, how string, got heard) {
	t.Helper()
	if got.kind != e.kind || got.code != e.word() {
		t.Errorf("%s, %s: heard %q as %q, want %q as %q", e.name, how, got.code, got.kind, e.word(), e.kind)
	}
}

// TestEveryCodeIsInTheTable: each code of each section of the references, which are listed here as data, is in the
// table; each row of the table is one of a section; and each row can be provoked.
func TestEveryCodeIsInTheTable(t *testing.T) {
	t.Parallel()
	for system, of := range map[crm.System]struct {
		reference map[string][]string
		table     []errorCode
	}{
		crm.Salesforce: {salesforceReference, salesforceCodes()},
		crm.HubSpot:    {hubspotReference, hubspotCodes()},
	} {
		table := map[string]bool{}
		for _, e := range of.table {
			if table[e.name] {
				t.Errorf("%s: %s stands twice in the table", system, e.name)
			}
			table[e.name] = true
			if len(e.faults) == 0 && e.rule == nil {
				t.Errorf("%s: nothing provokes %s", system, e.name)
			}
			if e.kind == "" {
				t.Errorf("%s: %s has no kind", system, e.name)
			}
		}
		listed := map[string]bool{}
		for section, names := range of.reference {
			for _, name := range names {
				if listed[name] = true; !table[name] {
					t.Errorf("%s %s: %s is not in the table", system, section, name)
				}
			}
		}
		for _, name := range slices.Sorted(maps.Keys(table)) {
			if !listed[name] {
				t.Errorf("%s: %s is of no section", system, name)
			}
		}
	}
}

// TestEveryFaultIsInTheTable: what a script can order, the table knows the kind of.
func TestEveryFaultIsInTheTable(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for system, table := range map[crm.System][]errorCode{crm.Salesforce: salesforceCodes(), crm.HubSpot: hubspotCodes()} {
		for _, e := range table {
			for _, f := range e.faults {
				known[string(system)+" "+f] = true
			}
		}
	}
	faults := allFaults()
	for _, f := range faults {
		if !known[f] {
			t.Errorf("%s is not in the table", f)
		}
		delete(known, f)
	}
	for f := range known {
		t.Errorf("%s is in the table and no fault", f)
	}
	if len(faults) < 100 {
		t.Errorf("%d faults", len(faults))
	}
}

// allFaults is every code a script can name: "hubspot 429 DAILY", "salesforce rows STRING_TOO_LONG".
func allFaults() (all []string) {
	head := ""
	for _, line := range strings.Split(sandbox.Codes(), "\n") {
		codes := line
		if before, after, found := strings.Cut(line, ":"); found && !strings.HasPrefix(line, " ") {
			head, codes = before, after
		}
		for _, code := range strings.Fields(codes) {
			all = append(all, head+" "+code)
		}
	}
	return all
}

// ordered is a fault as the table writes it.
func ordered(system crm.System, text, path string) sandbox.Fault {
	kind, code, _ := strings.Cut(text, " ")
	if kind == "rows" {
		kind = string(sandbox.Partial)
	}
	return sandbox.Fault{System: system, Kind: sandbox.Kind(kind), Code: code, Path: path}
}
