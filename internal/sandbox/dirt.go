package sandbox

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"lockstep/internal/crm"
)

// card is what one CRM holds of a person: text, as somebody typed it.
type card struct {
	first, last, email, phone, mobile, title, company string
	street, city, state, zip, country                 string
	lifecycle, hsStatus, analytics                    string // in HubSpot's words
	leadStatus, leadSource                            string // in Salesforce's words
	rep                                               int
	created, modified                                 time.Time // by a person
	touched                                           time.Time // by automation; modified when it never was
}

// newCard is a person as one CRM knows them: older or less complete than they are, and typed with
// the errors people make.
func newCard(r *rand.Rand, p person, system crm.System, now time.Time) card {
	p = outdated(r, p)
	c := card{
		first: p.first, last: p.last, email: p.email, phone: p.phone.international(), mobile: p.mobile.international(),
		title: p.title, company: p.company,
		street: p.street, city: p.place.city, state: p.place.state, zip: p.zip, country: p.country.names[0],
		lifecycle: p.stage.lifecycle, hsStatus: p.stage.hsStatus, analytics: p.source.analytics,
		leadStatus: p.stage.leadStatus, leadSource: p.source.leadSource, rep: p.rep,
	}
	c.created = between(r, p.created, p.modified)
	c.modified = between(r, c.created, now.Add(-time.Minute))
	c.touched = c.modified
	if chance(r, 10) {
		c.touched = between(r, c.modified, now.Add(-time.Minute))
	}
	incomplete(r, &c)
	mistyped(r, &c)
	otherForms(r, &c, p)
	if system == crm.HubSpot {
		soilHubSpot(r, &c)
	} else {
		soilSalesforce(r, &c)
	}
	return c
}

// outdated is the person as they were: a CRM that was not told of the change.
func outdated(r *rand.Rand, p person) person {
	if chance(r, 5) {
		p.title = pick(r, titles)
	}
	if chance(r, 4) {
		p.phone = newPhone(r, p.country, p.place)
	}
	if chance(r, 4) {
		p.street = fmt.Sprintf(pick(r, p.country.streets), 1+r.IntN(180))
	}
	if chance(r, 4) {
		p.email = p.private
	}
	if chance(r, 4) {
		p.rep = r.IntN(len(reps))
	}
	if chance(r, 3) {
		p.source = pick(r, sources)
	}
	if chance(r, 6) && !p.stage.contact {
		p.stage = stages[0]
	}
	return p
}

// incomplete blanks what nobody asked for.
func incomplete(r *rand.Rand, c *card) {
	if chance(r, 10) {
		c.title = ""
	}
	if chance(r, 12) {
		c.phone = ""
	}
	if chance(r, 55) {
		c.mobile = ""
	}
	if chance(r, 15) {
		c.street, c.city, c.state, c.zip = "", "", "", ""
	}
	if chance(r, 3) {
		c.email = ""
	}
	if chance(r, 3) {
		c.first = ""
	}
	if chance(r, 2) {
		c.last = ""
	}
}

// mistyped makes the errors of fingers.
func mistyped(r *rand.Rand, c *card) {
	switch n := r.IntN(100); {
	case n < 3:
		c.last = typo(r, c.last)
	case n < 5:
		c.first = typo(r, c.first)
	case n < 7:
		c.first, c.last = c.last, c.first
	case n < 9:
		c.first, c.last = strings.ToUpper(c.first), strings.ToUpper(c.last)
	case n < 10:
		c.first, c.last = strings.ToLower(c.first), strings.ToLower(c.last)
	}
}

// otherForms writes the same thing in another way.
func otherForms(r *rand.Rand, c *card, p person) {
	if c.phone != "" && chance(r, 12) {
		c.phone = writePhone(r, p.phone)
	}
	if c.company != "" && chance(r, 8) {
		c.company += " " + pick(r, forms)
	}
	if chance(r, 15) {
		c.country = pick(r, p.country.names)
	}
	if c.state != "" && p.place.short != "" && chance(r, 20) {
		c.state = p.place.short
	}
}

// writePhone writes a number in one of the ways people do.
func writePhone(r *rand.Rand, p phone) string {
	half := len(p.number) / 2
	head, tail := p.number[:half], p.number[half:]
	switch r.IntN(6) {
	case 0:
		return "+" + p.dial + p.area + p.number
	case 1:
		return "00" + p.dial + " " + p.area + " " + head + " " + tail
	case 2:
		return fmt.Sprintf("(%s%s) %s-%s", p.trunk, p.area, head, tail)
	case 3:
		return fmt.Sprintf("%s%s.%s.%s", p.trunk, p.area, head, tail)
	case 4:
		return fmt.Sprintf("%s%s %s %s ext. %d", p.trunk, p.area, head, tail, 10+r.IntN(90))
	}
	return fmt.Sprintf("+%s (0)%s %s", p.dial, p.area, p.number)
}

// soilHubSpot leaves what HubSpot lets stand: spaces around text, and options deleted since.
// Its addresses are in lower case, for it stores them so.
func soilHubSpot(r *rand.Rand, c *card) {
	c.email = strings.ToLower(c.email)
	if chance(r, 4) && c.first != "" {
		c.first += " "
	}
	if chance(r, 3) && c.last != "" {
		c.last = "  " + c.last
	}
	if chance(r, 2) && c.title != "" {
		c.title = strings.ReplaceAll(c.title, " ", "  ") + " "
	}
	if chance(r, 2) {
		c.hsStatus = "CALL_LATER"
	}
}

// soilSalesforce leaves what Salesforce lets stand: addresses as typed, picklist text of old
// imports, and stand-ins for what it requires.
func soilSalesforce(r *rand.Rand, c *card) {
	switch n := r.IntN(100); {
	case n < 5:
		c.email = strings.ToUpper(c.email)
	case n < 9 && c.email != "":
		c.email = strings.ToUpper(c.email[:1]) + c.email[1:]
	}
	if chance(r, 3) {
		c.leadSource = pick(r, []string{"Trade Show 2019", "web", "Old CRM import"})
	}
	if chance(r, 2) {
		c.leadStatus = "Nurture"
	}
	if c.last == "" {
		c.last = pick(r, []string{"Unknown", "[not provided]", "-"})
	}
	if c.company == "" || chance(r, 3) {
		c.company = "[not provided]"
	}
}

// typo makes one error of the fingers in a word of some length: letters swapped, doubled, left out
// or hit beside.
func typo(r *rand.Rand, word string) string {
	letters := []rune(word)
	if len(letters) < 3 {
		return word
	}
	i := 1 + r.IntN(len(letters)-2)
	switch r.IntN(4) {
	case 0:
		letters[i], letters[i+1] = letters[i+1], letters[i]
	case 1:
		letters = append(letters[:i], append([]rune{letters[i]}, letters[i:]...)...)
	case 2:
		letters = append(letters[:i], letters[i+1:]...)
	default:
		letters[i] = rune('a' + r.IntN(26))
	}
	return string(letters)
}

// between draws an instant; from when there is nothing between.
func between(r *rand.Rand, from, to time.Time) time.Time {
	if span := to.Sub(from); span > 0 {
		return from.Add(time.Duration(r.Int64N(int64(span))))
	}
	return from
}
