package sandbox

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"lockstep/internal/crm"
)

// generator fills both CRMs with people and keeps none of them, only the companies they may share.
type generator struct {
	now        time.Time
	seed       uint64
	hubspot    simulator
	salesforce simulator
	truth      func(person int, record crm.Record)
	owners     []string // HubSpot owner id per rep; empty: none there
	users      []string // Salesforce User id per rep; empty: none there

	accounts   map[string]string // Salesforce Account id by company; only the goroutine that fills Salesforce has it
	companies  map[string]string // HubSpot company id by company; only the one that fills HubSpot; nil: none are made
	associator associator        // of deals with companies; nil: it is not done
}

// Shares of people, in percent. The rest is in Salesforce alone.
const (
	inBoth        = 60
	inHubSpotOnly = 20
)

// generate inserts o.People people. Everything about a person is drawn from a stream of their own,
// seeded by o.Seed and their number, so that the first hundred people are the same however many
// follow.
func generate(ctx context.Context, o Options, hubspot, salesforce simulator) error {
	g := &generator{now: o.Now(), seed: o.Seed, hubspot: hubspot, salesforce: salesforce, truth: o.Truth, accounts: map[string]string{}}
	if g.truth == nil {
		g.truth = func(int, crm.Record) {}
	}
	if o.Companies {
		g.companies = map[string]string{}
		g.associator, _ = hubspot.(associator)
	}
	if err := g.addReps(); err != nil {
		return err
	}
	return g.addPeople(ctx, o.People)
}

// scatter makes neighbouring numbers far apart (SplitMix64's finish), for neighbouring seeds give
// related streams.
func scatter(n uint64) uint64 {
	n += 0x9e3779b97f4a7c15
	n = (n ^ n>>30) * 0xbf58476d1ce4e5b9
	n = (n ^ n>>27) * 0x94d049bb133111eb
	return n ^ n>>31
}

// addReps inserts owners and users.
func (g *generator) addReps() error {
	g.owners, g.users = make([]string, len(reps)), make([]string, len(reps))
	for i, p := range reps {
		var err error
		if p.hubspot {
			if g.owners[i], err = g.hubspot.Insert("owners", p.ownerRecord(i)); err != nil {
				return fmt.Errorf("sandbox: owner %d: %w", i, err)
			}
		}
		if p.salesforce {
			if g.users[i], err = g.salesforce.Insert("User", p.userRecord(i)); err != nil {
				return fmt.Errorf("sandbox: user %d: %w", i, err)
			}
		}
	}
	return nil
}

// planned is one record of a person, drawn and not yet inserted.
type planned struct {
	object string
	values map[string]string
	after  bool // a Lead that was converted into the record before it
}

// drawn is a person and their records.
type drawn struct {
	person
	hubspot, salesforce []planned
}

// draw makes a person's records, for both CRMs or one.
func (g *generator) draw(r *rand.Rand, number int) drawn {
	d := drawn{person: newPerson(r, number, g.now)}
	where := r.IntN(100)
	if where < inBoth+inHubSpotOnly {
		d.hubspot = g.forHubSpot(r, d.person)
	}
	if where < inBoth || where >= inBoth+inHubSpotOnly {
		d.salesforce = g.forSalesforce(r, d.person)
	}
	return d
}

// forHubSpot is a contact, for some people a second that looks like another person. HubSpot
// holds an address once, so the second has the person's other address or none.
func (g *generator) forHubSpot(r *rand.Rand, p person) []planned {
	contact := func(c card) planned { return planned{object: "contacts", values: contactsRecord(c, g.owners[c.rep])} }
	c := newCard(r, p, crm.HubSpot, g.now)
	if !chance(r, 5) {
		return []planned{contact(c)}
	}
	second := newCard(r, lookalike(r, p), crm.HubSpot, g.now)
	second.email = ""
	if p.private != p.email {
		second.email = p.private
		if c.email == p.private {
			second.email = p.email
		}
	}
	return []planned{contact(c), contact(second)}
}

// forSalesforce is a Lead or a Contact, as far as sales are. Some Contacts were Leads before, some
// are Leads again, and some people are there twice. Contacts are of an Account when they are inserted.
func (g *generator) forSalesforce(r *rand.Rand, p person) []planned {
	lead := func(c card) planned { return planned{object: "Lead", values: leadRecord(c, g.user(c.rep))} }
	contact := func(c card) planned { return planned{object: "Contact", values: contactRecord(c, g.user(c.rep))} }
	c := newCard(r, p, crm.Salesforce, g.now)
	if !p.stage.contact {
		if chance(r, 4) {
			return []planned{lead(c), lead(newCard(r, lookalike(r, p), crm.Salesforce, g.now))}
		}
		return []planned{lead(c)}
	}
	switch n := r.IntN(100); {
	case n < 8: // the Lead that this Contact was
		before := newCard(r, p, crm.Salesforce, g.now)
		before.created, before.modified, before.touched = p.created, c.created, c.created
		return []planned{contact(c), {object: "Lead", values: convertedLeadRecord(before, g.user(before.rep)), after: true}}
	case n < 16: // a Lead of its own beside the Contact
		twin := newCard(r, p, crm.Salesforce, g.now)
		twin.leadStatus = "Open - Not Contacted"
		return []planned{contact(c), lead(twin)}
	case n < 20: // a Contact that looks like another person
		return []planned{contact(c), contact(newCard(r, lookalike(r, p), crm.Salesforce, g.now))}
	}
	return []planned{contact(c)}
}

// lookalike is the person as somebody enters them who does not know that they are there: another
// spelling, the other address.
func lookalike(r *rand.Rand, p person) person {
	switch r.IntN(3) {
	case 0:
		p.last = typo(r, p.last)
	case 1:
		p.first, p.last = p.last, p.first
	default:
		if letters := []rune(p.first); len(letters) > 1 {
			p.first = string(letters[:1]) + "."
		}
	}
	if chance(r, 50) {
		p.email = p.private
	}
	return p
}

// user is a rep's User id; whom Salesforce does not know is looked after by the first.
func (g *generator) user(rep int) string {
	if g.users[rep] == "" {
		return g.users[0]
	}
	return g.users[rep]
}
