package store

import (
	"fmt"
	"strings"
)

// Country is one entry of the state and country picklists.
type Country struct {
	Code, Name string
	States     []State
}

// State is a state of a country.
type State struct{ Code, Name string }

// UsePlaces turns states and countries of addresses into picklists: every address gets a code beside each of
// the two texts, and only what is listed is taken.
func (org *Org) UsePlaces(places []Country) error {
	if len(places) == 0 || org.places != nil {
		return fmt.Errorf("state and country picklists are set up once, with at least one country")
	}
	org.places = places
	var countries, states []Option
	for _, c := range places {
		countries = append(countries, Option{Value: c.Code, Label: c.Name})
		for _, s := range c.States {
			states = append(states, Option{Value: s.Code, Label: s.Name})
		}
	}
	for _, o := range org.Objects() {
		for _, f := range o.Fields {
			if f.Type != "address" {
				continue
			}
			prefix := strings.TrimSuffix(f.Name, "Address")
			spoken := strings.TrimSpace(prefix + " ")
			o.add(&Field{Name: prefix + "CountryCode", Label: strings.TrimSpace(spoken + " Country/Territory Code"), Type: "picklist", Length: 10,
				Createable: true, Updateable: true, Nillable: true, Restricted: true, Compound: f.Name, Options: countries})
			o.add(&Field{Name: prefix + "StateCode", Label: strings.TrimSpace(spoken + " State/Province Code"), Type: "picklist", Length: 10,
				Createable: true, Updateable: true, Nillable: true, Restricted: true, Compound: f.Name, Options: states})
			o.Changed = org.Now().Unix()
		}
	}
	return nil
}

// place checks states and countries of the addresses that the save touches, and fills in the text of a code and
// the code of a text.
func (c *change) place() Errors {
	var errs Errors
	for _, f := range c.object.Fields {
		if f.Type == "address" {
			prefix := strings.TrimSuffix(f.Name, "Address")
			if c.sets(prefix+"Country") || c.sets(prefix+"CountryCode") || c.sets(prefix+"State") || c.sets(prefix+"StateCode") {
				errs = append(errs, c.placeOf(prefix)...)
			}
		}
	}
	return errs
}

// sets tells whether the save writes a column.
func (c *change) sets(name string) bool {
	_, there := c.next[c.object.Field(name)]
	return there
}

const placeProblem = "There's a problem with this %s, even though it may appear correct. Please select a %s from the list of valid %s.: %s"

func (c *change) placeOf(prefix string) Errors {
	bad := func(name, kind, list string) Errors {
		f := c.object.Field(prefix + name)
		return Errors{refuse("FIELD_INTEGRITY_EXCEPTION", []string{f.Name}, placeProblem, kind, kind, list, f.Label)}
	}
	text, code := c.choice(prefix+"Country", prefix+"CountryCode")
	var country *Country
	for i := range c.Org.places {
		p := &c.Org.places[i]
		if strings.EqualFold(p.Name, text) && text != "" || p.Code == code && code != "" {
			country = p
			break
		}
	}
	if country == nil && (text != "" || code != "") || country != nil && text != "" && code != "" && (!strings.EqualFold(country.Name, text) || country.Code != code) {
		return bad("Country", "country/territory", "countries/territories")
	}
	stateText, stateCode := c.choice(prefix+"State", prefix+"StateCode")
	if country == nil {
		if stateText != "" || stateCode != "" {
			f := c.object.Field(prefix + "State")
			return Errors{refuse("FIELD_INTEGRITY_EXCEPTION", []string{f.Name}, "A country/territory must be specified before specifying a state value for field: %s", f.Label)}
		}
		c.write(prefix, Country{}, State{})
		return nil
	}
	var state State
	for _, s := range country.States {
		if strings.EqualFold(s.Name, stateText) && stateText != "" || s.Code == stateCode && stateCode != "" {
			state = s
			break
		}
	}
	if (stateText != "" || stateCode != "") && state.Code == "" || stateText != "" && stateCode != "" && (!strings.EqualFold(state.Name, stateText) || state.Code != stateCode) {
		return bad("State", "state", "states")
	}
	c.write(prefix, *country, state)
	return nil
}

// choice is the text and the code that the save means: of the two the one it sets, both when it sets both, and
// what is stored when it sets neither.
func (c *change) choice(text, code string) (string, string) {
	switch {
	case c.sets(text) && c.sets(code):
		return c.get(text).text, c.get(code).text
	case c.sets(text):
		return c.get(text).text, ""
	}
	return "", c.get(code).text
}

func (c *change) write(prefix string, country Country, state State) {
	c.put(prefix+"Country", textValue(country.Name))
	c.put(prefix+"CountryCode", textValue(country.Code))
	c.put(prefix+"State", textValue(state.Name))
	c.put(prefix+"StateCode", textValue(state.Code))
}
