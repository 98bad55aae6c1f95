package main

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"lockstep/internal/crm"
	"lockstep/pipelines"
)

// What is asked for from the page is done one after the other, and goes on without whoever asked; how it ended stays to be
// seen, and what is over makes room.
func TestDesk(t *testing.T) {
	t.Parallel()
	d := newDesk(t.Context(), &app{stderr: &strings.Builder{}, now: func() time.Time { return began }})
	d.moment = time.Millisecond
	begun, proceed := make(chan string, 2), make(chan struct{})
	act := func(name string, err error) func(context.Context, *acts) ending {
		return func(context.Context, *acts) ending {
			begun <- name
			<-proceed
			return ending{said: name + " is done", run: "r-" + name, err: err}
		}
	}
	if told, err := d.do(t.Context(), "one", act("one", nil)); err != nil || !strings.HasPrefix(told, "one is under way") {
		t.Errorf("told %q, %v", told, err)
	}
	if told, err := d.do(t.Context(), "two", act("two", crm.WithHint(errors.New("no"), "do that"))); err != nil || !strings.HasPrefix(told, "two waits for one") {
		t.Errorf("told %q, %v", told, err)
	}
	if first := <-begun; first != "one" || len(begun) > 0 {
		t.Errorf("%s has begun, and %d more", first, len(begun))
	}
	close(proceed)
	d.wait()
	all := d.Work()
	if len(all) != 2 || all[0].What != "two" || all[0].State != "failed" || all[0].Said != "no" || all[0].Hint != "do that" || all[1].State != "done" || all[1].Run != "r-one" {
		t.Errorf("%+v", all)
	}
	d.moment = time.Minute
	told, err := d.do(t.Context(), "three", func(context.Context, *acts) ending { return ending{said: "1 refused", err: pipelines.ErrIncomplete} })
	if err != nil || told != "three: 1 refused" || d.Work()[0].State != "incomplete" {
		t.Errorf("told %q, %v; %+v", told, err, d.Work()[0])
	}
	for range kept {
		if _, err := d.do(t.Context(), "more", func(context.Context, *acts) ending { return ending{} }); err != nil {
			t.Fatal(err)
		}
	}
	if all := d.Work(); len(all) != kept || all[len(all)-1].What != "more" {
		t.Errorf("%d are kept, the oldest is %q", len(all), all[len(all)-1].What)
	}
}
