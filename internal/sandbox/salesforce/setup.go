package salesforce

import (
	"lockstep/internal/sandbox/salesforce/store"
)

// What follows is what an administrator sets up, and what happens to records outside the API.

// Conversion says what a lead becomes, Converted what it became.
type (
	Conversion = store.Conversion
	Converted  = store.Converted
)

// DuplicateRule refuses saves that look like a record which is there; AssignmentRule gives saved records their
// owner; RecordType is a record type.
type (
	DuplicateRule   = store.DuplicateRule
	AssignmentRule  = store.AssignmentRule
	AssignmentEntry = store.AssignmentEntry
	RecordType      = store.RecordType
)

// Save is one record that automation wants saved; Event the moment at which a trigger runs.
type (
	Save  = store.Save
	Event = store.Event
)

// with runs f on an object while it alone holds the org.
func (s *Server) with(object string, f func(o *store.Object) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, err := s.object(object)
	if err != nil {
		return err
	}
	return f(o)
}

// MergeKeeping is Merge with values that the winner takes over in the same step.
func (s *Server) MergeKeeping(object, winner string, keep map[string]string, losers ...string) error {
	return s.with(object, func(o *store.Object) error { return s.org.Merge(o, winner, losers, keep) })
}

// ConvertLead converts a lead as the human user; what it made or found is returned.
func (s *Server) ConvertLead(c Conversion) (Converted, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.org.Convert(c)
}

// MapLeadField has conversions copy a custom field of the lead to a field of Account, Contact or Opportunity; without it
// custom fields stay behind.
func (s *Server) MapLeadField(from, object, to string) error {
	return s.with(object, func(*store.Object) error { return s.org.MapLeadField(from, object, to) })
}

// Undelete brings a record back from the recycle bin, with what its deletion took along. An error when it is not
// there: purged, merged away, or never deleted.
func (s *Server) Undelete(object, id string) error {
	return s.with(object, func(o *store.Object) error { return s.org.Undelete(o, id) })
}

// Touch moves a record's SystemModstamp and nothing else, as background work of the system does.
func (s *Server) Touch(object, id string) error { return s.Background(object, id, nil) }

// Background changes a record as the system does, for no user: no rule is asked, and of the stamps SystemModstamp
// alone moves.
func (s *Server) Background(object, id string, values map[string]string) error {
	return s.with(object, func(o *store.Object) error { return s.org.Background(o, id, values) })
}

// AutomateAfter registers automation on an object that runs once a record is stored, in its transaction and as its
// user: it gets the record before (nil on create) and as stored, and returns what it wants saved in consequence. Those
// saves go through all rules; a refusal, as an error of its own, fails the first save with
// CANNOT_EXECUTE_FLOW_TRIGGER. A record whose automation is at work does not start it again. It must not call the
// Server.
func (s *Server) AutomateAfter(object string, flow func(before, after map[string]string) ([]Save, error)) error {
	return s.with(object, func(o *store.Object) error {
		s.org.AfterSave(o, flow)
		return nil
	})
}

// Trigger registers code that looks at every save and deletion of an object: an error refuses it with
// CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY, the trigger's name, the event and the error's text. before is nil on insert,
// after on delete. It must not call the Server.
func (s *Server) Trigger(object, name string, run func(event Event, before, after map[string]string) error) error {
	return s.with(object, func(o *store.Object) error {
		s.org.Trigger(o, name, run)
		return nil
	})
}

// DefineDuplicateRule adds a duplicate rule to an object. An error when it names no field or one that is not there.
func (s *Server) DefineDuplicateRule(object string, r DuplicateRule) error {
	return s.with(object, func(o *store.Object) error { return s.org.DefineDuplicateRule(o, r) })
}

// DefineAssignmentRule adds an assignment rule to an object and returns its id, which Sforce-Auto-Assign and a Bulk
// job's assignmentRuleId may name. An error when an owner is neither user nor queue.
func (s *Server) DefineAssignmentRule(object string, r AssignmentRule) (id string, err error) {
	err = s.with(object, func(o *store.Object) error {
		made, err := s.org.DefineAssignmentRule(o, r)
		id = made.String()
		return err
	})
	return id, err
}

// DefineRecordType adds a record type to an object and returns its id. The first one gives the object RecordTypeId.
func (s *Server) DefineRecordType(object string, r RecordType) (id string, err error) {
	err = s.with(object, func(o *store.Object) error {
		made, err := s.org.DefineRecordType(o, r)
		id = made.String()
		return err
	})
	return id, err
}

// Lock holds a record, as a long transaction of somebody else does: writes to it, and to what hangs on it, are refused
// with UNABLE_TO_LOCK_ROW until release is called.
func (s *Server) Lock(id string) (release func()) {
	parsed, _ := store.ParseID(id)
	s.mu.Lock()
	defer s.mu.Unlock()
	free := s.org.Lock(parsed)
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		free()
	}
}

// Protect lets API users read a record and not change it: INSUFFICIENT_ACCESS_OR_READONLY.
func (s *Server) Protect(id string) {
	parsed, _ := store.ParseID(id)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.org.Protect(parsed)
}

// Forbid takes a permission on an object from API users: "Create" ends in CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY, "Edit"
// and "Delete" in INSUFFICIENT_ACCESS_OR_READONLY.
func (s *Server) Forbid(object, permission string) error {
	return s.with(object, func(o *store.Object) error {
		s.org.Forbid(o, "Permissions"+permission)
		return nil
	})
}

// LimitStorage sets how many records the org has room for; 0 is no limit. What is there stays.
func (s *Server) LimitStorage(records int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.org.Rules.StorageRecords = records
}
