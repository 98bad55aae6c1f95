package pipelines_test

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"

	"lockstep/internal/crm"
	"lockstep/internal/sandbox/salesforce"
)

// person is a seed: one human being with company and deal, and what people last did to them.
type person struct {
	seed      uint64
	stream    uint64
	rng       *rand.Rand // every choice about them at this step
	name      string
	companion bool
	serial    int
	words     map[string]bool // every value typed, and what the mapping may make of it

	hubspot, salesforce string // ids; empty: not there yet
	object              string // in Salesforce: Lead or Contact
	company, account    string // of theirs, likewise
	deal, opportunity   string
	made                bool // in Salesforce by the program
	mixed               bool // merged, moved to another company, deleted: only what holds for everybody is asked of them

	oneSide bool                  // every field of theirs is edited in one CRM only
	side    map[string]crm.System // where, when oneSide
	typed   map[string]string     // "hubspot contacts 101 phone": the last value a person typed there
	acts    []string
	locks   []func()
}

var fields = []string{"phone", "status", "title", "memo", "name", "place", "firm", "amount"}

func (p *person) email() string { return p.name + "@mail.example.com" }

func (p *person) word(prefix string) string {
	p.serial++
	v := fmt.Sprintf("%s%04d", prefix, p.serial)
	p.words[v] = true
	return v
}

// step begins what happens to a person at one moment: what happened before, or did not, has no part in its choices.
func (p *person) step(n int) {
	p.rng = rand.New(rand.NewPCG(p.seed, p.stream+uint64(n)<<8))
	p.serial = int(p.seed*7919%4000) + 100*n
}

// put inserts a record, as a person does.
func (w *world) put(s crm.System, object string, values map[string]string) string {
	w.t.Helper()
	insert := w.crms.HubSpot.Insert
	if s == crm.Salesforce {
		insert = w.crms.Salesforce.Insert
	}
	id, err := insert(object, values)
	if err != nil {
		w.t.Fatalf("%s %s %v: %v", s, object, values, err)
	}
	return id
}

// begin puts a person into both CRMs, or into one only.
func (w *world) begin(p *person) {
	where := p.rng.IntN(6)
	if p.companion {
		where = 2
	}
	phone, last, firm := p.word("4"), p.word("Ray"), p.word("Tern")
	for _, v := range []string{"Ann", "T", "m00000", "Ulm", "89", ""} {
		p.words[v] = true
	}
	domain := p.name + ".example"
	lead := p.rng.IntN(4) == 0 && !p.companion || p.name == "c2"
	if where != 1 {
		p.company = w.put(crm.HubSpot, "companies", map[string]string{"name": firm, "domain": domain, "phone": phone})
	}
	if where != 0 {
		p.account = w.put(crm.Salesforce, "Account", map[string]string{"Name": firm, "Website": domain, "Phone": phone})
	}
	if where != 0 {
		p.opportunity = w.put(crm.Salesforce, "Opportunity", map[string]string{"Name": p.word("Order"), "StageName": "Prospecting", "CloseDate": "2026-12-31", "Amount": "1000", "Description": p.word("d"), "AccountId": p.account})
		p.words["1000"] = true
	}
	if where != 1 {
		p.hubspot = w.put(crm.HubSpot, "contacts", map[string]string{"email": p.email(), "phone": phone, "person_status": "a1", "jobtitle": "T", "memo": "m00000", "full_name": "Ann " + last, "country_code": "4", "city": "Ulm", "zip": "89"})
		if err := w.crms.HubSpot.Associate("contacts", p.hubspot, "companies", p.company, "primary"); err != nil {
			w.t.Fatal(err)
		}
	}
	if where == 0 {
		p.made = true
		return
	}
	values := map[string]string{"Email": p.email(), "Phone": phone, "Status__c": "A", "Title": "T", "Memo__c": "m00000", "FirstName": "Ann", "LastName": last, "MailingCity": "Ulm", "MailingPostalCode": "89", "AccountId": p.account}
	if lead {
		p.object = "Lead"
		values["City"], values["PostalCode"], values["Company"] = "Ulm", "89", firm
		for _, c := range []string{"MailingCity", "MailingPostalCode", "AccountId"} {
			delete(values, c)
		}
	}
	p.salesforce = w.put(crm.Salesforce, p.object, values)
}

// work is what people do to a person between two runs.
func (w *world) work(p *person) {
	if p.companion {
		w.accompany(p)
		return
	}
	for range p.rng.IntN(3) {
		if p.rng.IntN(8) == 0 {
			w.act(p)
		} else {
			w.edit(p)
		}
	}
}

// accompany makes changes that need every kind of call: a field on each side, a conflict, a new record on each side.
func (w *world) accompany(p *person) {
	p.serial++
	stamp := fmt.Sprintf("%s%d", p.name, p.serial)
	w.save(p, crm.HubSpot, "contacts", p.hubspot, map[string]string{"memo": p.word("m"), "jobtitle": p.word("U")})
	w.save(p, crm.Salesforce, p.object, p.salesforce, map[string]string{"LastName": p.word("Lee"), "Title": strings.ReplaceAll(p.word("T"), "3", "4")})
	w.save(p, crm.HubSpot, "companies", p.company, map[string]string{"phone": p.word("4")})
	w.save(p, crm.Salesforce, "Account", p.account, map[string]string{"Name": p.word("Tern")})
	w.save(p, crm.Salesforce, "Opportunity", p.opportunity, map[string]string{"Description": p.word("d")})
	if p.deal != "" {
		w.save(p, crm.HubSpot, "deals", p.deal, map[string]string{"amount": p.word("1")})
	}
	w.put(crm.HubSpot, "contacts", map[string]string{"email": "h" + stamp + "@mail.example.com", "full_name": "Ann New"})
	w.put(crm.Salesforce, "Contact", map[string]string{"Email": "s" + stamp + "@mail.example.com", "LastName": "New"})
	w.put(crm.Salesforce, "Opportunity", map[string]string{"Name": stamp, "StageName": "Prospecting", "CloseDate": "2026-12-31"})
}

func (p *person) did(w *world, format string, args ...any) {
	p.acts = append(p.acts, fmt.Sprintf("round %d %s ", w.round, w.now().Format("15:04:05"))+fmt.Sprintf(format, args...))
}

// save is a person's hand on columns of one record.
func (w *world) save(p *person, s crm.System, object, id string, values map[string]string) {
	w.t.Helper()
	if id == "" || w.shut[s] {
		return
	}
	edit := w.crms.HubSpot.Edit
	if s == crm.Salesforce {
		edit = w.crms.Salesforce.Edit
	}
	err := edit(object, id, values)
	p.did(w, "%s %s %s %v %v", s, object, id, values, err)
	if err != nil {
		return // locked, or gone
	}
	for k, v := range values {
		p.typed[fmt.Sprintf("%s %s %s %s", s, object, id, k)] = v
		p.words[v] = true
	}
}

// edit is one person's hand on one field.
func (w *world) edit(p *person) {
	if p.companion {
		return
	}
	field := fields[p.rng.IntN(len(fields))]
	side := p.side[field]
	if other := crm.Systems[p.rng.IntN(2)]; !p.oneSide && field != "memo" {
		side = other
	}
	h := side == crm.HubSpot
	values := p.type_(field, h)
	switch {
	case field == "firm" && h:
		w.save(p, side, "companies", p.company, values)
	case field == "firm":
		w.save(p, side, "Account", p.account, values)
	case field == "amount" && h:
		w.save(p, side, "deals", p.deal, values)
	case field == "amount":
		w.save(p, side, "Opportunity", p.opportunity, values)
	case h:
		w.save(p, side, "contacts", p.hubspot, values)
	default:
		w.save(p, side, p.object, p.salesforce, values)
	}
}

// type_ are the columns and values that a person would type for the field.
func (p *person) type_(field string, h bool) map[string]string {
	one := func(hubspot, salesforce, v string) map[string]string {
		if h {
			return map[string]string{hubspot: v}
		}
		return map[string]string{salesforce: v}
	}
	switch field {
	case "phone":
		if p.rng.IntN(6) == 0 {
			return one("phone", "Phone", "")
		}
		v := p.word(strconv.Itoa(2 + p.rng.IntN(3)))
		if p.rng.IntN(2) == 0 && h {
			v = v[:1] + "-" + v[1:]
		}
		return one("phone", "Phone", v)
	case "status":
		if h {
			return map[string]string{"person_status": []string{"a1", "a2", "b1", "b2", "c1", "zz"}[p.rng.IntN(6)]}
		}
		return map[string]string{"Status__c": []string{"A", "B", "C", "Z"}[p.rng.IntN(4)]}
	case "title":
		if p.rng.IntN(4) == 0 {
			return one("jobtitle", "Title", "")
		}
		v := p.word("T")
		if !h { // a person meets the validation rule too
			v = strings.ReplaceAll(v, "3", "x")
		}
		return one("jobtitle", "Title", v)
	case "memo":
		return map[string]string{"memo": p.word("m")}
	case "name":
		last := p.word("Lee")
		if !h {
			return map[string]string{"LastName": last}
		}
		if p.rng.IntN(3) == 0 {
			last = "van " + last
		}
		return map[string]string{"full_name": "Ann " + last}
	case "firm":
		return one("name", "Name", p.word("Tern"))
	case "amount":
		return one("amount", "Amount", strconv.Itoa(p.serial+1000))
	}
	city := p.word("City")
	if h {
		return map[string]string{"city": city, "zip": city[4:]}
	}
	if p.object == "Lead" {
		return map[string]string{"City": city, "PostalCode": city[4:]}
	}
	return map[string]string{"MailingCity": city, "MailingPostalCode": city[4:]}
}

// act is something that changes more than a field.
func (w *world) act(p *person) {
	switch p.rng.IntN(7) {
	case 0: // somebody's long transaction holds the record during the run
		if p.salesforce != "" {
			p.did(w, "lock %s", p.salesforce)
			p.locks = append(p.locks, w.crms.Salesforce.Lock(p.salesforce))
		}
	case 1:
		if p.object == "Lead" && p.salesforce != "" {
			made, err := w.crms.Salesforce.ConvertLead(salesforce.Conversion{Lead: p.salesforce, Account: p.account})
			p.did(w, "convert %s: %+v %v", p.salesforce, made, err)
			if err == nil {
				p.object, p.salesforce, p.mixed = "Contact", made.Contact, true
			}
		}
	case 2: // a double comes to light
		if p.hubspot != "" {
			twin := w.put(crm.HubSpot, "contacts", map[string]string{"email": p.word("twin") + p.email(), "full_name": "Ann Twin"})
			left, err := w.crms.HubSpot.Merge("contacts", p.hubspot, twin)
			p.did(w, "merge %s and %s: %s %v", p.hubspot, twin, left, err)
			p.mixed = true
		}
	case 3:
		if p.salesforce != "" && p.object == "Contact" {
			twin := w.put(crm.Salesforce, "Contact", map[string]string{"LastName": "Twin", "Email": p.word("twin") + p.email()})
			p.did(w, "merge %s and %s: %v", p.salesforce, twin, w.crms.Salesforce.Merge("Contact", p.salesforce, twin))
			p.mixed = true
		}
	case 4:
		if p.opportunity != "" && p.rng.IntN(3) == 0 {
			p.did(w, "delete %s: %v", p.opportunity, w.crms.Salesforce.Delete("Opportunity", p.opportunity))
			p.opportunity = "deleted"
		}
	case 5:
		if p.hubspot != "" && p.rng.IntN(3) == 0 {
			p.did(w, "archive %s: %v", p.hubspot, w.crms.HubSpot.Delete("contacts", p.hubspot))
			p.mixed = true
		}
	case 6: // another company
		if p.hubspot != "" {
			name := p.word("tern")
			id := w.put(crm.HubSpot, "companies", map[string]string{"name": name, "domain": name + p.name + ".example"})
			p.did(w, "%s moves to %s: %v", p.hubspot, id, w.crms.HubSpot.Associate("contacts", p.hubspot, "companies", id, "primary"))
		}
	}
}
