package warehouse

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"net"
	"strings"

	"github.com/duckdb/duckdb-go/v2"
	"golang.org/x/net/publicsuffix"
)

// registrableDomain is registrable_domain(host) in SQL: the domain that somebody registered, by the list of public
// suffixes (publicsuffix.org) that golang.org/x/net carries. shop.example.co.uk is example.co.uk; an address, a
// single word and a public suffix itself are null. What is no host is null too.
type registrableDomain struct{}

func (registrableDomain) Config() duckdb.ScalarFuncConfig {
	text, err := duckdb.NewTypeInfo(duckdb.TYPE_VARCHAR)
	if err != nil {
		panic(err) // a type of DuckDB's own
	}
	return duckdb.ScalarFuncConfig{InputTypeInfos: []duckdb.TypeInfo{text}, ResultTypeInfo: text}
}

func (registrableDomain) Executor() duckdb.ScalarFuncExecutor {
	return duckdb.ScalarFuncExecutor{RowExecutor: func(values []driver.Value) (any, error) {
		host, _ := values[0].(string)
		if domain := registered(host); domain != "" {
			return domain, nil
		}
		return nil, nil
	}}
}

func registered(host string) string {
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	if net.ParseIP(host) != nil || strings.ContainsAny(host, " \t@/:") {
		return ""
	}
	domain, err := publicsuffix.EffectiveTLDPlusOne(host)
	if err != nil { // a public suffix, an empty label
		return ""
	}
	return domain
}

// Functions makes Go's functions known to SQL. They belong to the database, not to a connection.
func Functions(ctx context.Context, db *sql.DB) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	return duckdb.RegisterScalarUDF(conn, "registrable_domain", registrableDomain{})
}
