package explain

import (
	"encoding/json"
	"fmt"
	"strings"
)

// most is how many columns of history a story has.
const most = 100

// sent reads what was sent, or planned and not sent.
func (t *teller) sent() error {
	where, args := "pair_id = $2", []any{t.story.Entity, ""}
	if t.story.Pair != nil {
		args[1] = t.story.Pair.ID
	} else {
		where, args[1] = "record_id = $2", t.story.Records[0].ID
	}
	rows, err := t.conn.QueryContext(t.ctx, fmt.Sprintf(`
		select "at", run_id, system, object, coalesce(record_id, ''), action, coalesce("column", ''), coalesce(before, ''), coalesce(after, ''), outcome,
			coalesce(reason, ''), coalesce(to_json(fields)::varchar, '[]'), coalesce(to_json(rules)::varchar, '[]')
		from history.change where entity = $1 and %s order by "at" desc, run_id desc, system, "column" limit %d`, where, most), args...)
	if err != nil {
		return fmt.Errorf("explain: history.change: %w", err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var s Sent
		var fields, rules string
		if err := rows.Scan(&s.At, &s.Run, &s.System, &s.Object, &s.Record, &s.Action, &s.Column, &s.Before, &s.After, &s.Outcome, &s.Reason, &fields, &rules); err != nil {
			return fmt.Errorf("explain: history.change: %w", err)
		}
		s.At = s.At.UTC()
		for text, into := range map[string]*[]string{fields: &s.Fields, rules: &s.Rules} {
			if err := json.Unmarshal([]byte(text), into); err != nil {
				return fmt.Errorf("explain: history.change: %w", err)
			}
		}
		t.story.Sent = append(t.story.Sent, s)
	}
	return rows.Err()
}

// refused reads what stands refused.
func (t *teller) refused() error {
	if t.story.Pair == nil {
		return nil
	}
	rows, err := t.conn.QueryContext(t.ctx, `
		select system, object, coalesce("column", ''), coalesce(value, ''), category, words, coalesce(remedy, ''), first_at, last_at, coalesce(predicted, false)
		from history.refusal where entity = $1 and pair_id = $2 order by first_at, system, "column"`, t.story.Entity, t.story.Pair.ID)
	if err != nil {
		return fmt.Errorf("explain: history.refusal: %w", err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var r Refused
		if err := rows.Scan(&r.System, &r.Object, &r.Column, &r.Value, &r.Category, &r.Words, &r.Remedy, &r.FirstAt, &r.LastAt, &r.Predicted); err != nil {
			return fmt.Errorf("explain: history.refusal: %w", err)
		}
		r.FirstAt, r.LastAt = r.FirstAt.UTC(), r.LastAt.UTC()
		t.story.Refused = append(t.story.Refused, r)
	}
	return rows.Err()
}

// remedies say what to do about a notice of a plan, by its kind; what is not named is nothing that blocks.
var remedies = map[string]string{
	"ambiguous":   "merge the duplicates in the CRM, or say in same_as.csv which of them are one",
	"not created": "sql/%s/create.sql says when a record is created in the other CRM",
	"held":        "say in same_as.csv whether the two are one",
	"superseded":  "the next run follows, once it has read the record it goes on as",
	"half":        "restore the record in its CRM, or leave it: the live one may be matched again",
	"hidden":      "let the program's user see the object again",
}

// notices are what the entity's newest plan says of the records as a whole.
func (t *teller) notices() error {
	for _, r := range t.story.Records {
		rows, err := t.conn.QueryContext(t.ctx, `select distinct kind, text from plan.notice
			where plan_id = `+newest+` and entity = $1 and system = $2 and (object = $3 and record_id = $4 or kind = 'hidden' and object = $3) order by all`,
			t.story.Entity, r.System, r.Object, r.ID)
		if err != nil {
			return fmt.Errorf("explain: plan.notice: %w", err)
		}
		for rows.Next() {
			var kind, text string
			if err := rows.Scan(&kind, &text); err != nil {
				return fmt.Errorf("explain: plan.notice: %w", err)
			}
			if remedy, ok := remedies[kind]; ok {
				if strings.Contains(remedy, "%s") {
					remedy = fmt.Sprintf(remedy, t.story.Entity)
				}
				t.story.Blocked = append(t.story.Blocked, Blocked{What: r.Object + " " + r.ID, Why: text, Do: remedy})
			}
		}
		if err := rows.Err(); err != nil {
			return fmt.Errorf("explain: plan.notice: %w", err)
		}
		_ = rows.Close() // Err above has what went wrong
	}
	return nil
}

// translation is what to do about a value that the other CRM has no word for.
func translation(field string) string {
	if strings.Contains(field, "owner") {
		return "let the other CRM have the owner, or say in sql/list/owner_override.csv or owner_fallback.csv whose it becomes"
	}
	return "add the value to its crosswalk in sql/crosswalk/, or say in the pipeline's `unmapped` what becomes of it"
}

// block adds what the fields, the refusals and the pair wait for.
func (t *teller) block() {
	s := t.story
	add := func(what, why, do string) { s.Blocked = append(s.Blocked, Blocked{what, why, do}) }
	id := s.Records[0].ID
	for _, r := range s.Records {
		switch {
		case r.Missing:
			add(r.Object+" "+r.ID, "the mirror does not have the record: it is gone, or hidden from us", "lockstep run nightly reads every record")
		case r.Deleted:
			add(r.Object+" "+r.ID, "it is deleted in "+r.System, "restore it there, or leave it")
		case r.SupersededBy != "":
			add(r.Object+" "+r.ID, "it goes on as "+r.SupersededBy, "lockstep explain "+s.Entity+" "+strings.TrimPrefix(r.SupersededBy[strings.LastIndex(r.SupersededBy, " "):], " "))
		case !r.InScope:
			add(r.Object+" "+r.ID, "it is out of scope: in_scope is false", "see sql/"+s.Entity+"/from_"+r.System+"."+r.Object+".sql, and list/never_touch.csv")
		}
	}
	if s.Pair != nil && s.Pair.State != "linked" {
		add("the pair", strings.TrimSuffix("it is "+s.Pair.State+": "+s.Pair.Reason, ": "), strings.ReplaceAll(remedies[s.Pair.State], "%s", s.Entity))
	}
	for _, f := range s.Fields {
		switch f.State {
		case "asks":
			add(f.Field, f.Reason, fmt.Sprintf("lockstep resolve %s %s %s --take hubspot, or salesforce", s.Entity, id, f.Field))
		case "frozen":
			add(f.Field, f.Reason, fmt.Sprintf("end the fight between the two automations, then lockstep release %s %s %s --take hubspot, or salesforce", s.Entity, id, f.Field))
		case "waits for a link":
			entity, other, _ := strings.Cut(f.waits, " ")
			add(f.Field, f.Reason, "lockstep explain "+entity+" "+other+" says why it is not")
		case "no translation":
			add(f.Field, f.Reason, translation(f.Field))
		case "waiting":
			do := ""
			if strings.Contains(f.Reason, "no translation for ") {
				do = translation(f.Field)
			}
			add(f.Field, f.Reason, do)
		}
	}
	for _, r := range s.Refused {
		what := r.System + " " + r.Object
		if r.Column != "" {
			what += "." + r.Column
		}
		add(what, r.Category+": "+r.Words, r.Remedy)
	}
}
