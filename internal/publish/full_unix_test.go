//go:build unix

package publish_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"testing"
)

// A disk that is full in the middle of a file: the process may write no file of more than 300 kB, which the system tells
// it in the middle of one as it tells of a full disk. It is a process of its own, for the bound is on all its files.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	if os.Getenv("LOCKSTEP_FULL") == "" {
		cmd := exec.Command(os.Args[0], "-test.run", "^TestDiskFull$", "-test.v")
		cmd.Env = append(os.Environ(), "LOCKSTEP_FULL=1")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		return
	}
	s := newShop(t)
	s.mustRun(nil, sent)
	s.exec(`insert into history.change by name select run_id, started_at as "at", 'contact' as entity, md5(i::varchar) as pair_id, 'hubspot' as system, 'contacts' as object,
		'update' as action, 'taken' as outcome from history.run, range(100000) as t(i)`)
	s.exec(`checkpoint`)
	r := s.open()
	before := s.read(r, `select count(*) as n from history.change`)
	signal.Ignore(syscall.SIGXFSZ)
	var bound syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &bound); err != nil {
		t.Fatal(err)
	}
	full := bound
	full.Cur = 300_000
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &full); err != nil {
		t.Fatal(err)
	}
	_, err := s.run(nil)
	if e := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &bound); e != nil {
		t.Fatal(e)
	}
	if err == nil {
		t.Fatal("no error: the file was not too large")
	}
	t.Log(err)
	if errors.Is(err, os.ErrExist) {
		t.Error(err)
	}
	if after := s.read(r, `select count(*) as n from history.change`); fmt.Sprint(before) != fmt.Sprint(after) {
		t.Errorf("readers have %v after it, %v before", after, before)
	}
	s.listed()
	s.mustRun(idle)
	s.same(r)
}
