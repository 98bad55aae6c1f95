package main

import (
	"context"
	"encoding/csv"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"lockstep/internal/crm"
	"lockstep/internal/entity"
	"lockstep/internal/hubspot"
	"lockstep/internal/sandbox"
	simulated "lockstep/internal/sandbox/hubspot"
	"lockstep/internal/sandbox/salesforce"
	"lockstep/internal/warehouse"
)

var update = flag.Bool("update", false, "rewrite what the scenarios expect")

// TestScenarios runs every story of testdata/scenario. A story is a txtar file: two CRMs before, commands and
// what they print, edits by people, two CRMs after. Its commands, beside testscript's own:
//
//	crms [-portal N] [-zone ZONE] [-currencies ORG PORTAL] [-newid] [-persons] [-places] [FOLDER]
//	                                  starts both CRMs from FOLDER/<system>.<Object>.csv (default: before), writes
//	                                  lockstep.yaml; N is the number of the HubSpot portal, ZONE its time zone, ORG and PORTAL
//	                                  are each CRM's currencies (USD,EUR=0.8); with -newid a merge in HubSpot gives what is
//	                                  left a new id, with -persons Salesforce has person accounts, with -places state and
//	                                  country picklists. FOLDER/columns.csv defines custom objects, columns, record types and
//	                                  pipelines before that
//	lockstep [-code N] ARG…           runs the program; N is the exit code it has to have (default 0)
//	edit SYSTEM OBJECT ID COLUMN=VALUE…   as a person does in the CRM; HubSpot's associations as associated_company_id=201
//	seen OBJECT ID COLUMN=VALUE…      HubSpot itself writes down what it saw: a form sent in, a page, a click
//	insert SYSTEM OBJECT COLUMN=VALUE…    a new record
//	delete SYSTEM OBJECT ID
//	merge OBJECT WINNER LOSER         in Salesforce; the loser is in the recycle bin and names the winner
//	merge hubspot OBJECT WINNER LOSER in HubSpot; the loser is gone and its winner names it; prints the id of what is left
//	list [-dynamic] NAME OBJECT ID…   makes a HubSpot list of these records, or of all that have a city; prints its id
//	enlist LIST ID…                   adds records to it
//	unlist LIST ID…                   takes records out of it
//	label FROM TO LABEL               gives HubSpot's associations between two objects a label
//	associate FROM ID TO ID [LABEL]   associates two records of HubSpot
//	dissociate FROM ID TO ID          ends that
//	convert LEAD [NAME]               into a new account and contact, and an opportunity of that name; prints their ids
//	hide OBJECT [COLUMN]              takes a column or an object of Salesforce from those whom no permission set grants it
//	show OBJECT                       gives the object back
//	fault FILE                        adds a script of faults; no FILE ends them
//	pass DURATION                     moves both CRMs' clock and the program's
//	report NAME                       prints report.NAME as CSV, as the last nightly run left it
//	dump SYSTEM OBJECT COLUMN…        prints the live records as CSV, in id order; of HubSpot's associations as
//	                                  deals_to_contacts from_id to_id labels, of a list's members lists_to_contacts likewise
//	said FILE                         the last output holds FILE's lines, one after the other
//	take NAME REGEXP                  sets the variable NAME to what the group of REGEXP finds in the last output
//
// `go test ./cmd/lockstep -run Scenarios -update` rewrites the expected output.
func TestScenarios(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:           filepath.Join("testdata", "scenario"),
		UpdateScripts: *update,
		Setup: func(e *testscript.Env) error {
			w := &world{dir: e.WorkDir}
			e.Values[worldKey{}] = w
			e.Defer(w.close)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"crms": in((*world).crms), "lockstep": in((*world).lockstep), "edit": in((*world).edit), "insert": in((*world).insert),
			"delete": in((*world).delete), "fault": in((*world).fault), "pass": in((*world).pass), "dump": in((*world).dump),
			"merge": in((*world).merge), "convert": in((*world).convert), "said": in((*world).said),
			"take": in((*world).take), "seen": in((*world).seen), "report": in((*world).report),
			"hide": in((*world).hide), "show": in((*world).show), "label": in((*world).label), "associate": in((*world).associate), "dissociate": in((*world).dissociate),
			"list": in((*world).list), "unlist": in((*world).unlist), "enlist": in((*world).enlist),
		},
	})
}

type worldKey struct{}

// world is one story's CRMs and clock.
type world struct {
	dir    string
	crm    *sandbox.Sandbox
	lists  []string     // ids of the lists that `list` made
	passed atomic.Int64 // nanoseconds that `pass` moved the clock on
}

// began is when the tests began, and morning what a story's clock says then: at any hour of the real day a story has
// the same day before it, for what resets at midnight.
var (
	began   = time.Now()
	morning = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
)

func (w *world) now() time.Time {
	return morning.Add(time.Since(began) + time.Duration(w.passed.Load()))
}

func (w *world) close() {
	if w.crm != nil {
		w.crm.Close()
	}
}

// in adapts a command of the world.
func in(do func(*world, *testscript.TestScript, []string)) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, neg bool, args []string) {
		if neg {
			ts.Fatalf("! is for commands of testscript; `lockstep -code N` says how the program has to end")
		}
		do(ts.Value(worldKey{}).(*world), ts, args)
	}
}

// simulator is what both CRMs let a test do to their records.
type simulator interface {
	Insert(object string, values map[string]string) (id string, err error)
	Edit(object, id string, values map[string]string) error
	Delete(object, id string) error
	All(object string) []map[string]string
}

// of returns the CRM that the first argument names, and the arguments after it, at least n.
func (w *world) of(ts *testscript.TestScript, args []string, n int) (simulator, []string) {
	if w.crm == nil {
		ts.Fatalf("no CRMs yet: start them with crms")
	}
	if len(args) < n+1 {
		ts.Fatalf("%d arguments: see the comment of TestScenarios", len(args))
	}
	switch args[0] {
	case "hubspot":
		return w.crm.HubSpot, args[1:]
	case "salesforce":
		return w.crm.Salesforce, args[1:]
	}
	ts.Fatalf("%q is no CRM", args[0])
	return nil, nil
}

// values reads COLUMN=VALUE arguments.
func values(ts *testscript.TestScript, args []string) map[string]string {
	m := map[string]string{}
	for _, a := range args {
		column, value, ok := strings.Cut(a, "=")
		if !ok {
			ts.Fatalf("%q: want COLUMN=VALUE", a)
		}
		m[column] = value
	}
	return m
}

func (w *world) crms(ts *testscript.TestScript, args []string) {
	o := sandbox.Options{Now: w.now}
	if len(args) > 1 && args[0] == "-portal" {
		var err error
		o.Portal.PortalID, err = strconv.ParseInt(args[1], 10, 64)
		ts.Check(err)
		args = args[2:]
	}
	if len(args) > 1 && args[0] == "-zone" {
		var err error
		o.Portal.TimeZone, err = time.LoadLocation(args[1])
		ts.Check(err)
		args = args[2:]
	}
	if len(args) > 2 && args[0] == "-currencies" {
		if several := strings.Split(args[1], ","); len(several) > 1 { // an org with one does not speak of it
			o.Org.Currencies = several
		}
		home, others, _ := strings.Cut(args[2], ",")
		o.Portal.Account.Currency, o.Portal.Account.Others = home, strings.FieldsFunc(others, func(r rune) bool { return r == ',' })
		args = args[3:]
	}
	if len(args) > 0 && args[0] == "-newid" {
		o.Portal.Rules.MergeNewID = true
		args = args[1:]
	}
	if len(args) > 0 && args[0] == "-persons" {
		o.PersonAccounts = true
		args = args[1:]
	}
	if len(args) > 0 && args[0] == "-places" {
		o.StateCountryPicklists = true
		args = args[1:]
	}
	folder := "before"
	if len(args) > 0 {
		folder = args[0]
	}
	o.LoadDir = ts.MkAbs(folder)
	s, err := sandbox.Start(context.Background(), o)
	ts.Check(err)
	w.close() // of the CRMs before these
	w.crm = s
	// Stories run side by side, a handful of records each: more threads would only wait for each other.
	config := sandboxConfig(s) + "warehouse:\n  threads: 1\n"
	ts.Check(os.WriteFile(filepath.Join(w.dir, "lockstep.yaml"), []byte(config), 0o644))
}

func (w *world) lockstep(ts *testscript.TestScript, args []string) {
	want := 0
	if len(args) > 1 && args[0] == "-code" {
		n, err := strconv.Atoi(args[1])
		ts.Check(err)
		want, args = n, args[2:]
	}
	a := &app{stdout: ts.Stdout(), stderr: ts.Stderr(), env: sandboxEnv, now: w.now}
	// Scenarios run side by side, so none may change the process's folder: files and --project are told in full.
	args = append([]string{"--project", w.dir}, args...)
	for i, arg := range args {
		if _, err := os.Stat(ts.MkAbs(arg)); i > 2 && (err == nil || strings.HasSuffix(arg, ".json") || strings.HasSuffix(arg, ".duckdb")) {
			args[i] = ts.MkAbs(arg)
		}
	}
	if code := run(context.Background(), a, args); code != want {
		ts.Fatalf("lockstep %s: exit code %d, want %d", strings.Join(args[2:], " "), code, want)
	}
}

func (w *world) edit(ts *testscript.TestScript, args []string) {
	s, args := w.of(ts, args, 3)
	changed := values(ts, args[2:])
	for column, to := range changed {
		if object, ok := hubspot.AssociationTarget(column); ok {
			delete(changed, column)
			for _, a := range w.crm.HubSpot.Associations(args[0], args[1], object) {
				ts.Check(w.crm.HubSpot.Dissociate(args[0], args[1], object, a.ID))
			}
			if to != "" {
				ts.Check(w.crm.HubSpot.Associate(args[0], args[1], object, to, ""))
			}
		}
	}
	if len(changed) > 0 {
		ts.Check(s.Edit(args[0], args[1], changed))
	}
}

func (w *world) seen(ts *testscript.TestScript, args []string) {
	_, args = w.of(ts, append([]string{"hubspot"}, args...), 3)
	ts.Check(w.crm.HubSpot.See(args[0], args[1], values(ts, args[2:])))
}

func (w *world) insert(ts *testscript.TestScript, args []string) {
	s, args := w.of(ts, args, 2)
	_, err := s.Insert(args[0], values(ts, args[1:]))
	ts.Check(err)
}

func (w *world) delete(ts *testscript.TestScript, args []string) {
	s, args := w.of(ts, args, 2)
	ts.Check(s.Delete(args[0], args[1]))
}

func (w *world) merge(ts *testscript.TestScript, args []string) {
	if len(args) == 4 && args[0] == "hubspot" {
		left, err := w.crm.HubSpot.Merge(args[1], args[2], args[3])
		ts.Check(err)
		fmt.Fprintln(ts.Stdout(), left)
		return
	}
	if len(args) != 3 {
		ts.Fatalf("usage: merge [hubspot] OBJECT WINNER LOSER")
	}
	ts.Check(w.crm.Salesforce.Merge(args[0], args[1], args[2]))
}

func (w *world) list(ts *testscript.TestScript, args []string) {
	definition := simulated.ListDefinition{}
	if len(args) > 0 && args[0] == "-dynamic" {
		definition.Filters, args = everybody, args[1:]
	}
	if len(args) < 2 {
		ts.Fatalf("usage: list [-dynamic] NAME OBJECT ID…")
	}
	definition.Name, definition.Object = args[0], args[1]
	id, err := w.crm.HubSpot.CreateList(definition)
	ts.Check(err)
	if definition.Filters == "" {
		ts.Check(w.crm.HubSpot.AddToList(id, args[2:]...))
	}
	w.lists = append(w.lists, id)
	fmt.Fprintln(ts.Stdout(), id)
}

func (w *world) enlist(ts *testscript.TestScript, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: enlist LIST ID…")
	}
	ts.Check(w.crm.HubSpot.AddToList(args[0], args[1:]...))
}

func (w *world) unlist(ts *testscript.TestScript, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: unlist LIST ID…")
	}
	ts.Check(w.crm.HubSpot.RemoveFromList(args[0], args[1:]...))
}

func (w *world) hide(ts *testscript.TestScript, args []string) {
	switch len(args) {
	case 1:
		ts.Check(w.crm.Salesforce.HideObject(args[0], true))
	case 2:
		ts.Check(w.crm.Salesforce.HideField(args[0], args[1]))
	default:
		ts.Fatalf("usage: hide OBJECT [COLUMN]")
	}
}

func (w *world) show(ts *testscript.TestScript, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: show OBJECT")
	}
	ts.Check(w.crm.Salesforce.HideObject(args[0], false))
}

func (w *world) convert(ts *testscript.TestScript, args []string) {
	if len(args) < 1 || len(args) > 2 {
		ts.Fatalf("usage: convert LEAD [NAME OF AN OPPORTUNITY]")
	}
	c := salesforce.Conversion{Lead: args[0]}
	if len(args) == 2 {
		c.Opportunity = args[1]
	}
	made, err := w.crm.Salesforce.ConvertLead(c)
	ts.Check(err)
	fmt.Fprintln(ts.Stdout(), made.Contact, made.Account, made.Opportunity)
}

func (w *world) said(ts *testscript.TestScript, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: said FILE")
	}
	got, want := ts.ReadFile("stdout"), ts.ReadFile(args[0])
	if want == "" {
		ts.Fatalf("%s is empty", args[0])
	}
	if !strings.Contains("\n"+got, "\n"+want) {
		ts.Fatalf("the output does not hold the lines of %s:\n%s", args[0], want)
	}
}

func (w *world) take(ts *testscript.TestScript, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: take NAME REGEXP")
	}
	found := regexp.MustCompile(args[1]).FindStringSubmatch(ts.ReadFile("stdout"))
	if len(found) != 2 {
		ts.Fatalf("%s: one group has to be found in the output", args[1])
	}
	ts.Setenv(args[0], found[1])
}

func (w *world) fault(ts *testscript.TestScript, args []string) {
	if len(args) == 0 {
		w.crm.Faults.Clear()
		return
	}
	faults, err := sandbox.ParseFaults(args[0], []byte(ts.ReadFile(args[0])))
	ts.Check(err)
	ts.Check(w.crm.Faults.Add(faults...))
}

func (w *world) pass(ts *testscript.TestScript, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: pass DURATION")
	}
	d, err := time.ParseDuration(args[0])
	ts.Check(err)
	w.passed.Add(int64(d))
}

func (w *world) dump(ts *testscript.TestScript, args []string) {
	s, args := w.of(ts, args, 2)
	records := s.All(args[0])
	if from, to, ok := (crm.Object{System: crm.HubSpot, Name: args[0]}).Associations(); ok {
		records = w.pairs(from, to)
	}
	slices.SortFunc(records, func(a, b map[string]string) int { return strings.Compare(id(a), id(b)) })
	out := csv.NewWriter(ts.Stdout())
	ts.Check(out.Write(args[1:]))
	for _, r := range records {
		var line []string
		for _, column := range args[1:] {
			if object, ok := hubspot.AssociationTarget(column); ok {
				if all := w.crm.HubSpot.Associations(args[0], id(r), object); len(all) > 0 {
					r[column] = all[0].ID
				}
			}
			line = append(line, r[column])
		}
		ts.Check(out.Write(line))
	}
	out.Flush()
	ts.Check(out.Error())
}

func (w *world) report(ts *testscript.TestScript, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: report NAME")
	}
	house, err := warehouse.Open(context.Background(), warehouse.Options{Path: filepath.Join(w.dir, ".lockstep", "warehouse.duckdb"), RunAt: w.now()})
	ts.Check(err)
	copied := filepath.Join(w.dir, "report.csv")
	_, err = house.DB.ExecContext(context.Background(), "copy report."+entity.Quote(args[0])+" to '"+copied+"' (header)")
	ts.Check(errors.Join(err, house.Close()))
	_, err = io.WriteString(ts.Stdout(), ts.ReadFile(copied))
	ts.Check(err)
}

// id is a record's id, whichever CRM's.
func id(r map[string]string) string { return r["Id"] + r["hs_object_id"] }

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
