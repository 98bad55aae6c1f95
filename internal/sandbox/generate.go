package sandbox

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"lockstep/internal/crm"
)

// generator fills both CRMs with people, one after the other, and keeps none of them, only the
// accounts they may share.
type generator struct {
	now        time.Time
	hubspot    simulator
	salesforce simulator
	truth      func(person int, record crm.Record)
	owners     []string          // HubSpot owner id per rep; empty: none there
	users      []string          // Salesforce User id per rep; empty: none there
	accounts   map[string]string // Salesforce Account id by company
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
	g := &generator{now: o.Now(), hubspot: hubspot, salesforce: salesforce, truth: o.Truth, accounts: map[string]string{}}
	if g.truth == nil {
		g.truth = func(int, crm.Record) {}
	}
	if err := g.addReps(); err != nil {
		return err
	}
	source := rand.NewPCG(0, 0)
	r := rand.New(source)
	for number := range o.People {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("sandbox: stopped after %d of %d people: %w", number, o.People, err)
		}
		source.Seed(o.Seed, scatter(uint64(number)))
		if err := g.addPerson(r, newPerson(r, number, g.now)); err != nil {
			return fmt.Errorf("sandbox: person %d of seed %d: %w", number, o.Seed, err)
		}
	}
	return nil
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

// addPerson inserts a person's records: in both CRMs or one.
func (g *generator) addPerson(r *rand.Rand, p person) error {
	where := r.IntN(100)
	if where < inBoth+inHubSpotOnly {
		if err := g.addToHubSpot(r, p); err != nil {
			return err
		}
	}
	if where < inBoth || where >= inBoth+inHubSpotOnly {
		return g.addToSalesforce(r, p)
	}
	return nil
}

// addToHubSpot inserts a contact, for some people a second that looks like another person. HubSpot
// holds an address once, so the second has the person's other address or none.
func (g *generator) addToHubSpot(r *rand.Rand, p person) error {
	c := newCard(r, p, crm.HubSpot, g.now)
	if _, err := g.insert(crm.HubSpot, "contacts", p, contactsRecord(c, g.owners[c.rep])); err != nil {
		return err
	}
	if !chance(r, 5) {
		return nil
	}
	second := newCard(r, lookalike(r, p), crm.HubSpot, g.now)
	second.email = ""
	if p.private != p.email {
		second.email = p.private
		if c.email == p.private {
			second.email = p.email
		}
	}
	_, err := g.insert(crm.HubSpot, "contacts", p, contactsRecord(second, g.owners[second.rep]))
	return err
}

// addToSalesforce inserts a Lead or a Contact, as far as sales are. Some Contacts were Leads
// before, some are Leads again, and some people are there twice.
func (g *generator) addToSalesforce(r *rand.Rand, p person) error {
	c := newCard(r, p, crm.Salesforce, g.now)
	if !p.stage.contact {
		if _, err := g.insert(crm.Salesforce, "Lead", p, leadRecord(c, g.user(c.rep))); err != nil {
			return err
		}
		if chance(r, 4) {
			second := newCard(r, lookalike(r, p), crm.Salesforce, g.now)
			_, err := g.insert(crm.Salesforce, "Lead", p, leadRecord(second, g.user(second.rep)))
			return err
		}
		return nil
	}
	account, err := g.account(p)
	if err != nil {
		return err
	}
	id, err := g.insert(crm.Salesforce, "Contact", p, contactRecord(c, g.user(c.rep), account))
	if err != nil {
		return err
	}
	switch n := r.IntN(100); {
	case n < 8: // the Lead that this Contact was
		before := newCard(r, p, crm.Salesforce, g.now)
		before.created, before.modified, before.touched = p.created, c.created, c.created
		_, err = g.insert(crm.Salesforce, "Lead", p, convertedLeadRecord(before, g.user(before.rep), id))
	case n < 16: // a Lead of its own beside the Contact
		twin := newCard(r, p, crm.Salesforce, g.now)
		twin.leadStatus = "Open - Not Contacted"
		_, err = g.insert(crm.Salesforce, "Lead", p, leadRecord(twin, g.user(twin.rep)))
	case n < 20: // a Contact that looks like another person
		second := newCard(r, lookalike(r, p), crm.Salesforce, g.now)
		_, err = g.insert(crm.Salesforce, "Contact", p, contactRecord(second, g.user(second.rep), account))
	}
	return err
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

// account is the id of the Account that a Contact belongs to, made when its first Contact is; none
// for people without a company.
func (g *generator) account(p person) (string, error) {
	if p.company == "" || g.accounts[p.company] != "" {
		return g.accounts[p.company], nil
	}
	id, err := g.salesforce.Insert("Account", accountRecord(p, g.user(p.rep)))
	if err != nil {
		return "", fmt.Errorf("salesforce.Account: %w", err)
	}
	g.accounts[p.company] = id
	return id, nil
}

// user is a rep's User id; whom Salesforce does not know is looked after by the first.
func (g *generator) user(rep int) string {
	if g.users[rep] == "" {
		return g.users[0]
	}
	return g.users[rep]
}

// insert stores a record and tells whose it is.
func (g *generator) insert(system crm.System, object string, p person, values map[string]string) (string, error) {
	sim := g.hubspot
	if system == crm.Salesforce {
		sim = g.salesforce
	}
	id, err := sim.Insert(object, values)
	if err != nil {
		return "", fmt.Errorf("%s.%s: %w", system, object, err)
	}
	g.truth(p.number, crm.Record{Object: crm.Object{System: system, Name: object}, ID: id})
	return id, nil
}
