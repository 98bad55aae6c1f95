package salesforce

import "lockstep/internal/sandbox/salesforce/store"

// master is the record type that every object has and no record names.
const master = "012000000000000AAA"

// recordTypes are the recordTypeInfos of a describe. The master type is the default where no other is.
func (c *call) recordTypes(o *store.Object) []map[string]any {
	info := func(id, name, developer string, active, available, isDefault, isMaster bool) map[string]any {
		return map[string]any{
			"active": active, "available": available, "defaultRecordTypeMapping": isDefault, "developerName": developer, "master": isMaster,
			"name": name, "recordTypeId": id,
			"urls": map[string]string{"layout": c.base() + "/sobjects/" + o.Name + "/describe/layouts/" + id},
		}
	}
	var list []map[string]any
	chosen := false
	for _, r := range o.Types {
		list = append(list, info(r.ID.String(), r.Name, r.Developer, !r.Inactive, !r.Inactive && !r.Hidden, r.Default, false))
		chosen = chosen || r.Default
	}
	return append(list, info(master, "Master", "Master", true, true, !chosen, true))
}
