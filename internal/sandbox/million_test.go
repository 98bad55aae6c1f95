package sandbox

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"lockstep/internal/crm"
)

// millionPeople is how many people have to be generated for a million of them in each CRM: 60 % are in both, 20 %
// in each alone.
const millionPeople = 1_000_000 * 100 / (inBoth + inHubSpotOnly)

// BenchmarkMillion fills both CRMs, in one process, with a million people each, and measures what that takes and how
// fast the calls that a sync lives on are answered then, over HTTP. One run is the measure: -benchtime 1x.
// With -short it is a hundredth of that.
func BenchmarkMillion(b *testing.B) { million(b, Options{}) }

// BenchmarkMillionWithCompanies is the same with their companies, associations and deals.
func BenchmarkMillionWithCompanies(b *testing.B) { million(b, Options{Companies: true}) }

func million(b *testing.B, o Options) {
	people := millionPeople
	if testing.Short() {
		people /= 100
	}
	for b.Loop() {
		in := map[crm.System]map[int]bool{crm.HubSpot: {}, crm.Salesforce: {}}
		records := map[crm.System]int{}
		began := time.Now()
		o.People, o.Seed = people, 7
		o.Truth = func(person int, record crm.Record) {
			if last := people - 1000; person >= last { // the share is that of all, and a set of millions would be measured too
				in[record.Object.System][person] = true
			}
			records[record.Object.System]++
		}
		busy, _ := processorTime()
		s, err := Start(b.Context(), o)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(time.Since(began).Seconds(), "s/seed")
		if after, ok := processorTime(); ok {
			b.ReportMetric(after-busy, "cpu-s/seed")
		}
		for _, system := range crm.Systems {
			b.ReportMetric(float64(records[system]), "records/"+string(system))
			if share := float64(len(in[system])) / 1000; share < 0.76 || share > 0.84 {
				b.Errorf("%.1f %% of the last thousand people are in %s, want 80", 100*share, system)
			}
		}
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		b.ReportMetric(float64(m.HeapAlloc)/1e6, "MB/heap")
		if peak, ok := peakMemory(); ok {
			b.ReportMetric(peak, "MB/peak-rss")
		}
		callsAmongMillions(b, s, records[crm.HubSpot]/2)
		if peak, ok := peakMemory(); ok {
			b.ReportMetric(peak, "MB/peak-rss-after-calls")
		}
		s.Close()
	}
	b.ReportMetric(0, "ns/op") // of everything together: says nothing
}

// peakMemory is the most memory the process has had in use, in MB; false where the system does not tell so.
func peakMemory() (float64, bool) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, false
	}
	_, rest, found := strings.Cut(string(status), "VmHWM:")
	kilobytes, err := strconv.ParseFloat(strings.TrimSpace(strings.SplitN(rest, "kB", 2)[0]), 64)
	return kilobytes / 1000, found && err == nil
}

// processorTime is how long the process has been computing on all cores, in seconds; false where the system does not
// tell so. Beside it the time of the clock says how busy the machine was with other things.
func processorTime() (float64, bool) {
	stat, err := os.ReadFile("/proc/self/stat")
	if err != nil {
		return 0, false
	}
	fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
	user, err := strconv.ParseFloat(fields[11], 64) // after pid and name
	system, err2 := strconv.ParseFloat(fields[12], 64)
	const perSecond = 100 // USER_HZ, the same on every Linux
	return (user + system) / perSecond, err == nil && err2 == nil
}

// timed reports the median of some calls, in milliseconds. What is first read after seeding may have to sort; that
// is the metric of its own, first.
func timed(b *testing.B, name string, call func() answered) {
	b.Helper()
	var took []time.Duration
	for range 7 {
		began := time.Now()
		a := call()
		took = append(took, time.Since(began))
		if a.status >= 300 {
			b.Fatalf("%s: %d %.500s", name, a.status, a.text)
		}
	}
	first := took[0]
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "ms/"+name)
	if first > 10*took[len(took)/2] {
		b.ReportMetric(float64(first.Microseconds())/1000, "ms/"+name+"-first")
	}
}

// callsAmongMillions times one page, batch or query of each kind.
func callsAmongMillions(b *testing.B, s *Sandbox, middle int) {
	h := &caller{TB: b, url: s.HubSpotURL, token: "pat-na1-sandbox"}
	columns := `["email","firstname","lastname","phone","company","jobtitle","lifecyclestage","hubspot_owner_id","lastmodifieddate"]`
	post := func(path, body string) func() answered {
		return func() answered { return h.send(http.MethodPost, contactsPath+path, "application/json", body) }
	}
	after := fmt.Sprint("?limit=100&after=", 10_000_001+middle)
	page := h.send(http.MethodGet, contactsPath+after, "", "")
	var ids, updates, upserts []string
	for n := range 100 {
		r := at(page.body, "results", n)
		ids = append(ids, fmt.Sprintf(`{"id":%q}`, str(at(r, "id"))))
		updates = append(updates, fmt.Sprintf(`{"id":%q,"properties":{"jobtitle":"Head of %d"}}`, str(at(r, "id")), n))
		upserts = append(upserts, fmt.Sprintf(`{"id":"new%d@mills.example","idProperty":"email","properties":{"phone":"%d"}}`, n, n))
	}
	inputs := func(rows []string) string { return `{"inputs":[` + strings.Join(rows, ",") + `]}` }
	recent := time.Now().Add(-24 * time.Hour).UnixMilli()
	timed(b, "hubspot-list-100", func() answered {
		return h.send(http.MethodGet, contactsPath+after+"&properties=email,firstname,lastname,phone,company,jobtitle", "", "")
	})
	timed(b, "hubspot-search-day-200", post("/search", fmt.Sprintf(`{"limit":200,"properties":%s,"sorts":["lastmodifieddate"],"filterGroups":[{"filters":[{"propertyName":"lastmodifieddate","operator":"GTE","value":"%d"}]}]}`, columns, recent)))
	timed(b, "hubspot-batch-read-100", post("/batch/read", `{"properties":`+columns+`,"inputs":[`+strings.Join(ids, ",")+`]}`))
	timed(b, "hubspot-batch-update-100", post("/batch/update", inputs(updates)))
	timed(b, "hubspot-batch-upsert-100", post("/batch/upsert", inputs(upserts)))
	timed(b, "hubspot-write-then-search", func() answered {
		post("/batch/update", inputs(updates[:1]))()
		return post("/search", fmt.Sprintf(`{"limit":200,"filterGroups":[{"filters":[{"propertyName":"lastmodifieddate","operator":"GTE","value":"%d"}]}]}`, recent))()
	})

	f := salesforceCaller{&caller{TB: b, history: newHistory(), url: s.SalesforceURL}}
	f.enter()
	f.makeKey(s.Salesforce.IntegrationUser())
	lead := "Id, FirstName, LastName, Company, Email, Phone, Status, LeadSource, City, Title, Owner.Email, SystemModstamp"
	ask := func(q string) func() answered {
		return func() answered { return f.call("GET", "/query?q="+url.QueryEscape(q), "") }
	}
	day := time.Now().Add(-24 * time.Hour).UTC().Format(time.RFC3339)
	timed(b, "salesforce-incremental-day-2000", ask("SELECT "+lead+" FROM Lead WHERE SystemModstamp >= "+day+" ORDER BY SystemModstamp, Id"))
	timed(b, "salesforce-lookup-2", ask("SELECT Id FROM Lead WHERE Email IN ('ann5@bakery.example', 'none@example.com')"))
	timed(b, "salesforce-count-by-like", ask("SELECT COUNT() FROM Lead WHERE City LIKE 'b%'"))
	whole := ask("SELECT " + lead + " FROM Lead ORDER BY Id")()
	next := strings.TrimPrefix(str(at(whole.body, "nextRecordsUrl")), data)
	timed(b, "salesforce-next-page-2000", func() answered { return f.call("GET", next, "") })
	var changes, keyed, some []string
	for n := range 200 {
		id := str(at(whole.body, "records", n, "Id"))
		changes = append(changes, fmt.Sprintf(`{"attributes":{"type":"Lead"},"Id":%q,"Title":"Head of %d"}`, id, n))
		keyed = append(keyed, fmt.Sprintf(`{"attributes":{"type":"Lead"},"Ext__c":"%d","LastName":"Lee%d","Company":"Example Mills %d"}`, n, n, n))
		some = append(some, fmt.Sprintf("%q", id))
	}
	records := func(rows []string) string { return `{"allOrNone":true,"records":[` + strings.Join(rows, ",") + `]}` }
	timed(b, "salesforce-collections-read-200", func() answered {
		return f.call("POST", "/composite/sobjects/Lead", `{"fields":["Id","Email","LastName"],"ids":[`+strings.Join(some, ",")+`]}`)
	})
	timed(b, "salesforce-collections-update-200", func() answered { return f.call("PATCH", "/composite/sobjects", records(changes)) })
	timed(b, "salesforce-collections-upsert-200", func() answered { return f.call("PATCH", "/composite/sobjects/Lead/Ext__c", records(keyed)) })
	began := time.Now()
	job := "/jobs/query/" + str(at(f.call("POST", "/jobs/query", `{"operation":"query","query":"SELECT `+lead+` FROM Lead"}`).body, "id"))
	for str(at(f.call("GET", job, "").body, "state")) != "JobComplete" {
	}
	b.ReportMetric(float64(time.Since(began).Microseconds())/1000, "ms/salesforce-bulk-query-job")
	timed(b, "salesforce-bulk-page-50000", func() answered { return f.call("GET", job+"/results", "") })
}
