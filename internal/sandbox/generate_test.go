package sandbox

import (
	"context"
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lockstep/internal/crm"
)

// world is what generating left: the fakes, and whose each record is.
type world struct {
	hubspot, salesforce *fakeCRM
	truth               map[int][]crm.Record // records by person
}

func generated(t *testing.T, people int, seed uint64) world {
	t.Helper()
	w := world{newFakeCRM("contacts", "owners"), newFakeCRM("Contact", "Lead", "User"), map[int][]crm.Record{}}
	o := Options{People: people, Seed: seed, Now: atNoon, Truth: func(person int, record crm.Record) {
		w.truth[person] = append(w.truth[person], record)
	}}
	if err := generate(t.Context(), o, w.hubspot, w.salesforce); err != nil {
		t.Fatal(err)
	}
	return w
}

func TestSameSeedSamePeople(t *testing.T) {
	t.Parallel()
	first, again, more, other := generated(t, 300, 7), generated(t, 300, 7), generated(t, 400, 7), generated(t, 300, 8)
	if diff := cmp.Diff(first.hubspot.records, again.hubspot.records); diff != "" {
		t.Errorf("hubspot differs (-first +again):\n%s", diff)
	}
	if diff := cmp.Diff(first.salesforce.records, again.salesforce.records); diff != "" {
		t.Errorf("salesforce differs (-first +again):\n%s", diff)
	}
	if diff := cmp.Diff(first.truth, again.truth); diff != "" {
		t.Errorf("truth differs (-first +again):\n%s", diff)
	}
	for id, record := range first.hubspot.records {
		if diff := cmp.Diff(record, more.hubspot.records[id]); diff != "" {
			t.Fatalf("%s differs among more people (-few +many):\n%s", id, diff)
		}
	}
	if cmp.Equal(first.hubspot.records, other.hubspot.records) {
		t.Error("another seed gave the same people")
	}
}

// TestShares counts over many people what the generator promises.
func TestShares(t *testing.T) {
	t.Parallel()
	const people = 8_000
	w := generated(t, people, 1)
	var both, onlyHubSpot, onlySalesforce, twins, twiceHubSpot, twiceSalesforce int
	for _, records := range w.truth {
		n := map[string]int{}
		for _, record := range records {
			n[record.Object.Name]++
		}
		leadsAndContacts := n["Lead"] + n["Contact"]
		switch {
		case n["contacts"] > 0 && leadsAndContacts > 0:
			both++
		case n["contacts"] > 0:
			onlyHubSpot++
		default:
			onlySalesforce++
		}
		if n["Lead"] > 0 && n["Contact"] > 0 {
			twins++
		}
		if n["contacts"] > 1 {
			twiceHubSpot++
		}
		if n["Lead"] > 1 || n["Contact"] > 1 {
			twiceSalesforce++
		}
	}
	contacts, leads := w.hubspot.All("contacts"), w.salesforce.All("Lead")
	contactsAndLeads := append(w.salesforce.All("Contact"), leads...)
	shares := []struct {
		what         string
		count, of    int
		percent, off float64
	}{
		{"people in both", both, people, 60, 2},
		{"people in HubSpot alone", onlyHubSpot, people, 20, 2},
		{"people in Salesforce alone", onlySalesforce, people, 20, 2},
		{"people as Lead and Contact", twins, people, 5.4, 1},
		{"people twice in HubSpot", twiceHubSpot, people, 4, 1},
		{"people twice as a Lead or a Contact", twiceSalesforce, people, 3.2, 1},
		{"Leads among Salesforce's records", len(leads), len(contactsAndLeads), 59, 4},
		{"HubSpot contacts without e-mail", having(contacts, "email", ""), len(contacts), 3, 1.5},
		{"HubSpot contacts without first name", having(contacts, "firstname", ""), len(contacts), 3, 1.5},
		{"HubSpot names with spaces around", matching(contacts, "lastname", `^ | $`), len(contacts), 3, 1.5},
		{"HubSpot lead statuses that are no option", having(contacts, "hs_lead_status", "CALL_LATER"), len(contacts), 2, 1},
		{"Salesforce addresses with capitals", matching(contactsAndLeads, "Email", `[A-Z]`), len(contactsAndLeads), 9, 2},
		{"Salesforce stand-ins for a name", matching(contactsAndLeads, "LastName", `^(Unknown|\[not provided\]|-)$`), len(contactsAndLeads), 2, 1},
		{"Salesforce stand-ins for a company", having(leads, "Company", "[not provided]"), len(leads), 25, 3},
		{"Salesforce sources that are no picklist value", matching(contactsAndLeads, "LeadSource", `^(Trade|web|Old)`), len(contactsAndLeads), 3, 1},
		{"names beyond ASCII", matching(contacts, "lastname", `[^\x00-\x7f]`), len(contacts), 11, 4},
		{"phones in another form than +44 20 12345678", matching(contacts, "phone", `^([^+]|\+\d+$|\+\d+ \()`), len(contacts), 10, 3},
		{"Leads touched by automation", touched(leads), len(leads), 9.5, 2},
		{"converted Leads", having(leads, "IsConverted", "true"), len(leads), 5, 2},
	}
	for _, share := range shares {
		percent := 100 * float64(share.count) / float64(share.of)
		if math.Abs(percent-share.percent) > share.off {
			t.Errorf("%s: %.1f %%, want %.1f ± %.1f", share.what, percent, share.percent, share.off)
		}
	}
}

// touched counts the records that automation changed after people did.
func touched(records []map[string]string) int {
	n := 0
	for _, record := range records {
		if record["SystemModstamp"] != record["LastModifiedDate"] {
			n++
		}
	}
	return n
}

// having counts the records with that value.
func having(records []map[string]string, column, value string) int {
	n := 0
	for _, record := range records {
		if record[column] == value {
			n++
		}
	}
	return n
}

// matching counts the records whose value matches.
func matching(records []map[string]string, column, pattern string) int {
	n, re := 0, regexp.MustCompile(pattern)
	for _, record := range records {
		if re.MatchString(record[column]) {
			n++
		}
	}
	return n
}

// TestEveryRecordIsPossible checks what holds for each single record.
func TestEveryRecordIsPossible(t *testing.T) {
	t.Parallel()
	w := generated(t, 2_000, 3)
	year := noon.AddDate(-1, 0, 0)
	inTheLastYear := func(what, layout string, stamps ...string) {
		before := year
		for _, stamp := range stamps {
			at, err := time.Parse(layout, stamp)
			if err != nil || at.Before(before.Truncate(time.Second)) || at.After(noon) {
				t.Errorf("%s: stamps %v: %v", what, stamps, err)
			}
			before = at
		}
	}
	domain := regexp.MustCompile(`(?i)^[a-z0-9._]+@([a-z]+[0-9]*\.example|[a-z]+\.example\.(com|org|net))$`)
	addresses := map[string]bool{}
	owners := map[string]bool{"": true}
	for _, id := range w.hubspot.order["owners"] {
		owners[id] = true
	}
	for i, contact := range w.hubspot.All("contacts") {
		what := fmt.Sprint("contact ", i)
		email := contact["email"]
		if email != "" && !domain.MatchString(email) || email != strings.ToLower(email) || email != "" && addresses[email] {
			t.Errorf("%s: address %q: of another domain, not in lower case, or held twice", what, email)
		}
		addresses[email] = true
		if !owners[contact["hubspot_owner_id"]] {
			t.Errorf("%s: owner %q", what, contact["hubspot_owner_id"])
		}
		inTheLastYear(what, "2006-01-02T15:04:05.000Z", contact["createdate"], contact["lastmodifieddate"])
	}
	users, contacts := map[string]bool{}, map[string]bool{}
	for _, id := range w.salesforce.order["User"] {
		users[id] = true
	}
	for _, id := range w.salesforce.order["Contact"] {
		contacts[id] = true
	}
	names, accounts := map[string]bool{}, map[string]bool{"": true}
	for _, account := range w.salesforce.All("Account") {
		if names[account["Name"]] || !strings.HasPrefix(account["Name"], "Example ") {
			t.Errorf("account %q: there twice, or not an example", account["Name"])
		}
		names[account["Name"]] = true
		if site := account["Website"]; !regexp.MustCompile(`^https://[a-z]+[0-9]*\.example$`).MatchString(site) {
			t.Errorf("account %q has the website %s", account["Name"], site)
		}
	}
	for _, id := range w.salesforce.order["Account"] {
		accounts[id] = true
	}
	for _, object := range []string{"Contact", "Lead"} {
		for i, record := range w.salesforce.All(object) {
			what := fmt.Sprint(object, " ", i)
			if email := record["Email"]; email != "" && !domain.MatchString(email) {
				t.Errorf("%s: address %q", what, email)
			}
			if record["LastName"] == "" || object == "Lead" && (record["Company"] == "" || record["Status"] == "") {
				t.Errorf("%s lacks what is required: %v", what, record)
			}
			if !users[record["OwnerId"]] {
				t.Errorf("%s: owner %q", what, record["OwnerId"])
			}
			if !accounts[record["AccountId"]] {
				t.Errorf("%s: account %q", what, record["AccountId"])
			}
			if converted := record["IsConverted"] == "true"; converted != contacts[record["ConvertedContactId"]] {
				t.Errorf("%s: converted into %q", what, record["ConvertedContactId"])
			}
			inTheLastYear(what, "2006-01-02T15:04:05.000+0000", record["CreatedDate"], record["LastModifiedDate"], record["SystemModstamp"])
			for _, column := range []string{"HubSpot_Id__c", "Id"} {
				if record[column] != "" {
					t.Errorf("%s is stamped: %v", what, record)
				}
			}
		}
	}
}

// TestCompaniesHaveDomainsOfTheirOwn: a domain below .example names one company, and a company one domain.
func TestCompaniesHaveDomainsOfTheirOwn(t *testing.T) {
	t.Parallel()
	of := map[string]string{}
	for n := range companies {
		name, domain := companyOf(n)
		if other, taken := of[domain]; taken {
			t.Errorf("%s is the domain of %s and of %s", domain, other, name)
		}
		of[domain] = name
		if label, ok := strings.CutSuffix(domain, ".example"); !ok || strings.Contains(label, ".") {
			t.Errorf("%s is not registrable below .example", domain)
		}
	}
	w := generated(t, 2_000, 5)
	for i, contact := range w.hubspot.All("contacts") {
		_, domain, _ := strings.Cut(contact["email"], "@")
		company, form := of[domain], ""
		if len(contact["company"]) > len(company) {
			form = strings.TrimPrefix(contact["company"][len(company):], " ")
		}
		if company != "" && (!strings.HasPrefix(contact["company"], company) || form != "" && !slices.Contains(forms, form)) {
			t.Errorf("contact %d of %q writes from %s, the domain of %s", i, contact["company"], domain, company)
		}
	}
}

// TestReps: matched by address whatever its case, one gone, one unmatched on each side.
func TestReps(t *testing.T) {
	t.Parallel()
	w := generated(t, 1, 1)
	active := map[string]string{}
	for _, user := range w.salesforce.All("User") {
		active[strings.ToLower(user["Email"])] = user["IsActive"]
	}
	matched, gone, ownersAlone := 0, 0, 0
	for _, owner := range w.hubspot.All("owners") {
		switch email := owner["email"]; {
		case active[email] == "":
			ownersAlone++
		case owner["archived"] == "true" && active[email] == "false":
			gone++
		default:
			matched++
		}
	}
	usersAlone := len(active) - matched - gone
	if got := []int{matched, gone, ownersAlone, usersAlone}; !cmp.Equal(got, []int{6, 1, 1, 1}) {
		t.Errorf("matched, gone, owners alone, users alone: %v", got)
	}
}

func TestGenerateStopsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := generate(ctx, Options{People: 5, Now: atNoon}, newFakeCRM(), newFakeCRM())
	if !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "0 of 5 people") {
		t.Errorf("%v", err)
	}
}

func TestGenerateNamesWhatIsRefused(t *testing.T) {
	t.Parallel()
	o := Options{People: 1, Seed: 9, Now: atNoon}
	err := generate(t.Context(), o, refusing{newFakeCRM()}, newFakeCRM())
	if err == nil || !strings.Contains(err.Error(), "owner 0: the id is taken") {
		t.Errorf("%v", err)
	}
}

func TestWeightsSumTo100(t *testing.T) {
	t.Parallel()
	var people, far, from int
	for _, c := range countries {
		people += c.weight
	}
	for _, s := range stages {
		far += s.weight
	}
	for _, s := range sources {
		from += s.weight
	}
	if people != 100 || far != 100 || from != 100 {
		t.Errorf("countries %d, stages %d, sources %d", people, far, from)
	}
}
