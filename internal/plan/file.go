package plan

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"lockstep/internal/crm"
)

// file is a saved plan: the plan's JSON, and a checksum over that JSON without its white space.
type file struct {
	Format   string          `json:"format"`
	Checksum string          `json:"checksum"`
	Plan     json.RawMessage `json:"plan"`
}

const format = "lockstep plan 1"

// ErrEdited is returned by ReadFile when the file is not as WriteFile left it.
var ErrEdited = errors.New("the file was edited after it was planned")

// JSON is the plan for a program to review.
func (p *Plan) JSON() ([]byte, error) { return json.MarshalIndent(p, "", "  ") }

// WriteFile saves the plan. The file is readable by its owner alone, for it holds people's data.
func WriteFile(path string, p *Plan) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("plan.WriteFile(%s): %w", path, err)
		}
	}()
	inner, err := json.Marshal(p)
	if err != nil {
		return err
	}
	text, err := json.MarshalIndent(file{format, checksum(inner), inner}, "", "  ")
	if err != nil {
		return err
	}
	// Renamed into place: a reader, or a crash, never meets half a plan.
	f, err := os.CreateTemp(filepath.Dir(path), ".plan-*")
	if err != nil {
		return err
	}
	_, err = f.Write(append(text, '\n'))
	if err := errors.Join(err, f.Close()); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return os.Rename(f.Name(), path)
}

// ReadFile reads a saved plan, and refuses the whole of one that was edited: white space aside, any
// difference counts, the lines that only a person reads among them.
func ReadFile(path string) (*Plan, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, crm.WithHint(fmt.Errorf("plan %s: %w", path, err), "`lockstep plan --out FILE` writes one")
	}
	var f file
	if err := strict(text, &f); err != nil || f.Format != format {
		if err == nil {
			err = fmt.Errorf("its format is %q, want %q", f.Format, format)
		}
		return nil, crm.WithHint(fmt.Errorf("%s is no saved plan: %w", path, err), "`lockstep plan --out FILE` writes one")
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, f.Plan); err != nil {
		return nil, fmt.Errorf("plan %s: %w", path, err)
	}
	if got := checksum(compact.Bytes()); got != f.Checksum {
		return nil, crm.WithHint(fmt.Errorf("%s: %w: its content is %.19s…, its checksum %.19s…", path, ErrEdited, got, f.Checksum),
			"nothing of it is applied; plan again with `lockstep plan --out FILE`, and leave a change out by the mapping or by same_as.csv")
	}
	var p Plan
	if err := strict(f.Plan, &p); err != nil {
		return nil, fmt.Errorf("plan %s: %w", path, err)
	}
	return &p, nil
}

func checksum(text []byte) string {
	sum := sha256.Sum256(text)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// strict decodes one JSON value and refuses keys that v does not have, and anything after the value.
func strict(text []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something stands after its end")
	}
	return nil
}
