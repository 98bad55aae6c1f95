package sandbox

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"strconv"
	"time"
)

// deal is business with a company, in one CRM or in both.
type deal struct {
	name                    string
	stage                   dealStage
	amount                  int // of the account's currency
	inHubSpot, inSalesforce bool
	rep                     int
	created, modified       time.Time
	closes                  time.Time // the day, at midnight UTC
}

// dealStage is how far a deal is, in both CRMs' words.
type dealStage struct{ hubspot, salesforce string }

var dealStages = []dealStage{
	{"appointmentscheduled", "Prospecting"},
	{"qualifiedtobuy", "Qualification"},
	{"presentationscheduled", "Needs Analysis"},
	{"decisionmakerboughtin", "Id. Decision Makers"},
	{"contractsent", "Negotiation/Review"},
	{"closedwon", "Closed Won"},
	{"closedlost", "Closed Lost"},
}

// mostDeals is how many deals a company has at most; on average half of that.
const mostDeals = 3

// deals draws the deals of a person's company, the same ones whoever of its people asks and in either CRM.
func (g *generator) deals(p person) []deal {
	h := fnv.New64a()
	h.Write([]byte(p.company))
	r := rand.New(rand.NewPCG(g.seed, scatter(h.Sum64())))
	var all []deal
	for n := range r.IntN(mostDeals + 1) {
		d := deal{
			name: fmt.Sprintf("%s - %s %d", p.company, pick(r, dealNames), n+1), stage: pick(r, dealStages),
			amount: 500 * (1 + r.IntN(200)), rep: r.IntN(len(reps)),
		}
		where := r.IntN(100)
		d.inHubSpot, d.inSalesforce = where < inBoth+inHubSpotOnly, where < inBoth || where >= inBoth+inHubSpotOnly
		d.created = between(r, g.now.AddDate(-1, 0, 0), g.now.Add(-time.Hour))
		d.modified = between(r, d.created, g.now.Add(-time.Minute))
		d.closes = d.created.UTC().AddDate(0, 0, 14+r.IntN(160)).Truncate(24 * time.Hour)
		all = append(all, d)
	}
	return all
}

var dealNames = words(`Renewal Pilot Extension Seats Support Starter_package Training`)

// companyRecord is a person's company in HubSpot's columns, as old as its first contact.
func companyRecord(p person, owner string) map[string]string {
	return filled(map[string]string{
		"name": p.company, "domain": domainOf(p.email), "city": p.place.city, "country": p.country.names[0], "hubspot_owner_id": owner,
		"createdate": p.created.UTC().Format(hubspotTime), "hs_lastmodifieddate": p.modified.UTC().Format(hubspotTime),
	})
}

// dealRecord is a deal in HubSpot's columns.
func dealRecord(d deal, owner string) map[string]string {
	return filled(map[string]string{
		"dealname": d.name, "pipeline": "default", "dealstage": d.stage.hubspot, "amount": strconv.Itoa(d.amount), "hubspot_owner_id": owner,
		"closedate":  d.closes.Format(hubspotTime),
		"createdate": d.created.UTC().Format(hubspotTime), "hs_lastmodifieddate": d.modified.UTC().Format(hubspotTime),
	})
}

// opportunityRecord is a deal in the columns of a Salesforce Opportunity.
func opportunityRecord(d deal, owner, account string) map[string]string {
	return stamped(card{created: d.created, modified: d.modified, touched: d.modified}, map[string]string{
		"Name": d.name, "StageName": d.stage.salesforce, "Amount": strconv.Itoa(d.amount), "CloseDate": d.closes.Format(time.DateOnly),
		"OwnerId": owner, "AccountId": account,
	})
}
