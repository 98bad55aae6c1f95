package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"lockstep/internal/project"
)

// TestExamplesNameWhatExists: every command line in examples/ is one of this program's, with flags it has, and every
// variable one that is read.
func TestExamplesNameWhatExists(t *testing.T) {
	t.Parallel()
	text := func(name string) string {
		b, err := os.ReadFile(filepath.Join("examples", name))
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	// a unit's, and those of a comment
	lines := map[string][]string{}
	called := regexp.MustCompile(`(?:/usr/local/bin/|^#.*  )lockstep ([a-z]+ --[^'\n]*)`)
	shell := regexp.MustCompile(`\$\([^)]*\)`)
	for _, name := range []string{"lockstep.service", "lockstep-backup.service", "Containerfile"} {
		for line := range strings.Lines(text(name)) {
			if m := called.FindStringSubmatch(line); m != nil {
				lines[name] = append(lines[name], strings.ReplaceAll(shell.ReplaceAllString(m[1], "x"), `"`, ""))
			}
		}
	}
	// a container's
	for _, m := range regexp.MustCompile(`(?m)(?:^CMD|CMD|^ENTRYPOINT) (\[.*\])$`).FindAllStringSubmatch(text("Containerfile"), -1) {
		var args []string
		if err := json.Unmarshal([]byte(m[1]), &args); err != nil {
			t.Fatal(err)
		}
		if args = args[len(args)-len(strings.Fields(strings.TrimPrefix(strings.Join(args, " "), "lockstep"))):]; len(args) > 0 {
			lines["Containerfile"] = append(lines["Containerfile"], strings.Join(args, " "))
		}
	}
	for name, n := range map[string]int{"lockstep.service": 2, "lockstep-backup.service": 1, "Containerfile": 3} {
		if len(lines[name]) != n {
			t.Errorf("%s: %d command lines, want %d: %q", name, len(lines[name]), n, lines[name])
		}
		for _, line := range lines[name] {
			args := strings.Fields(line)
			cmd, rest, err := newRoot(&app{}).Find(args)
			if err == nil {
				err = cmd.ParseFlags(rest)
			}
			if err == nil {
				err = cmd.ValidateArgs(cmd.Flags().Args())
			}
			if err != nil || !cmd.HasParent() {
				t.Errorf("%s: lockstep %s: %v", name, line, err)
			}
		}
		known := []string{project.HubSpotToken, project.SalesforceClientSecret, project.AlertURL, project.PageToken}
		for _, v := range regexp.MustCompile(`LOCKSTEP_[A-Z_]+`).FindAllString(text(name), -1) {
			if !strings.Contains(" "+strings.Join(known, " ")+" ", " "+strings.TrimSuffix(v, "_FILE")+" ") {
				t.Errorf("%s: nothing reads %s", name, v)
			}
		}
	}
}
