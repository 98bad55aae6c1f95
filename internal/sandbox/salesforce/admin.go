package salesforce

import (
	"fmt"

	"lockstep/internal/sandbox/salesforce/store"
)

// What follows is no part of the API: it is how a test or the sandbox's own commands reach into the org.

// Insert stores a record as it stands, valid or not, and returns its 18-character id.
// Id, CreatedDate, LastModifiedDate, LastModifiedById, SystemModstamp and IsDeleted are honoured when given;
// a column that the metadata lacks becomes a custom text column that everyone sees. Only what no org could
// hold is an error: an unknown object, an id of another object or taken, a date that is none.
func (s *Server) Insert(object string, values map[string]string) (id string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	made, err := s.org.Insert(object, values)
	if err != nil {
		return "", err
	}
	return made.String(), nil
}

// object finds an object by name, for the methods here.
func (s *Server) object(name string) (*store.Object, error) {
	if o := s.org.Object(name); o != nil {
		return o, nil
	}
	return nil, fmt.Errorf("the simulated org has no object %q", name)
}

// Edit changes a record as a human in the user interface does: validated, stamped with another user.
func (s *Server) Edit(object, id string, values map[string]string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, err := s.object(object)
	if err != nil {
		return err
	}
	return s.org.Edit(o, id, values)
}

// Get is the record's values by column, blanks left out; false when it is deleted or was never there.
func (s *Server) Get(object, id string) (map[string]string, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, err := s.object(object)
	if err != nil {
		return nil, false
	}
	return s.org.Get(o, id)
}

// All lists the live records in id order; none for an unknown object.
func (s *Server) All(object string) []map[string]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, err := s.object(object)
	if err != nil {
		return nil
	}
	return s.org.All(o)
}

// Delete puts a record into the recycle bin, where only queryAll sees it.
func (s *Server) Delete(object, id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, err := s.object(object)
	if err != nil {
		return err
	}
	return s.org.Delete(o, id)
}

// Purge removes a record for good: not even queryAll sees it any more.
func (s *Server) Purge(object, id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, err := s.object(object)
	if err != nil {
		return err
	}
	return s.org.Purge(o, id)
}

// Merge makes one record the survivor of others of its object: they lie in the recycle bin with
// MasterRecordId, and what referred to them refers to it.
func (s *Server) Merge(object, winner string, losers ...string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, err := s.object(object)
	if err != nil {
		return err
	}
	return s.org.Merge(o, winner, losers, nil)
}

// Convert turns a lead into a contact of an account, both new unless their ids are given.
func (s *Server) Convert(lead, account, contact string) (accountID, contactID string, err error) {
	out, err := s.ConvertLead(Conversion{Lead: lead, Account: account, Contact: contact})
	return out.Account, out.Contact, err
}

// RemoveField deletes a custom field and its values, as an administrator does.
func (s *Server) RemoveField(object, field string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, err := s.object(object)
	if err != nil {
		return err
	}
	f := o.Field(field)
	if f == nil {
		return fmt.Errorf("%s has no field %s", object, field)
	}
	return s.org.RemoveField(f)
}

// HideField takes a field that permissions govern from every user whose permission sets do not grant it.
func (s *Server) HideField(object, field string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, err := s.object(object)
	if err != nil {
		return err
	}
	f := o.Field(field)
	if f == nil || !f.Permissionable() {
		return fmt.Errorf("%s.%s is no field that permissions govern", object, field)
	}
	f.Governed = true
	return nil
}

// HideObject takes a whole object from every user whose permission sets do not grant it, or gives it back.
func (s *Server) HideObject(object string, hidden bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, err := s.object(object)
	if err != nil {
		return err
	}
	o.Governed = hidden
	return nil
}

// Objects names the objects, sorted.
func (s *Server) Objects() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []string
	for _, o := range s.org.Objects() {
		out = append(out, o.Name)
	}
	return out
}

// Automate registers a flow on an object. Before every save, API or human, it gets the record before (nil
// on create) and as it is about to be saved, and returns what it changes. It must not call the Server.
func (s *Server) Automate(object string, flow func(before, after map[string]string) map[string]string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, err := s.object(object)
	if err != nil {
		return err
	}
	s.org.Automate(o, flow)
	return nil
}

// Validate registers a validation rule on an object: it returns the message that refuses the save, and the
// field the message stands at (or ""); "" accepts. It must not call the Server.
func (s *Server) Validate(object string, rule func(before, after map[string]string) (message, field string)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, err := s.object(object)
	if err != nil {
		return err
	}
	s.org.Validate(o, rule)
	return nil
}

// ExpireSessions ends every session, as an administrator or a time-out does.
func (s *Server) ExpireSessions() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.sessions)
}

// LimitRequests sets how many calls per rolling 24 hours the org takes. What was used stays used.
func (s *Server) LimitRequests(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.options.DailyRequests = n
}

// IntegrationUser is the id of the user that API clients act as; Human of the one that Edit acts as.
func (s *Server) IntegrationUser() string { return s.org.Integration.String() }

// Human is the id of the user that Edit, Delete, Merge and Convert act as.
func (s *Server) Human() string { return s.org.Human.String() }

// Check says in what the org's store contradicts itself, nil for nothing. It reads every record; it is for tests.
func (s *Server) Check() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.org.Check()
}
