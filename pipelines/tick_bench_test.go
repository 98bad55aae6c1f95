package pipelines_test

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"lockstep/internal/crm"
	"lockstep/internal/entity"
	"lockstep/internal/project"
	"lockstep/internal/sandbox"
	"lockstep/internal/warehouse"
	"lockstep/load"
	"lockstep/pipelines"
	defaults "lockstep/sql"
)

// BenchmarkTick is a quarter-hourly run over a million linked records: one in which nothing has happened, and
// one in which one record was edited. The CRMs are on this machine and answer in milliseconds; calls are counted by
// them. paced-s is how much of the time searches waited for their turn, of which HubSpot allows so many a second.
func BenchmarkTick(b *testing.B) {
	ctx := context.Background()
	var now time.Time
	crms, job := started(b, &now)
	tick := func() pipelines.Result {
		now = now.Add(15 * time.Minute)
		res, err := pipelines.Run(ctx, job)
		if err != nil {
			b.Fatal(err)
		}
		return res
	}
	for range 3 {
		tick()
	}
	inflate(b, job.Project.Config.Paths.Warehouse, now, 1_000_000)
	person := crms.Salesforce.All("Contact")[0]

	b.Run("idle", func(b *testing.B) {
		since := begin(crms, job)
		for b.Loop() {
			if res := tick(); !res.Idle {
				b.Fatalf("not idle: %d records changed", res.Changed)
			}
		}
		since(b)
	})
	b.Run("one-edit", func(b *testing.B) {
		since := begin(crms, job)
		edits := 0
		for b.Loop() {
			edits++
			if err := crms.Salesforce.Edit("Contact", person["Id"], map[string]string{"Title": fmt.Sprintf("Title %d", edits)}); err != nil {
				b.Fatal(err)
			}
			if res := tick(); res.Load.Counts[load.Taken] != 1 {
				b.Fatalf("%v", res.Load.Counts)
			}
		}
		since(b)
	})
}

// BenchmarkFirstPlan is the plan of a project's first run over a million people who are in both CRMs and not linked yet:
// from the mirrors to all that would be sent. Reading them is not in it.
func BenchmarkFirstPlan(b *testing.B) {
	ctx := context.Background()
	var now time.Time
	_, job := started(b, &now)
	for range 2 {
		if _, err := pipelines.Run(ctx, job); err != nil {
			b.Fatal(err)
		}
		now = now.Add(15 * time.Minute)
	}
	job.Project.Config.Warehouse.Memory = cmp.Or(os.Getenv("LOCKSTEP_MEMORY"), job.Project.Config.Warehouse.Memory)
	job.Name, job.Until, job.Publish.Off = "plan", pipelines.Planned, true
	inflate(b, job.Project.Config.Paths.Warehouse, now, 1_000_000)
	warehouseOf(b, job, func(db *sql.DB) error {
		_, err := db.Exec("delete from link.contact; delete from base.contact")
		return err
	})
	job.Watch = func(e pipelines.Event) {
		if e.Stage == "transform" && e.End {
			b.ReportMetric(e.Took.Seconds(), "transform-s")
		}
	}
	for b.Loop() {
		now = now.Add(15 * time.Minute)
		if _, err := pipelines.Run(ctx, job); err != nil {
			b.Fatal(err)
		}
	}
	warehouseOf(b, job, func(db *sql.DB) error {
		var links float64
		err := db.QueryRow("select count(*) from plan.link where state = 'linked' and plan_id = (select max(plan_id) from plan.plan)").Scan(&links)
		b.ReportMetric(links, "links")
		return err
	})
}

// started is the default project over a small sandbox. Its runs go by now, which begins as the time it is.
func started(b *testing.B, now *time.Time) (*sandbox.Sandbox, pipelines.Job) {
	b.Helper()
	*now = time.Now().UTC().Truncate(time.Second)
	clock := func() time.Time { return *now }
	crms, err := sandbox.Start(b.Context(), sandbox.Options{People: 50, Seed: 1, Now: clock})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(crms.Close)
	return crms, projectJob(b, crms, clock)
}

// warehouseOf does something in the job's warehouse between two runs.
func warehouseOf(b *testing.B, job pipelines.Job, do func(*sql.DB) error) {
	b.Helper()
	w, err := warehouse.Open(b.Context(), warehouse.Options{Path: job.Project.Config.Paths.Warehouse, RunAt: job.Now()})
	if err != nil {
		b.Fatal(err)
	}
	if err := errors.Join(do(w.DB), w.Close()); err != nil {
		b.Fatal(err)
	}
}

// begin counts calls and waiting from now on, and says per operation how many there were.
func begin(crms *sandbox.Sandbox, job pipelines.Job) (report func(b *testing.B)) {
	held := func() (d time.Duration) {
		for _, c := range job.CRMs.Meters[crm.HubSpot].Snapshot().Calls {
			d += c.Held
		}
		return d
	}
	crms.ResetCalls()
	before := held()
	return func(b *testing.B) {
		for _, s := range crm.Systems {
			n := 0
			for _, c := range crms.Calls() {
				if c.System == s {
					n += c.Requests
				}
			}
			b.ReportMetric(float64(n)/float64(b.N), string(s)+"-calls/op")
		}
		b.ReportMetric((held()-before).Seconds()/float64(b.N), "paced-s/op")
	}
}

// projectJob is the default project's quarter-hourly run over the sandbox.
func projectJob(b testing.TB, crms *sandbox.Sandbox, now func() time.Time) pipelines.Job {
	b.Helper()
	dir := b.TempDir()
	config := fmt.Sprintf("salesforce:\n  url: %s\n  client_id: sandbox\nhubspot:\n  url: %s\n", crms.SalesforceURL, crms.HubSpotURL)
	if err := os.WriteFile(filepath.Join(dir, project.ConfigFile), []byte(config), 0o600); err != nil {
		b.Fatal(err)
	}
	p, err := project.Open(dir, defaults.FS, pipelines.FS)
	if err != nil {
		b.Fatal(err)
	}
	pipe, err := pipelines.Load(p.Pipelines, "quarter_hourly")
	if err != nil {
		b.Fatal(err)
	}
	env := func(name string) (string, bool) {
		v, ok := map[string]string{project.HubSpotToken: "pat-na1-sandbox", project.SalesforceClientSecret: "sandbox"}[name]
		return v, ok
	}
	clients, err := pipelines.Connect(p, env, zerolog.Nop())
	if err != nil {
		b.Fatal(err)
	}
	e, err := entity.Load(p.SQL)
	if err != nil {
		b.Fatal(err)
	}
	o := load.SetupOptions{HubSpot: clients.HubSpot, StampID: "salesforce_id", StampObject: "salesforce_object", Salesforce: clients.Salesforce, StampField: "HubSpot_Id__c", Create: true}
	for _, x := range e.Entities {
		for _, to := range x.To {
			if _, _, pairs := to.Object.Associations(); pairs || len(to.Key()) > 0 {
				continue // told apart by what it ties: no stamp
			}
			if to.Object.System == crm.HubSpot {
				o.HubSpotIn = append(o.HubSpotIn, to.Object.Name)
			} else {
				o.SalesforceIn = append(o.SalesforceIn, to.Object.Name)
			}
		}
	}
	if _, err := load.Setup(b.Context(), o); err != nil {
		b.Fatal(err)
	}
	return pipelines.Job{Project: p, Pipeline: pipe, CRMs: clients, Name: "bench", Force: []string{"creates", "updates", "clears", "links", "associations", "field"}, Now: now, Log: zerolog.Nop()}
}

// inflate gives the warehouse n more linked people: copies of one pair under other ids, with bases that agree.
func inflate(b *testing.B, path string, now time.Time, n int) {
	b.Helper()
	w, err := warehouse.Open(context.Background(), warehouse.Options{Path: path, RunAt: now})
	if err != nil {
		b.Fatal(err)
	}
	defer w.Close()
	const model = `(select * from link.contact where salesforce_object = 'Contact' and state = 'linked' order by pair_id limit 1)`
	for _, q := range []string{
		`insert into hubspot.contacts by name
			select c.* replace ('9' || lpad(i::varchar, 9, '0') as id, 'x' || i || '@bulk.example.com' as email, '003X' || lpad(i::varchar, 14, '0') as salesforce_id,
				'Last' || translate(i::varchar, '0123456789', 'abcdefghij') as lastname, '+1 555 ' || lpad(i::varchar, 7, '0') as phone, i || ' Main Street' as address, (10000 + i %% 89999)::varchar as zip)
			from hubspot.contacts as c join ` + model + ` as l on l.hubspot_id = c.id, range(%d) as t(i)`,
		`insert into salesforce."Contact" by name
			select c.* replace ('003X' || lpad(i::varchar, 14, '0') as "Id", 'x' || i || '@bulk.example.com' as "Email", '9' || lpad(i::varchar, 9, '0') as "HubSpot_Id__c",
				'Last' || translate(i::varchar, '0123456789', 'abcdefghij') as "LastName", '+1 555 ' || lpad(i::varchar, 7, '0') as "Phone", i || ' Main Street' as "MailingStreet", (10000 + i %% 89999)::varchar as "MailingPostalCode")
			from salesforce."Contact" as c join ` + model + ` as l on l.salesforce_id = c."Id", range(%d) as t(i)`,
		`insert into base.contact by name
			select x.* replace ('x' || i as pair_id, if(x.system = 'hubspot', '9' || lpad(i::varchar, 9, '0'), '003X' || lpad(i::varchar, 14, '0')) as id,
				'x' || i || '@bulk.example.com' as email, 'Last' || translate(i::varchar, '0123456789', 'abcdefghij') as lastname, '+1 555 ' || lpad(i::varchar, 7, '0') as phone, i || ' Main Street' as address, (10000 + i %% 89999)::varchar as zip, '003X' || lpad(i::varchar, 14, '0') as salesforce_id, '9' || lpad(i::varchar, 9, '0') as hubspot_id)
			from base.contact as x join ` + model + ` as l using (pair_id), range(%d) as t(i)`,
		`insert into link.contact by name
			select l.* replace ('x' || i as pair_id, '9' || lpad(i::varchar, 9, '0') as hubspot_id, '003X' || lpad(i::varchar, 14, '0') as salesforce_id)
			from ` + model + ` as l, range(%d) as t(i)`,
	} {
		if _, err := w.DB.Exec(fmt.Sprintf(q, n)); err != nil {
			b.Fatalf("%s: %v", q, err)
		}
	}
}
