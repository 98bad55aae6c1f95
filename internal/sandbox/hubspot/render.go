package hubspot

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"lockstep/internal/sandbox/hubspot/portal"
)

// selection is which properties an answer carries, in order of name.
type selection struct {
	shown     []*portal.Property
	histories []*portal.Property
	related   []*portal.Relation
}

// selectionOf takes names as asked for. Names the object does not have are dropped in silence; without any, the defaults are
// shown; id and stamps always are.
func (c *call) selectionOf(names, histories []string) selection {
	o := c.object
	if len(names) == 0 {
		names = o.Defaults
	}
	return selection{
		shown:     c.propertiesOf(o, append(slices.Clone(names), o.CreatedName, o.ModifiedName, "hs_object_id")),
		histories: c.propertiesOf(o, histories),
	}
}

func (c *call) propertiesOf(o *portal.Object, names []string) []*portal.Property {
	names = slices.Clone(names)
	slices.Sort(names)
	var found []*portal.Property
	for _, name := range slices.Compact(names) {
		if p := o.Property(name); p != nil && c.may("read", p) {
			found = append(found, p)
		}
	}
	return found
}

// extras are what some answers add to a record.
type extras struct {
	trace string
	isNew *bool
}

// appendRecord renders a record as a read shows it: a property that never had a value is null, one that was cleared "".
func (c *call) appendRecord(b []byte, r portal.Record, s selection, x extras) []byte {
	b = append(b, `{"id":"`...)
	b = append(b, idText(r.ID())...)
	b = append(b, `","properties":{`...)
	for i, p := range s.shown {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendString(b, p.Name)
		b = append(b, ':')
		if v, shown := r.Read(p); shown {
			b = appendString(b, v)
		} else {
			b = append(b, "null"...)
		}
	}
	b = append(b, '}')
	if len(s.histories) > 0 {
		b = appendHistories(b, r, s.histories)
	}
	if len(s.related) > 0 {
		b = c.appendRelated(b, r.ID(), s.related)
	}
	return c.appendRest(b, r, x)
}

func appendHistories(b []byte, r portal.Record, properties []*portal.Property) []byte {
	b = append(b, `,"propertiesWithHistory":{`...)
	for i, p := range properties {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendString(b, p.Name)
		b = append(b, ":["...)
		for j, e := range r.History(p) {
			if j > 0 {
				b = append(b, ',')
			}
			b = append(b, encode(historyEntry{e.Value, portal.Instant(e.At), e.Source.Type, e.Source.ID, e.Source.Label, e.Source.UserID})...)
		}
		b = append(b, ']')
	}
	return append(b, '}')
}

// historyEntry is one value a property took.
type historyEntry struct {
	Value      string `json:"value"`
	Timestamp  string `json:"timestamp"`
	SourceType string `json:"sourceType"`
	SourceID   string `json:"sourceId,omitempty"`
	Label      string `json:"sourceLabel,omitempty"`
	UserID     int64  `json:"updatedByUserId,omitempty"`
}

// appendWritten renders the answer to a create (sent is nil: everything stored) or to an update: what was sent, cleared ones as "",
// and a few computed ones.
func (c *call) appendWritten(b []byte, r portal.Record, sent map[string]string, x extras) []byte {
	all := r.Map()
	members := map[string]string{}
	for name, v := range all {
		switch {
		case sent != nil && !alwaysAnswered[name] && name != r.Object().ModifiedName && !(name == "hs_email_domain" && has(sent, "email")):
			continue
		case sent == nil && strings.HasPrefix(name, "hs_lifecyclestage_"):
			if ms, ok := portal.ParseInstant(v); ok {
				v = idText(ms) // creates show these in milliseconds, reads do not
			}
		}
		if c.may("read", r.Object().Property(name)) {
			members[name] = v
		}
	}
	if r.Object().CreatedName != "hs_createdate" {
		delete(members, "hs_createdate") // contacts and their like have it and do not tell
	}
	for name := range sent {
		members[name] = all[name]
	}
	names := make([]string, 0, len(members))
	for name := range members {
		names = append(names, name)
	}
	slices.Sort(names)
	b = append(b, `{"id":"`...)
	b = append(b, idText(r.ID())...)
	b = append(b, `","properties":{`...)
	for i, name := range names {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendString(b, name), ':')
		b = appendString(b, members[name])
	}
	b = append(b, '}')
	return c.appendRest(b, r, x)
}

// alwaysAnswered are the computed properties in the answer to an update.
var alwaysAnswered = map[string]bool{
	"createdate": true, "hs_createdate": true, "hs_object_id": true, "hs_is_unworked": true, "lifecyclestage": true,
	"hs_object_source": true, "hs_object_source_id": true, "hs_object_source_label": true, "hs_pipeline": true, "hs_pipeline_stage": true,
}

func has(sent map[string]string, name string) bool { _, ok := sent[name]; return ok }

// appendRest ends a record: stamps, archived, url.
func (c *call) appendRest(b []byte, r portal.Record, x extras) []byte {
	b = append(b, `,"createdAt":"`...)
	b = append(b, portal.Instant(r.Created())...)
	b = append(b, `","updatedAt":"`...)
	b = append(b, portal.Instant(r.Modified())...)
	b = append(b, `","archived":`...)
	if at := r.Archived(); at != 0 {
		b = append(b, `true,"archivedAt":"`...)
		b = append(b, portal.Instant(at)...)
		b = append(b, '"')
	} else {
		b = append(b, "false"...)
	}
	if x.isNew != nil {
		b = fmt.Appendf(b, `,"new":%t`, *x.isNew)
	}
	if x.trace != "" {
		b = append(b, `,"objectWriteTraceId":`...)
		b = appendString(b, x.trace)
	}
	b = append(b, `,"url":"https://`...)
	b = append(b, c.account.uiDomain()...)
	b = append(b, "/contacts/"...)
	b = append(b, idText(c.portal.ID)...)
	b = append(b, "/record/"...)
	b = append(b, r.Object().TypeID...)
	b = append(b, '/')
	b = append(b, idText(r.ID())...)
	return append(b, `"}`...)
}

// appendString writes a JSON string. Records are most of what the portal says, so this does without encoding/json.
func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	start := 0
	for i := 0; i < len(s); {
		if ch := s[i]; ch < utf8.RuneSelf {
			if ch >= ' ' && ch != '"' && ch != '\\' && ch != 0x7f {
				i++
				continue
			}
			b = append(b, s[start:i]...)
			switch ch {
			case '"', '\\':
				b = append(b, '\\', ch)
			case '\n':
				b = append(b, `\n`...)
			case '\r':
				b = append(b, `\r`...)
			case '\t':
				b = append(b, `\t`...)
			default:
				b = fmt.Appendf(b, `\u%04x`, ch)
			}
			i++
			start = i
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && size == 1 {
			b = append(b, s[start:i]...)
			b = append(b, `\ufffd`...)
			start = i + 1
		}
		i += size
	}
	return append(append(b, s[start:]...), '"')
}

// appendList joins rendered records with commas.
func appendList(b []byte, items [][]byte) []byte {
	for i, item := range items {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, item...)
	}
	return b
}
