package salesforce_test

import (
	"slices"
	"strings"
	"testing"

	"lockstep/internal/sandbox/salesforce"
)

// TestRecordedGlobal holds the list of all objects against a recorded one (CCI, GET_sobjects_Global_describe):
// key prefix, labels and what is true of each.
func TestRecordedGlobal(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	simulated := map[string]string{}
	for _, o := range get(x.must(200, "GET", "/sobjects", "").json, "sobjects").([]any) {
		var is []string
		for key, v := range o.(map[string]any) {
			if v == true {
				is = append(is, key)
			}
		}
		slices.Sort(is)
		simulated[get(o, "name").(string)] = get(o, "keyPrefix").(string) + " | " + get(o, "label").(string) + " | " + get(o, "labelPlural").(string) + " | " + strings.Join(is, " ")
	}
	for name, want := range map[string]string{
		"Account":                "001 | Account | Accounts | createable deletable feedEnabled layoutable mergeable mruEnabled queryable replicateable retrieveable searchable triggerable undeletable updateable",
		"Campaign":               "701 | Campaign | Campaigns | createable deletable layoutable mruEnabled queryable replicateable retrieveable searchable triggerable undeletable updateable",
		"CampaignMember":         "00v | Campaign Member | Campaign Members | createable deletable layoutable queryable replicateable retrieveable triggerable updateable",
		"Case":                   "500 | Case | Cases | createable deletable feedEnabled layoutable mruEnabled queryable replicateable retrieveable searchable triggerable undeletable updateable",
		"Contact":                "003 | Contact | Contacts | createable deletable feedEnabled layoutable mergeable mruEnabled queryable replicateable retrieveable searchable triggerable undeletable updateable",
		"Opportunity":            "006 | Opportunity | Opportunities | createable deepCloneable deletable feedEnabled layoutable mruEnabled queryable replicateable retrieveable searchable triggerable undeletable updateable",
		"OpportunityContactRole": "00K | Opportunity Contact Role | Opportunity Contact Role | createable deletable layoutable queryable replicateable retrieveable triggerable updateable",
		"Organization":           "00D | Organization | Organizations | queryable replicateable retrieveable updateable",
		"User":                   "005 | User | Users | createable feedEnabled layoutable mruEnabled queryable replicateable retrieveable searchable triggerable updateable",
		"UserLicense":            "100 | User License | User Licenses | queryable retrieveable",
	} {
		if got := simulated[name]; got != want {
			t.Errorf("%s\nrecorded  %s\nsimulated %s", name, want, got)
		}
	}
}

// TestRecordedDescribeMembers: every member of a describe and its type, of the objects in testdata/recorded (CCI).
func TestRecordedDescribeMembers(t *testing.T) {
	t.Parallel()
	r := startRecorded(t)
	field := func(of string, names string) string {
		return "fields[]." + strings.ReplaceAll(strings.TrimSpace(names), " ", ":"+of+" fields[].") + ":" + of + " "
	}
	members := "actionOverrides:array activateable:bool associateEntityType:null associateParentEntity:null childRelationships[].cascadeDelete:bool childRelationships[].childSObject:string " +
		"childRelationships[].deprecatedAndHidden:bool childRelationships[].field:string childRelationships[].junctionIdListNames:array childRelationships[].junctionReferenceTo:array " +
		"childRelationships[].relationshipName:string|null childRelationships[].restrictedDelete:bool compactLayoutable:bool createable:bool custom:bool customSetting:bool deepCloneable:bool " +
		"defaultImplementation:null deletable:bool deprecatedAndHidden:bool extendedBy:null extendsInterfaces:null feedEnabled:bool hasSubtypes:bool implementedBy:null implementsInterfaces:null " +
		"isInterface:bool isSubtype:bool keyPrefix:string label:string labelPlural:string layoutable:bool listviewable:null lookupLayoutable:null mergeable:bool mruEnabled:bool name:string " +
		"namedLayoutInfos:array networkScopeFieldName:null queryable:bool recordTypeInfos[].active:bool recordTypeInfos[].available:bool recordTypeInfos[].defaultRecordTypeMapping:bool " +
		"recordTypeInfos[].developerName:string recordTypeInfos[].master:bool recordTypeInfos[].name:string recordTypeInfos[].recordTypeId:string recordTypeInfos[].urls.layout:string " +
		"replicateable:bool retrieveable:bool searchLayoutable:bool searchable:bool sobjectDescribeOption:string supportedScopes[].label:string supportedScopes[].name:string triggerable:bool " +
		"undeletable:bool updateable:bool urls.*:string " +
		field("bool", "aggregatable aiPredictionField autoNumber calculated cascadeDelete caseSensitive createable custom defaultedOnCreate dependentPicklist deprecatedAndHidden displayLocationInDecimal "+
			"encrypted externalId filterable formulaTreatNullNumberAsZero groupable highScaleNumber htmlFormatted idLookup nameField namePointing nillable permissionable polymorphicForeignKey "+
			"queryByDistance restrictedDelete restrictedPicklist searchPrefilterable sortable unique updateable writeRequiresMasterRead") +
		field("number", "byteLength digits length precision scale") + field("string", "label name soapType type") +
		field("string|null", "calculatedFormula compoundFieldName controllerName defaultValueFormula extraTypeInfo inlineHelpText mask maskType referenceTargetField relationshipName") +
		field("null", "filteredLookupInfo relationshipOrder") + field("string|bool|null", "defaultValue") +
		"fields[].referenceTo:array fields[].referenceTo[]:string fields[].picklistValues:array fields[].picklistValues[].active:bool fields[].picklistValues[].defaultValue:bool " +
		"fields[].picklistValues[].label:string fields[].picklistValues[].validFor:string|null fields[].picklistValues[].value:string"
	for _, object := range []string{"Account", "Case", "Contact", "Event", "Lead", "Opportunity"} {
		r.hold(t, exchange{name: object, source: "CCI", method: "GET", path: "/sobjects/" + object + "/describe", status: 200, shape: members})
	}
}
