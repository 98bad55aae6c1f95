package load

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"lockstep/internal/crm"
)

// The canary of a group are its first records, sent as a batch of their own and read back like every batch. The rest
// follows if most of them hold what was planned; else the run ends as by any limit, with everything else unsent. A group
// of one batch has none: all of it is under way before there is anything to compare.
//
// It costs one call of each kind that a batch takes, however many records it has: so it is large enough to mean something.

// canaryFrom is the number of answered records from which a canary says anything.
const canaryFrom = 3

// canary is how many records of the group go first; 0: none.
func (r *run) canary(t Target, g *group) int {
	if slices.Contains(r.o.Force, canary) {
		return 0
	}
	return canarySize(r.o.Canary, g.n, t.Size())
}

// canarySize is the size of the canary of n records that go in batches of size.
func canarySize(canary, n, size int) int {
	if n <= size || canary >= size {
		return 0
	}
	return canary
}

// watch notes a batch about to be sent as part of the canary, or judges the canary that was sent before it: what goes
// round again is still part of it, and while too few records have an answer the next batch is.
func (g *group) watch(batch []*change) error {
	if g.canary == 0 {
		return nil
	}
	if len(g.tried) > 0 && !slices.Contains(g.tried, batch[0]) {
		if answered, odd, enough := judged(g.tried, g.canary); enough {
			g.canary = 0
			return g.verdict(answered, odd)
		}
	}
	for _, c := range batch {
		if !slices.Contains(g.tried, c) {
			g.tried = append(g.tried, c)
		}
	}
	return nil
}

// judged says what became of the records sent so far: how many have an answer, and how many of these are not as planned
// in half of their columns or more. enough is false while too few have an answer to say anything.
func judged(sent []*change, canary int) (answered, odd int, enough bool) {
	for _, c := range sent {
		columns, wrong := 0, 0
		for _, col := range c.columns {
			if !col.called || col.state != Taken && col.state != NotTaken && col.state != Refused {
				continue
			}
			columns++
			if col.state != Taken || col.otherwise {
				wrong++
			}
		}
		if columns > 0 {
			answered++
		}
		if columns > 0 && 2*wrong >= columns {
			odd++
		}
	}
	return answered, odd, answered >= min(canaryFrom, canary)
}

// verdict is the error of a canary most of which was not taken as planned.
func (g *group) verdict(answered, odd int) error {
	if 2*odd <= answered {
		return nil
	}
	name := g.object.Name
	if g.object.System == crm.Salesforce {
		name += " records"
	}
	return crm.WithHint(&LimitError{Exceeded: []Exceeded{{
		Name: canary, N: odd, Of: answered, Limit: Limit{Share: 0.5},
		Sentence: fmt.Sprintf("%s: of the first %d %s to %s, %d were refused or hold something else than planned (limit 50 %%); the other %d were not sent",
			g.object.System, answered, name, g.action, odd, g.n-answered),
	}}}, "lockstep history says what became of each; if it is right, run it again with --force canary")
}

// alike tells whether a value that came back is what was sent, but for its form: trimmed, cut, or written otherwise.
func alike(sent, stored *string) bool {
	a, b := bare(sent), bare(stored)
	return a == b || a != "" && b != "" && (strings.Contains(a, b) || strings.Contains(b, a))
}

// bare is a value without anything but letters and digits.
func bare(s *string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, or(s, ""))
}
