package sandbox

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/internal/crm"
	"lockstep/internal/sandbox/hubspot"
	"lockstep/internal/sandbox/salesforce"
)

// columns.csv makes custom objects and columns of both CRMs before their records are loaded.
func TestLoadsColumns(t *testing.T) {
	t.Parallel()
	h, s := hubspot.New(hubspot.Options{}), salesforce.New(salesforce.Options{})
	err := loadBoth(t.Context(), folder(t, map[string]string{
		"columns.csv": "object,column,type,length,scale,values,refers_to\n" +
			"hubspot.p_subscription,plans,enumeration/checkbox,,,a;b,companies\n" +
			"salesforce.Subscription__c,Plans__c,MultiselectPicklist,,,A;B,\n" +
			"salesforce.Subscription__c,Code__c,Text,8,,,\n" +
			"salesforce.Subscription__c,Seats__c,Number,,2,,\n" +
			"salesforce.Subscription__c,Account__c,Lookup,,,,Account\n" +
			"salesforce.Contact,Score__c,Number,,,,\n",
		"hubspot.companies.csv":          "hs_object_id,name\n201,Tern Point\n",
		"hubspot.p_subscription.csv":     "hs_object_id,plans\n501,b;a\n",
		"hubspot.associations.csv":       "from_object,from_id,to_object,to_id\np_subscription,501,companies,201\n",
		"salesforce.Account.csv":         "Id,Name\n001Kx0000000001IAA,Tern Point\n",
		"salesforce.Subscription__c.csv": "Id,Name,Plans__c,Seats__c,Account__c\na00Kx0000000001IAA,SUB-1,A;B,2.25,001Kx0000000001IAA\n",
	}), map[crm.System]simulator{crm.HubSpot: h, crm.Salesforce: s})
	if err != nil {
		t.Fatal(err)
	}
	made, _ := s.Get("Subscription__c", "a00Kx0000000001IAA")
	if made["Plans__c"] != "A;B" || made["Seats__c"] != "2.25" || made["Account__c"] != "001Kx0000000001IAA" {
		t.Errorf("the subscription is %v", made)
	}
	if err := s.Edit("Subscription__c", "a00Kx0000000001IAA", map[string]string{"Code__c": "nine char"}); err == nil {
		t.Error("a text of nine characters fits a field of eight")
	}
	if err := h.Edit("p_subscription", "501", map[string]string{"plans": "c"}); err == nil {
		t.Error("an option that was not defined is taken")
	}
	if diff := cmp.Diff([]hubspot.Association{{ID: "201", Labels: []string{}}}, h.Associations("p_subscription", "501", "companies")); diff != "" {
		t.Errorf("associations (-want +got):\n%s", diff)
	}
}

func TestLoadColumnsNamesTheLine(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ text, want, hint string }{
		{"object,kolumn\n", `columns.csv:1: no column is named "kolumn"`, "refers_to"},
		{"object,column,type\nhubspot.p_x,a,strange\n", `columns.csv:2: "strange" is no type of a property`, "own word"},
		{"object,column,type\nhubspot.x,a,string\n", `columns.csv:2: the portal has no object "x"`, "p_subscription"},
		{"object,column,type\nhubspot.p_x,A,string\n", `columns.csv:2: "A" cannot be the name`, "own word"},
		{"object,refers_to\nhubspot.p_x,nothings\n", `columns.csv:2: the portal has no object "nothings"`, "own word"},
		{"object,column,type\nsalesforce.X__c,A__c,Strange\n", `columns.csv:2: X__c.A__c: Field Type`, "own word"},
		{"object,column,type\nsalesforce.X,A__c,Text\n", `columns.csv:2: the simulated org has no object "X"`, "own word"},
		{"object,column,type,length\nsalesforce.X__c,A__c,Text,long\n", `columns.csv:2: length "long" is no number`, "own word"},
		{"object,column,type\nX,A__c,Text\n", `columns.csv:2: "X" is not an object`, "own word"},
		{"object,column\nhubspot.p_x\n", `columns.csv:2: `, "names"},
	} {
		err := loadBoth(t.Context(), folder(t, map[string]string{"columns.csv": tt.text}),
			map[crm.System]simulator{crm.HubSpot: hubspot.New(hubspot.Options{}), crm.Salesforce: salesforce.New(salesforce.Options{})})
		checkHinted(t, err, tt.want, tt.hint)
	}
	err := loadBoth(t.Context(), folder(t, map[string]string{"columns.csv": "object,column\nhubspot.p_x,a\n"}), fakes())
	checkHinted(t, err, "columns.csv:2: hubspot takes no columns", "own word")
}
