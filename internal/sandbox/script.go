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

// ReadFaults reads a fault script, the YAML that faults_doc.go explains. Errors name the file and line.
func ReadFaults(path string) ([]Fault, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, crm.WithHint(fmt.Errorf("fault script: %w", err), "--faults takes a YAML file with the key faults")
	}
	return ParseFaults(path, text)
}

// ParseFaults reads a fault script from text, YAML or JSON; name stands in its errors.
func ParseFaults(name string, text []byte) ([]Fault, error) {
	return parseScript(name, text, "faults", "fault", Fault.check)
}

// ReadAutomation reads a file of rules that rewrite fields, the YAML that doc.go explains.
func ReadAutomation(path string) ([]Automation, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, crm.WithHint(fmt.Errorf("automation: %w", err), "--automation takes a YAML file with the key automation")
	}
	return ParseAutomation(path, text)
}

// ParseAutomation reads rules from text, YAML or JSON; name stands in its errors.
func ParseAutomation(name string, text []byte) ([]Automation, error) {
	return parseScript(name, text, "automation", "rule", Automation.check)
}

// parseScript reads one document of one key, below it a list of what word names. Unknown keys are refused.
func parseScript[T any](name string, text []byte, key, word string, check func(T) error) (list []T, err error) {
	hint := fmt.Sprintf("keys of a %s: %s", word, strings.Join(keysOf[T](), ", "))
	wrong := func(at int, err error) error { return scriptError(name, at, err, hint) }
	defer func() {
		// The YAML package panics on some tags where a list is due, as in "faults: !x 0".
		if recover() != nil {
			list, err = nil, wrong(1, errors.New("no YAML of this form"))
		}
	}()
	file, err := parser.ParseBytes(text, 0)
	if err != nil {
		return nil, wrong(1, err)
	}
	switch {
	case len(file.Docs) == 0 || file.Docs[0].Body == nil:
		return nil, crm.WithHint(fmt.Errorf("%s:1: no %s", name, key), "a script starts with the key %s and lists them below", key)
	case len(file.Docs) > 1:
		return nil, crm.WithHint(fmt.Errorf("%s: a second document", name), "a script is one YAML document: remove the ---")
	}
	var script map[string][]ast.Node
	if err := yaml.NodeToValue(file.Docs[0].Body, &script, yaml.Strict()); err != nil {
		return nil, wrong(1, err)
	}
	for other := range script {
		if other != key {
			return nil, wrong(1, fmt.Errorf("unknown field %q", other))
		}
	}
	list = make([]T, len(script[key]))
	for i, node := range script[key] {
		if node == nil {
			return nil, wrong(1, fmt.Errorf("%s %d is empty", word, i+1))
		}
		at := node.GetToken().Position.Line
		if err := yaml.NodeToValue(node, &list[i], yaml.Strict()); err != nil {
			return nil, wrong(at, err)
		}
		if err := check(list[i]); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, at, err)
		}
	}
	return list, nil
}

// keysOf are the keys of one element, in the order of its fields.
func keysOf[T any]() []string {
	var keys []string
	for f := range reflect.TypeFor[T]().Fields() {
		keys = append(keys, f.Tag.Get("yaml"))
	}
	return keys
}

// scriptError puts file and line before what the YAML package says, without its excerpt.
func scriptError(name string, at int, err error, hint string) error {
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
	return crm.WithHint(fmt.Errorf("%s:%d: %s", name, at, text), "%s", hint)
}
