package warehouse

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lockstep/internal/crm"
)

var contactColumns = []crm.Column{
	{Name: "email", Type: "string"},
	{Name: "num_notes", Type: "number"},
	{Name: "hs_email_optout", Type: "bool"},
	{Name: "date_of_birth", Type: "date"},
	{Name: "closedate", Type: "datetime"},
}

const contactRows = `select id, email, cast(num_notes as double), hs_email_optout, cast(date_of_birth as varchar), closedate,
	_modified_at, _deleted, _deleted_at from hubspot.contacts order by id`

// contact is one record of a HubSpot page.
func contact(id, updated, properties string) string {
	return `{"id":"` + id + `","properties":{` + properties + `},"createdAt":"2026-01-01T00:00:00Z","updatedAt":"` + updated + `","archived":false}`
}

func results(records ...string) []byte {
	return []byte(`{"results":[` + strings.Join(records, ",") + `],"paging":{"next":{"after":"5"}}}`)
}

const blanks = `"email":null,"num_notes":null,"hs_email_optout":null,"date_of_birth":null,"closedate":null`

func hubspotMirror(t *testing.T, w *Warehouse) *Mirror {
	t.Helper()
	m, err := EnsureMirror(t.Context(), w.DB, contacts, contactColumns)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := WriteColumns(t.Context(), w.DB, contacts, contactColumns, runAt); err != nil {
		t.Fatal(err)
	}
	if err := Extracted(t.Context(), w.DB, m); err != nil {
		t.Fatal(err)
	}
	return m
}

// read lands the pages as one read and merges them n minutes after runAt.
func read(t *testing.T, w *Warehouse, m *Mirror, kind Kind, minute int, pages ...[]byte) Merged {
	t.Helper()
	n, err := tryRead(t, w, m, kind, minute, pages...)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func tryRead(t *testing.T, w *Warehouse, m *Mirror, kind Kind, minute int, pages ...[]byte) (Merged, error) {
	t.Helper()
	shape := HubSpotResults
	if m.Object.System == crm.Salesforce {
		shape = SalesforceRecords
	}
	at := runAt.Add(time.Duration(minute) * time.Minute)
	r, err := w.Begin(t.Context(), m, kind, at, 0)
	if err != nil {
		return Merged{}, err
	}
	if err := w.Land(t.Context(), r, shape, pages, "end"); err != nil {
		return Merged{}, err
	}
	return w.Finish(t.Context(), r, at.Add(time.Second))
}

func diff(t *testing.T, want, got any) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

func TestLandTypes(t *testing.T) {
	t.Parallel()
	w := memory(t)
	m := hubspotMirror(t, w)
	n := read(t, w, m, Full, 0, results(
		contact("1", "2026-11-04T12:10:35.352Z", `"email":"ann@example.com","num_notes":"1500.5","hs_email_optout":"false","date_of_birth":"1971-06-24","closedate":"2026-11-03T10:00:00Z"`),
		contact("2", "2026-11-04T12:10:36Z", `"email":"","num_notes":"","hs_email_optout":"","date_of_birth":"","closedate":"1762212973632"`),
	), results(contact("3", "2026-11-04T12:10:37Z", blanks)))
	diff(t, []string{
		"1|ann@example.com|1500.5|false|1971-06-24|2026-11-03T10:00:00Z|2026-11-04T12:10:35.352Z|false|-",
		"2|-|-|-|-|2025-11-03T23:36:13.632Z|2026-11-04T12:10:36Z|false|-",
		"3|-|-|-|-|-|2026-11-04T12:10:37Z|false|-",
	}, rows(t, w.DB, contactRows))
	diff(t, Merged{Returned: 3, New: 3, HighWater: time.Date(2026, 11, 4, 12, 10, 37, 0, time.UTC)}, n)
}

func TestMerge(t *testing.T) {
	t.Parallel()
	const before = `"email":"ann@example.com","num_notes":"7","hs_email_optout":"true","date_of_birth":"1971-06-24","closedate":null`
	const beforeRow = "1|ann@example.com|7|true|1971-06-24|-|2026-11-04T12:00:00Z|false|-"
	tests := []struct {
		name    string
		records []string
		want    string
		merged  Merged
	}{
		{"the same version again is not touched", []string{contact("1", "2026-11-04T12:00:00Z", before)}, beforeRow, Merged{}},
		{"an older version is not taken", []string{contact("1", "2026-11-04T11:59:59Z", blanks)}, beforeRow, Merged{}},
		{"a newer version without a difference moves the stamp alone", []string{contact("1", "2026-11-04T13:00:00Z", before)},
			"1|ann@example.com|7|true|1971-06-24|-|2026-11-04T13:00:00Z|false|-", Merged{}},
		{"a newer version replaces", []string{contact("1", "2026-11-04T13:00:00Z", blanks)},
			"1|-|-|-|-|-|2026-11-04T13:00:00Z|false|-", Merged{Changed: 1}},
		{"the same stamp with another value replaces", []string{contact("1", "2026-11-04T12:00:00Z", blanks)},
			"1|-|-|-|-|-|2026-11-04T12:00:00Z|false|-", Merged{Changed: 1}},
		{"of two versions in one read the newer one counts", []string{contact("1", "2026-11-04T14:00:00Z", `"email":"new@example.com"`), contact("1", "2026-11-04T13:00:00Z", blanks)},
			"1|new@example.com|7|true|1971-06-24|-|2026-11-04T14:00:00Z|false|-", Merged{Changed: 1, Absent: []string{"closedate", "date_of_birth", "hs_email_optout", "num_notes"}}},
		{"a missing key keeps the old value", []string{contact("1", "2026-11-04T13:00:00Z", `"num_notes":"8"`)},
			"1|ann@example.com|8|true|1971-06-24|-|2026-11-04T13:00:00Z|false|-", Merged{Changed: 1, Absent: []string{"closedate", "date_of_birth", "email", "hs_email_optout"}}},
		{"a misfit keeps the old value", []string{contact("1", "2026-11-04T13:00:00Z", `"email":"ann@example.org","num_notes":"many","hs_email_optout":"perhaps","date_of_birth":"1971-02-30","closedate":null`)},
			"1|ann@example.org|7|true|1971-06-24|-|2026-11-04T13:00:00Z|false|-", Merged{Changed: 1, Misfits: 3}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := memory(t)
			m := hubspotMirror(t, w)
			read(t, w, m, Full, 0, results(contact("1", "2026-11-04T12:00:00Z", before)))
			n := read(t, w, m, Changes, 1, results(tt.records...))
			diff(t, []string{tt.want}, rows(t, w.DB, contactRows))
			tt.merged.Returned, tt.merged.HighWater = 1, n.HighWater
			diff(t, tt.merged, n)
			landed := "2026-11-21T10:00:01Z"
			if n.Changed > 0 {
				landed = "2026-11-21T10:01:01Z"
			}
			diff(t, []string{landed}, rows(t, w.DB, `select _landed_at from hubspot.contacts`))
			diff(t, []string{"0"}, rows(t, w.DB, `select count(*) from catalog.reading`))
		})
	}
}

func TestMisfitsAreListedUntilMended(t *testing.T) {
	t.Parallel()
	w := memory(t)
	m := hubspotMirror(t, w)
	list := `select object, id, "column", type, length from catalog.misfit order by id`
	read(t, w, m, Full, 0, results(
		contact("1", "2026-11-04T12:00:00Z", `"email":"a","num_notes":"many","hs_email_optout":null,"date_of_birth":null,"closedate":null`),
		contact("2", "2026-11-04T12:00:00Z", `"email":"b","num_notes":"few","hs_email_optout":null,"date_of_birth":null,"closedate":null`)))
	diff(t, []string{"contacts|1|num_notes|number|4", "contacts|2|num_notes|number|3"}, rows(t, w.DB, list))
	read(t, w, m, Changes, 1, results(contact("1", "2026-11-04T13:00:00Z", blanks)))
	diff(t, []string{"contacts|2|num_notes|number|3"}, rows(t, w.DB, list))
}

func TestTombstones(t *testing.T) {
	t.Parallel()
	archived := strings.NewReplacer(`"archived":false`, `"archived":true,"archivedAt":"2026-11-05T00:00:00Z"`)
	w := memory(t)
	m := hubspotMirror(t, w)
	read(t, w, m, Full, 0, results(contact("1", "2026-11-04T12:00:00Z", blanks), contact("2", "2026-11-04T12:00:00Z", blanks), contact("3", "2026-11-04T12:00:00Z", blanks)))
	n := read(t, w, m, Full, 1, results(contact("1", "2026-11-04T12:00:00Z", blanks)), []byte(archived.Replace(string(results(contact("2", "2026-11-04T12:00:00Z", blanks), contact("9", "2026-11-04T12:00:00Z", blanks))))))
	diff(t, Merged{Returned: 3, Deleted: 2, HighWater: n.HighWater}, n)
	want := []string{
		"1|-|-|-|-|-|2026-11-04T12:00:00Z|false|-",
		"2|-|-|-|-|-|2026-11-04T12:00:00Z|true|2026-11-05T00:00:00Z",
		"3|-|-|-|-|-|2026-11-04T12:00:00Z|true|-",
		"9|-|-|-|-|-|2026-11-04T12:00:00Z|true|2026-11-05T00:00:00Z",
	}
	diff(t, want, rows(t, w.DB, contactRows))

	t.Log("a lagging search does not bring a deleted record back, a newer version does")
	n = read(t, w, m, Changes, 2, results(contact("2", "2026-11-04T12:00:00Z", blanks), contact("3", "2026-11-06T12:00:00Z", blanks)))
	want[2] = "3|-|-|-|-|-|2026-11-06T12:00:00Z|false|-"
	diff(t, want, rows(t, w.DB, contactRows))
	diff(t, int64(1), n.Changed)

	t.Log("what was only no longer returned, and then is seen deleted, has the time of that")
	read(t, w, m, Full, 3, results(contact("1", "2026-11-04T12:00:00Z", blanks)))
	n = read(t, w, m, Full, 4, results(contact("1", "2026-11-04T12:00:00Z", blanks)), []byte(archived.Replace(string(results(contact("3", "2026-11-06T12:00:00Z", blanks))))))
	want[2] = "3|-|-|-|-|-|2026-11-06T12:00:00Z|true|2026-11-05T00:00:00Z"
	diff(t, want, rows(t, w.DB, contactRows))
}

func TestFullReadOfNothingIsRefused(t *testing.T) {
	t.Parallel()
	w := memory(t)
	m := hubspotMirror(t, w)
	if n := read(t, w, m, Full, 0, results()); n.Returned != 0 {
		t.Errorf("an empty CRM: %+v", n)
	}
	read(t, w, m, Full, 1, results(contact("1", "2026-11-04T12:00:00Z", blanks)))
	_, err := tryRead(t, w, m, Full, 2, results())
	var hinted *crm.Hinted
	if !errors.Is(err, ErrNothing) || !errors.As(err, &hinted) {
		t.Errorf("got %v, want ErrNothing with a hint", err)
	}
	diff(t, []string{"1|false"}, rows(t, w.DB, `select id, _deleted from hubspot.contacts`))
	diff(t, []string{"0"}, rows(t, w.DB, `select count(*) from catalog.reading`))
}

func TestRecordsLandedDuringAFullReadAreNotGone(t *testing.T) {
	t.Parallel()
	w := memory(t)
	m := hubspotMirror(t, w)
	read(t, w, m, Full, 0, results(contact("1", "2026-11-04T12:00:00Z", blanks)))
	r, err := w.Begin(t.Context(), m, Full, runAt.Add(time.Hour), 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Land(t.Context(), r, HubSpotResults, [][]byte{results(contact("1", "2026-11-04T12:00:00Z", blanks))}, "1"); err != nil {
		t.Fatal(err)
	}
	if _, err := w.DB.ExecContext(t.Context(), `insert into hubspot.contacts (id, _deleted, _landed_at) values ('2', false, $1)`, runAt.Add(2*time.Hour)); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Finish(t.Context(), r, runAt.Add(3*time.Hour)); err != nil {
		t.Fatal(err)
	}
	diff(t, []string{"1|false", "2|false"}, rows(t, w.DB, `select id, _deleted from hubspot.contacts order by id`))
}

func TestBrokenPagesAreParsedRecordByRecord(t *testing.T) {
	t.Parallel()
	w := memory(t)
	m := hubspotMirror(t, w)
	page := results(
		contact("1", "2026-11-04T12:00:00Z", `"email":"half \ud800 of a pair"`),
		contact("2", "2026-11-04T12:00:00Z", `"email":"fine"`),
		contact("3", "2026-11-04T12:00:00Z", "\"email\":\"no \xff character\""))
	n := read(t, w, m, Full, 0, results(contact("0", "2026-11-04T12:00:00Z", `"email":"before"`)), page)
	diff(t, int64(4), n.Returned)
	diff(t, []string{"0|before", "1|half \ufffd of a pair", "2|fine", "3|no \ufffd character"}, rows(t, w.DB, `select id, email from hubspot.contacts order by id`))

	t.Log("a page that breaks off lands nothing")
	_, err := tryRead(t, w, m, Changes, 1, results(contact("4", "2026-11-04T12:00:00Z", `"email":"ann@example.com"`)), page[:len(page)/2])
	if err == nil || strings.Contains(err.Error(), "example.com") || strings.Contains(err.Error(), "of a pair") {
		t.Errorf("got %v, want an error that quotes no record", err)
	}
	diff(t, []string{"0|0"}, rows(t, w.DB, `select (select count(*) from duckdb_tables() where schema_name = 'staging'), (select count(*) from catalog.reading)`))
}

func TestResume(t *testing.T) {
	t.Parallel()
	file := path(t)
	w, err := Open(t.Context(), Options{Path: file, RunAt: runAt})
	if err != nil {
		t.Fatal(err)
	}
	m := hubspotMirror(t, w)
	r, err := w.Begin(t.Context(), m, Full, runAt, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Land(t.Context(), r, HubSpotResults, [][]byte{results(contact("1", "2026-11-04T12:00:00Z", blanks))}, "after 1"); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}

	w = opened(t, Options{Path: file, RunAt: runAt.Add(time.Hour)})
	r, err = w.Resume(t.Context(), m)
	if err != nil || r == nil {
		t.Fatal(r, err)
	}
	diff(t, Reading{Mirror: m, Kind: Full, Position: "after 1", StartedAt: runAt, TheirTime: runAt, Records: 1, Resumed: true}, *r)
	if err := w.Land(t.Context(), r, HubSpotResults, [][]byte{results(contact("2", "2026-11-04T12:00:00Z", blanks))}, ""); err != nil {
		t.Fatal(err)
	}
	if n, err := w.Finish(t.Context(), r, runAt.Add(time.Hour)); err != nil || n.New != 2 {
		t.Errorf("%+v, %v", n, err)
	}

	t.Log("a read of changes that finds nothing leaves nothing behind, one that finds something does")
	r, err = w.Begin(t.Context(), m, Changes, runAt, 0)
	if err != nil {
		t.Fatal(err)
	}
	if r, err := w.Resume(t.Context(), m); err != nil || r != nil {
		t.Error(r, err)
	}
	if err := w.Land(t.Context(), r, HubSpotResults, [][]byte{results(contact("3", "2026-11-04T13:00:00Z", blanks))}, "after 3"); err != nil {
		t.Fatal(err)
	}
	if r, err = w.Resume(t.Context(), m); err != nil || r == nil || r.Records != 1 {
		t.Fatal(r, err)
	}
	if n, err := w.Finish(t.Context(), r, runAt.Add(time.Hour)); err != nil || n.New != 1 {
		t.Errorf("%+v, %v", n, err)
	}

	t.Log("a read of other columns is dropped")
	if _, err := w.Begin(t.Context(), m, Full, runAt, 0); err != nil {
		t.Fatal(err)
	}
	wider, err := EnsureMirror(t.Context(), w.DB, contacts, append(contactColumns, crm.Column{Name: "phone", Type: "string"}))
	if err != nil {
		t.Fatal(err)
	}
	if r, err := w.Resume(t.Context(), wider); err != nil || r != nil {
		t.Error(r, err)
	}
	diff(t, []string{"0"}, rows(t, w.DB, `select count(*) from catalog.reading`))
}

func TestLargeMergeInShares(t *testing.T) {
	t.Parallel()
	w := memory(t)
	m := hubspotMirror(t, w)
	page := results(contact("1", "2026-11-04T12:00:00Z", blanks), contact("2", "2026-11-04T12:00:00Z", blanks), contact("3", "2026-11-04T12:00:00Z", blanks))
	r, err := w.Begin(t.Context(), m, Full, runAt, 0)
	if err == nil {
		err = w.Land(t.Context(), r, HubSpotResults, [][]byte{page, page}, "")
	}
	if err != nil {
		t.Fatal(err)
	}
	r.Records = 5 * mergeRows // as if: the shares are of the hash, not of the count
	n, err := w.Finish(t.Context(), r, runAt)
	if err != nil {
		t.Fatal(err)
	}
	diff(t, Merged{Returned: 3, New: 3, HighWater: time.Date(2026, 11, 4, 12, 0, 0, 0, time.UTC)}, n)
}

var leadColumns = []crm.Column{
	{Name: "Id", Type: "id"}, {Name: "LastName", Type: "string"}, {Name: "AnnualRevenue", Type: "currency"}, {Name: "NumberOfEmployees", Type: "int"},
	{Name: "IsConverted", Type: "boolean"}, {Name: "Address", Type: "address"}, {Name: "SystemModstamp", Type: "datetime"},
}

const leadRows = `select "Id", "LastName", cast("AnnualRevenue" as double), "NumberOfEmployees", "IsConverted", "SystemModstamp", _modified_at, _deleted, _deleted_at
	from salesforce."Lead" order by "Id"`

func leadMirror(t *testing.T, w *Warehouse) *Mirror {
	t.Helper()
	m, err := EnsureMirror(t.Context(), w.DB, lead, leadColumns)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestSalesforceJSON(t *testing.T) {
	t.Parallel()
	w := memory(t)
	m := leadMirror(t, w)
	n := read(t, w, m, Full, 0, []byte(`{"totalSize":2,"done":true,"records":[
		{"attributes":{"type":"Lead","url":"/x"},"Id":"00Q5e0000000001EAA","LastName":"Lee","AnnualRevenue":1.0E7,"NumberOfEmployees":12,"IsConverted":false,"SystemModstamp":"2026-07-07T00:37:00.000+0000","IsDeleted":false},
		{"attributes":{"type":"Lead","url":"/y"},"Id":"00Q5e0000000002EAA","LastName":"Chen","AnnualRevenue":null,"NumberOfEmployees":null,"IsConverted":true,"SystemModstamp":"2026-07-08T00:37:00.000+0000","IsDeleted":true}]}`))
	diff(t, []string{
		"00Q5e0000000001EAA|Lee|1e+07|12|false|2026-07-07T00:37:00Z|2026-07-07T00:37:00Z|false|-",
		"00Q5e0000000002EAA|Chen|-|-|true|2026-07-08T00:37:00Z|2026-07-08T00:37:00Z|true|2026-07-08T00:37:00Z",
	}, rows(t, w.DB, leadRows))
	diff(t, Merged{Returned: 2, New: 1, HighWater: time.Date(2026, 7, 8, 0, 37, 0, 0, time.UTC)}, n)
}

func TestSalesforceCSV(t *testing.T) {
	t.Parallel()
	w := memory(t)
	m := leadMirror(t, w)
	r, err := w.Begin(t.Context(), m, Full, runAt, 0)
	if err != nil {
		t.Fatal(err)
	}
	pages := []string{
		"\"Id\",\"LastName\",\"AnnualRevenue\",\"IsConverted\",\"SystemModstamp\",\"IsDeleted\"\n" +
			"\"00Q5e0000000001EAA\",\"Lee, \"\"Ann\"\"\nof two lines\",\"1.0E7\",\"false\",\"2026-07-07T00:37:00.000Z\",\"false\"\n",
		"\"Id\",\"LastName\",\"AnnualRevenue\",\"IsConverted\",\"SystemModstamp\",\"IsDeleted\"\n" +
			"\"00Q5e0000000002EAA\",\"\",\"\",\"true\",\"2026-07-08T00:37:00.000Z\",\"true\"\n",
		"\"Id\",\"LastName\",\"AnnualRevenue\",\"IsConverted\",\"SystemModstamp\",\"IsDeleted\"\n",
	}
	for _, page := range pages {
		if err := w.LandCSV(t.Context(), r, strings.NewReader(page), "next"); err != nil {
			t.Fatal(err)
		}
	}
	n, err := w.Finish(t.Context(), r, runAt)
	if err != nil {
		t.Fatal(err)
	}
	diff(t, []string{
		"00Q5e0000000001EAA|Lee, \"Ann\"\nof two lines|1e+07|-|false|2026-07-07T00:37:00Z|2026-07-07T00:37:00Z|false|-",
		"00Q5e0000000002EAA|-|-|-|true|2026-07-08T00:37:00Z|2026-07-08T00:37:00Z|true|2026-07-08T00:37:00Z",
	}, rows(t, w.DB, leadRows))
	diff(t, []string{"NumberOfEmployees"}, n.Absent)

	t.Log("pages that are not what they should be end in an error, not in a wait")
	for _, page := range []string{"", "\"Id\"\n\"1\"\n", "<html>\n", "\"Id\",\"SystemModstamp\",\"IsDeleted\"\n\"1\",\"secret\",\"x\",\"too many\"\n"} {
		if r, err = w.Begin(t.Context(), m, Full, runAt, 0); err != nil {
			t.Fatal(err)
		}
		err := w.LandCSV(t.Context(), r, strings.NewReader(page), "")
		if err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: got %v", page, err)
		}
	}
}
