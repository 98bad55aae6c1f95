package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/rs/zerolog"

	"lockstep/internal/crm"
	"lockstep/internal/plan"
	"lockstep/internal/project"
	"lockstep/internal/sandbox"
	"lockstep/internal/warehouse"
	"lockstep/load"
	"lockstep/pipelines"
	"lockstep/sql"
)

// matching is how well a first run's links agree with the truth. Links are one-to-one, so of a person with three
// records here and two there at most two can be linked; the others are proposed, and reported.
type matching struct {
	Records  map[crm.System]int // live, in the truth
	People   int                // who have records in both CRMs
	Possible int                // links a one-to-one matching can make
	Pairs    int                // pairs of records that are one person's

	Links, Right            share // Right: of Links
	Proposed, ProposedRight share // pairs linked or reported as not linked; of Proposed
	Rules                   []ruleMatching

	Created map[crm.System]int
	Doubled map[crm.System]int // created although the person had a record there
	Refused int
	Second  *plan.Plan // what a second run would do
}

// ruleMatching is one rule of match.sql: the links it made, and how many of them are right.
type ruleMatching struct {
	Rule         string
	Links, Right int
}

// share is so many of so many.
type share struct{ N, Of int }

// Percent of none is 100: nothing is wrong and nothing is missing.
func (s share) Percent() float64 {
	if s.Of == 0 {
		return 100
	}
	return 100 * float64(s.N) / float64(s.Of)
}

func (s share) String() string { return fmt.Sprintf("%d of %d (%.1f %%)", s.N, s.Of, s.Percent()) }

// pair is two records, a HubSpot id and a Salesforce id.
type pair struct{ hubspot, salesforce string }

// measureMatching starts both CRMs, makes the first run with the mapping, plans a second one, and compares.
// Whatever the limits say is forced: they are for runs nobody watches.
func measureMatching(ctx context.Context, a *app, mapping fs.FS, o sandbox.Options) (_ *matching, err error) {
	known := truth{}
	if o.LoadDir != "" {
		if known, err = readTruth(o.LoadDir); err != nil {
			return nil, err
		}
	}
	o.Truth = known.told
	s, err := sandbox.Start(ctx, o)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	known.only(s)

	dir, err := os.MkdirTemp("", "lockstep-bench-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	job, err := firstRun(ctx, a, s, mapping, dir)
	if err != nil {
		return nil, err
	}
	m := &matching{Records: map[crm.System]int{}, Created: map[crm.System]int{}, Doubled: map[crm.System]int{}}
	m.countTruth(known)
	job.Review = func(p *plan.Plan) error {
		m.countProposals(known, p)
		return nil
	}
	result, err := pipelines.Run(ctx, job)
	if err != nil && !errors.Is(err, pipelines.ErrIncomplete) {
		return nil, err
	}
	m.Refused = result.Load.Counts[load.Refused] + result.Load.Counts[load.NotTaken]
	if err := m.countLinks(ctx, known, job); err != nil {
		return nil, err
	}
	job.Review, job.Until = nil, pipelines.Planned
	second, err := pipelines.Run(ctx, job)
	m.Second = second.Plan
	return m, err
}

// firstRun is the job of a project in dir whose CRMs are set up and whose sql/ is mapping.
func firstRun(ctx context.Context, a *app, s *sandbox.Sandbox, mapping fs.FS, dir string) (pipelines.Job, error) {
	if err := os.WriteFile(filepath.Join(dir, project.ConfigFile), []byte(sandboxConfig(s)), 0o644); err != nil {
		return pipelines.Job{}, err
	}
	p, err := project.Open(dir, sql.FS, pipelines.FS)
	if err != nil {
		return pipelines.Job{}, err
	}
	p.SQL = mapping
	quiet := *a
	quiet.stdout, quiet.env = io.Discard, sandboxEnv
	pipe, err := pipelines.Load(p.Pipelines, "quarter_hourly")
	if err != nil {
		return pipelines.Job{}, err
	}
	log := a.log().Level(zerolog.WarnLevel)
	crms, err := pipelines.Connect(p, quiet.env, log)
	if err != nil {
		return pipelines.Job{}, err
	}
	return pipelines.Job{
		Project: p, Pipeline: pipe, CRMs: crms, Name: "bench match", Log: log, Now: a.now,
		Force: []string{"creates", "updates", "clears", "links", "associations", "field"}, Publish: pipelines.Publishing{Off: true},
	}, setUp(ctx, &quiet, p, crms, true)
}

func (m *matching) countTruth(known truth) {
	for r := range known {
		m.Records[r.system]++
	}
	for _, n := range known.people() {
		h, s := n[crm.HubSpot], n[crm.Salesforce]
		m.Pairs += h * s
		m.Possible += min(h, s)
		if h*s > 0 {
			m.People++
		}
	}
}

// named is a record in the text of a notice: "same e-mail, lead as salesforce.Lead 00Q…".
var named = regexp.MustCompile(` as (?:hubspot|salesforce)\.\S+ ([^\s,;]+)`)

// countProposals counts what the first plan links, and what it reports instead of linking it.
func (m *matching) countProposals(known truth, p *plan.Plan) {
	proposed := map[pair]bool{}
	for _, l := range p.Links {
		proposed[pair{l.HubSpotID, l.SalesforceID}] = true
	}
	for _, n := range p.Notices {
		if n.Kind != "ambiguous" {
			continue
		}
		for _, other := range named.FindAllStringSubmatch(n.Text, -1) {
			if n.System == crm.HubSpot {
				proposed[pair{n.RecordID, other[1]}] = true
			} else {
				proposed[pair{other[1], n.RecordID}] = true
			}
		}
	}
	right := 0
	for p := range proposed {
		if known.same(p.hubspot, p.salesforce) {
			right++
		}
	}
	m.Proposed, m.ProposedRight = share{right, m.Pairs}, share{right, len(proposed)}
}

// countLinks compares link.contact with the truth. A link of a record that the truth does not know is one that
// the run created.
func (m *matching) countLinks(ctx context.Context, known truth, job pipelines.Job) (err error) {
	w, err := warehouse.Open(ctx, warehouse.Options{Path: job.Project.Config.Paths.Warehouse, RunAt: job.Now(), Who: job.Name})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	rows, err := w.DB.QueryContext(ctx, `select hubspot_id, salesforce_id, coalesce(rule, '') from link.contact where state = 'linked' order by rule`)
	if err != nil {
		return fmt.Errorf("link.contact: %w", err)
	}
	defer rows.Close()
	people := known.people()
	links, right := 0, 0
	for rows.Next() {
		var p pair
		var rule string
		if err := rows.Scan(&p.hubspot, &p.salesforce, &rule); err != nil {
			return fmt.Errorf("link.contact: %w", err)
		}
		for system, source := range map[crm.System]record{
			crm.HubSpot: {crm.Salesforce, p.salesforce}, crm.Salesforce: {crm.HubSpot, p.hubspot},
		} {
			target := record{system, p.hubspot}
			if system == crm.Salesforce {
				target.id = p.salesforce
			}
			if _, old := known[target]; old {
				continue
			}
			m.Created[system]++
			if people[known[source]][system] > 0 {
				m.Doubled[system]++
			}
			rule = ""
		}
		if rule == "" {
			continue
		}
		if len(m.Rules) == 0 || m.Rules[len(m.Rules)-1].Rule != rule {
			m.Rules = append(m.Rules, ruleMatching{Rule: rule})
		}
		last := &m.Rules[len(m.Rules)-1]
		links++
		last.Links++
		if known.same(p.hubspot, p.salesforce) {
			right++
			last.Right++
		}
	}
	m.Links, m.Right = share{right, m.Possible}, share{right, links}
	slices.SortStableFunc(m.Rules, func(a, b ruleMatching) int { return b.Links - a.Links })
	return rows.Err()
}

// String is the figures as the README has them.
func (m *matching) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "hubspot %d  salesforce %d  people in both %d\n\n", m.Records[crm.HubSpot], m.Records[crm.Salesforce], m.People)
	fmt.Fprintf(&b, "  links      right   %s\n             found   %s possible one-to-one\n", m.Right, m.Links)
	fmt.Fprintf(&b, "  proposals  right   %s\n             found   %s pairs\n\n", m.ProposedRight, m.Proposed)
	for _, r := range m.Rules {
		fmt.Fprintf(&b, "  %6d  %s", r.Links, r.Rule)
		if wrong := r.Links - r.Right; wrong > 0 {
			fmt.Fprintf(&b, "  (%d wrong)", wrong)
		}
		b.WriteString("\n")
	}
	for _, system := range crm.Systems {
		fmt.Fprintf(&b, "\n  created in %-10s  %5d, %d of them people it had already", system, m.Created[system], m.Doubled[system])
	}
	fmt.Fprintf(&b, "\n  refused                %5d\n", m.Refused)
	if m.Second.Empty() {
		b.WriteString("\nA second plan: No changes.\n")
	} else {
		fmt.Fprintf(&b, "\nA second plan: %d changes, %d links.\n", len(m.Second.Changes), len(m.Second.Links))
	}
	return b.String()
}
