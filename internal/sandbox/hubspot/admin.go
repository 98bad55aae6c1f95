package hubspot

import (
	"fmt"
	"strconv"

	"lockstep/internal/sandbox/hubspot/portal"
)

// owners is the name under which the methods below take owners, with the columns of the owners API.
const owners = "owners"

// Insert takes a record as it stands, even with values the API would refuse. Columns that the object does not have become custom
// text properties. hs_object_id (or id), createdate, lastmodifieddate (hs_lastmodifieddate) and archived are honoured.
func (s *Server) Insert(object string, values map[string]string) (id string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if object == owners {
		return s.insertOwner(values)
	}
	o, err := s.objectNamed(object)
	if err != nil {
		return "", err
	}
	n, err := o.Insert(values)
	if err != nil {
		return "", err
	}
	return idText(n), nil
}

func (s *Server) insertOwner(values map[string]string) (string, error) {
	o := Owner{}
	for name, v := range values {
		var err error
		switch name {
		case "id":
			o.ID = v
		case "email":
			o.Email = v
		case "firstName":
			o.FirstName = v
		case "lastName":
			o.LastName = v
		case "type":
			o.Type = v
		case "userId":
			if v != "" {
				o.UserID, err = strconv.ParseInt(v, 10, 64)
			}
		case "archived":
			o.Archived = v == "true"
		case "createdAt", "updatedAt":
		default:
			err = fmt.Errorf("owners have no column %q", name)
		}
		if err != nil {
			return "", err
		}
	}
	o, err := s.portal.SetOwner(o)
	return o.ID, err
}

// Edit changes a live record as a person in HubSpot's user interface does: values are checked, the lifecycle stage may go back,
// stamps move, the history names a user.
func (s *Server) Edit(object, id string, values map[string]string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, n, err := s.recordNamed(object, id)
	if err != nil {
		return err
	}
	w := o.BeginHuman(editor, fmt.Sprintf("userId:%d", editor))
	if err := w.Update(n, values); err != nil {
		return err
	}
	w.Commit()
	return nil
}

// See has HubSpot itself write down what it saw somebody do, in properties that nobody else may set: a form that was sent in,
// a page, a click in a marketing e-mail.
func (s *Server) See(object, id string, values map[string]string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, n, err := s.recordNamed(object, id)
	if err != nil {
		return err
	}
	w := o.BeginOwn()
	if err := w.Update(n, values); err != nil {
		return err
	}
	w.Commit()
	return nil
}

// editor is the user whose edits Edit makes.
const editor = 76070032

// Get returns the values of a live record that are not empty, computed ones and stamps among them.
func (s *Server) Get(object, id string) (map[string]string, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if object == owners {
		o, ok := s.portal.Owner(id)
		return ownerMap(o), ok && !o.Archived
	}
	o, n, err := s.recordNamed(object, id)
	if err != nil {
		return nil, false
	}
	r, ok := o.Get(n, false)
	if !ok {
		return nil, false
	}
	return r.Map(), true
}

// All returns the live records in id order; nil for an object the portal does not have.
func (s *Server) All(object string) []map[string]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []map[string]string
	if object == owners {
		for _, o := range s.portal.Owners(false) {
			all = append(all, ownerMap(o))
		}
		return all
	}
	o := s.portal.Object(object)
	if o == nil {
		return nil
	}
	for _, r := range o.All() {
		all = append(all, r.Map())
	}
	return all
}

// Delete archives a live record, or an owner.
func (s *Server) Delete(object, id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if object == owners {
		o, ok := s.portal.Owner(id)
		if !ok {
			return fmt.Errorf("no owner %s", id)
		}
		o.Archived = true
		_, err := s.portal.SetOwner(o)
		return err
	}
	o, n, err := s.recordNamed(object, id)
	if err != nil {
		return err
	}
	return o.Delete(n)
}

// Merge makes one record of two, as a person in HubSpot's user interface does, and returns the id of the one that is left.
func (s *Server) Merge(object, primary, other string) (id string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, a, err := s.recordNamed(object, primary)
	if err != nil {
		return "", err
	}
	_, b, err := s.recordNamed(object, other)
	if err != nil {
		return "", err
	}
	r, err := o.Merge(a, b, portal.Source{Type: "MERGE_OBJECTS", ID: fmt.Sprintf("userId:%d", editor), UserID: editor})
	if err != nil {
		return "", err
	}
	return idText(r.ID()), nil
}

// Purge deletes a record for good, live or archived: nothing of it can be read or restored any more.
func (s *Server) Purge(object, id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, n, err := s.recordNamed(object, id)
	if err != nil {
		return err
	}
	return o.Forget(n)
}

// Require adds an admin's rule on required properties: those of the create form, or of records that are in some state.
func (s *Server) Require(object string, r Requirement) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, err := s.objectNamed(object)
	if err != nil {
		return err
	}
	for _, name := range []string{r.Property, r.When} {
		if name != "" && o.Property(name) == nil {
			return fmt.Errorf("%s have no property %q", object, name)
		}
	}
	o.Require(r)
	return nil
}

// Restore brings a record back that was archived less than 90 days ago. Its associations do not come back.
func (s *Server) Restore(object, id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, n, err := s.recordNamed(object, id)
	if err != nil {
		return err
	}
	return o.Restore(n)
}

// Touch moves a live record's modified stamp without changing it, as HubSpot's own calculations do.
func (s *Server) Touch(object, id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, n, err := s.recordNamed(object, id)
	if err != nil {
		return err
	}
	return o.Touch(n)
}

// Objects lists what Insert, Get, All and Delete take: the object types, and owners.
func (s *Server) Objects() []string { return append(s.portal.Objects(), owners) }

// OnWrite adds a workflow to an object. Workflows run after each write, in the order added, once the answer is formed; what they
// set moves the stamp again. They do not trigger each other and must not call the Server.
func (s *Server) OnWrite(object string, workflow func(before, after map[string]string) map[string]string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, err := s.objectNamed(object)
	if err != nil {
		return err
	}
	o.Workflows = append(o.Workflows, workflow)
	return nil
}

// AddOwner adds an owner, or replaces the one with its id. Without an id it is given one.
func (s *Server) AddOwner(o Owner) (id string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, err = s.portal.SetOwner(o)
	return o.ID, err
}

func ownerMap(o portal.Owner) map[string]string {
	return map[string]string{
		"id": o.ID, "email": o.Email, "firstName": o.FirstName, "lastName": o.LastName, "type": o.Type, "userId": idText(o.UserID),
		"archived": strconv.FormatBool(o.Archived),
	}
}

func (s *Server) objectNamed(name string) (*portal.Object, error) {
	o := s.portal.Object(name)
	if o == nil {
		return nil, fmt.Errorf("the portal has no object %q", name)
	}
	return o, nil
}

func (s *Server) recordNamed(object, id string) (*portal.Object, int64, error) {
	o, err := s.objectNamed(object)
	if err != nil {
		return nil, 0, err
	}
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return nil, 0, fmt.Errorf("%s id %q is not a number", object, id)
	}
	return o, n, nil
}

// Check says in what the portal's store contradicts itself, nil for nothing. It reads every record; it is for tests.
func (s *Server) Check() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.portal.Check()
}
