package entity_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/internal/crm"
	"lockstep/internal/entity"
)

func TestOptional(t *testing.T) {
	t.Parallel()
	w, ctx := open(t), context.Background()
	if _, err := w.DB.Exec(`create table some_leads as select '00Q' as "Id", true as "DoNotCall"`); err != nil {
		t.Fatal(err)
	}
	f := entity.ObjectFile{Object: crm.Object{System: crm.Salesforce, Name: "Lead"}, File: entity.File{Path: "f.sql", Text: `-- one row per Lead
-- optional: HasOptedOutOfEmail, DoNotCall
-- Optional: CurrencyIsoCode
select lead.Id as id, if(lead.HasOptedOutOfEmail, true, null) as email_optout, lead.DoNotCall as do_not_call, CurrencyIsoCode as currency
-- optional: not_this_one
from salesforce.Lead as lead`}}
	s, err := f.Parse(ctx, w.DB)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"hasoptedoutofemail", "donotcall", "currencyisocode"}, s.Optional); d != "" {
		t.Error(d)
	}
	lacking, err := f.Lacking(ctx, w.DB, "some_leads")
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"hasoptedoutofemail", "currencyisocode"}, lacking); d != "" {
		t.Error(d)
	}
	for field, want := range map[string]bool{"email_optout": true, "currency": true, "do_not_call": false, "id": false} {
		if got := s.MadeOf(field, lacking); got != want {
			t.Errorf("MadeOf(%s) = %v", field, got)
		}
	}
	text, err := f.Over(ctx, w.DB, "some_leads")
	if err != nil {
		t.Fatal(err)
	}
	if strings.Count(text, "\n") != strings.Count(f.Text, "\n") {
		t.Errorf("other lines than the file's:\n%s", text)
	}
	var got bool
	if err := w.DB.QueryRow("select email_optout is null and do_not_call and currency is null from (" + text + "\n)").Scan(&got); err != nil || !got {
		t.Errorf("got %v, %v", got, err)
	}
}

// A column that only helps to make a field is null where it is missing, and the field is made without it.
func TestOptionalElseNull(t *testing.T) {
	t.Parallel()
	w, ctx := open(t), context.Background()
	if _, err := w.DB.Exec(`create table some_leads as select '00Q' as "Id", 'Peru' as "Country"`); err != nil {
		t.Fatal(err)
	}
	f := entity.ObjectFile{Object: crm.Object{System: crm.Salesforce, Name: "Lead"}, File: entity.File{Path: "f.sql", Text: `-- one row per Lead
-- optional: DoNotCall
-- Optional, else null: CountryCode
select Id as id, coalesce(CountryCode, Country) as country, if(CountryCode = 'PE', DoNotCall, null) as do_not_call from salesforce.Lead`}}
	s, err := f.Parse(ctx, w.DB)
	if err != nil {
		t.Fatal(err)
	}
	lacking, err := f.Lacking(ctx, w.DB, "some_leads")
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"donotcall", "countrycode"}, lacking); d != "" {
		t.Error(d)
	}
	for field, want := range map[string]bool{"country": false, "do_not_call": true, "id": false} {
		if got := s.Lacks(field, lacking); got != want {
			t.Errorf("Lacks(%s) = %v", field, got)
		}
	}
	if !s.MadeOf("country", []string{"countrycode"}) {
		t.Error("a column that was not read yet counts")
	}
	text, err := f.Over(ctx, w.DB, "some_leads")
	if err != nil {
		t.Fatal(err)
	}
	var country string
	if err := w.DB.QueryRow("select country from (" + text + "\n)").Scan(&country); err != nil || country != "Peru" {
		t.Errorf("got %q, %v", country, err)
	}
}

func TestOptionalMisspelt(t *testing.T) {
	t.Parallel()
	w := open(t)
	_, err := entity.File{Path: "f.sql", Text: "-- g\n-- optional: DoNotCal\nselect DoNotCall as do_not_call from salesforce.Lead"}.Parse(context.Background(), w.DB)
	if err == nil || !strings.Contains(err.Error(), `f.sql: the optional column "donotcal" does not stand in the SQL`) {
		t.Error(err)
	}
}
