package hubspot

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"lockstep/internal/sandbox/hubspot/portal"
)

// listUser is who makes and changes lists through the API: a user id.
const listUser = "76070032"

// listView is a list as the API shows it.
type listView struct {
	ID          string            `json:"listId"`
	Version     int               `json:"listVersion"`
	CreatedAt   string            `json:"createdAt"`
	UpdatedAt   string            `json:"updatedAt"`
	DeletedAt   string            `json:"deletedAt,omitempty"`
	FilteredAt  string            `json:"filtersUpdatedAt"`
	Status      string            `json:"processingStatus"`
	CreatedBy   string            `json:"createdById"`
	UpdatedBy   string            `json:"updatedById"`
	Processing  string            `json:"processingType"`
	ObjectType  string            `json:"objectTypeId"`
	Name        string            `json:"name"`
	Size        *int              `json:"size,omitempty"`
	Branch      *portal.Branch    `json:"filterBranch,omitempty"`
	Additional  map[string]string `json:"additionalProperties,omitempty"`
	Permissions any               `json:"listPermissions,omitempty"`
	Membership  any               `json:"membershipSettings,omitempty"`
}

// viewOf shows a list; the filters where they are asked for.
func viewOf(l *portal.List, filters bool) listView {
	status := "COMPLETE"
	if !l.Processed() {
		status = "PROCESSING"
	}
	v := listView{
		ID: idText(l.ID), Version: l.Version, CreatedAt: portal.Instant(l.CreatedAt), UpdatedAt: portal.Instant(l.UpdatedAt), FilteredAt: portal.Instant(l.FilteredAt),
		Status: status, CreatedBy: listUser, UpdatedBy: listUser, Processing: l.Processing, ObjectType: l.Object().TypeID, Name: l.Name,
		Permissions: map[string][]string{"teamsWithEditAccess": {}, "usersWithEditAccess": {}},
		Membership:  map[string]any{"membershipTeamId": nil, "includeUnassigned": nil},
	}
	if filters {
		v.Branch = l.Branch
	}
	return v
}

// noList is a 404 for a list that is not there.
func noList(id string) *problem {
	return &problem{
		http: http.StatusNotFound, Message: fmt.Sprintf("List does not exist with ID %s.", id), Category: "OBJECT_NOT_FOUND",
		SubCategory: "ListError.LIST_ID_DOES_NOT_EXIST", Context: map[string]any{"listId": []string{id}},
	}
}

// list finds the list that the path names. Folders are not simulated.
func (c *call) list(param string) (*portal.List, error) {
	text := c.params[param]
	if text == "folders" {
		return nil, errNoSuchPath
	}
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return nil, noList(text)
	}
	l := c.portal.List(id)
	if l == nil {
		return nil, noList(text)
	}
	return l, nil
}

// createList answers POST /crm/v3/lists, with 200.
func (c *call) createList() (answer, error) {
	var in struct {
		Name        string         `json:"name"`
		ObjectType  string         `json:"objectTypeId"`
		Processing  string         `json:"processingType"`
		Branch      *portal.Branch `json:"filterBranch"`
		Folder      text           `json:"listFolderId"`
		Permissions any            `json:"listPermissions"`
		Membership  any            `json:"membershipSettings"`
		Custom      any            `json:"customProperties"`
	}
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	if in.Folder != "" || in.Permissions != nil || in.Membership != nil || in.Custom != nil {
		return answer{}, invalid("Folders, permissions, membership settings and custom properties of lists are not simulated")
	}
	var missing []string
	for _, member := range [][2]string{{"name", in.Name}, {"objectTypeId", in.ObjectType}, {"processingType", in.Processing}} {
		if member[1] == "" {
			missing = append(missing, member[0])
		}
	}
	if len(missing) > 0 {
		return answer{}, invalid(fmt.Sprintf("Invalid input JSON on %s. Some required fields were not set: [%s]", position(c.body, int64(len(c.body))), strings.Join(missing, ", ")))
	}
	l, err := c.makeList(in.Name, in.ObjectType, in.Processing, in.Branch)
	if err != nil {
		return answer{}, err
	}
	v := viewOf(l, false)
	v.Branch = l.Branch
	if l.Processing == portal.Dynamic {
		v.Status = "PROCESSING" // however fast it is
	}
	return ok(http.StatusOK, map[string]any{"list": v})
}

// makeList checks and makes a list.
func (s *Server) makeList(name, object, processing string, branch *portal.Branch) (*portal.List, error) {
	o := s.portal.Object(object)
	switch {
	case o == nil:
		return nil, noSuchObject(object)
	case processing != portal.Manual && processing != portal.Snapshot && processing != portal.Dynamic:
		return nil, invalid(fmt.Sprintf("processingType %q is none of MANUAL, SNAPSHOT and DYNAMIC", processing))
	case processing == portal.Dynamic && branch == nil:
		return nil, invalid("A DYNAMIC list needs a filterBranch")
	case processing == portal.Manual && branch != nil:
		return nil, invalid("A MANUAL list has no filterBranch")
	}
	if s.portal.ListNamed(o, name) != nil {
		return nil, duplicateList(name)
	}
	l, err := s.portal.CreateList(o, name, processing, branch)
	if err != nil {
		return nil, filterProblem(err)
	}
	return l, nil
}

func duplicateList(name string) *problem {
	p := invalid(fmt.Sprintf("A list named %q exists already. List names must be unique.", name))
	p.SubCategory = "ILS.DUPLICATE_LIST_NAMES"
	return p
}

// filterProblem is a 400 for filters that cannot be evaluated.
func filterProblem(err error) error {
	var bad portal.BadFilter
	if errors.As(err, &bad) {
		return invalid(bad.Reason)
	}
	return err
}

// readList answers GET /crm/v3/lists/{listId}.
func (c *call) readList() (answer, error) {
	l, err := c.list("listId")
	if err != nil {
		return answer{}, err
	}
	return c.showList("list", l)
}

func (c *call) showList(key string, l *portal.List) (answer, error) {
	filters, err := c.flag("includeFilters")
	if err != nil {
		return answer{}, err
	}
	return ok(http.StatusOK, map[string]any{key: viewOf(l, filters)})
}

// readListNamed answers GET /crm/v3/lists/object-type-id/{type}/name/{name}.
func (c *call) readListNamed() (answer, error) {
	l := c.portal.ListNamed(c.object, c.params["name"])
	if l == nil {
		return answer{}, &problem{
			http: http.StatusNotFound, Message: fmt.Sprintf("List does not exist with name %s and object type ID %s.", c.params["name"], c.object.TypeID),
			Category: "OBJECT_NOT_FOUND", SubCategory: "ListError.LIST_NAME_DOES_NOT_EXIST",
		}
	}
	return c.showList("list", l)
}

// listsByID answers GET /crm/v3/lists?listIds=: without ids, nothing.
func (c *call) listsByID() (answer, error) {
	filters, err := c.flag("includeFilters")
	if err != nil {
		return answer{}, err
	}
	views := []listView{}
	for _, name := range c.names("listIds") {
		id, err := strconv.ParseInt(name, 10, 64)
		if err != nil {
			return answer{}, invalid(fmt.Sprintf("Invalid query parameter listIds: %s is not a number", name))
		}
		if l := c.portal.List(id); l != nil {
			v := viewOf(l, filters)
			size := l.Size()
			v.Size = &size
			views = append(views, v)
		}
	}
	return ok(http.StatusOK, map[string]any{"lists": views})
}

// renameList answers PUT /crm/v3/lists/{listId}/update-list-name?listName=.
func (c *call) renameList() (answer, error) {
	l, err := c.list("listId")
	if err != nil {
		return answer{}, err
	}
	name := c.r.URL.Query().Get("listName")
	if name == "" {
		return answer{}, invalid("listName is required")
	}
	if other := c.portal.ListNamed(l.Object(), name); other != nil && other != l {
		return answer{}, duplicateList(name)
	}
	l.Name, l.UpdatedAt = name, c.now().UnixMilli()
	return c.showList("updatedList", l)
}

// refilterList answers PUT /crm/v3/lists/{listId}/update-list-filters.
func (c *call) refilterList() (answer, error) {
	l, err := c.list("listId")
	if err != nil {
		return answer{}, err
	}
	var in struct {
		Branch *portal.Branch `json:"filterBranch"`
	}
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	switch {
	case in.Branch == nil:
		return answer{}, required("filterBranch")
	case l.Processing != portal.Dynamic:
		return answer{}, invalid(fmt.Sprintf("The filters of a %s list cannot be changed", l.Processing))
	}
	if err := l.SetFilters(in.Branch); err != nil {
		return answer{}, filterProblem(err)
	}
	v := viewOf(l, true)
	v.Status = "PROCESSING"
	return ok(http.StatusOK, map[string]any{"updatedList": v})
}

// deleteList answers DELETE /crm/v3/lists/{listId}.
func (c *call) deleteList() (answer, error) {
	l, err := c.list("listId")
	if err != nil {
		return answer{}, err
	}
	c.portal.DeleteList(l)
	return answer{status: http.StatusNoContent}, nil
}

// restoreList answers PUT /crm/v3/lists/{listId}/restore, within 90 days.
func (c *call) restoreList() (answer, error) {
	id, err := strconv.ParseInt(c.params["listId"], 10, 64)
	if err != nil || c.portal.List(id) == nil && c.portal.RestoreList(id) == nil {
		return answer{}, noList(c.params["listId"])
	}
	return answer{status: http.StatusNoContent}, nil
}
