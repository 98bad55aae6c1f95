package plan

import "fmt"

// Action is what becomes of a record. Its value is the symbol the plan prints.
type Action rune

// The actions. Words, not symbols, stand in JSON and in the warehouse.
const (
	Create Action = '+'
	Change Action = '~'
	Delete Action = '-'
	Link   Action = '='
)

var words = map[Action]string{Create: "create", Change: "update", Delete: "delete", Link: "link"}

// ParseAction reads the word that plan.change holds.
func ParseAction(word string) (Action, error) {
	for a, w := range words {
		if w == word {
			return a, nil
		}
	}
	return 0, fmt.Errorf("%q is no action", word)
}

// Word is "create", "update", "delete" or "link".
func (a Action) Word() string { return words[a] }

// String is the symbol.
func (a Action) String() string { return string(rune(a)) }

// MarshalText implements encoding.TextMarshaler with the word.
func (a Action) MarshalText() ([]byte, error) { return []byte(a.Word()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (a *Action) UnmarshalText(text []byte) (err error) {
	*a, err = ParseAction(string(text))
	return err
}
