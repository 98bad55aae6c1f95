package salesforce

import (
	"fmt"
	"strconv"
	"strings"
)

// Has says whether the org has an object by that name.
func (s *Server) Has(object string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.org.Object(object) != nil
}

// DefineColumn makes a custom field, and the custom object it is of if there is none yet. The row says column, type (the
// metadata's word, as in Text or Lookup), length, scale, values joined by ";", and refers_to. A row without a column makes
// the object alone; of the type RecordType it is a record type, by its developer name.
func (s *Server) DefineColumn(object string, row map[string]string) error {
	if !s.Has(object) && strings.HasSuffix(object, "__c") {
		if err := s.DefineObject(CustomObject{Name: object}); err != nil {
			return err
		}
	}
	if row["column"] == "" {
		return nil
	}
	if row["type"] == "RecordType" {
		_, err := s.DefineRecordType(object, RecordType{Name: row["column"]})
		return err
	}
	f := CustomField{Name: row["column"], Type: row["type"], Restricted: true}
	for name, to := range map[string]*int{"length": &f.Length, "scale": &f.Scale} {
		if row[name] == "" {
			continue
		}
		var err error
		if *to, err = strconv.Atoi(row[name]); err != nil {
			return fmt.Errorf("%s %q is no number", name, row[name])
		}
	}
	if f.Length == 0 {
		f.Length = longest[f.Type]
	}
	f.Precision = 18
	for v := range strings.FieldsFuncSeq(row["values"], func(r rune) bool { return r == ';' }) {
		f.Values = append(f.Values, Option{Value: v})
	}
	if row["refers_to"] != "" {
		f.RefersTo, f.Relationship = strings.Split(row["refers_to"], ";"), strings.ReplaceAll(strings.TrimSuffix(object, "__c"), "_", "")+"s"
	}
	return s.DefineField(object, f)
}
