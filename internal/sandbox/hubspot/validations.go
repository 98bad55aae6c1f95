package hubspot

import (
	"net/http"
	"slices"

	"lockstep/internal/sandbox/hubspot/portal"
)

// validationRoutes are the rules that admins set for the values of properties.
var validationRoutes = []route{
	{"GET", "/crm/property-validations/{type}", readSchemas, "", false, (*call).listValidations},
	{"GET", "/crm/property-validations/{type}/{name}", readSchemas, "", false, (*call).readValidations},
	{"GET", "/crm/property-validations/{type}/{name}/rule-type/{rule}", readSchemas, "", false, (*call).readValidation},
	{"PUT", "/crm/property-validations/{type}/{name}/rule-type/{rule}", writeSchemas, "", false, (*call).setValidation},
}

// validationAnswer is a rule as the API shows it.
type validationAnswer struct {
	Rule      string   `json:"ruleType"`
	Arguments []string `json:"ruleArguments"`
	Normalize *bool    `json:"shouldApplyNormalization,omitempty"`
}

func validationsOf(p *portal.Property) []validationAnswer {
	rules := []validationAnswer{}
	for _, v := range p.Validations {
		rules = append(rules, validationAnswer{Rule: v.Rule, Arguments: v.Arguments})
	}
	return rules
}

// listValidations answers GET /crm/property-validations/{version}/{type}: properties that have rules.
func (c *call) listValidations() (answer, error) {
	results := []map[string]any{}
	for _, p := range c.object.Properties(false) {
		if len(p.Validations) > 0 {
			results = append(results, map[string]any{"propertyName": p.Name, "propertyValidationRules": validationsOf(p)})
		}
	}
	return ok(http.StatusOK, map[string]any{"results": results})
}

// readValidations answers GET /crm/property-validations/{version}/{type}/{name}.
func (c *call) readValidations() (answer, error) {
	p, err := c.propertyNamed()
	if err != nil {
		return answer{}, err
	}
	return ok(http.StatusOK, map[string]any{"results": validationsOf(p)})
}

// readValidation answers GET …/rule-type/{rule}.
func (c *call) readValidation() (answer, error) {
	p, err := c.propertyNamed()
	if err != nil {
		return answer{}, err
	}
	for _, v := range p.Validations {
		if v.Rule == c.params["rule"] {
			return ok(http.StatusOK, validationAnswer{v.Rule, v.Arguments, &v.Normalize})
		}
	}
	return answer{}, &problem{http: http.StatusNotFound, Message: "resource not found"}
}

// setValidation answers PUT …/rule-type/{rule}: it takes the place of the rule of that type.
func (c *call) setValidation() (answer, error) {
	p, err := c.propertyNamed()
	if err != nil {
		return answer{}, err
	}
	var in struct {
		Arguments *[]string `json:"ruleArguments"`
		Normalize bool      `json:"shouldApplyNormalization"`
	}
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	if in.Arguments == nil {
		return answer{}, required("ruleArguments")
	}
	v := portal.Validation{Rule: c.params["rule"], Arguments: *in.Arguments, Normalize: in.Normalize}
	if err := portal.RuleFor(p, v); err != nil {
		return answer{}, invalid(err.Error())
	}
	at := slices.IndexFunc(p.Validations, func(old portal.Validation) bool { return old.Rule == v.Rule })
	if at < 0 {
		p.Validations = append(p.Validations, v)
	} else {
		p.Validations[at] = v
	}
	return answer{status: http.StatusNoContent}, nil
}
