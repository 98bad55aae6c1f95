package hubspot

import (
	"errors"

	"lockstep/internal/sandbox/hubspot/portal"
)

// batchWrite gathers the rows of a batch of creates, updates or upserts and carries them out together.
type batchWrite struct {
	call   *call
	inputs []batchInput
	write  *portal.Write
	multi  bool // a bad row fails alone
	staged []int
	sent   []map[string]string // by row
	links  [][]link            // by row
	errors []rowError
	failed int
	err    error // the first error of a batch that fails as a whole
	values portal.Invalid
}

func (c *call) begin(inputs []batchInput) *batchWrite {
	return &batchWrite{
		call: c, inputs: inputs, write: c.write(), multi: traced(inputs), sent: make([]map[string]string, len(inputs)),
		links: make([][]link, len(inputs)),
	}
}

// row checks one input and stages it.
func (b *batchWrite) row(i int, stage func(w *portal.Write, properties map[string]string) error) {
	in := b.inputs[i]
	err := error(nil)
	if refused := b.call.refusal(i); refused != nil {
		err = refused.err()
	}
	if err == nil {
		err = objectInput{in.Properties, in.Associations}.checked()
	}
	if err == nil {
		b.sent[i], err = b.call.sent(in.Properties)
	}
	if err == nil {
		b.links[i], err = b.call.linksOf(in.Associations)
	}
	if err == nil {
		err = stage(b.write, b.sent[i])
	}
	var values portal.Invalid
	switch {
	case err == nil:
		b.staged = append(b.staged, i)
	case b.multi:
		b.errors = append(b.errors, b.call.rowErrorOf(err, string(in.Trace)))
		b.failed++
	case errors.As(err, &values):
		b.values = append(b.values, values...) // all rows' refused values come in one answer, without a row number
	case b.err == nil:
		b.err = err
	}
}

// finish commits what is staged, or nothing when the batch failed as a whole. isNew tells, by row, whether an upsert created; nil elsewhere.
func (b *batchWrite) finish(status int, isNew []bool) (answer, error) {
	if len(b.values) > 0 {
		b.err = b.values
	}
	if b.err != nil {
		return answer{}, b.call.problemOf(b.err, true)
	}
	var results [][]byte
	for n, r := range b.write.Commit() {
		i := b.staged[n]
		if err := connect(r.ID(), b.links[i]); err != nil {
			b.errors = append(b.errors, b.call.rowErrorOf(err, string(b.inputs[i].Trace)))
			b.failed++
		}
		sent := b.sent[i]
		x := extras{trace: string(b.inputs[i].Trace)}
		if isNew != nil {
			x.isNew = &isNew[i]
		}
		if status == 201 || isNew != nil && isNew[i] {
			sent = nil
		}
		results = append(results, b.call.appendWritten(nil, r, sent, x))
	}
	return b.call.batchAnswer(status, results, b.errors, b.failed)
}
