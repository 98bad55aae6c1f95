package warehouse

import (
	"context"
	"database/sql"
	"testing"
	"time"
)

func TestRegistrableDomain(t *testing.T) {
	t.Parallel()
	w, err := Open(context.Background(), Options{RunAt: time.Unix(0, 0)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Close() })
	for host, want := range map[string]string{
		"example.com": "example.com", "WWW.Example.COM": "example.com", "shop.example.co.uk": "example.co.uk",
		"a.b.harbor-mills.example": "harbor-mills.example", "example.com.": "example.com",
		"co.uk": "", "localhost": "", "192.0.2.1": "", "2001:db8::1": "", "not a host": "", "": "", ".": "", "ann@example.com": "",
	} {
		var got sql.NullString
		if err := w.DB.QueryRow("select registrable_domain($1)", host).Scan(&got); err != nil {
			t.Fatal(err)
		}
		if got.String != want || got.Valid != (want != "") {
			t.Errorf("registrable_domain(%q) = %v, want %q", host, got, want)
		}
	}
}

func BenchmarkRegistrableDomain(b *testing.B) {
	w, err := Open(context.Background(), Options{RunAt: time.Unix(0, 0)})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = w.Close() })
	for b.Loop() {
		if _, err := w.DB.Exec("select count(registrable_domain('www.' || i || '.example.com')) from range(100000) as t (i)"); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)*100000/b.Elapsed().Seconds(), "domains/s")
}
