package portal

import (
	"embed"
	"encoding/csv"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Property is the definition of one property of an object.
type Property struct {
	Name, Label, Description string
	Type, FieldType          string
	Group                    string
	Options                  []Option
	RefersTo                 string // OWNER, COMPANY, …; empty for most
	DisplayOrder             int
	Calculated, External     bool
	Hidden, FormField        bool
	HubSpotDefined           bool
	Unique                   bool // hasUniqueValue; contact e-mail is unique without it
	ReadOnlyValue            bool
	ReadOnlyDefinition       bool
	Archivable               bool // though HubSpot's own and not fixed; all that are fixed are
	ReadOnlyOptions          bool
	CreatedAt, UpdatedAt     time.Time
	Archived                 bool
	Sensitivity              string       // sensitive or highly_sensitive; empty for all others
	Validations              []Validation // an admin's rules for its values

	col     uint16              // its number in packed rows
	compute func(Record) string // for values that no row stores; nil otherwise
	choices func() []Option     // for options that follow something else; nil otherwise
}

// Choices are the property's options as they are now.
func (p *Property) Choices() []Option {
	if p.choices != nil {
		return p.choices()
	}
	return p.Options
}

// Option is one value of an enumeration.
type Option struct {
	Label        string `json:"label"`
	Value        string `json:"value"`
	Description  string `json:"description"`
	DisplayOrder int    `json:"displayOrder"`
	Hidden       bool   `json:"hidden"`
}

// Multi says whether a value is a set, joined by semicolons.
func (p *Property) Multi() bool { return p.Type == "enumeration" && p.FieldType == "checkbox" }

// option finds an option by its exact value.
func (p *Property) option(value string) (Option, bool) {
	for _, o := range p.Choices() {
		if o.Value == value {
			return o, true
		}
	}
	return Option{}, false
}

// Group is a heading under which properties stand.
type Group struct {
	Name         string `json:"name"`
	Label        string `json:"label"`
	DisplayOrder int    `json:"displayOrder"`
	Archived     bool   `json:"archived"`
}

// The files properties*.csv and options.csv hold HubSpot's default properties: object, name, label, type, …; flags are words.
// The object "*" is every one, "activity" is every activity; an object's own line goes before theirs.
var (
	//go:embed properties*.csv
	propertyFiles embed.FS
	//go:embed options.csv
	optionsCSV string

	propertyRows = sync.OnceValue(func() map[string][][]string {
		files, err := propertyFiles.ReadDir(".")
		if err != nil {
			panic("portal: embedded " + err.Error())
		}
		rows := map[string][][]string{}
		for _, f := range files {
			text, err := propertyFiles.ReadFile(f.Name())
			if err != nil {
				panic("portal: embedded " + err.Error())
			}
			for _, r := range rowsOf(string(text)) {
				rows[r[0]] = append(rows[r[0]], r)
			}
		}
		return rows
	})
	optionRows = sync.OnceValue(func() map[[2]string][]Option {
		options := map[[2]string][]Option{}
		for _, r := range rowsOf(optionsCSV) {
			at := [2]string{r[0], r[1]}
			options[at] = append(options[at], Option{Value: r[2], Label: r[3], DisplayOrder: len(options[at])})
		}
		return options
	})
)

func rowsOf(text string) [][]string {
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		panic("portal: embedded " + err.Error()) // the file is part of the program
	}
	return rows[1:]
}

// born is when HubSpot says its own properties were made.
var born = time.Date(2020, 6, 30, 15, 57, 36, 383e6, time.UTC)

// defaultProperties are an object's properties in a new account, with the groups they stand in.
func defaultProperties(k kind) ([]*Property, []Group) {
	rows := slices.Clone(propertyRows()[k.plural])
	if k.isActivity() {
		rows = append(rows, propertyRows()["activity"]...)
	}
	if k.scope == "custom" {
		rows = append(rows, propertyRows()["custom"]...)
	}
	rows = append(rows, propertyRows()["*"]...)
	groups := slices.Clone(defaultGroups[k.plural])
	if groups == nil {
		word := strings.ReplaceAll(k.singular, "_", " ")
		name := rows[0][5]
		if k.scope == "custom" {
			name = k.singular + "_information"
		}
		groups = []Group{{Name: name, Label: strings.ToUpper(word[:1]) + word[1:] + " information"}}
	}
	seen := map[string]bool{}
	var all []*Property
	for _, r := range rows {
		if seen[r[1]] {
			continue
		}
		seen[r[1]] = true
		order, _ := strconv.Atoi(r[8])
		p := &Property{
			Name: r[1], Label: r[2], Type: r[3], FieldType: r[4], Group: groupOf(r, groups), RefersTo: r[7], DisplayOrder: order,
			HubSpotDefined: true, CreatedAt: born, UpdatedAt: born, Options: optionRows()[[2]string{r[0], r[1]}],
		}
		for flag := range strings.FieldsSeq(r[6]) {
			switch flag {
			case "read-only":
				p.ReadOnlyValue = true
			case "fixed":
				p.ReadOnlyDefinition = true
			case "archivable":
				p.Archivable = true
			case "fixed-options":
				p.ReadOnlyOptions = true
			case "calculated":
				p.Calculated = true
			case "external":
				p.External = true
			case "hidden":
				p.Hidden = true
			case "form":
				p.FormField = true
			default:
				panic("portal: properties.csv: unknown flag " + flag)
			}
		}
		if p.Type == "bool" && p.Options == nil {
			p.Options = []Option{{Label: "True", Value: "true"}, {Label: "False", Value: "false", DisplayOrder: 1}}
		}
		all = append(all, p)
	}
	return all, groups
}

// groupOf is the group of a line; lines of many objects stand in the first group of each.
func groupOf(r []string, groups []Group) string {
	if r[0] == "*" || r[0] == "activity" || r[0] == "custom" {
		return groups[0].Name
	}
	return r[5]
}

// defaultGroups names the groups that the default properties stand in.
var defaultGroups = map[string][]Group{
	"contacts": {
		{Name: "contactinformation", Label: "Contact information"}, {Name: "contact_activity", Label: "Contact activity", DisplayOrder: 1},
		{Name: "analyticsinformation", Label: "Web analytics history", DisplayOrder: 2}, {Name: "emailinformation", Label: "Email information", DisplayOrder: 3},
		{Name: "conversioninformation", Label: "Conversion information", DisplayOrder: 4}, {Name: "sales_properties", Label: "Sales properties", DisplayOrder: 5},
		{Name: "deal_information", Label: "Deal information", DisplayOrder: 6}, {Name: "socialmediainformation", Label: "Social media information", DisplayOrder: 7},
		{Name: "facebook_ads_properties", Label: "Facebook ads properties", DisplayOrder: 8},
	},
	"companies": {
		{Name: "companyinformation", Label: "Company information"}, {Name: "socialmediainformation", Label: "Social media information", DisplayOrder: 1},
	},
}

// NameShape is what a property may be called.
var NameShape = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
