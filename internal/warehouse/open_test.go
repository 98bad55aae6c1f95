package warehouse

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lockstep/internal/crm"
)

func TestEveryConnectionHasTheSettings(t *testing.T) {
	t.Parallel()
	w := opened(t, Options{RunAt: runAt, Memory: "300MB", Threads: 2})
	for range 3 {
		conn, err := w.DB.Conn(t.Context()) // not given back: the next one is another connection
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.Close() })
		diff(t, []string{"2026-11-21T10:00:00Z|UTC"}, rows(t, conn, `select getvariable('run_at'), current_setting('TimeZone')`))
	}
}

func TestFilesAreTheOwnersAlone(t *testing.T) {
	t.Parallel()
	file := path(t)
	w := opened(t, Options{Path: file, RunAt: runAt})
	hubspotMirror(t, w)
	err := filepath.WalkDir(filepath.Dir(file), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil && info.Mode().Perm() != 0o600 {
			t.Errorf("%s is %v", filepath.Base(path), info.Mode())
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestLockedWithinTheProcess(t *testing.T) {
	t.Parallel()
	file := path(t)
	w := opened(t, Options{Path: file, RunAt: runAt, Who: "run nightly"})
	told := ""
	_, err := Open(t.Context(), Options{Path: file, RunAt: runAt, Wait: time.Millisecond, Waiting: func(h Holder) { told = h.Who }})
	var hinted *crm.Hinted
	if !errors.Is(err, ErrLocked) || !errors.As(err, &hinted) || !strings.Contains(err.Error(), fmt.Sprintf("run nightly, process %d, since 20", os.Getpid())) {
		t.Errorf("got %v", err)
	}
	diff(t, "run nightly", told)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	again := opened(t, Options{Path: file, RunAt: runAt})
	if again.Crashed != nil {
		t.Errorf("closed cleanly, and yet: %v crashed", again.Crashed)
	}
}

// TestMain lets the test binary be the other process of TestAnotherProcess.
func TestMain(m *testing.M) {
	if file := os.Getenv("WAREHOUSE_TEST_HOLD"); file != "" {
		_, err := Open(context.Background(), Options{Path: file, RunAt: runAt, Who: "the other process"})
		fmt.Println("opened:", err)
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(1) // without Close
	}
	os.Exit(m.Run())
}

func TestAnotherProcess(t *testing.T) {
	t.Parallel()
	file := path(t)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	other := exec.CommandContext(t.Context(), self)
	other.Env = append(os.Environ(), "WAREHOUSE_TEST_HOLD="+file)
	in, err := other.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := other.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || line != "opened: <nil>\n" {
		t.Fatal(line, err)
	}
	if _, err := Open(t.Context(), Options{Path: file, RunAt: runAt}); !errors.Is(err, ErrLocked) || !strings.Contains(err.Error(), "the other process") {
		t.Errorf("got %v", err)
	}
	if err := in.Close(); err != nil {
		t.Fatal(err)
	}
	if err := other.Wait(); err == nil {
		t.Fatal("the other process ended well")
	}
	w := opened(t, Options{Path: file, RunAt: runAt})
	if w.Crashed == nil || w.Crashed.PID != other.Process.Pid {
		t.Errorf("crashed: %v, want process %d", w.Crashed, other.Process.Pid)
	}
}

func TestUnusableFilesAreRefused(t *testing.T) {
	t.Parallel()
	for name, damage := range map[string]func(w *Warehouse, file string) error{
		"newer": func(w *Warehouse, _ string) error {
			_, err := w.DB.ExecContext(t.Context(), `update catalog.version set version = version + 1`)
			return err
		},
		"somebody else's": func(w *Warehouse, _ string) error {
			_, err := w.DB.ExecContext(t.Context(), `drop table catalog.version`)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := path(t)
			w := opened(t, Options{Path: file, RunAt: runAt})
			if err := errors.Join(damage(w, file), w.Close()); err != nil {
				t.Fatal(err)
			}
			refused(t, file)
		})
	}
	t.Run("damaged", func(t *testing.T) {
		t.Parallel()
		file := path(t)
		if err := opened(t, Options{Path: file, RunAt: runAt}).Close(); err != nil {
			t.Fatal(err)
		}
		f, err := os.OpenFile(file, os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.WriteAt(make([]byte, 12<<10), 0); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		refused(t, file)
	})
	t.Run("not a DuckDB file", func(t *testing.T) {
		t.Parallel()
		file := filepath.Join(t.TempDir(), "warehouse.duckdb")
		if err := os.WriteFile(file, []byte(strings.Repeat("name,email\nann,ann@example.com\n", 1000)), 0o600); err != nil {
			t.Fatal(err)
		}
		refused(t, file)
	})
}

func refused(t *testing.T, file string) {
	t.Helper()
	w, err := Open(t.Context(), Options{Path: file, RunAt: runAt})
	if w != nil {
		_ = w.Close()
	}
	var hinted *crm.Hinted
	if !errors.As(err, &hinted) || strings.Contains(err.Error(), "ann@example.com") {
		t.Errorf("got %v, want a hint", err)
	}
	again, err := Open(t.Context(), Options{Path: file, RunAt: runAt})
	if errors.Is(err, ErrLocked) {
		t.Errorf("the lock was kept: %v", err)
	}
	if again != nil {
		_ = again.Close()
	}
}

func TestBind(t *testing.T) {
	t.Parallel()
	w := memory(t)
	org := Account{System: crm.Salesforce, ID: "00D000000000001EAA", UserID: "005000000000001AAA"}
	if err := Bind(t.Context(), w.DB, org, runAt); err != nil {
		t.Fatal(err)
	}
	if err := Bind(t.Context(), w.DB, Account{System: crm.HubSpot, ID: "1"}, runAt); err != nil {
		t.Fatal(err)
	}
	org.UserID = "005000000000002AAA"
	if err := Bind(t.Context(), w.DB, org, runAt.Add(time.Hour)); err != nil {
		t.Errorf("another user of the same org: %v", err)
	}
	err := Bind(t.Context(), w.DB, Account{System: crm.HubSpot, ID: "2"}, runAt)
	var hinted *crm.Hinted
	if !errors.Is(err, ErrOtherAccount) || !errors.As(err, &hinted) {
		t.Errorf("got %v", err)
	}
	diff(t, []string{"hubspot|1|-|2026-11-21T10:00:00Z", "salesforce|00D000000000001EAA|005000000000002AAA|2026-11-21T10:00:00Z"},
		rows(t, w.DB, `select system, id, user_id, bound_at from catalog.account order by 1`))
}

func TestErrorsAreCutBeforeTheyQuoteAValue(t *testing.T) {
	t.Parallel()
	w := memory(t)
	for query, want := range map[string]string{
		`select cast('ann@example.com' as integer)`:              "Conversion Error: Could not convert string (the value is not shown)",
		`select from_json('ann@example.com', '{"a":"VARCHAR"}')`: "Invalid Input Error: Malformed JSON at byte 0 of input: unexpected character.  Input (the value is not shown)",
		`select error('Lee said ''ann@example.com''')`:           "Invalid Input Error: Lee said (the value is not shown)",
		`select nope from catalog.account`:                       `"nope" not found`,
		`selec 1`:                                                `syntax error at or near "selec"`,
	} {
		_, err := w.DB.ExecContext(t.Context(), query)
		err = Cut(err)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "ann@example.com") {
			t.Errorf("%s\ngot  %v\nwant %s", query, err, want)
		}
	}
	if Cut(nil) != nil {
		t.Error("Cut(nil) is an error")
	}
}
