package portal

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// completeTask keeps a task's defaults and the date it was completed.
func (d *draft) completeTask() {
	if d.creating() {
		for _, p := range [][2]string{
			{"hs_task_status", "NOT_STARTED"}, {"hs_task_priority", "NONE"}, {"hs_task_type", "TODO"}, {"hs_task_family", "SALES"},
			{"hs_task_for_object_type", "OWNER"}, {"hs_task_is_all_day", "false"},
		} {
			d.fill(p[0], p[1])
		}
	}
	if !d.changed("hs_task_status") {
		return
	}
	done := ""
	if d.value("hs_task_status") == "COMPLETED" {
		done = d.now()
	}
	d.fill("hs_task_completion_date", done)
}

// bodies are the properties whose text the preview of an activity shows.
var bodies = map[string]string{
	"calls": "hs_call_body", "emails": "hs_email_html", "meetings": "hs_meeting_body", "notes": "hs_note_body", "tasks": "hs_task_body",
	"communications": "hs_communication_body", "postal_mail": "hs_postal_mail_body",
}

// maxPreview is how many characters a preview shows.
const maxPreview = 200

var tags = regexp.MustCompile(`<[^>]*>`)

// activityComputed gives what follows from an activity's body, headers or due date.
func (o *Object) activityComputed(name string) func(Record) string {
	body := bodies[o.Plural]
	text := func(r Record) string {
		return strings.Join(strings.Fields(tags.ReplaceAllString(r.stored(body), " ")), " ")
	}
	switch name {
	case "hs_body_preview":
		return func(r Record) string {
			t := text(r)
			if utf8.RuneCountInString(t) > maxPreview {
				t = string([]rune(t)[:maxPreview])
			}
			return t
		}
	case "hs_body_preview_html":
		return func(r Record) string {
			if b := r.stored(body); b != "" {
				return "<html>\n <head></head>\n <body>\n  " + b + "\n </body>\n</html>"
			}
			return ""
		}
	case "hs_body_preview_is_truncated":
		return func(r Record) string {
			if r.stored(body) == "" {
				return ""
			}
			return strconv.FormatBool(utf8.RuneCountInString(text(r)) > maxPreview)
		}
	}
	switch o.Plural {
	case "tasks":
		return o.taskComputed(name)
	case "emails":
		return emailComputed(name)
	}
	return nil
}

// taskComputed gives what follows from a task's status and due date. Most of it is a number where one expects true or false.
func (o *Object) taskComputed(name string) func(Record) string {
	done := func(r Record) bool { return r.stored("hs_task_status") == "COMPLETED" }
	late := func(r Record) bool {
		due, ok := ParseInstant(r.stored("hs_timestamp"))
		return ok && !done(r) && due < o.portal.ms()
	}
	count := func(yes bool) string {
		if yes {
			return "1"
		}
		return "0"
	}
	typed := map[string]string{"hs_task_is_completed_call": "CALL", "hs_task_is_completed_email": "EMAIL", "hs_task_is_completed_linked_in": "LINKED_IN"}
	switch name {
	case "hs_task_is_completed", "hs_task_completion_count":
		return func(r Record) string { return count(done(r)) }
	case "hs_task_is_completed_sequence":
		return func(Record) string { return "0" }
	case "hs_task_is_completed_call", "hs_task_is_completed_email", "hs_task_is_completed_linked_in":
		return func(r Record) string { return count(done(r) && r.stored("hs_task_type") == typed[name]) }
	case "hs_task_is_overdue", "hs_task_is_past_due_date", "hs_task_missed_due_date":
		return func(r Record) string { return strconv.FormatBool(late(r)) }
	case "hs_task_missed_due_date_count":
		return func(r Record) string { return count(late(r)) }
	}
	return nil
}

// headers is hs_email_headers: JSON inside a text property.
type headers struct {
	From   address   `json:"from"`
	Sender address   `json:"sender"`
	To     []address `json:"to"`
	CC     []address `json:"cc"`
	BCC    []address `json:"bcc"`
}

type address struct {
	Email string `json:"email"`
	First string `json:"firstName"`
	Last  string `json:"lastName"`
}

// checkHeaders refuses headers that are no JSON.
func (d *draft) checkHeaders() error {
	text, changes := d.change("hs_email_headers")
	if !changes || text == "" || json.Unmarshal([]byte(text), &headers{}) == nil {
		return nil
	}
	return Invalid{{Code: "INVALID_JSON", Name: "hs_email_headers", Message: "hs_email_headers was not valid JSON of email headers."}}
}

// emailComputed fills the read-only addresses of an email from its headers.
func emailComputed(name string) func(Record) string {
	rest, ok := strings.CutPrefix(name, "hs_email_")
	if !ok {
		return nil
	}
	who, part, ok := strings.Cut(rest, "_")
	if !ok || part != "email" && part != "firstname" && part != "lastname" {
		return nil
	}
	var pick func(h headers) []address
	switch who {
	case "from":
		pick = func(h headers) []address { return []address{h.From} }
	case "sender":
		pick = func(h headers) []address { return []address{h.Sender} }
	case "to":
		pick = func(h headers) []address { return h.To }
	case "cc":
		pick = func(h headers) []address { return h.CC }
	case "bcc":
		pick = func(h headers) []address { return h.BCC }
	default:
		return nil
	}
	return func(r Record) string {
		text := r.stored("hs_email_headers")
		if text == "" {
			return ""
		}
		var h headers
		if json.Unmarshal([]byte(text), &h) != nil {
			return "" // a record taken as it stands
		}
		var parts []string
		for _, a := range pick(h) {
			v := map[string]string{"email": a.Email, "firstname": a.First, "lastname": a.Last}[part]
			if v != "" {
				parts = append(parts, v)
			}
		}
		return strings.Join(parts, ";")
	}
}
