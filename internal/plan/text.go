package plan

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Cut says how much of a long plan Text prints. Zero prints all.
type Cut struct {
	Changes int // changes per entity and action
	Others  int // links, conflicts and notices, each per entity and kind
}

// Text is the plan for a person to review, entity by entity, with the totals in its last lines.
func (p *Plan) Text(cut Cut) string {
	var b strings.Builder
	if p.Undoes != "" {
		fmt.Fprintf(&b, "Undo of run %s\n\n", p.Undoes)
	}
	for _, e := range p.Entities {
		fmt.Fprintf(&b, "%s  hubspot %s  salesforce %s  linked %s\n\n", e.Name, commas(e.HubSpot), commas(e.Salesforce), commas(e.Linked))
		p.textLinks(&b, e.Name, cut.Others)
		p.textChanges(&b, e.Name, cut.Changes)
		p.textRefusals(&b, e.Name, cut.Others)
		p.textFields(&b, e.Name, cut.Others)
		p.textNotices(&b, e.Name, cut.Others)
	}
	if s := p.Sample(); s != "" {
		b.WriteString(s + "\n")
	}
	if p.Empty() {
		b.WriteString("No changes.\n")
		return b.String()
	}
	fmt.Fprintf(&b, "Plan: %s to create, %s to change, %s to delete", commas(p.Count(Create)), commas(p.Count(Change)), commas(p.Count(Delete)))
	linked := 0
	for _, l := range p.Links {
		if l.State == "linked" {
			linked++
		}
	}
	if linked > 0 {
		fmt.Fprintf(&b, ", %s to link", commas(linked))
	}
	fmt.Fprintf(&b, ".  sha256:%.12s\n", p.Digest)
	if len(p.Calls) > 0 {
		var parts []string
		for _, c := range p.Calls {
			part := fmt.Sprintf("%s %s", c.System, commas(c.Needed))
			if c.Left != nil {
				part += " of " + commas(*c.Left)
				if len(parts) == 0 {
					part += " left today"
				}
			}
			parts = append(parts, part)
		}
		fmt.Fprintf(&b, "Calls: %s.\n", strings.Join(parts, ", "))
		p.textEndpoints(&b)
	}
	return b.String()
}

// textEndpoints prints what the calls of each CRM consist of, and what waits because there are not enough.
func (p *Plan) textEndpoints(b *strings.Builder) {
	for _, c := range p.Calls {
		var parts []string
		for _, e := range c.Endpoints {
			parts = append(parts, e.Name+" "+commas(e.Calls))
		}
		if len(parts) > 0 {
			fmt.Fprintf(b, "  %s: %s\n", c.System, strings.Join(parts, ", "))
		}
	}
	for _, c := range p.Calls {
		for _, d := range c.Deferred {
			fmt.Fprintf(b, "  deferred: %s of %s to %s in %s %s (%s): %s\n", commas(d.N), commas(d.Of), d.Action, c.System, d.Object, d.Entity, d.Reason)
		}
	}
}

// textLinks prints new and moved links, counted by rule.
func (p *Plan) textLinks(b *strings.Builder, entity string, cut int) {
	for _, state := range []string{"linked", "half", "held", "superseded"} {
		byRule := map[string]int{}
		var lines []string
		for _, l := range p.Links {
			if l.Entity != entity || l.State != state {
				continue
			}
			byRule[l.Rule]++
			lines = append(lines, strings.TrimRight(fmt.Sprintf("hubspot %s = salesforce %s   %s",
				record(l.HubSpotObject, l.HubSpotID), record(l.SalesforceObject, l.SalesforceID), either(l.Reason, l.Rule)), " "))
		}
		if len(lines) == 0 {
			continue
		}
		verb := "to link"
		if state != "linked" {
			verb = "become " + state
		}
		var counts []string
		for _, rule := range sortedKeys(byRule) {
			counts = append(counts, fmt.Sprintf("%s %s", either(rule, "no rule"), commas(byRule[rule])))
		}
		fmt.Fprintf(b, "  %s %s %s   %s\n", Link, commas(len(lines)), verb, strings.Join(counts, ", "))
		list(b, lines, cut)
		b.WriteString("\n")
	}
}

// textChanges prints what is written, record by record in plan order; a cut one says how many more of its kind.
func (p *Plan) textChanges(b *strings.Builder, entity string, cut int) {
	type kind struct {
		action Action
		object string
	}
	shown, hidden := map[kind]int{}, map[kind]int{}
	var order []kind
	any := false
	for _, c := range p.Changes {
		if c.Entity != entity {
			continue
		}
		any = true
		k := kind{c.Action, string(c.System) + " " + c.Object}
		if cut > 0 && shown[k] == cut {
			if hidden[k]++; hidden[k] == 1 {
				order = append(order, k)
			}
			continue
		}
		shown[k]++
		c.text(b)
	}
	for _, k := range order {
		fmt.Fprintf(b, "  %s … and %s more %s\n", k.action, commas(hidden[k]), k.object)
	}
	if any {
		b.WriteString("\n")
	}
}

func (c RecordChange) text(b *strings.Builder) {
	head := fmt.Sprintf("  %s %s %s", c.Action, c.System, c.Object)
	if c.RecordID != "" {
		head += " " + c.RecordID
	}
	if c.Label != "" {
		head += "  " + c.Label
	}
	if c.Rule != "" {
		head += "   " + c.Rule
	}
	b.WriteString(head + "\n")
	if c.Action == Create {
		var parts []string
		for _, v := range c.Values {
			parts = append(parts, v.Column+" "+quoted(v.After))
		}
		wrapped(b, parts)
		return
	}
	if c.Action == Delete { // the head has said it
		return
	}
	column, change := 0, 0
	for _, v := range c.Values {
		column = max(column, utf8.RuneCountInString(v.Column))
		change = max(change, min(utf8.RuneCountInString(v.change()), 60))
	}
	for _, v := range c.Values {
		fmt.Fprintf(b, "      %s   %s   %s\n", pad(v.Column, column), pad(v.change(), change), v.why())
	}
}

// Short is the change's columns in one line: all names, and the values of one that stands alone.
func (c RecordChange) Short() string {
	if len(c.Values) == 1 && c.Action != Create {
		return c.Values[0].Column + " " + c.Values[0].change()
	}
	var names []string
	for _, v := range c.Values {
		names = append(names, v.Column)
	}
	return strings.Join(names, ", ")
}

func (v Value) change() string { return quoted(v.Before) + " → " + quoted(v.After) }

// why names the fields that move the column, each with who decided.
func (v Value) why() string {
	if len(v.Fields) != len(v.Rules) {
		return strings.Join(v.Fields, ", ") + ": " + strings.Join(v.Rules, "; ")
	}
	var parts []string
	for i := range v.Fields {
		parts = append(parts, v.Fields[i]+": "+v.Rules[i])
	}
	return strings.Join(parts, "; ")
}

// textRefusals prints what is not sent because it would be refused, by category, each with what to do about it.
func (p *Plan) textRefusals(b *strings.Builder, entity string, cut int) {
	lines := map[string][]string{}
	remedy := map[string]string{}
	for _, f := range p.Refusals {
		if f.Entity != entity {
			continue
		}
		where := fmt.Sprintf("%s %s%s", f.System, record(f.Object, f.RecordID), before("  ", f.Label))
		if f.Action == Create {
			where = fmt.Sprintf("new %s %s%s of %s", f.System, f.Object, before("  ", f.Label), record(f.SourceObject, f.SourceID))
		}
		of := string(f.Category)
		lines[of] = append(lines[of], where+"   "+f.Words)
		remedy[of] = f.Remedy
	}
	for _, of := range slices.Sorted(maps.Keys(lines)) {
		fmt.Fprintf(b, "  ! not sent, would be refused (%s): %s   %s\n", of, commas(len(lines[of])), remedy[of])
		list(b, lines[of], cut)
		b.WriteString("\n")
	}
}

// textFields prints each conflict with both values, both bases, the winner and the rule.
func (p *Plan) textFields(b *strings.Builder, entity string, cut int) {
	shown, hidden := 0, 0
	for _, f := range p.Fields {
		if f.Entity != entity {
			continue
		}
		if cut > 0 && shown == cut {
			hidden++
			continue
		}
		shown++
		fmt.Fprintf(b, "  ! conflict on %s%s   hubspot %s = salesforce %s\n", f.Field, before("  ", f.Label), f.HubSpotRecord, f.SalesforceRec)
		fmt.Fprintf(b, "      hubspot      %s\n", side(f.HubSpotBase, f.HubSpot))
		fmt.Fprintf(b, "      salesforce   %s\n", side(f.SalesforceBase, f.Salesforce))
		fmt.Fprintf(b, "      %s   %s\n", f.winner(), either(f.Reason, f.Rule))
	}
	if hidden > 0 {
		fmt.Fprintf(b, "  ! … and %s more conflicts\n", commas(hidden))
	}
	if shown > 0 {
		b.WriteString("\n")
	}
}

func (f Field) winner() string {
	switch f.Outcome {
	case "hubspot", "salesforce":
		return f.Outcome + " wins"
	case "ask":
		return "waits for a person"
	case "waiting":
		return "waits"
	}
	return f.Outcome
}

// side is one side of a conflict: its base and its value.
func side(base, value *string) string {
	if base == nil {
		return quotedBase(value) + "   first link: no base"
	}
	return quotedBase(base) + " → " + quotedBase(value)
}

func quotedBase(s *string) string {
	if s == nil {
		return "absent"
	}
	return quoted(s)
}

// textNotices prints the notices, grouped by kind and field.
func (p *Plan) textNotices(b *strings.Builder, entity string, cut int) {
	type group struct{ kind, field string }
	var order []group
	lines := map[group][]string{}
	for _, n := range p.Notices {
		if n.Entity != entity || n.Kind == sampled {
			continue
		}
		g := group{n.Kind, n.Field}
		if lines[g] == nil {
			order = append(order, g)
		}
		where := strings.TrimSpace(fmt.Sprintf("%s %s", n.System, record(n.Object, n.RecordID)))
		lines[g] = append(lines[g], strings.TrimPrefix(where+": "+n.Text, ": "))
	}
	for _, g := range order {
		fmt.Fprintf(b, "  ? %s%s: %s\n", strings.ReplaceAll(g.kind, "_", " "), before(" ", g.field), commas(len(lines[g])))
		list(b, lines[g], cut)
		b.WriteString("\n")
	}
}

// list prints lines, indented, and how many were cut.
func list(b *strings.Builder, lines []string, cut int) {
	for i, line := range lines {
		if cut > 0 && i == cut {
			fmt.Fprintf(b, "      … and %s more\n", commas(len(lines)-cut))
			return
		}
		b.WriteString("      " + line + "\n")
	}
}

// wrapped prints parts joined by commas in lines of about a hundred characters.
func wrapped(b *strings.Builder, parts []string) {
	line := ""
	for i, part := range parts {
		if i < len(parts)-1 {
			part += ", "
		}
		if line != "" && utf8.RuneCountInString(line+part) > 100 {
			b.WriteString("      " + strings.TrimRight(line, " ") + "\n")
			line = ""
		}
		line += part
	}
	if line != "" {
		b.WriteString("      " + line + "\n")
	}
}

// unborn begins a value that is the id of a record the same plan creates; it ends with that change's id.
const unborn = "\uE001id:"

// quoted is a value as the plan prints it: blank, or in quotes and cut where it is long.
func quoted(s *string) string {
	switch {
	case s == nil || *s == "":
		return "blank"
	case strings.HasPrefix(*s, unborn):
		return "the new record's id"
	}
	r := []rune(*s)
	if len(r) > 80 {
		r = append(r[:79:79], '…')
	}
	return strconv.Quote(string(r))
}

func record(object, id string) string { return strings.TrimSpace(object + " " + id) }

func either(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// before is s after a separator, or nothing.
func before(separator, s string) string {
	if s == "" {
		return ""
	}
	return separator + s
}

func pad(s string, width int) string {
	return s + strings.Repeat(" ", max(0, width-utf8.RuneCountInString(s)))
}

func sortedKeys(m map[string]int) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// commas is n with a comma every three digits: 98,214.
func commas[N int | int64](n N) string {
	s := strconv.FormatInt(int64(n), 10)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
