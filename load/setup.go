package load

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"lockstep/internal/crm"
	"lockstep/internal/hubspot"
	"lockstep/internal/salesforce"
	"lockstep/internal/wire"
)

// StepState says how a step of Setup was found or left.
type StepState string

// The states of a step.
const (
	Present StepState = "present" // was there already
	Missing StepState = "missing" // is not there; Setup was only asked to look
	Created StepState = "created" // was not there, and is now
)

// Step is one thing that a CRM needs before records can be tied.
type Step struct {
	System crm.System
	What   string // property contacts.salesforce_id (text, unique)
	State  StepState
}

// SetupOptions name the things that Setup looks for. A nil client leaves that CRM out.
type SetupOptions struct {
	HubSpot     *hubspot.Client
	HubSpotIn   []string   // objects; nil: contacts
	StampID     string     // unique property with the tied record's id; empty: salesforce_id
	StampObject string     // property with its object, Lead or Contact; empty: salesforce_object
	Properties  []Property // more of them

	Salesforce   *salesforce.Client
	SalesforceIn []string // objects; nil: Lead and Contact
	StampField   string   // external-id field with the HubSpot id; empty: HubSpot_Id__c
	User         string   // who gets the permission to see it; empty: the session's own user

	Create bool // make what is missing; false: only look
}

// names of what Setup makes besides columns.
const (
	setupName  = "lockstep"
	setupLabel = "lockstep"
)

// Setup looks for the columns that tie records to each other and, if asked, makes those that are missing: in
// HubSpot a property group with a unique property for the tied record's id and one for its object, and the
// properties of the project's own list; in Salesforce a unique external-id field per object, and a permission set
// that lets the integration user see it, since a field made through the API is seen by nobody. Calling it again
// changes nothing.
//
// On an error the steps done so far are returned beside it. A column of that name with another shape is an
// error: records would be tied by something that two of them can share.
func Setup(ctx context.Context, o SetupOptions) (steps []Step, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("load.Setup: %w", err)
		}
	}()
	o.defaults()
	s := &setup{o: o}
	if o.HubSpot != nil {
		for _, object := range o.HubSpotIn {
			if err := s.hubspot(ctx, object); err != nil {
				return s.steps, err
			}
		}
	}
	if o.Salesforce != nil {
		err = s.salesforce(ctx)
	}
	return s.steps, err
}

func (o *SetupOptions) defaults() {
	for _, d := range []struct {
		set  *string
		name string
	}{{&o.StampID, "salesforce_id"}, {&o.StampObject, "salesforce_object"}, {&o.StampField, "HubSpot_Id__c"}} {
		if *d.set == "" {
			*d.set = d.name
		}
	}
	if o.HubSpotIn == nil {
		o.HubSpotIn = []string{"contacts"}
	}
	if o.SalesforceIn == nil {
		o.SalesforceIn = []string{"Lead", "Contact"}
	}
}

type setup struct {
	o     SetupOptions
	steps []Step
}

// step notes what was found and, if it is missing and Setup may, makes it.
func (s *setup) step(system crm.System, there bool, what string, create func() error) error {
	state := Present
	if !there {
		state = Missing
		if s.o.Create {
			if err := create(); err != nil && !exists(err) {
				return fmt.Errorf("creating %s: %w", what, err)
			}
			state = Created
		}
	}
	s.steps = append(s.steps, Step{system, what, state})
	return nil
}

// exists says that somebody made the same thing meanwhile, or that our own first attempt did.
func exists(err error) bool {
	var e *wire.Error
	if errors.As(err, &e) && (e.Code == "DUPLICATE_DEVELOPER_NAME" || e.Code == "DUPLICATE_VALUE") {
		return true
	}
	var r *hubspot.Refusal
	return errors.As(err, &r) && (r.Category == "OBJECT_ALREADY_EXISTS" || r.Category == "CONFLICT")
}

func (s *setup) hubspot(ctx context.Context, object string) error {
	groups, err := s.o.HubSpot.Groups(ctx, object)
	if err != nil {
		return err
	}
	there := slices.ContainsFunc(groups, func(g hubspot.Group) bool { return g.Name == setupName })
	if err := s.step(crm.HubSpot, there, "property group "+object+"."+setupName, func() error {
		_, err := s.o.HubSpot.CreateGroup(ctx, object, hubspot.Group{Name: setupName, Label: setupLabel, DisplayOrder: -1})
		return err
	}); err != nil {
		return err
	}
	properties, err := s.o.HubSpot.Properties(ctx, object)
	if err != nil {
		return err
	}
	for _, want := range []hubspot.Property{
		{Name: s.o.StampID, Label: "Salesforce id", HasUniqueValue: true, Description: "The Salesforce record this one is kept in step with. Written by lockstep."},
		{Name: s.o.StampObject, Label: "Salesforce object", Description: "Its object: Lead, Contact, Account … Written by lockstep."},
	} {
		want.Type, want.FieldType, want.GroupName = "string", "text", setupName
		what := fmt.Sprintf("property %s.%s (text%s)", object, want.Name, map[bool]string{true: ", unique"}[want.HasUniqueValue])
		i := slices.IndexFunc(properties, func(p hubspot.Property) bool { return p.Name == want.Name })
		if i >= 0 && (properties[i].Type != "string" || want.HasUniqueValue && !properties[i].HasUniqueValue) {
			return crm.WithHint(fmt.Errorf("hubspot: %s.%s exists and is not a %s", object, want.Name, strings.TrimPrefix(what, "property "+object+"."+want.Name+" ")),
				"HubSpot cannot change that: archive the property, or name another one under hubspot.stamps in lockstep.yaml")
		}
		if err := s.step(crm.HubSpot, i >= 0, what, func() error {
			_, err := s.o.HubSpot.CreateProperty(ctx, object, want)
			return err
		}); err != nil {
			return err
		}
	}
	return s.properties(ctx, object, properties)
}

func (s *setup) salesforce(ctx context.Context) error {
	c, field := s.o.Salesforce, s.o.StampField
	hidden := false // some object's field is not one the user may write
	made, err := s.query(ctx, c.ToolingQuery, fmt.Sprintf(`SELECT Id, TableEnumOrId FROM CustomField WHERE DeveloperName = %s`,
		salesforce.Quote(strings.TrimSuffix(field, "__c"))), "TableEnumOrId")
	if err != nil {
		return err
	}
	var tables []string
	for _, object := range s.o.SalesforceIn {
		d, err := c.Describe(ctx, object)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(d.Fields, func(f salesforce.Field) bool { return f.Name == field })
		if i >= 0 && !(d.Fields[i].Type == "string" && d.Fields[i].ExternalID && d.Fields[i].Unique) {
			return crm.WithHint(fmt.Errorf("salesforce: %s.%s exists and is not a unique external id of type Text", object, field),
				"mark it External ID and Unique in Setup > Object Manager, or name another one under salesforce.stamps in lockstep.yaml")
		}
		hidden = hidden || i < 0 || !d.Fields[i].Updateable || !d.Fields[i].Createable
		table := tableOf(object)
		if slices.Contains(tables, table) {
			continue
		}
		tables = append(tables, table)
		if err := s.step(crm.Salesforce, made[table] != "" || made[object] != "" || i >= 0, fmt.Sprintf("field %s.%s (Text 32, external id, unique)", table, field), func() error {
			_, err := c.CreateField(ctx, salesforce.CustomField{
				Object: table, Name: field, Label: strings.ReplaceAll(strings.TrimSuffix(field, "__c"), "_", " "), Type: "Text", Length: 32,
				ExternalID: true, Unique: true, Description: "The HubSpot record this one is kept in step with. Written by lockstep.",
			})
			return err
		}); err != nil {
			return err
		}
	}
	return s.permissions(ctx, hidden)
}

// tableOf is where an object's custom fields are made: those of Task and Event are fields of Activity, which have them both.
func tableOf(object string) string {
	if object == "Task" || object == "Event" {
		return "Activity"
	}
	return object
}

// permissions let the user see and write the fields, by a permission set of its own. Where the user may already
// (by a profile, or by another set) nothing is made.
func (s *setup) permissions(ctx context.Context, hidden bool) error {
	c := s.o.Salesforce
	if !hidden {
		return s.step(crm.Salesforce, true, "permission to read and edit "+s.o.StampField, nil)
	}
	if s.o.User == "" {
		u, err := c.UserInfo(ctx)
		if err != nil {
			return err
		}
		s.o.User = u.UserID
	}
	sets, err := s.query(ctx, c.Query, `SELECT Id, Name FROM PermissionSet WHERE Name = `+salesforce.Quote(setupName), "Name")
	if err != nil {
		return err
	}
	set := sets[setupName]
	if err := s.step(crm.Salesforce, set != "", "permission set "+setupName, func() (err error) {
		set, err = c.CreateRecord(ctx, "PermissionSet", map[string]any{"Name": setupName, "Label": setupLabel})
		return err
	}); err != nil {
		return err
	}
	granted, assigned := map[string]string{}, map[string]string{}
	if set != "" {
		if granted, err = s.query(ctx, c.Query, fmt.Sprintf(`SELECT Id, Field FROM FieldPermissions WHERE ParentId = %s AND PermissionsEdit = TRUE`,
			salesforce.Quote(set)), "Field"); err != nil {
			return err
		}
		if assigned, err = s.query(ctx, c.Query, fmt.Sprintf(`SELECT Id, AssigneeId FROM PermissionSetAssignment WHERE PermissionSetId = %s AND AssigneeId = %s`,
			salesforce.Quote(set), salesforce.Quote(s.o.User)), "AssigneeId"); err != nil {
			return err
		}
	}
	for _, object := range s.o.SalesforceIn {
		full := object + "." + s.o.StampField
		if err := s.step(crm.Salesforce, granted[full] != "", "permission to read and edit "+full, func() error {
			_, err := c.CreateRecord(ctx, "FieldPermissions", map[string]any{
				"ParentId": set, "SobjectType": object, "Field": full, "PermissionsRead": true, "PermissionsEdit": true,
			})
			return err
		}); err != nil {
			return err
		}
	}
	return s.step(crm.Salesforce, len(assigned) > 0, "permission set "+setupName+" for the integration user", func() error {
		_, err := c.CreateRecord(ctx, "PermissionSetAssignment", map[string]any{"AssigneeId": s.o.User, "PermissionSetId": set})
		return err
	})
}

// query reads ids by the value of one column.
func (s *setup) query(ctx context.Context, run queryFunc, soql, column string) (map[string]string, error) {
	all := map[string]string{}
	for page, err := range run(ctx, soql) {
		if err != nil {
			return nil, err
		}
		var body struct {
			Records []map[string]any `json:"records"`
		}
		if err := json.Unmarshal(page.Body, &body); err != nil {
			return nil, errors.New("salesforce: a page is not the JSON it should be")
		}
		for _, r := range body.Records {
			id, _ := r["Id"].(string)
			value, _ := r[column].(string)
			all[value] = id
		}
	}
	return all, nil
}

type queryFunc = func(context.Context, string) iter.Seq2[salesforce.Page, error]
