package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The README's custom object is the one of the scenario: its files, and line by line what it shows of them.
func TestCustomObjectOfTheReadmeIsTheScenarios(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	story, err := os.ReadFile(filepath.Join("testdata", "scenario", "custom_object.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(readme), "\n## A custom object\n")
	section, _, _ = strings.Cut(section, "\n## ")
	blocks := regexp.MustCompile("(?s)```[a-z]*\n(.*?)```").FindAllStringSubmatch(section, -1)
	if len(blocks) != 2 {
		t.Fatalf("%d blocks of code, want the files and the SQL", len(blocks))
	}
	var lines []string
	for line := range strings.Lines(string(story)) {
		lines = append(lines, strings.TrimSuffix(strings.TrimSpace(line), ","))
	}
	has := func(what, line string) {
		if !slices.Contains(lines, strings.TrimSuffix(line, ",")) {
			t.Errorf("%s: the scenario has no line %q", what, line)
		}
	}
	wide := regexp.MustCompile(` {2,}`)
	folder := ""
	for i, line := range strings.Split(strings.TrimSpace(blocks[0][1]), "\n") {
		if i == 0 {
			folder = line
			continue
		}
		for _, file := range wide.Split(strings.TrimSpace(line), -1) {
			has("the files", "-- "+folder+file+" --")
		}
	}
	for _, line := range strings.Split(blocks[1][1], "\n") {
		for _, cell := range wide.Split(strings.TrimSpace(line), -1) {
			if cell != "" && !strings.HasPrefix(cell, "--") {
				has("the SQL", cell)
			}
		}
	}
}
