package dashboard

import "net/url"

// waiting is what is to be said of what waits, by its kind: a kind of plan.notice, or one of overview_waiting.sql.
var waiting = map[string]struct{ Means, At string }{
	"conflict":    {"both CRMs changed it, and its rule is to ask a person", "/decide"},
	"frozen":      {"nothing is sent of it until somebody says which value stands", "/decide#frozen"},
	"ambiguous":   {"a matching rule names several records, or one that has a partner: nothing is linked or created", "/decide#matches"},
	"held":        {"two records are kept apart until somebody says whether they are one", "/decide#matches"},
	"collision":   {"a unique value belongs to another record already: nothing is created", "/decide#matches"},
	"refused":     {"a CRM refused it, and nothing has moved since", "/health"},
	"predicted":   {"a CRM would refuse it, so it is not sent", "/health"},
	"unmapped":    {"no crosswalk has a word for the value, or the other CRM lacks the owner, so the field waits", ""},
	"waits":       {"it refers to a record that is not linked yet", ""},
	"not created": {"create.sql does not make these in the other CRM", ""},
	"not deleted": {"the partner is gone, and this one stays", ""},
	"not undone":  {"an undo could not take it back", ""},
	"half":        {"one of the two records was deleted", ""},
	"superseded":  {"one of the two records was merged away or converted", ""},
	"hidden":      {"the program's user may not see the object any more", ""},
	"sample":      {"left for the run without --sample", ""},
	"paused":      {"planned, and not sent while it is paused", "/actions"},
}

// waits is where to look at what waits: a page of its own, or the notices of the run whose plan says so.
func waits(kind, run string) string {
	if at := waiting[kind].At; at != "" {
		return at
	}
	if run == "" {
		return ""
	}
	return "/runs/" + url.PathEscape(run) + "?" + url.Values{"kind": {kind}}.Encode() + "#run_notices"
}
