package hubspot_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/internal/sandbox/hubspot"
)

const pipelines = "/crm/v3/pipelines/"

func TestPipelinesAsRecorded(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	r := w.call("GET", pipelines+"deals", nil)
	r.want(t, 200, m{"results.1": absent, "paging": absent, "results.0.id": "default", "results.0.label": "Sales Pipeline", "results.0.createdAt": "1970-01-01T00:00:00Z"})
	r.want(t, 200, m{"results.0.stages.0": m{
		"label": "Appointment Scheduled", "displayOrder": 0.0, "metadata": m{"isClosed": "false", "probability": "0.2"}, "id": "appointmentscheduled",
		"createdAt": "1970-01-01T00:00:00Z", "updatedAt": "1970-01-01T00:00:00Z", "writePermissions": "CRM_PERMISSIONS_ENFORCEMENT", "archived": false,
	}})
	stages := map[string]any{}
	for _, s := range r.at("results.0.stages").([]any) {
		stages[s.(m)["id"].(string)] = s.(m)["metadata"].(m)["probability"].(string) + " " + s.(m)["metadata"].(m)["isClosed"].(string)
	}
	want := map[string]any{
		"appointmentscheduled": "0.2 false", "qualifiedtobuy": "0.4 false", "presentationscheduled": "0.6 false", "decisionmakerboughtin": "0.8 false",
		"contractsent": "0.9 false", "closedwon": "1.0 true", "closedlost": "0.0 true",
	}
	if diff := cmp.Diff(want, stages); diff != "" {
		t.Errorf("stages of deals (-want +got):\n%s", diff)
	}
	w.call("GET", "/crm/pipelines/2026-03/contacts", nil).want(t, 200, m{
		"results.0.id": "contacts-lifecycle-pipeline", "results.0.label": "Lifecycle Stage Pipeline", "results.0.stages.1.id": "lead",
		"results.0.stages.1.metadata": m{"isClosed": "false", "state": "OPEN"}, "results.0.stages.7.metadata": m{"isClosed": "true", "state": "CLOSED"},
	})
	w.call("GET", pipelines+"tickets/0/stages/4", nil).want(t, 200, m{"label": "Closed", "metadata": m{"isClosed": "true", "ticketState": "CLOSED"}})
	w.call("GET", pipelines+"0-136", nil).want(t, 200, m{"results.0.id": "lead-pipeline-id", "results.0.stages.0.id": "new-stage-id"})
	w.call("GET", pipelines+"notes", nil).want(t, 400, m{"category": "VALIDATION_ERROR"})
	w.call("GET", pipelines+"deals/nope", nil).want(t, 404, m{"category": "OBJECT_NOT_FOUND"})
	w.call("GET", pipelines+"deals/default/stages/nope", nil).want(t, 404, m{"category": "OBJECT_NOT_FOUND"})
}

func TestPipelineLife(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	stage := func(label string, order int, probability any) m {
		return m{"label": label, "displayOrder": order, "metadata": m{"probability": probability}}
	}
	r := w.call("POST", pipelines+"deals", m{"label": "Renewals", "displayOrder": 2, "stages": list{stage("Won", 1, "1"), stage("Due", 0, 0.5)}})
	r.want(t, 201, m{"stages.0.label": "Due", "stages.1.metadata": m{"probability": "1.0", "isClosed": "true"}, "archived": false})
	id, due, won := r.at("id").(string), r.at("stages.0.id").(string), r.at("stages.1.id").(string)
	path := pipelines + "deals/" + id
	if got := r.header.Get("Location"); got != w.url+path {
		t.Errorf("Location %q", got)
	}
	for name, body := range map[string]m{
		"no stages":       {"label": "x", "displayOrder": 1},
		"same label":      {"label": "renewals", "displayOrder": 1, "stages": list{}},
		"no probability":  {"label": "x", "displayOrder": 1, "stages": list{m{"label": "a", "displayOrder": 1}}},
		"not probable":    {"label": "x", "displayOrder": 1, "stages": list{stage("a", 1, "2")}},
		"other metadata":  {"label": "x", "displayOrder": 1, "stages": list{m{"label": "a", "displayOrder": 1, "metadata": m{"probability": "0.1", "colour": "red"}}}},
		"one label twice": {"label": "x", "displayOrder": 1, "stages": list{stage("a", 1, "0.1"), stage("A", 2, "0.2")}},
		"unknown member":  {"label": "x", "displayOrder": 1, "stages": list{}, "colour": "red"},
	} {
		if r := w.call("POST", pipelines+"deals", body); r.status != 400 {
			t.Errorf("%s: %d %s", name, r.status, r.text)
		}
	}
	r = w.call("POST", path+"/stages", stage("Talking", 1, "0.7"))
	r.want(t, 201, m{"metadata": m{"probability": "0.7", "isClosed": "false"}})
	talking := r.at("id").(string)
	w.call("PATCH", path+"/stages/"+talking, m{"label": "In talks", "metadata": m{"probability": "0.8"}}).want(t, 200, m{"label": "In talks", "metadata.probability": "0.8"})
	w.call("PUT", path+"/stages/"+talking, m{"label": "Talks", "displayOrder": 5}).want(t, 400, nil)
	w.call("PUT", path+"/stages/"+talking, m{"label": "Talks", "displayOrder": 5, "metadata": m{"probability": "0.9"}}).want(t, 200, m{"displayOrder": 5})
	w.call("GET", path+"/stages", nil).want(t, 200, m{"results.2.id": talking})
	w.call("GET", path+"/stages/"+talking+"/audit", nil).want(t, 200, m{"results.0.action": "UPDATE", "results.2.action": "CREATE", "results.2.identifier": "12345678:" + talking, "results.0.message": "Stage update", "results.2.portalId": 12345678})

	deal := w.makes("deals", m{"dealname": "x", "pipeline": id, "dealstage": talking})
	inUse := func(method, path, stages string) {
		t.Helper()
		w.call(method, path+"?validateReferencesBeforeDelete=true", nil).want(t, 400, m{
			"message": "Stage IDs: [" + stages + "] are being referenced by object IDs: [" + deal + "]", "context": m{"stageIds": list{"[" + stages + "]"}, "objectIds": list{"[" + deal + "]"}},
			"category": "VALIDATION_ERROR", "subCategory": "PipelineError.STAGE_ID_IN_USE",
		})
	}
	inUse("DELETE", path, due+", "+won+", "+talking)
	inUse("DELETE", path+"/stages/"+talking, talking)
	w.call("DELETE", path+"/stages/"+due+"?validateReferencesBeforeDelete=true", nil).want(t, 204, nil)
	w.call("DELETE", path+"/stages/"+talking, nil).want(t, 204, nil)
	w.call("GET", path+"/stages/"+talking, nil).want(t, 404, nil)
	w.wantShown("deals", deal, m{"dealstage": talking, "hs_deal_stage_probability": nil, "hs_is_closed": "false"})
	w.call("PATCH", path+"/stages/"+talking, m{"archived": false}).want(t, 200, m{"id": talking})
	w.call("PATCH", path+"/stages/"+talking, m{"archived": false}).want(t, 400, nil)

	w.call("PUT", path, m{"label": "Renewals", "displayOrder": 0, "stages": list{stage("Talks", 0, "0.3"), stage("New", 1, "0.4")}}).want(t, 200, m{
		"stages.0.id": talking, "stages.2": absent,
	})
	w.call("PATCH", path, m{"label": "Extensions"}).want(t, 200, m{"label": "Extensions", "stages.0.id": talking})
	w.call("GET", path+"/audit", nil).want(t, 200, m{"results.2.action": "CREATE", "results.3": absent})
	w.call("DELETE", path, nil).want(t, 204, nil)
	w.call("GET", path, nil).want(t, 404, nil)
	w.call("PATCH", path, m{"archived": true}).want(t, 400, nil)
	w.call("PATCH", path, m{"archived": false}).want(t, 200, m{"label": "Extensions"})
}

func TestStageLimits(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	stages := func(n int, metadata m) list {
		var all list
		for i := range n {
			all = append(all, m{"label": fmt.Sprint("s", i), "displayOrder": i, "metadata": metadata})
		}
		return all
	}
	tests := []struct {
		object   string
		most     int
		metadata m
	}{{"deals", 100, m{"probability": "0.5"}}, {"tickets", 100, m{"ticketState": "OPEN"}}, {"leads", 30, m{"leadState": "NEW"}}, {"orders", 30, nil}}
	for _, tt := range tests {
		w.call("POST", pipelines+tt.object, m{"label": "a", "displayOrder": 1, "stages": stages(tt.most+1, tt.metadata)}).want(t, 400, nil)
		r := w.call("POST", pipelines+tt.object, m{"label": "b", "displayOrder": 1, "stages": stages(tt.most, tt.metadata)})
		r.want(t, 201, nil)
		w.call("POST", pipelines+tt.object+"/"+r.at("id").(string)+"/stages", m{"label": "x", "displayOrder": 1, "metadata": tt.metadata}).want(t, 400, nil)
	}
}

func TestLifecycleStagesShowAsOptions(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	const path = pipelines + "contacts/contacts-lifecycle-pipeline"
	w.call("DELETE", path, nil).want(t, 400, nil)
	w.call("POST", pipelines+"contacts", m{"label": "x", "displayOrder": 1, "stages": list{}}).want(t, 400, nil)
	w.call("PATCH", path+"/stages/lead", m{"label": "Prospect"}).want(t, 200, m{"label": "Prospect"})
	r := w.call("POST", path+"/stages", m{"label": "Champion", "displayOrder": 6, "metadata": m{"state": "OPEN"}})
	r.want(t, 201, nil)
	champion := r.at("id").(string)
	w.call("DELETE", path+"/stages/evangelist", nil).want(t, 204, nil)
	var got []string
	for _, o := range w.call("GET", "/crm/v3/properties/contacts/lifecyclestage", nil).at("options").([]any) {
		got = append(got, o.(m)["value"].(string)+" "+o.(m)["label"].(string))
	}
	want := []string{
		"subscriber Subscriber", "lead Prospect", "marketingqualifiedlead Marketing Qualified Lead", "salesqualifiedlead Sales Qualified Lead",
		"opportunity Opportunity", "customer Customer", champion + " Champion", "other Other",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	w.call("PATCH", "/crm/v3/properties/contacts/lifecyclestage", m{"options": list{m{"label": "x", "value": "x"}}}).want(t, 400, nil)
	id := w.create(m{"lifecyclestage": champion})
	w.call("PATCH", contacts+"/"+id, m{"properties": m{"lifecyclestage": "customer"}}).want(t, 200, m{"properties.lifecyclestage": champion})
	w.call("PATCH", contacts+"/"+id, m{"properties": m{"lifecyclestage": "evangelist"}}).want(t, 400, m{"errors.0.code": "INVALID_OPTION"})
	// The stages of deals are options of their pipeline only, as recorded.
	w.call("GET", "/crm/v3/properties/deals/dealstage", nil).want(t, 200, m{"externalOptions": true, "options": list{}})
}
