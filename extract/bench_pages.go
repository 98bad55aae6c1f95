package extract

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"time"

	"lockstep/internal/crm"
)

// benchColumns are 20 properties of a contact, of all types.
var benchColumns = []crm.Column{
	{Name: "address", Type: "string"}, {Name: "annualrevenue", Type: "number"}, {Name: "city", Type: "string"},
	{Name: "company", Type: "string"}, {Name: "country", Type: "string"}, {Name: "createdate", Type: "datetime"},
	{Name: "date_of_birth", Type: "date"}, {Name: "email", Type: "string"}, {Name: "firstname", Type: "string"},
	{Name: "hs_analytics_source", Type: "enumeration"}, {Name: "hs_email_optout", Type: "bool"}, {Name: "hs_lead_status", Type: "enumeration"},
	{Name: "hubspot_owner_id", Type: "enumeration"}, {Name: "jobtitle", Type: "string"}, {Name: "lastmodifieddate", Type: "datetime"},
	{Name: "lastname", Type: "string"}, {Name: "lifecyclestage", Type: "enumeration"}, {Name: "num_notes", Type: "number"},
	{Name: "phone", Type: "string"}, {Name: "zip", Type: "string"},
}

// benchPage is a raw page and where its records keep the digits of their ids and a letter of every tenth city.
type benchPage struct {
	body        []byte
	ids, cities []int
}

type benchData []benchPage

// newBenchPages makes n pages: seeded, so that two runs land the same bytes.
func newBenchPages(n int) benchData {
	r := rand.New(rand.NewPCG(1, 2))
	out := make(benchData, n)
	for p := range out {
		var b bytes.Buffer
		b.WriteString(`{"results":[`)
		for i := range benchOnPage {
			n := p*benchOnPage + i
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(`{"id":"`)
			out[p].ids = append(out[p].ids, b.Len())
			fmt.Fprintf(&b, `000%09d","properties":{`, n)
			at := time.Date(2026, 1, 1, 0, 0, n, 123e6, time.UTC).Format("2006-01-02T15:04:05.000Z")
			fmt.Fprintf(&b, `"address":"%d Long Street","annualrevenue":"%d.50","city":"`, n, r.IntN(1e6))
			if n%10 == 0 {
				out[p].cities = append(out[p].cities, b.Len())
			}
			fmt.Fprintf(&b, `Springfield %d","company":"Example %d","country":"GB","createdate":"%s","date_of_birth":"19%02d-02-11",`, n%500, n%3000, at, n%100)
			fmt.Fprintf(&b, `"email":"ann.lee%d@example.com","firstname":"Ann%d","hs_analytics_source":"OFFLINE","hs_email_optout":"false","hs_lead_status":null,`, n, n%1000)
			fmt.Fprintf(&b, `"hs_object_id":"%012d","hubspot_owner_id":"41629%03d","jobtitle":"Head of Something","lastmodifieddate":"%s","lastname":"Lee%d",`, n, n%100, at, n%7000)
			fmt.Fprintf(&b, `"lifecyclestage":"lead","num_notes":"%d","phone":"+44 20 %07d","state":null,"zip":"AB%d 1CD"},`, n%9, n, n%90)
			fmt.Fprintf(&b, `"createdAt":"%s","updatedAt":"%s","archived":false,"url":"https://app.hubspot.com/contacts/1/record/0-1/%012d"}`, at, at, n)
		}
		fmt.Fprintf(&b, `],"paging":{"next":{"after":"%d","link":"https://api.hubapi.com/crm/v3/objects/contacts?limit=100&after=%[1]d"}}}`, (p+1)*benchOnPage)
		out[p].body = b.Bytes()
	}
	return out
}

// renumbered are some pages with the round in the first three digits of every id.
func (d benchData) renumbered(from, to, round int) [][]byte {
	out := make([][]byte, 0, to-from)
	for _, p := range d[from:min(to, len(d))] {
		for _, at := range p.ids {
			copy(p.body[at:], fmt.Sprintf("%03d", round))
		}
		out = append(out, p.body)
	}
	return out
}

// change makes every tenth record another one without a newer stamp.
func (d benchData) change() {
	for _, p := range d {
		for _, at := range p.cities {
			p.body[at] = 'X'
		}
	}
}
