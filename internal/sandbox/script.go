package sandbox

import (
	"errors"
	"fmt"
	"os"
	"reflect"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"lockstep/internal/crm"
)

// ReadFaults reads a fault script, the YAML that doc.go explains. Errors name the file and line.
func ReadFaults(path string) ([]Fault, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, crm.WithHint(fmt.Errorf("fault script: %w", err), "--faults takes a YAML file with the key faults")
	}
	return ParseFaults(path, text)
}

// ParseFaults reads a fault script from text, YAML or JSON; name stands in its errors.
func ParseFaults(name string, text []byte) (faults []Fault, err error) {
	defer func() {
		// The YAML package panics on some tags where a list is due, as in "faults: !x 0".
		if recover() != nil {
			faults, err = nil, scriptError(name, 1, errors.New("no YAML of this form"))
		}
	}()
	file, err := parser.ParseBytes(text, 0)
	if err != nil {
		return nil, scriptError(name, 1, err)
	}
	switch {
	case len(file.Docs) == 0 || file.Docs[0].Body == nil:
		return nil, crm.WithHint(fmt.Errorf("%s:1: no faults", name), "a script starts with the key faults and lists them below")
	case len(file.Docs) > 1:
		return nil, crm.WithHint(fmt.Errorf("%s: a second document", name), "a script is one YAML document: remove the ---")
	}
	var script struct {
		Faults []ast.Node `yaml:"faults"`
	}
	if err := yaml.NodeToValue(file.Docs[0].Body, &script, yaml.Strict()); err != nil {
		return nil, scriptError(name, 1, err)
	}
	faults = make([]Fault, len(script.Faults))
	for i, node := range script.Faults {
		if node == nil {
			return nil, scriptError(name, 1, fmt.Errorf("fault %d is empty", i+1))
		}
		at := node.GetToken().Position.Line
		if err := yaml.NodeToValue(node, &faults[i], yaml.Strict()); err != nil {
			return nil, scriptError(name, at, err)
		}
		if err := faults[i].check(); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, at, err)
		}
	}
	return faults, nil
}

// faultKeys are the keys of a fault, in the order of its fields.
func faultKeys() []string {
	var keys []string
	for f := range reflect.TypeFor[Fault]().Fields() {
		keys = append(keys, f.Tag.Get("yaml"))
	}
	return keys
}

// scriptError puts file and line before what the YAML package says, without its excerpt.
func scriptError(name string, at int, err error) error {
	text := err.Error()
	if e := yaml.Error(nil); errors.As(err, &e) {
		text = e.GetMessage()
		if token := e.GetToken(); token != nil && token.Position != nil {
			at = token.Position.Line
		}
	}
	if e := (*yaml.TypeError)(nil); errors.As(err, &e) {
		text = fmt.Sprintf("want %s, have %s", e.DstType, e.SrcType)
	}
	return crm.WithHint(fmt.Errorf("%s:%d: %s", name, at, text),
		"keys of a fault: %s", strings.Join(faultKeys(), ", "))
}
