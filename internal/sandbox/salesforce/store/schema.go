package store

import (
	"embed"
	"fmt"
	"strconv"
	"strings"
)

//go:embed schema/*.txt
var schemaFiles embed.FS

// schema reads the objects of a new org. The files are part of the program, so a fault in them is one
// of the program, and panics.
func schema(now int64, files ...string) []*Object {
	picklists := readPicklists()
	var out []*Object
	for _, file := range files {
		text, err := schemaFiles.ReadFile("schema/" + file + ".txt")
		if err != nil {
			panic(err)
		}
		for n, line := range strings.Split(string(text), "\n") {
			words := split(line)
			if len(words) == 0 || strings.HasPrefix(words[0], "#") {
				continue
			}
			if words[0] == "object" {
				out = append(out, newObject(words[1:], now))
				continue
			}
			o := out[len(out)-1]
			fields, err := readFields(words, picklists)
			if err != nil {
				panic(fmt.Sprintf("schema/%s.txt:%d: %v", file, n+1, err))
			}
			for _, f := range fields {
				o.add(f)
			}
		}
	}
	return out
}

// split cuts a line at blanks, keeping "quoted words" whole.
func split(line string) []string {
	var out []string
	for i, part := range strings.Split(line, `"`) {
		if i%2 == 1 {
			out = append(out, part)
			continue
		}
		out = append(out, strings.Fields(part)...)
	}
	return out
}

func newObject(words []string, now int64) *Object {
	o := &Object{
		Name: words[0], Prefix: words[1], Label: words[2], Plural: words[3], Changed: now, nature: natureOf(words[0]),
		byName: map[string]*Field{}, relations: map[string]*Field{}, byID: map[ID]int32{},
	}
	for _, w := range words[4:] {
		if from, ok := strings.CutPrefix(w, "from="); ok { // objects that share a prefix number their ids apart
			o.created, _ = strconv.Atoi(from)
		}
		if is, ok := strings.CutPrefix(w, "is="); ok {
			o.Traits = strings.Split(is, ",")
		}
		switch w {
		case "create":
			o.Createable = true
		case "update":
			o.Updateable = true
		case "delete":
			o.Deletable = true
		case "merge":
			o.Mergeable, o.Layout = true, true
		case "layout":
			o.Layout = true
		case "tooling":
			o.Tooling = true
		}
	}
	return o
}

const auditFields = `CreatedDate datetime - d "Created Date"
CreatedById reference 18 d "Created By ID" to=User rel=CreatedBy
LastModifiedDate datetime - d "Last Modified Date"
LastModifiedById reference 18 d "Last Modified By ID" to=User rel=LastModifiedBy
SystemModstamp datetime - d "System Modstamp"`

const addressFields = `Street textarea 255 cunp "$ Street" in=$Address extra=plaintextarea
City string 40 cunp "$ City" in=$Address
State string 80 cunp "$ State/Province" in=$Address
PostalCode string 20 cunp "$ Zip/Postal Code" in=$Address
Country string 80 cunp "$ Country" in=$Address
Latitude double 18,15 cunp "$ Latitude" in=$Address
Longitude double 18,15 cunp "$ Longitude" in=$Address
GeocodeAccuracy picklist 40 cunrp "$ Geocode Accuracy" in=$Address pick=GeocodeAccuracy
Address address - np "$ Address"`

// readFields reads one line: a field, or a word that stands for several.
func readFields(words []string, picklists map[string][]Option) ([]*Field, error) {
	var out []*Field
	switch words[0] {
	case "audit":
		for _, line := range strings.Split(auditFields, "\n") {
			f, err := readField(split(line), picklists)
			if err != nil {
				return nil, err
			}
			out = append(out, f)
		}
		return out, nil
	case "address":
		prefix := strings.Trim(words[1], "-")
		for _, line := range strings.Split(addressFields, "\n") {
			w := split(strings.ReplaceAll(strings.ReplaceAll(line, `"$ `, `"`+strings.TrimPrefix(prefix+" ", " ")), "$", prefix))
			w[0] = prefix + w[0]
			f, err := readField(w, picklists)
			if err != nil {
				return nil, err
			}
			out = append(out, f)
		}
		return out, nil
	}
	f, err := readField(words, picklists)
	return []*Field{f}, err
}

func readField(words []string, picklists map[string][]Option) (*Field, error) {
	if len(words) < 5 {
		return nil, fmt.Errorf("want name, type, length, flags and label, have %d words", len(words))
	}
	f := &Field{Name: words[0], Type: words[1], Label: words[4]}
	precision, scale, _ := strings.Cut(words[2], ",")
	size, _ := strconv.Atoi(precision)
	switch f.kind() {
	case Number:
		f.Precision = size
		f.Scale, _ = strconv.Atoi(scale)
	case Integer:
		f.Digits = size
	default:
		f.Length = size
	}
	for _, flag := range words[3] {
		switch flag {
		case 'c':
			f.Createable = true
		case 'u':
			f.Updateable = true
		case 'n':
			f.Nillable = true
		case 'd':
			f.Defaulted = true
		case 'k':
			f.IDLookup = true
		case 'r':
			f.Restricted = true
		case 'p':
			f.Governable = true
		case 'x':
			f.Prefilterable = true
		case 'm':
			f.NameField = true
		case 'S':
			f.lacks.sort = true
		case 'F':
			f.lacks.filter, f.lacks.sort = true, true
		case 'G':
			f.lacks.group = true
		case 'A':
			f.lacks.aggregate = true
		case '-':
		default:
			return nil, fmt.Errorf("flag %q is unknown", flag)
		}
	}
	f.IDLookup = f.IDLookup || f.Type == "id"
	for _, w := range words[5:] {
		k, v, _ := strings.Cut(w, "=")
		switch k {
		case "in":
			f.Compound = v
		case "to":
			f.RefersTo = strings.Split(v, ",")
		case "rel":
			f.Relationship = v
		case "extra":
			f.Extra = v
		case "default":
			f.Default = v
		case "unique":
			f.Unique = true
		case "children":
			f.ChildName = v
		case "cascade":
			f.OnDelete = Cascade
		case "restrict":
			f.OnDelete = Restrict
		case "index":
			f.index = newTextIndex()
		case "auto":
			f.AutoNumber = v
		case "from":
			f.numbered, _ = strconv.Atoi(v)
		case "pick":
			f.Options = picklists[v]
			if f.Options == nil {
				return nil, fmt.Errorf("picklist %q is unknown", v)
			}
			for _, o := range f.Options {
				if o.Default {
					f.Default = o.Value
				}
			}
		default:
			return nil, fmt.Errorf("option %q is unknown", w)
		}
	}
	return f, nil
}

func readPicklists() map[string][]Option {
	text, err := schemaFiles.ReadFile("schema/picklists.txt")
	if err != nil {
		panic(err)
	}
	out := map[string][]Option{}
	for _, line := range strings.Split(string(text), "\n") {
		name, values, ok := strings.Cut(line, ": ")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		for _, v := range strings.Split(values, " | ") {
			value, label, differs := strings.Cut(strings.TrimPrefix(v, "*"), " : ")
			if !differs {
				label = value
			}
			o := Option{Value: value, Label: label, Default: strings.HasPrefix(v, "*")}
			out[name] = append(out[name], o)
		}
	}
	return out
}
