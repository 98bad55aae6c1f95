package project

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/parser"

	"lockstep/internal/crm"
)

// DecodeYAML decodes one YAML document into v and refuses keys that v does not have. Errors say
// name:line. Keys absent from text leave v as it was.
func DecodeYAML(name string, text []byte, v any) error {
	d := yaml.NewDecoder(bytes.NewReader(text), yaml.Strict())
	err := d.Decode(v)
	if errors.Is(err, io.EOF) {
		return nil // an empty file, or comments alone
	}
	if err == nil {
		var more any
		if err := d.Decode(&more); !errors.Is(err, io.EOF) {
			return crm.WithHint(fmt.Errorf("%s: more than one document", name), "remove the line --- and what follows it")
		}
		return nil
	}
	return yamlError(name, err)
}

// yamlError rewrites the library's error, which spans many lines, as name:line: what.
func yamlError(name string, err error) error {
	var y yaml.Error
	if !errors.As(err, &y) {
		return fmt.Errorf("%s: %w", name, err)
	}
	where := name
	if t := y.GetToken(); t != nil && t.Position != nil {
		where = fmt.Sprintf("%s:%d", name, t.Position.Line)
	}
	message, _, _ := strings.Cut(y.GetMessage(), "\n")
	var unknown *yaml.UnknownFieldError
	if errors.As(err, &unknown) {
		return crm.WithHint(fmt.Errorf("%s: %s", where, strings.Replace(message, "unknown field", "unknown key", 1)),
			"known keys are explained in the file that `lockstep init` writes; check the spelling and the indentation")
	}
	// Go's type names mean nothing to the reader of a YAML file.
	if _, after, ok := strings.Cut(message, " into Go struct field "); ok {
		_, kind, _ := strings.Cut(after, " of type ")
		message = fmt.Sprintf("the value is not of type %s", kind)
	}
	return crm.WithHint(fmt.Errorf("%s: %s", where, message), "it must be YAML as in the file that `lockstep init` writes")
}

// Position is "name:line" of a dotted key, for errors about values that decode but cannot be meant; name
// alone where the text does not have the key.
func Position(name string, text []byte, key string) string {
	file, err := parser.ParseBytes(text, 0)
	if err != nil {
		return name
	}
	path, err := yaml.PathString("$." + key)
	if err != nil {
		return name
	}
	node, err := path.FilterFile(file)
	if err != nil || node == nil {
		return name
	}
	return fmt.Sprintf("%s:%d", name, node.GetToken().Position.Line)
}
