package salesforce_test

import (
	"compress/gzip"
	"compress/zlib"
	"io"
	"strings"
	"testing"

	"lockstep/internal/sandbox/salesforce"
)

func TestPackedBodies(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	const lead = `{"LastName":"Lee","Company":"Example"}`
	for encoding, packer := range map[string]func(io.Writer) io.WriteCloser{
		"gzip":    func(b io.Writer) io.WriteCloser { return gzip.NewWriter(b) },
		"deflate": func(b io.Writer) io.WriteCloser { return zlib.NewWriter(b) },
	} {
		var b strings.Builder
		p := packer(&b)
		if _, err := io.WriteString(p, lead); err != nil || p.Close() != nil {
			t.Fatal(err)
		}
		if r := x.do("POST", "/sobjects/Lead", b.String(), "Content-Encoding", encoding); r.status != 201 {
			t.Errorf("%s: %d %s", encoding, r.status, r.text)
		}
		if r := x.do("POST", "/sobjects/Lead", lead, "Content-Encoding", encoding); r.status != 400 {
			t.Errorf("%s that is none: %d %s", encoding, r.status, r.text)
		}
	}
	if r := x.do("POST", "/sobjects/Lead", lead, "Content-Encoding", "br"); r.status != 400 {
		t.Errorf("br: %d %s", r.status, r.text)
	}
	if r := x.do("POST", "/sobjects/Lead", lead, "Content-Encoding", "identity"); r.status != 201 {
		t.Errorf("identity: %d %s", r.status, r.text)
	}
}
