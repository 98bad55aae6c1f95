package sandbox

import (
	"fmt"
	"math/rand/v2"
)

// country is where people live: its names, and how addresses and phone numbers are written there.
type country struct {
	names       []string // as people write it, the usual one first
	first, last []string
	places      []place
	streets     []string // "%d" is the house number
	dial        string   // the country's calling code, without +
	trunk       string   // what stands before the area code at home
	weight      int      // share of people, in percent
}

// place is a town with an area code. Numbers are from the ranges that the country's regulator keeps
// for fiction, where it keeps any: nobody's telephone rings.
type place struct {
	city, state, short string // short: the state as people abbreviate it
	zip                string // "#" is a digit, "@" a letter
	area               string
	number             string // the digits after the area code, "#" is a digit
}

var countries = []country{
	{
		names: []string{"United States", "USA", "US", "United States of America"},
		first: englishFirst, last: englishLast, dial: "1", trunk: "", weight: 34,
		streets: []string{"%d Main Street", "%d Oak Avenue", "%d Park Road", "%d 2nd Street, Suite 4", "%d Lake Drive"},
		places: []place{
			{"Boston", "Massachusetts", "MA", "021##", "617", "55501##"},
			{"Chicago", "Illinois", "IL", "606##", "312", "55501##"},
			{"Denver", "Colorado", "CO", "802##", "303", "55501##"},
			{"Portland", "Oregon", "OR", "972##", "503", "55501##"},
			{"Portland", "Maine", "ME", "041##", "207", "55501##"},
		},
	},
	{
		names: []string{"United Kingdom", "UK", "Great Britain", "GB"},
		first: englishFirst, last: englishLast, dial: "44", trunk: "0", weight: 18,
		streets: []string{"%d High Street", "%d Station Road", "Flat 2, %d Church Lane", "%d Mill Lane"},
		places: []place{
			{"London", "", "", "EC1A #@@", "20", "79460###"},
			{"Leeds", "West Yorkshire", "", "LS1 #@@", "113", "4960###"},
			{"Manchester", "Greater Manchester", "", "M1 #@@", "161", "4960###"},
		},
	},
	{
		names: []string{"Germany", "Deutschland", "DE"},
		first: germanFirst, last: germanLast, dial: "49", trunk: "0", weight: 13,
		streets: []string{"Hauptstraße %d", "Bahnhofstr. %d", "Am Mühlbach %d", "Lindenweg %da"},
		places: []place{
			{"Berlin", "Berlin", "BE", "101##", "30", "23125###"},
			{"Köln", "Nordrhein-Westfalen", "NRW", "506##", "221", "4710###"},
			{"München", "Bayern", "BY", "803##", "89", "99998###"},
		},
	},
	{
		names: []string{"France", "FR"},
		first: frenchFirst, last: frenchLast, dial: "33", trunk: "0", weight: 10,
		streets: []string{"%d rue de l'Église", "%d avenue de la Gare", "%d bis, rue Neuve"},
		places: []place{
			{"Paris", "Île-de-France", "", "750##", "1", "9900####"},
			{"Besançon", "Bourgogne-Franche-Comté", "", "250##", "3", "5301####"},
		},
	},
	{
		names: []string{"Canada", "CA"},
		first: englishFirst, last: englishLast, dial: "1", trunk: "", weight: 8,
		streets: []string{"%d Maple Street", "%d King Street West", "%d rue Principale"},
		places: []place{
			{"Toronto", "Ontario", "ON", "M5H #@#", "416", "55501##"},
			{"Montréal", "Québec", "QC", "H2Y #@#", "514", "55501##"},
		},
	},
	{
		names: []string{"Australia", "AU"},
		first: englishFirst, last: englishLast, dial: "61", trunk: "0", weight: 7,
		streets: []string{"%d George Street", "Unit 5, %d Beach Road"},
		places: []place{
			{"Sydney", "New South Wales", "NSW", "20##", "2", "5550####"},
			{"Melbourne", "Victoria", "VIC", "30##", "3", "5550####"},
		},
	},
	{
		names: []string{"Ireland", "Republic of Ireland", "IE"},
		first: irishFirst, last: irishLast, dial: "353", trunk: "0", weight: 4,
		streets: []string{"%d Main Street", "%d Quay Street"},
		places: []place{
			{"Dublin", "County Dublin", "Co. Dublin", "D02 @@##", "20", "91#####"},
			{"Dún Laoghaire", "County Dublin", "Co. Dublin", "A96 @@##", "20", "91#####"},
		},
	},
	{
		names: []string{"Sweden", "Sverige", "SE"},
		first: swedishFirst, last: swedishLast, dial: "46", trunk: "0", weight: 4,
		streets: []string{"Storgatan %d", "Östra Hamngatan %d"},
		places: []place{
			{"Malmö", "Skåne", "", "211 ##", "40", "62804##"},
			{"Stockholm", "Stockholms län", "", "111 ##", "8", "46500##"},
		},
	},
	{
		names: []string{"Netherlands", "The Netherlands", "NL"},
		first: worldFirst, last: worldLast, dial: "31", trunk: "0", weight: 2,
		streets: []string{"Dorpsstraat %d", "Kerkweg %d-II"},
		places: []place{
			{"Utrecht", "Utrecht", "", "3511 @@", "85", "00#####"},
			{"'s-Hertogenbosch", "Noord-Brabant", "", "5211 @@", "85", "00#####"},
		},
	},
}

// phone is a telephone number in its parts, to be written in many ways.
type phone struct{ dial, trunk, area, number string }

// international is the usual way: +44 20 79460123.
func (p phone) international() string { return fmt.Sprintf("+%s %s %s", p.dial, p.area, p.number) }

// fillIn replaces "#" by digits and "@" by letters.
func fillIn(r *rand.Rand, pattern string) string {
	out := []byte(pattern)
	for i, c := range out {
		switch c {
		case '#':
			out[i] = byte('0' + r.IntN(10))
		case '@':
			out[i] = "ABDEFGHJLNPQRSTUWXYZ"[r.IntN(20)]
		}
	}
	return string(out)
}

// anyCountry draws one by weight.
func anyCountry(r *rand.Rand) *country {
	n := r.IntN(100)
	for i := range countries {
		if n -= countries[i].weight; n < 0 {
			return &countries[i]
		}
	}
	return &countries[0]
}
