package sandbox

import (
	"strings"

	"lockstep/internal/sandbox/salesforce"
)

// listed are the countries of an org with state and country picklists, and the states of those that have some: the
// names that an org begins with, of which administrators keep those they want.
const listed = `AT Austria
AU Australia: ACT Australian Capital Territory, NSW New South Wales, NT Northern Territory, QLD Queensland, SA South Australia, TAS Tasmania, VIC Victoria, WA Western Australia
BE Belgium
CA Canada: AB Alberta, BC British Columbia, MB Manitoba, NB New Brunswick, NL Newfoundland and Labrador, NS Nova Scotia, NT Northwest Territories, NU Nunavut, ON Ontario, PE Prince Edward Island, QC Quebec, SK Saskatchewan, YT Yukon
CH Switzerland
DE Germany
DK Denmark
ES Spain
FI Finland
FR France
GB United Kingdom
IE Ireland: CO Cork, D Dublin, G Galway, KY Kerry, LK Limerick
IN India: DL Delhi, GA Goa, KA Karnataka, KL Kerala, MH Maharashtra, PB Punjab, TN Tamil Nadu
IT Italy
JP Japan
KR Korea, Republic of
MX Mexico: DF Federal District, JA Jalisco, YU Yucatán
NL Netherlands
NO Norway
NZ New Zealand
PL Poland
PT Portugal
SE Sweden
US United States: AL Alabama, AK Alaska, AZ Arizona, AR Arkansas, CA California, CO Colorado, CT Connecticut, DE Delaware, DC District of Columbia, FL Florida, GA Georgia, HI Hawaii, ID Idaho, IL Illinois, IN Indiana, IA Iowa, KS Kansas, KY Kentucky, LA Louisiana, ME Maine, MD Maryland, MA Massachusetts, MI Michigan, MN Minnesota, MS Mississippi, MO Missouri, MT Montana, NE Nebraska, NV Nevada, NH New Hampshire, NJ New Jersey, NM New Mexico, NY New York, NC North Carolina, ND North Dakota, OH Ohio, OK Oklahoma, OR Oregon, PA Pennsylvania, RI Rhode Island, SC South Carolina, SD South Dakota, TN Tennessee, TX Texas, UT Utah, VT Vermont, VA Virginia, WA Washington, WV West Virginia, WI Wisconsin, WY Wyoming`

// listedPlaces reads the list.
func listedPlaces() []salesforce.Country {
	var all []salesforce.Country
	for line := range strings.Lines(listed) {
		country, states, some := strings.Cut(strings.TrimSpace(line), ": ")
		code, name, _ := strings.Cut(country, " ")
		c := salesforce.Country{Code: code, Name: name}
		if some {
			for state := range strings.SplitSeq(states, ", ") {
				code, name, _ := strings.Cut(state, " ")
				c.States = append(c.States, salesforce.State{Code: code, Name: name})
			}
		}
		all = append(all, c)
	}
	return all
}
