package transform

import (
	"context"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"lockstep/internal/entity"
	"lockstep/internal/warehouse"
)

func (v *world) mapAll(wide ...string) {
	v.t.Helper()
	fsys := fstest.MapFS{}
	for k, s := range v.sql {
		fsys[k] = &fstest.MapFile{Data: []byte(s)}
	}
	p, err := entity.Load(fsys)
	if err != nil {
		v.t.Fatal(err)
	}
	err = v.w.InTx(context.Background(), func(tx *warehouse.Tx) error { return Map(context.Background(), tx, p, wide) })
	if err != nil {
		v.t.Fatal(err)
	}
}

// What differs between the two records of a pair, and where a field is filled: blanks, values without a translation and
// references that are not linked are told apart, and what a side's file does not say is no difference.
func TestMap(t *testing.T) {
	t.Parallel()
	v := newFirms(t)
	v.settleFirms()
	v.h("email=ann@example.org company=9 phone=1 status=zz title=CEO memo=likes_tea firstname=Ann lastname=Lee country=1")
	v.s("Email=ann@example.com AccountId=001 Phone=1 Name=Ann_Lee")
	v.put(`salesforce."Contact"`, "004", "Name=Bo Status__c=?")
	v.put("hubspot.contacts", "2", "_deleted=true email=gone@example.com")
	v.mapAll("person")

	for _, tt := range []struct {
		query string
		want  []string
	}{
		{`select field, hubspot, salesforce, hubspot_waits, salesforce_waits, hubspot_base is null from mapped._difference where entity = 'person' and field <> 'firm' order by field`, []string{
			"email ann@example.org ann@example.com ∅ ∅ false", "memo likes tea  ∅ ∅ false", "status ∅  zz ∅ false", "title CEO  ∅ ∅ false"}},
		{`select hubspot, d.salesforce = pair_id_of_seven, hubspot_waits, hubspot_base = pair_id_of_seven from mapped._difference as d,
			(select pair_id as pair_id_of_seven from link.firm where hubspot_id = '7') where field = 'firm'`, []string{"∅ true firm 9 true"}},
		{`select object, field, records, filled, unknown, absent from mapped._coverage where entity = 'person' and field in ('status', 'memo', 'email') order by all`, []string{
			"Contact email 2 1 0 0", "Contact memo 2 0 0 0", "Contact status 2 0 1 0",
			"contacts email 1 1 0 0", "contacts memo 1 1 0 0", "contacts status 1 0 1 0"}},
		{`select system, object, id, label, pair_id is not null, state, deleted from mapped._record where entity = 'person' order by system, id`, []string{
			"hubspot contacts 1 Ann Lee true linked false", "hubspot contacts 2 ∅ false ∅ true", "salesforce Contact 003 Ann Lee true linked false", "salesforce Contact 004 Bo false ∅ false"}},
		{`select system, id, email, status, firm, pair_id is not null, deleted from mapped.person order by all`, []string{
			"hubspot 1 ann@example.org ∅ 9 true false", "hubspot 2 gone@example.com ∅ ∅ false true",
			"salesforce 003 ann@example.com ∅ 001 true false", "salesforce 004 ∅ ∅ ∅ false false"}},
		{`select field, direction, refers_to, "together" from mapped._field where field in ('firm', 'zip', 'memo') order by all`, []string{
			"firm two_way firm ∅", "memo hubspot_to_salesforce ∅ ∅", "zip two_way ∅ place"}},
		{`select table_name from duckdb_tables() where schema_name = 'mapped' and table_name = 'firm'`, nil},
	} {
		if d := cmp.Diff(tt.want, v.rows(tt.query)); d != "" {
			t.Errorf("%s: %s", tt.query, d)
		}
	}
	if err := Unmap(context.Background(), v.w.DB); err != nil {
		t.Fatal(err)
	}
	if got := v.rows(`select table_name from duckdb_tables() where schema_name = 'mapped'`); got != nil {
		t.Errorf("left: %v", got)
	}
}
