package sandbox

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"lockstep/internal/crm"
)

// loadSystem inserts every *.csv of a folder into one CRM; a file is named after its object.
func loadSystem(ctx context.Context, dir string, system crm.System, sims map[crm.System]simulator) error {
	paths, err := csvFiles(dir)
	if err != nil {
		return err
	}
	for _, path := range paths {
		object := crm.Object{System: system, Name: stem(path)}
		if err := loadFile(ctx, path, object, sims[system]); err != nil {
			return err
		}
	}
	return nil
}

// loadBoth inserts the folder's files named <system>.<Object>.csv; others, a list of true pairs
// say, are left alone.
func loadBoth(ctx context.Context, dir string, sims map[crm.System]simulator) error {
	paths, err := csvFiles(dir)
	if err != nil {
		return err
	}
	if err := loadColumns(dir, sims); err != nil {
		return err
	}
	loaded := 0
	for _, path := range paths {
		object, err := crm.ParseObject(stem(path))
		if err != nil {
			continue
		}
		if err := loadFile(ctx, path, object, sims[object.System]); err != nil {
			return err
		}
		loaded++
	}
	if loaded == 0 {
		return crm.WithHint(fmt.Errorf("%s: no file is named <system>.<Object>.csv", dir), "as in hubspot.contacts.csv and salesforce.Lead.csv")
	}
	return nil
}

// csvFiles lists a folder's *.csv by name, those of associations last, as they need their records; none is an error.
func csvFiles(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, crm.WithHint(fmt.Errorf("load: %w", err), "name a folder of CSV files, one per object")
	}
	var paths []string
	for _, e := range entries {
		if !e.IsDir() && filepath.Ext(e.Name()) == ".csv" {
			paths = append(paths, filepath.Join(dir, e.Name()))
		}
	}
	if len(paths) == 0 {
		return nil, crm.WithHint(fmt.Errorf("load: no *.csv in %s", dir), "put one CSV file per object there, as in contacts.csv or Lead.csv")
	}
	slices.SortStableFunc(paths, func(a, b string) int {
		switch {
		case isAssociations(a) == isAssociations(b):
			return 0
		case isAssociations(a):
			return 1
		}
		return -1
	})
	return paths, nil
}

// stem is a file's name without folder and .csv.
func stem(path string) string { return strings.TrimSuffix(filepath.Base(path), ".csv") }

// loadFile inserts one file's records, as they stand. Its first line names columns in the CRM's
// spelling; those that the CRM's metadata lacks become custom ones.
func loadFile(ctx context.Context, path string, object crm.Object, sim simulator) error {
	insert := func(values map[string]string) error {
		_, err := sim.Insert(object.Name, values)
		return err
	}
	hint := "records are taken as they stand, but ids must be well formed and used once"
	if a, can := sim.(associator); can && object.Name == associationsFile {
		insert = func(values map[string]string) error { return associateRow(a, values) }
		hint = "each line names two records of the other files by object and id, and a label they can have or none"
	} else if !has(sim, object.Name) {
		return crm.WithHint(fmt.Errorf("%s: the sandbox has no %s", path, object), "name the file after one of: %s", strings.Join(sim.Objects(), ", "))
	}
	file, err := os.Open(path)
	if err != nil {
		return crm.WithHint(fmt.Errorf("load: %w", err), "make the file readable")
	}
	defer file.Close()
	rows := csv.NewReader(file)
	rows.ReuseRecord = true
	first, err := rows.Read()
	if errors.Is(err, io.EOF) {
		return crm.WithHint(fmt.Errorf("%s:1: no header", path), "the first line names the columns in the CRM's spelling")
	}
	if err != nil {
		return rowError(path, rows, err, 0)
	}
	columns := slices.Clone(first) // the reader reuses first
	columns[0] = strings.TrimPrefix(columns[0], "\ufeff")
	if err := checkColumns(path, columns); err != nil {
		return err
	}
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return rowError(path, rows, err, len(columns))
		}
		values := make(map[string]string, len(columns))
		for i, column := range columns {
			if !utf8.ValidString(row[i]) {
				line, _ := rows.FieldPos(i)
				return crm.WithHint(fmt.Errorf("%s:%d: column %s is not UTF-8", path, line, column), "save the file as UTF-8")
			}
			values[column] = row[i]
		}
		if err := insert(values); err != nil {
			line, _ := rows.FieldPos(0)
			if own := (*crm.Hinted)(nil); errors.As(err, &own) {
				return fmt.Errorf("%s:%d: %w", path, line, err)
			}
			return crm.WithHint(fmt.Errorf("%s:%d: %w", path, line, err), "%s", hint)
		}
	}
}

// checkColumns refuses a header that would lose values.
func checkColumns(path string, columns []string) error {
	seen := map[string]bool{}
	for i, column := range columns {
		switch {
		case column == "" || column != strings.TrimSpace(column):
			return crm.WithHint(fmt.Errorf("%s:1: column %d is named %q", path, i+1, column), "name it in the CRM's spelling, without spaces around it")
		case seen[strings.ToLower(column)]:
			return crm.WithHint(fmt.Errorf("%s:1: column %q stands twice", path, column), "remove one of the two")
		}
		seen[strings.ToLower(column)] = true
	}
	return nil
}

// rowError puts file and line before what is wrong with a row, and says how to mend it.
func rowError(path string, rows *csv.Reader, err error, columns int) error {
	var broken *csv.ParseError
	switch {
	case errors.As(err, &broken) && errors.Is(err, csv.ErrFieldCount):
		return crm.WithHint(fmt.Errorf("%s:%d: %w", path, broken.Line, broken.Err), "the header names %d columns; quote a value that contains a comma", columns)
	case errors.As(err, &broken):
		return crm.WithHint(fmt.Errorf("%s:%d: %w", path, broken.Line, broken.Err), "put quotes around a value that contains a comma, a quote or a line break, and double the quotes inside it")
	}
	return fmt.Errorf("%s: %w", path, err)
}
