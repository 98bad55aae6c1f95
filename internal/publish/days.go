package publish

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// stamped are the tables of history that only grow, and the column that says when a row was written: an instant, or a
// run's id, which begins with the day.
var stamped = map[string]string{
	"history.run": "started_at", "history.call": "run_id", "history.change": "at", "history.conflict": "at", "history.publication": "at",
}

// dayKey is an expression over the stamp that is the day: a number of days since 1970, or the text 20260302.
func dayKey(column string) string {
	if column == "run_id" {
		return `substr(run_id, 1, 8)`
	}
	return `(epoch_us(` + quote(column) + `) // 86400000000)::varchar` // ICU's way over a time zone takes ten times as long
}

// dayOf reads dayKey's value as a part's name: 2026-03-02. A run's id that begins with no day is a part of its own.
func dayOf(column, key string) string {
	if column == "run_id" {
		if t, err := time.Parse("20060102", key); err == nil {
			return t.Format(time.DateOnly)
		}
		return key
	}
	n, err := strconv.ParseInt(key, 10, 64)
	if err != nil {
		return key
	}
	return time.Unix(n*86400, 0).UTC().Format(time.DateOnly)
}

// within is the condition for the rows of a part, a day or a month.
func within(column, part string) string {
	if column == "run_id" {
		return `starts_with(run_id, ` + text(strings.ReplaceAll(part, "-", "")) + `)`
	}
	from, to := span(part)
	q := quote(column)
	return q + " >= " + instant(from) + " and " + q + " < " + instant(to)
}

func span(part string) (from, to time.Time) {
	if from, err := time.Parse("2006-01", part); err == nil {
		return from, from.AddDate(0, 1, 0)
	}
	from, err := time.Parse(time.DateOnly, part)
	if err != nil {
		return from, from
	}
	return from, from.AddDate(0, 0, 1)
}

func instant(t time.Time) string {
	return `timestamptz ` + text(t.UTC().Format("2006-01-02 15:04:05.999999+00"))
}

// counted is how many rows a stamped table has per part.
type counted map[string]int64

// count looks at the stamped tables. What was published of days before since is believed as long as the number of all
// rows agrees with it: nothing else is read then.
func (p *publication) count(ctx context.Context, tables []*source, since time.Time) (map[string]counted, error) {
	all := map[string]counted{}
	cut := since.UTC().Format(time.DateOnly)
	recent, err := p.countFrom(ctx, tables, since)
	if err != nil {
		return nil, err
	}
	var again []*source
	for _, s := range tables {
		name := s.title()
		total, sum, c := recent[name][""], int64(0), counted{}
		for part, n := range recent[name] {
			if part != "" {
				c[part] = n
				sum += n
			}
		}
		if before := p.before.table(name); before != nil {
			for _, f := range before.Files {
				if f.Part < cut {
					c[f.Part] += f.Rows
					sum += f.Rows
				}
			}
		}
		if sum != total {
			again = append(again, s)
			continue
		}
		all[name] = p.months(name, c)
	}
	if len(again) == 0 {
		return all, nil
	}
	full, err := p.countFrom(ctx, again, time.Time{})
	if err != nil {
		return nil, err
	}
	for name, c := range full {
		delete(c, "")
		all[name] = p.months(name, c)
	}
	return all, nil
}

// countFrom counts the rows of each day from since on, and under "" all rows.
func (p *publication) countFrom(ctx context.Context, tables []*source, since time.Time) (map[string]counted, error) {
	var q []string
	for _, s := range tables {
		column := stamped[s.title()]
		where := ""
		if !since.IsZero() {
			where = " where " + quote(column) + " >= " + instant(since)
			if column == "run_id" {
				where = " where run_id >= " + text(since.UTC().Format("20060102"))
			}
		}
		q = append(q, fmt.Sprintf(`select %[1]s, '', count(*) from %[2]s union all select %[1]s, %[3]s, count(*) from %[2]s%[4]s group by 2`,
			text(s.title()), s.from(), dayKey(column), where))
	}
	all := map[string]counted{}
	if len(q) == 0 {
		return all, nil
	}
	rows, err := p.conn.QueryContext(ctx, strings.Join(q, " union all "))
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var name, key string
		var n int64
		if err := rows.Scan(&name, &key, &n); err != nil {
			return nil, err
		}
		if all[name] == nil {
			all[name] = counted{}
		}
		if key != "" {
			key = dayOf(stamped[name], key)
		}
		all[name][key] += n
	}
	return all, rows.Err()
}

// months makes one part of the days of a month that has one file already or, at night, that is over.
func (p *publication) months(name string, days counted) counted {
	over := p.month()
	folded := counted{}
	for day, n := range days {
		month := day
		if len(day) == len(time.DateOnly) {
			month = day[:len("2006-01")]
		}
		_, one := p.before.table(name).part(month)
		if month != day && month < over && (one || p.o.Whole) {
			day = month
		}
		folded[day] += n
	}
	return folded
}

// month is the one that the days before today may still be read from: days of older ones are over.
func (p *publication) month() string { return p.now.AddDate(0, 0, -1).UTC().Format("2006-01") }
