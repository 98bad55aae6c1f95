package sandbox

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"

	"lockstep/internal/crm"
)

// batchSize is how many people are drawn, inserted and told of at a time.
const batchSize = 256

// batch is some people on their way: drawn, then inserted into both CRMs at once, then told of.
type batch struct {
	people   []drawn
	inserted sync.WaitGroup
	sides    map[crm.System]*side // never changed, so that each goroutine has its own
}

// side is what became of a batch in one CRM.
type side struct {
	ids    [][]string // by person and record
	person int        // whose record was not taken
	err    error      // why; the people after it were not tried
}

// addPeople draws people on one goroutine, fills either CRM on one of its own, in the order of the people's
// numbers, and tells of what was inserted on this one. So a seed gives the same ids whatever runs when.
func (g *generator) addPeople(ctx context.Context, people int) error {
	ctx, cancel := context.WithCancelCause(ctx)
	var working sync.WaitGroup
	defer working.Wait()
	defer cancel(nil)
	const ahead = 8 // batches, so that nobody waits for long
	fill, tell := map[crm.System]chan *batch{}, make(chan *batch, ahead)
	for _, system := range crm.Systems {
		batches := make(chan *batch, ahead)
		fill[system] = batches
		working.Go(func() {
			for b := range batches {
				g.insertBatch(system, b)
				b.inserted.Done()
			}
		})
	}
	working.Go(func() {
		defer func() {
			close(tell)
			for _, batches := range fill {
				close(batches)
			}
		}()
		source := rand.NewPCG(0, 0)
		r := rand.New(source)
		for first := 0; first < people && ctx.Err() == nil; first += batchSize {
			b := newBatch()
			for number := first; number < min(first+batchSize, people); number++ {
				source.Seed(g.seed, scatter(uint64(number)))
				b.people = append(b.people, g.draw(r, number))
			}
			b.inserted.Add(len(fill))
			for _, batches := range fill {
				batches <- b
			}
			tell <- b
		}
	})
	return g.tellAll(ctx, cancel, tell, people)
}

func newBatch() *batch {
	b := &batch{people: make([]drawn, 0, batchSize), sides: map[crm.System]*side{}}
	for _, system := range crm.Systems {
		b.sides[system] = &side{}
	}
	return b
}

// tellAll tells of batches in order. It drains them all, so that nobody is left waiting.
func (g *generator) tellAll(ctx context.Context, cancel context.CancelCauseFunc, batches <-chan *batch, people int) (err error) {
	done := 0
	for b := range batches {
		b.inserted.Wait()
		if err != nil || ctx.Err() != nil {
			continue
		}
		if err = b.err(g.seed); err != nil {
			cancel(err)
			continue
		}
		for i, d := range b.people {
			g.tell(d, b, i)
		}
		done += len(b.people)
	}
	if err == nil && done < people {
		return fmt.Errorf("sandbox: stopped after %d of %d people: %w", done, people, context.Cause(ctx))
	}
	return err
}

// err is what went wrong first, by the people's numbers.
func (b *batch) err(seed uint64) error {
	var first *side
	for _, system := range crm.Systems {
		if s := b.sides[system]; s.err != nil && (first == nil || s.person < first.person) {
			first = s
		}
	}
	if first == nil {
		return nil
	}
	return fmt.Errorf("sandbox: person %d of seed %d: %w", first.person, seed, first.err)
}

// tell tells whose the records of a person are.
func (g *generator) tell(d drawn, b *batch, i int) {
	for _, system := range crm.Systems {
		for n, id := range b.sides[system].ids[i] {
			g.truth(d.number, crm.Record{Object: crm.Object{System: system, Name: d.of(system)[n].object}, ID: id})
		}
	}
}

// of are a person's records in one CRM.
func (d drawn) of(system crm.System) []planned {
	if system == crm.HubSpot {
		return d.hubspot
	}
	return d.salesforce
}

// insertBatch inserts a batch's records into one CRM.
func (g *generator) insertBatch(system crm.System, b *batch) {
	s := b.sides[system]
	for _, d := range b.people {
		ids, err := g.insertPerson(system, d)
		if err != nil {
			s.person, s.err = d.number, err
			return
		}
		s.ids = append(s.ids, ids)
	}
}

// insertPerson inserts a person's records into one CRM and returns their ids.
func (g *generator) insertPerson(system crm.System, d drawn) (ids []string, err error) {
	for _, record := range d.of(system) {
		id := ""
		if system == crm.HubSpot {
			id, err = g.insertHubSpot(d.person, record)
		} else {
			id, err = g.insertSalesforce(d.person, record, ids)
		}
		if err != nil {
			return nil, fmt.Errorf("%s.%s: %w", system, record.object, err)
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// insertSalesforce inserts a record; earlier are the ids of the person's records before it.
func (g *generator) insertSalesforce(p person, record planned, earlier []string) (string, error) {
	if record.object == "Contact" && p.company != "" {
		account, err := g.account(p)
		if err != nil {
			return "", err
		}
		record.values["AccountId"] = account
	}
	if record.after {
		record.values["ConvertedContactId"] = earlier[len(earlier)-1]
	}
	return g.salesforce.Insert(record.object, record.values)
}

// account is the id of the Account that a Contact belongs to, made when its first Contact is.
func (g *generator) account(p person) (string, error) {
	if id := g.accounts[p.company]; id != "" {
		return id, nil
	}
	id, err := g.salesforce.Insert("Account", accountRecord(p, g.user(p.rep)))
	if err != nil {
		return "", fmt.Errorf("salesforce.Account: %w", err)
	}
	g.accounts[p.company] = id
	if g.companies == nil {
		return id, nil
	}
	for _, d := range g.deals(p) {
		if d.inSalesforce {
			if _, err := g.salesforce.Insert("Opportunity", opportunityRecord(d, g.user(d.rep), id)); err != nil {
				return "", fmt.Errorf("salesforce.Opportunity: %w", err)
			}
		}
	}
	return id, nil
}

// insertHubSpot inserts a contact, as one of its company when companies are wanted.
func (g *generator) insertHubSpot(p person, record planned) (string, error) {
	if g.companies != nil && p.company != "" {
		company, err := g.company(p)
		if err != nil {
			return "", err
		}
		record.values["associatedcompanyid"] = company // HubSpot associates the two; an association made later would move the stamp
	}
	return g.hubspot.Insert(record.object, record.values)
}

// company is the id of HubSpot's company of a contact, made when its first contact is, with its deals.
func (g *generator) company(p person) (string, error) {
	if id := g.companies[p.company]; id != "" {
		return id, nil
	}
	id, err := g.hubspot.Insert("companies", companyRecord(p, g.owners[p.rep]))
	if err != nil {
		return "", fmt.Errorf("hubspot.companies: %w", err)
	}
	g.companies[p.company] = id
	for _, d := range g.deals(p) {
		if !d.inHubSpot {
			continue
		}
		deal, err := g.hubspot.Insert("deals", dealRecord(d, g.owners[d.rep]))
		if err == nil && g.associator != nil {
			err = g.associator.InsertAssociation("deals", deal, "companies", id, "")
		}
		if err != nil {
			return "", fmt.Errorf("hubspot.deals: %w", err)
		}
	}
	return id, nil
}
