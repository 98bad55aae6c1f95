package entity

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"lockstep/internal/crm"
)

// sameAs is the file of an entity that a person's answers stand in.
const sameAs = "same_as.csv"

// Answer is one row of same_as.csv: a person says that two records are, or are not, the same.
type Answer struct {
	HubSpotObject, HubSpotID, SalesforceObject, SalesforceID string
	Same                                                     bool
}

// answerHead is the first line of same_as.csv.
var answerHead = []string{"hubspot_object", "hubspot_id", "salesforce_object", "salesforce_id", "same"}

func readSameAs(fsys fs.FS, name string) ([]Answer, error) {
	b, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, err
	}
	file := "sql/" + name
	var all []Answer
	err = eachRow(file, string(b), answerHead, func(line int, r []string) error {
		if r[4] != "yes" && r[4] != "no" {
			return crm.WithHint(fmt.Errorf("%s:%d: same %q", file, line, r[4]), "same is yes or no")
		}
		for _, cell := range r {
			if cell == "" {
				return crm.WithHint(fmt.Errorf("%s:%d: an empty cell", file, line), "an answer names both records, each with its object, and yes or no")
			}
		}
		all = append(all, Answer{r[0], r[1], r[2], r[3], r[4] == "yes"})
		return nil
	})
	return all, err
}

// Said is what a person said of these two records, if he did.
func (e *Entity) Said(hubspot, salesforce crm.Record) (same, said bool) {
	for _, a := range slices.Backward(e.SameAs) {
		if a.about(hubspot, salesforce) {
			return a.Same, true
		}
	}
	return false, false
}

func (a Answer) about(hubspot, salesforce crm.Record) bool {
	return a.HubSpotObject == hubspot.Object.Name && a.HubSpotID == hubspot.ID && a.SalesforceObject == salesforce.Object.Name && a.SalesforceID == salesforce.ID
}

// line is the row of same_as.csv, without its end.
func (a Answer) line() string {
	var b strings.Builder
	w := csv.NewWriter(&b)
	_ = w.Write([]string{a.HubSpotObject, a.HubSpotID, a.SalesforceObject, a.SalesforceID, map[bool]string{true: "yes", false: "no"}[a.Same]}) // a Builder takes everything
	w.Flush()
	return strings.TrimSuffix(b.String(), "\n")
}

// Note writes a person's answer into same_as.csv of an entity, below dir, the project's sql/: in the place of an earlier
// answer about the same two records, else as the last line. sql is dir over the defaults: a file that is not in dir yet
// begins as the default one. It returns the line written. Whoever reads meanwhile sees the file as it was or as it is.
func Note(dir string, sql fs.FS, name string, a Answer) (line string, err error) {
	line = a.line()
	file := "sql/" + name + "/" + sameAs
	defer func() {
		if err != nil {
			err = crm.WithHint(fmt.Errorf("%s: %w", file, err), "where the project is deployed from a repository, add the line there: %s", line)
		}
	}()
	text, err := fs.ReadFile(sql, path.Join(name, sameAs))
	if errors.Is(err, fs.ErrNotExist) {
		text, err = []byte(strings.Join(answerHead, ",")+"\n"), nil
	}
	if err != nil {
		return line, err
	}
	into := filepath.Join(dir, name)
	if err := os.MkdirAll(into, 0o755); err != nil {
		return line, err
	}
	// Beside the folder: a file of another name in an entity's folder is a mistake in the project.
	temp, err := os.CreateTemp(dir, "."+sameAs+"-*")
	if err != nil {
		return line, err
	}
	defer func() { _ = os.Remove(temp.Name()) }() // it has its own name by then, or is of no use
	_, err = temp.WriteString(noted(string(text), a))
	if err = errors.Join(err, temp.Chmod(0o644), temp.Sync(), temp.Close()); err != nil {
		return line, err
	}
	return line, os.Rename(temp.Name(), filepath.Join(into, sameAs))
}

// noted is the text with the answer in it; comments and all other lines stay as they are.
func noted(text string, a Answer) string {
	var b strings.Builder
	written := false
	for l := range strings.Lines(text) {
		cells, err := csv.NewReader(strings.NewReader(strings.TrimSpace(l))).Read()
		if err == nil && len(cells) == len(answerHead) && !strings.HasPrefix(l, "#") {
			for i := range cells {
				cells[i] = strings.TrimSpace(cells[i])
			}
			if a.HubSpotObject == cells[0] && a.HubSpotID == cells[1] && a.SalesforceObject == cells[2] && a.SalesforceID == cells[3] {
				if !written {
					b.WriteString(a.line() + "\n")
				}
				written = true
				continue
			}
		}
		b.WriteString(l)
	}
	if !written {
		if b.Len() > 0 && !strings.HasSuffix(text, "\n") {
			b.WriteByte('\n')
		}
		b.WriteString(a.line() + "\n")
	}
	return b.String()
}
