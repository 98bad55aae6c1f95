package hubspot

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lockstep/internal/wire"
)

func TestAccount(t *testing.T) {
	t.Parallel()
	p := script(t, reply{body: `{"portalId":12345678,"accountType":"STANDARD","timeZone":"US/Eastern","companyCurrency":"USD","additionalCurrencies":[],"utcOffset":"-04:00","utcOffsetMilliseconds":-14400000,"uiDomain":"app.hubspot.com","dataHostingLocation":"na1"}`},
		reply{body: `{}`})
	c := p.client(t)
	got, err := c.Account(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := &Account{PortalID: 12345678, Type: "STANDARD", TimeZone: "US/Eastern", Currency: "USD", Currencies: []string{}, UIDomain: "app.hubspot.com", DataHostLocation: "na1"}
	if diff := cmp.Diff(want, got); diff != "" || got.ID() != "12345678" {
		t.Errorf("id %s (-want +got)\n%s", got.ID(), diff)
	}
	if p.requests()[0].Path != "/account-info/2026-03/details" {
		t.Errorf("called %s", p.requests()[0].Path)
	}
	// The warehouse is bound to this number: none is an error, not portal 0.
	if _, err := c.Account(t.Context()); err == nil {
		t.Error("an answer without a portal id is taken")
	}
}

func TestDailyUsage(t *testing.T) {
	t.Parallel()
	p := script(t,
		reply{body: `{"results":[{"name":"private-apps-api-calls-daily","usageLimit":1000000,"currentUsage":2,"collectedAt":"2026-11-21T10:00:00.000Z","fetchStatus":"SUCCESS","resetsAt":"2026-11-22T05:00:00.000Z"}]}`},
		reply{body: `{"results":[{"name":"private-apps-api-calls-daily","usageLimit":0,"currentUsage":0,"fetchStatus":"TIMEOUT"}]}`},
		reply{body: `{"results":[]}`})
	c := p.client(t)
	got, err := c.DailyUsage(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ten := time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC)
	want := &DailyUsage{Limit: 1_000_000, Used: 2, CollectedAt: ten, ResetsAt: time.Date(2026, 11, 22, 5, 0, 0, 0, time.UTC), FetchStatus: "SUCCESS"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if p.requests()[0].Path != "/account-info/2026-03/api-usage/daily/private-apps" {
		t.Errorf("called %s", p.requests()[0].Path)
	}
	// A count that could not be had is none, not zero calls left.
	for range 2 {
		if got, err := c.DailyUsage(t.Context()); got != nil || err != nil {
			t.Errorf("got %+v, %v", got, err)
		}
	}
	if f, _ := c.Meter().Figure(DailyFigure); f != (wire.Figure{Used: 2, Limit: 1_000_000, Left: 999_998, At: ten}) {
		t.Errorf("figure %+v", f)
	}
}

func TestOwners(t *testing.T) {
	t.Parallel()
	p := script(t,
		reply{body: `{"results":[{"id":"41629779","email":"ann.lee@example.com","type":"PERSON","firstName":"Ann","lastName":"Lee","userId":9586504,"userIdIncludingInactive":9586504,"createdAt":"2019-12-25T13:01:35.228Z","updatedAt":"2023-08-22T13:40:26.790Z","archived":false,"teams":[{"id":"368389","name":"Sales Team","primary":true}]}],"paging":{"next":{"after":"MQ=="}}}`},
		reply{body: `{"results":[{"id":"2","type":"QUEUE","archived":false}]}`},
		reply{body: `{"results":[{"id":"3","email":"bo@example.com","type":"PERSON","firstName":"Bo","lastName":"Chen","userId":null,"userIdIncludingInactive":77,"archived":true}]}`})
	c := p.client(t)
	live, err := c.Owners(t.Context(), false)
	if err != nil {
		t.Fatal(err)
	}
	want := []Owner{
		{ID: "41629779", Email: "ann.lee@example.com", Type: "PERSON", FirstName: "Ann", LastName: "Lee", UserID: 9586504,
			CreatedAt: time.Date(2019, 12, 25, 13, 1, 35, 228e6, time.UTC), UpdatedAt: time.Date(2023, 8, 22, 13, 40, 26, 790e6, time.UTC)},
		{ID: "2", Type: "QUEUE"},
	}
	if diff := cmp.Diff(want, live); diff != "" {
		t.Errorf("live (-want +got)\n%s", diff)
	}
	archived, err := c.Owners(t.Context(), true)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]Owner{{ID: "3", Email: "bo@example.com", Type: "PERSON", FirstName: "Bo", LastName: "Chen", UserID: 77, Archived: true}}, archived); diff != "" {
		t.Errorf("archived (-want +got)\n%s", diff)
	}
	var queries []string
	for _, r := range p.requests() {
		queries = append(queries, r.Path+"?"+r.Query)
	}
	if diff := cmp.Diff([]string{"/crm/owners/2026-03?archived=false&limit=100", "/crm/owners/2026-03?after=MQ%3D%3D&archived=false&limit=100", "/crm/owners/2026-03?archived=true&limit=100"}, queries); diff != "" {
		t.Errorf("calls (-want +got)\n%s", diff)
	}
	p.noSecrets(t)
}
