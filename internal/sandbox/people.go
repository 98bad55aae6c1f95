package sandbox

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"
)

// person is somebody as they are. What a CRM holds of them is drawn from this, with its own gaps
// and errors.
type person struct {
	number      int // counts people from 0; stands in their addresses, which makes them unique
	first, last string
	email       string // at work, or at a mailbox provider when they have no company
	private     string // the address that a second record of them carries
	phone       phone
	mobile      phone
	title       string
	company     string // empty: none known
	country     *country
	place       place
	street, zip string
	stage       stage
	source      source
	rep         int // index into reps: who looks after them
	created     time.Time
	modified    time.Time // created <= modified <= the run's now
}

// stage is how far sales are with a person, in both CRMs' words.
type stage struct {
	lifecycle  string // HubSpot lifecyclestage
	leadStatus string // Salesforce Lead.Status
	hsStatus   string // HubSpot hs_lead_status; empty: none
	contact    bool   // Salesforce holds such people as Contacts, others as Leads
	weight     int    // share of people, in percent
}

var stages = []stage{
	{"subscriber", "Open - Not Contacted", "", false, 10},
	{"lead", "Open - Not Contacted", "NEW", false, 20},
	{"marketingqualifiedlead", "Open - Not Contacted", "OPEN", false, 10},
	{"salesqualifiedlead", "Working - Contacted", "IN_PROGRESS", false, 12},
	{"opportunity", "Closed - Converted", "OPEN_DEAL", true, 13},
	{"customer", "Closed - Converted", "CONNECTED", true, 27},
	{"evangelist", "Closed - Converted", "", true, 2},
	{"other", "Closed - Not Converted", "UNQUALIFIED", false, 6},
}

// source is where a person came from, in both CRMs' words.
type source struct {
	analytics  string // HubSpot hs_analytics_source
	leadSource string // Salesforce LeadSource
	weight     int    // share of people, in percent
}

var sources = []source{
	{"ORGANIC_SEARCH", "Web", 22},
	{"DIRECT_TRAFFIC", "Web", 14},
	{"PAID_SEARCH", "Web", 8},
	{"SOCIAL_MEDIA", "Web", 7},
	{"EMAIL_MARKETING", "Web", 7},
	{"REFERRALS", "Partner Referral", 13},
	{"OFFLINE", "Phone Inquiry", 15},
	{"OFFLINE", "Purchased List", 8},
	{"OTHER_CAMPAIGNS", "Other", 6},
}

// companies is how many companies there may be; most people work at the first few.
const companies = 20_000

// newPerson draws somebody. The draws depend on nothing but r.
func newPerson(r *rand.Rand, number int, now time.Time) person {
	p := person{number: number, country: anyCountry(r)}
	p.first, p.last = pick(r, p.country.first), pick(r, p.country.last)
	p.place = pick(r, p.country.places)
	p.street = fmt.Sprintf(pick(r, p.country.streets), 1+r.IntN(180))
	p.zip = fillIn(r, p.place.zip)
	p.phone = newPhone(r, p.country, p.place)
	p.mobile = newPhone(r, p.country, p.place)
	p.title = pick(r, titles)

	domain := pick(r, freeDomains)
	p.private = address(r, p, domain)
	p.email = p.private
	if chance(r, 78) {
		p.company, domain = newCompany(r)
		p.email = address(r, p, domain)
	}
	p.stage = weighted(r, stages, func(s stage) int { return s.weight })
	p.source = weighted(r, sources, func(s source) int { return s.weight })
	p.rep = r.IntN(len(reps))

	const year = 365 * 24 * time.Hour
	age := time.Hour + time.Duration(r.Int64N(int64(year-2*time.Hour)))
	p.created = now.Add(-age)
	p.modified = p.created.Add(time.Duration(r.Int64N(int64(age))))
	return p
}

// newPhone draws a number at a place.
func newPhone(r *rand.Rand, c *country, at place) phone {
	return phone{c.dial, c.trunk, at.area, fillIn(r, at.number)}
}

// newCompany draws a company and the domain its people write from. No two companies share a
// registrable domain, so that who works where can be told from the address.
func newCompany(r *rand.Rand) (name, domain string) {
	u := r.Float64()
	return companyOf(int(u * u * u * u * companies))
}

// companyOf is the n-th company, counted from 0. TLD example is kept for this by RFC 2606.
func companyOf(n int) (name, domain string) {
	trade := trades[n%len(trades)]
	if n < len(trades) {
		return "Example " + trade, strings.ToLower(trade) + ".example"
	}
	return fmt.Sprintf("Example %s %d", trade, n/len(trades)+1), fmt.Sprintf("%s%d.example", strings.ToLower(trade), n/len(trades)+1)
}

// address is an e-mail address of a person at a domain, in one of the usual shapes. The person's
// number makes it theirs alone.
func address(r *rand.Rand, p person, domain string) string {
	first, last := mailbox(p.first), mailbox(p.last)
	name := first + "." + last
	switch {
	case first == "" || last == "":
		name = "contact" + first + last
	case chance(r, 25):
		name = first[:1] + "." + last
	case chance(r, 15):
		name = first + "_" + last
	case chance(r, 10):
		name = last + first[:1]
	}
	return name + strconv.Itoa(p.number) + "@" + domain
}

// chance is true in percent of the draws.
func chance(r *rand.Rand, percent int) bool { return r.IntN(100) < percent }

// pick draws one of a list.
func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

// weighted draws one of a list whose weights sum to 100.
func weighted[T any](r *rand.Rand, list []T, weight func(T) int) T {
	n := r.IntN(100)
	for _, item := range list {
		if n -= weight(item); n < 0 {
			return item
		}
	}
	return list[0]
}
