package load

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"lockstep/internal/crm"
	"lockstep/internal/hubspot"
)

// Objects whose records are associations: each record is a pair of records, its labels are the one column that changes.
// Creating one associates, deleting it ends the association; members of lists are written likewise, without labels.

// pairKey is what tells such records apart.
const pairKey = "from_id,to_id"

// pairs are the two objects whose associations an object's records are.
func pairs(object string) (from, to string, ok bool) {
	return crm.Object{System: crm.HubSpot, Name: object}.Associations()
}

// readPairs reads associations by id. Those that are not there are gone.
func (h *HubSpot) readPairs(ctx context.Context, from, to string, ids []string) ([]Record, error) {
	found, err := h.foundPairs(ctx, from, to, ids)
	if err != nil {
		return nil, err
	}
	var all []Record
	for _, id := range ids {
		labels, there := found[id]
		if !there {
			all = append(all, Record{ID: id, Gone: "ended"})
			continue
		}
		ends := hubspot.Ends(id)
		rec := Record{ID: id, Values: map[string]*string{"from_id": &ends.From, "to_id": &ends.To, "labels": nil}}
		if labels != "" {
			rec.Values["labels"] = &labels
		}
		all = append(all, rec)
	}
	return all, nil
}

// foundPairs are the labels of the associations that are there, by id.
func (h *HubSpot) foundPairs(ctx context.Context, from, to string, ids []string) (map[string]string, error) {
	var firsts, seconds []string
	for _, id := range ids {
		ends := hubspot.Ends(id)
		firsts, seconds = append(firsts, ends.From), append(seconds, ends.To)
	}
	slices.Sort(firsts)
	slices.Sort(seconds)
	firsts, seconds = slices.Compact(firsts), slices.Compact(seconds)
	found := map[string]string{}
	if from == crm.Lists {
		lists, err := h.Client.ListsOf(ctx, to, seconds)
		for record, of := range lists {
			for _, list := range of {
				found[hubspot.AssociationID(list, record)] = ""
			}
		}
		return found, err
	}
	all, err := h.Client.Associations(ctx, from, to, firsts)
	for first, others := range all {
		for _, a := range others {
			found[hubspot.AssociationID(first, a.ID)] = a.Labels()
		}
	}
	return found, err
}

// writePairs associates the pairs that are not, gives them the labels of their rows and takes others away, and reads
// back what stands.
func (h *HubSpot) writePairs(ctx context.Context, from, to string, b Batch) (Answer, error) {
	ids := make([]string, len(b.Rows))
	for i, r := range b.Rows {
		if ids[i] = r.ID; b.Key != "" {
			ids[i] = r.Key
		}
	}
	ids, left, err := h.moving(ctx, from, to, &b, ids)
	if err != nil {
		return Answer{}, hubspotRejected(err)
	}
	refused, err := h.setPairs(ctx, from, to, b, ids)
	if err != nil {
		return Answer{}, hubspotRejected(err)
	}
	if err := h.leave(ctx, from, to, left, refused); err != nil {
		return Answer{}, hubspotRejected(err)
	}
	a := Answer{Outcomes: make([]Outcome, len(ids))}
	read, err := h.readPairs(ctx, from, to, ids)
	if err != nil {
		read = nil // what is written and cannot be read back has no Record
	}
	records := byID(read)
	for i, id := range ids {
		one := Outcome{ID: id}
		rec, there := records[id]
		switch {
		case refused[i] != nil && (!there || rec.Gone != ""):
			one.Refusals = []Refusal{*refused[i]}
		case there && rec.Gone != "":
			one.Refusals = []Refusal{{Category: Association, Words: "HubSpot did not associate the two records"}}
		case there:
			one.Record = &rec
			if refused[i] != nil {
				one.Partly = []Refusal{*refused[i]}
			}
		}
		a.Outcomes[i] = one
	}
	return a, nil
}

// moving finds the rows whose association is to be of other records: those are associated with the labels of the one
// that is left, by row.
func (h *HubSpot) moving(ctx context.Context, from, to string, b *Batch, ids []string) (now []string, left map[int]string, err error) {
	now, left = slices.Clone(ids), map[int]string{}
	for i, r := range b.Rows {
		ends := hubspot.Ends(ids[i])
		if v := r.Values["from_id"]; v != nil {
			ends.From = *v
		}
		if v := r.Values["to_id"]; v != nil {
			ends.To = *v
		}
		if now[i] = hubspot.AssociationID(ends.From, ends.To); now[i] != ids[i] {
			left[i] = ids[i]
		}
	}
	if len(left) == 0 || from == crm.Lists {
		return now, left, nil
	}
	was, err := h.foundPairs(ctx, from, to, ids)
	b.Rows = slices.Clone(b.Rows)
	for i, id := range left {
		labels := was[id]
		if _, said := b.Rows[i].Values["labels"]; labels != "" && !said {
			b.Rows[i].Values = maps.Clone(b.Rows[i].Values)
			b.Rows[i].Values["labels"] = &labels
		}
	}
	return now, left, err
}

// leave ends the associations that rows moved away from.
func (h *HubSpot) leave(ctx context.Context, from, to string, left map[int]string, refused map[int]*Refusal) error {
	var ids []string
	for i, id := range left {
		if refused[i] == nil || len(refused[i].Columns) > 0 {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	_, err := h.endPairs(ctx, from, to, ids)
	return err
}

// setPairs writes, and says by row what was refused.
func (h *HubSpot) setPairs(ctx context.Context, from, to string, b Batch, ids []string) (map[int]*Refusal, error) {
	if from == crm.Lists {
		return h.enlist(ctx, ids)
	}
	was, err := h.foundPairs(ctx, from, to, ids)
	if err != nil {
		return nil, err
	}
	refused := map[int]*Refusal{}
	made, gone := map[string][]int{}, map[string][]int{} // rows by the labels to be set and to be taken away
	for i, id := range ids {
		labels, there := was[id]
		sent, said := b.Rows[i].Values["labels"]
		more, less := apartLabels(or(sent, ""), labels)
		if !said {
			more, less = nil, nil
		}
		var unknown []string
		if more, unknown, err = h.known(ctx, from, to, more); err != nil {
			return nil, err
		}
		if less, _, err = h.known(ctx, from, to, less); err != nil {
			return nil, err
		}
		if len(unknown) > 0 {
			refused[i] = &Refusal{Category: Picklist, Columns: []string{"labels"}, Words: fmt.Sprintf("%s and %s have no association label %s in this portal", from, to, strings.Join(unknown, ", "))}
		}
		if !there || len(more) > 0 {
			made[strings.Join(more, ";")] = append(made[strings.Join(more, ";")], i)
		}
		if len(less) > 0 {
			gone[strings.Join(less, ";")] = append(gone[strings.Join(less, ";")], i)
		}
	}
	for _, labels := range keys(made) {
		if err := h.eachPair(ids, made[labels], refused, func(p []hubspot.Pair) error {
			if labels == "" {
				return h.Client.Associate(ctx, from, to, 0, p)
			}
			return h.Client.Label(ctx, from, to, h.typesOf(from, to, labels), p)
		}); err != nil {
			return refused, err
		}
	}
	for _, labels := range keys(gone) {
		if err := h.eachPair(ids, gone[labels], refused, func(p []hubspot.Pair) error {
			return h.Client.Unlabel(ctx, from, to, h.typesOf(from, to, labels), p)
		}); err != nil {
			return refused, err
		}
	}
	return refused, nil
}

// eachPair sends rows together. Where HubSpot refuses one it does not say which: then they go again one by one, which
// does no harm to those that stand.
func (h *HubSpot) eachPair(ids []string, rows []int, refused map[int]*Refusal, send func([]hubspot.Pair) error) error {
	var all []hubspot.Pair
	for _, i := range rows {
		all = append(all, hubspot.Ends(ids[i]))
	}
	var r *hubspot.Refusal
	if err := send(all); !errors.As(err, &r) {
		return err
	}
	for _, i := range rows {
		switch err := send([]hubspot.Pair{hubspot.Ends(ids[i])}); {
		case errors.As(err, &r):
			refused[i] = &Refusal{Category: Association, Code: r.Category, Words: r.Message}
		case err != nil:
			return err
		}
	}
	return nil
}

// apartLabels are the labels that are to be and are not, and the reverse.
func apartLabels(wanted, are string) (more, less []string) {
	split := func(s string) []string {
		return strings.FieldsFunc(s, func(r rune) bool { return r == ';' })
	}
	for _, l := range split(wanted) {
		if !slices.Contains(split(are), l) {
			more = append(more, l)
		}
	}
	for _, l := range split(are) {
		if !slices.Contains(split(wanted), l) {
			less = append(less, l)
		}
	}
	return more, less
}

// known are those of the labels that the portal has. Its types are read once, and again for a label that is not among them.
func (h *HubSpot) known(ctx context.Context, from, to string, labels []string) (known, unknown []string, err error) {
	object, fresh := from+"_to_"+to, false
	for _, l := range labels {
		has := func() bool {
			return slices.ContainsFunc(h.types[object], func(t hubspot.AssociationType) bool { return t.Label == l })
		}
		if !has() && !fresh {
			types, err := h.Client.AssociationTypes(ctx, from, to)
			if err != nil {
				return nil, nil, err
			}
			if h.types == nil {
				h.types = map[string][]hubspot.AssociationType{}
			}
			h.types[object], fresh = types, true
		}
		if has() {
			known = append(known, l)
		} else {
			unknown = append(unknown, l)
		}
	}
	return known, unknown, nil
}

// typesOf are the types of labels joined by semicolons.
func (h *HubSpot) typesOf(from, to, labels string) (all []hubspot.AssociationType) {
	for _, t := range h.types[from+"_to_"+to] {
		if t.Label != "" && slices.Contains(strings.Split(labels, ";"), t.Label) {
			all = append(all, t)
		}
	}
	return all
}

// byList are the records of pairs by their list.
func byList(ids []string) map[string][]string {
	all := map[string][]string{}
	for _, id := range ids {
		ends := hubspot.Ends(id)
		all[ends.From] = append(all[ends.From], ends.To)
	}
	return all
}

// enlist makes records members of their lists.
func (h *HubSpot) enlist(ctx context.Context, ids []string) (map[int]*Refusal, error) {
	refused := map[int]*Refusal{}
	members := byList(ids)
	for _, list := range keys(members) {
		var r *hubspot.Refusal
		missing, err := h.Client.AddMembers(ctx, list, members[list])
		if err != nil && !errors.As(err, &r) {
			return nil, err
		}
		for i, id := range ids {
			ends := hubspot.Ends(id)
			switch {
			case ends.From != list:
			case r != nil:
				refused[i] = &Refusal{Category: Association, Code: r.Category, Words: r.Message}
			case slices.Contains(missing, ends.To):
				refused[i] = &Refusal{Category: Association, Words: "HubSpot has no record " + ends.To + " to put into list " + list}
			}
		}
	}
	return refused, nil
}

// endPairs ends associations, or memberships. Those that have ended already pass.
func (h *HubSpot) endPairs(ctx context.Context, from, to string, ids []string) (Answer, error) {
	refused := map[string]*hubspot.Refusal{}
	if from == crm.Lists {
		members := byList(ids)
		for _, list := range keys(members) {
			var r *hubspot.Refusal
			if err := h.Client.RemoveMembers(ctx, list, members[list]); errors.As(err, &r) {
				refused[list] = r
			} else if err != nil {
				return Answer{}, hubspotRejected(err)
			}
		}
	} else {
		var all []hubspot.Pair
		for _, id := range ids {
			all = append(all, hubspot.Ends(id))
		}
		if err := h.Client.Dissociate(ctx, from, to, all); err != nil {
			return Answer{}, hubspotRejected(err)
		}
	}
	a := Answer{}
	for _, id := range ids {
		one := Outcome{ID: id, Record: &Record{ID: id, Gone: "ended"}}
		if r := refused[hubspot.Ends(id).From]; from == crm.Lists && r != nil {
			one = Outcome{ID: id, Refusals: []Refusal{{Category: Association, Code: r.Category, Words: r.Message}}}
		}
		a.Outcomes = append(a.Outcomes, one)
	}
	return a, nil
}
