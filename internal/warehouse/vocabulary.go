package warehouse

import (
	"context"
	"encoding/json"

	"lockstep/internal/crm"
)

// RecordType is one record type of a Salesforce object.
type RecordType struct {
	Object, ID, DeveloperName, Name string
	Active                          bool
}

// Currency is one currency of a CRM.
type Currency struct {
	Code     string
	Home     bool // Salesforce's corporate one, HubSpot's company currency
	Active   bool
	Rate     *float64 // units of it for one of the home currency; nil where the CRM does not say
	Decimals *int
}

// WriteRecordTypes replaces catalog.record_types where it differs.
func WriteRecordTypes(ctx context.Context, tx Conn, types []RecordType) (err error) {
	defer wrap(&err, "warehouse.WriteRecordTypes(%d)", len(types))
	return replace(ctx, tx, types, `(select t."Object" as object, t."ID" as id, t."DeveloperName" as developer_name, t."Name" as name, t."Active" as active
		from (select unnest(from_json($1, '[{"Object": "VARCHAR", "ID": "VARCHAR", "DeveloperName": "VARCHAR", "Name": "VARCHAR", "Active": "BOOLEAN"}]')) as t))`,
		"catalog.record_types", "object, id, developer_name, name, active", "true")
}

// WriteCurrencies replaces a CRM's rows of catalog.currencies where they differ.
func WriteCurrencies(ctx context.Context, tx Conn, s crm.System, currencies []Currency) (err error) {
	defer wrap(&err, "warehouse.WriteCurrencies(%s, %d)", s, len(currencies))
	return replace(ctx, tx, currencies, `(select '`+string(s)+`' as system, c."Code" as code, c."Home" as home, c."Active" as active, c."Rate" as rate, c."Decimals" as decimals
		from (select unnest(from_json($1, '[{"Code": "VARCHAR", "Home": "BOOLEAN", "Active": "BOOLEAN", "Rate": "DOUBLE", "Decimals": "INTEGER"}]')) as c))`,
		"catalog.currencies", "system, code, home, active, rate, decimals", "system = '"+string(s)+"'")
}

// replace puts rows, which said selects from the JSON $1, in the place of those of table that are of ours: only where they differ.
func replace[T any](ctx context.Context, tx Conn, rows []T, said, table, columns, ours string) error {
	if rows == nil {
		rows = []T{}
	}
	text, err := json.Marshal(rows)
	if err != nil {
		return err
	}
	var same bool
	err = tx.QueryRowContext(ctx, `select (select coalesce(list(t order by t), []) from (select `+columns+` from `+table+` where `+ours+`) as t)
		is not distinct from (select coalesce(list(t order by t), []) from `+said+` as t)`, string(text)).Scan(&same)
	if err != nil || same {
		return err
	}
	if _, err = tx.ExecContext(ctx, `delete from `+table+` where `+ours); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `insert into `+table+` (`+columns+`) select `+columns+` from `+said, string(text))
	return err
}
